/** Fixes of the family `memory`: other names for calls that allocate, resize and release. */
import { type AllocatorCall, type Domain, mismatch } from "../capi/allocators.ts";
import { type CalledName, renameCalls } from "../fix/memory/rename-calls.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import type { CallInstr } from "../flow/environment.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { legacyCalls } from "./memory-blocks.ts";
import { type BlockGroup, groupOf, isMemoryCall, type MemoryCall } from "./memory-groups.ts";
import type { Place } from "./types.ts";

/** The function that a finding is in. */
export function contextsAt({ project }: FixingContext, { file, start, function: name }: FixRequest): FunctionContext[] {
  return project.index
    .functionsNamed(name)
    .filter((id) => project.index.functions[id].file === file)
    .map((id) => project.functionContext(id))
    .filter(({ facts }) => facts.start <= start && start < facts.end);
}

function nameOf(file: string, call: CallInstr, to: string): CalledName {
  return { file, start: call.calleeStart, end: call.calleeEnd, from: call.callee, to };
}

/** Every old name in the function of the finding becomes the current one. */
export function renameLegacy(request: FixRequest, context: FixingContext): FixAnswers {
  return contextsAt(context, request).map((fn) => {
    const names = legacyCalls(fn).flatMap(({ call, current, others }) =>
      [call, ...others].map((c) => nameOf(fn.file, c, current)),
    );
    const { rule, function: name } = request;
    return answer(context, names, `write \`${names.find((n) => n.start === request.start)?.to}\``, [
      { rule, function: name },
    ]);
  });
}

function answer(
  context: FixingContext,
  names: readonly CalledName[],
  title: string,
  alsoFixes?: Proposal["alsoFixes"],
): Proposal | Withheld {
  const edits = renameCalls(context, names);
  if (typeof edits === "string") return { level: "manual", reason: edits, recipe: recipeOf(names) };
  return { level: "safe", title, edits, needs: [], review: [], alsoFixes };
}

function recipeOf(names: readonly CalledName[]): string[] {
  const pairs = new Set(names.filter((n) => n.from !== n.to).map((n) => `write \`${n.to}\` for \`${n.from}\``));
  return [...pairs];
}

/** Names of a family's calls by what they do. */
const FAMILY: Partial<Record<Domain, { allocate: string; zeroed: string; reallocate: string; free: string }>> = {
  mem: { allocate: "PyMem_Malloc", zeroed: "PyMem_Calloc", reallocate: "PyMem_Realloc", free: "PyMem_Free" },
  raw: {
    allocate: "PyMem_RawMalloc",
    zeroed: "PyMem_RawCalloc",
    reallocate: "PyMem_RawRealloc",
    free: "PyMem_RawFree",
  },
  libc: { allocate: "malloc", zeroed: "calloc", reallocate: "realloc", free: "free" },
  object: {
    allocate: "PyObject_Malloc",
    zeroed: "PyObject_Calloc",
    reallocate: "PyObject_Realloc",
    free: "PyObject_Free",
  },
};

const ALLOCATES: ReadonlySet<string> = new Set(Object.values(FAMILY).map((f) => f.allocate));
const ZEROES: ReadonlySet<string> = new Set(Object.values(FAMILY).map((f) => f.zeroed));

/** The call of another family that does the same; undefined if there is none with the same arguments. */
function counterpart(row: AllocatorCall, domain: Domain): string | undefined {
  const family = FAMILY[domain];
  const name = row.legacyOf ?? row.name;
  if (family === undefined) return undefined;
  if (row.domain === domain) return row.name;
  if (FAMILY[row.domain] === undefined) return undefined;
  if (row.action === "free") return family.free;
  if (row.typed) return undefined;
  if (row.action === "reallocate") return family.reallocate;
  return ALLOCATES.has(name) ? family.allocate : ZEROES.has(name) ? family.zeroed : undefined;
}

/** The block that is allocated at the finding moves to another family, with everything that resizes or releases it. */
export function moveBlock(request: FixRequest, context: FixingContext, domain: Domain, title: string): FixAnswers {
  for (const place of [request, ...request.evidence]) {
    for (const fn of functionsAround(context, place)) {
      const point = memoryCallAt(fn, place);
      if (point !== undefined) return [moved(context, groupOf(context.project, fn.id, point), domain, title)];
    }
  }
  return [{ level: "manual", reason: "the call is not found", recipe: recipeFor(domain) }];
}

function functionsAround({ project }: FixingContext, { file, start }: Place): FunctionContext[] {
  return project.index.functions
    .filter((f) => f.file === file && f.facts.start <= start && start < f.facts.end)
    .map((f) => project.functionContext(f.id));
}

/** The call at a place, if it allocates or releases. */
function memoryCallAt(fn: FunctionContext, { start }: Place): Point | undefined {
  for (const [block, { instrs }] of fn.ir.blocks.entries()) {
    for (const [index, instr] of instrs.entries()) {
      if (instr.op !== "call" || (instr.calleeStart !== start && instr.start !== start)) continue;
      if (isMemoryCall(fn.project, fn.id, instr)) return { block, index };
    }
  }
  return undefined;
}

function recipeFor(domain: Domain): string[] {
  const { allocate = "", reallocate = "", free = "" } = FAMILY[domain] ?? {};
  return [
    `find every call that allocates, resizes or releases the block`,
    `make all of them \`${allocate}\`, \`${reallocate}\` and \`${free}\``,
  ];
}

function moved(context: FixingContext, group: BlockGroup, domain: Domain, title: string): Proposal | Withheld {
  const recipe = recipeFor(domain);
  const isReleased = group.calls.some((c) => c.row.action === "free");
  const [unknown = isReleased ? undefined : "no release of the block is found"] = group.unknown;
  if (unknown !== undefined) return { level: "manual", reason: unknown, recipe };
  const names: CalledName[] = [];
  for (const { fn, call, row } of group.calls) {
    const to = counterpart(row, domain);
    if (to === undefined)
      return { level: "manual", reason: `\`${call.callee}\` has no counterpart with the same arguments`, recipe };
    const { file } = context.project.index.functions[fn];
    names.push(nameOf(file, call, to));
  }
  const detached = domain === "raw" || domain === "libc" ? undefined : detachedCall(context, group.calls);
  if (detached)
    return { level: "manual", reason: `\`${detached}\` is called while the thread state is detached`, recipe };
  const done = answer(context, names, title);
  if (done.level === "manual") return done;
  const fixed = group.calls.map(({ fn }) => context.project.index.functions[fn].name);
  return { ...done, ...withDoubts(group.doubts), alsoFixes: [...new Set(fixed)].flatMap((name) => alsoFixed(name)) };
}

/** Findings that tell the same of other calls of the block. */
function alsoFixed(name: string) {
  return ["object-domain-buffer", "mismatched-free", "alloc-while-detached", "legacy-allocator"].map((rule) => ({
    rule,
    function: name,
  }));
}

function withDoubts(doubts: readonly string[]): Partial<Proposal> {
  return doubts.length === 0 ? {} : { level: "review", review: [...doubts] };
}

function detachedCall({ project }: FixingContext, calls: readonly MemoryCall[]): string | undefined {
  return calls.find(({ fn, point }) => project.analysesOf(fn).threadStates.isDetached(point))?.call.callee;
}

/** The release at the finding becomes the one that belongs to the allocation. */
export function matchRelease(request: FixRequest, context: FixingContext): FixAnswers {
  const [fn] = contextsAt(context, request);
  const point = fn && memoryCallAt(fn, request);
  if (fn === undefined || point === undefined) {
    return [{ level: "manual", reason: "a helper releases it, for other callers too", recipe: RELEASE_RECIPE }];
  }
  const group = groupOf(context.project, fn.id, point);
  const made = group.calls.filter((c) => c.row.action === "allocate");
  const resized = group.calls.filter((c) => c.row.action === "reallocate");
  const domains = new Set((made.length > 0 ? made : resized).map((c) => c.row.domain));
  const [domain] = domains;
  if (domain === undefined || domains.size > 1 || FAMILY[domain] === undefined) {
    const reason =
      domains.size > 1 ? "blocks of several families lie there" : "the allocation has no release of its own name";
    return [{ level: "manual", reason: group.unknown[0] ?? reason, recipe: RELEASE_RECIPE }];
  }
  const wrong = group.calls.find((c) => c.row.action !== "allocate" && mismatch(domain, c.row.domain) !== undefined);
  const to = wrong && counterpart(wrong.row, domain);
  return [moved(context, group, domain, `release it with \`${to ?? FAMILY[domain].free}\``)];
}

const RELEASE_RECIPE = [
  "find every call that allocates the block, and every one that releases it",
  "give each allocation the release of its own family, or make them all of one family",
];
