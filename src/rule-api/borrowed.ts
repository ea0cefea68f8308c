/** Shared by the rules of the family `borrowed`: judging one call that lends a reference, and reporting it. */
import { type BorrowedRule, borrowedNames, usableReplacement } from "../capi/borrowed.ts";
import type { Use } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import { reaches } from "../flow/points.ts";
import { NO_VALUE, type Span, type ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { type BorrowedUses, borrowedReturns, borrowedUses, needsObject, unprotectedUses } from "./borrowed-uses.ts";
import { callsOf, type FoundCall } from "./calls.ts";
import { changeableFacts } from "./changeable.ts";
import { type ContainerFacts, containerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import { entryStep } from "./entries.ts";
import { isDeclaredLending, type LendingApi, lendingApi, lendingNames } from "./lending.ts";
import { crossingOf } from "./loans.ts";
import { protectedBy } from "./protection.ts";
import type { Draft, EvidenceStep, FixSuggestion, Risk } from "./types.ts";

export { borrowedNames, isDeclaredLending };

/** A call that lends a reference which another thread can free. */
export interface BorrowedCall {
  api: LendingApi;
  call: CallInstr;
  point: Point;
  uses: BorrowedUses;
  container: ContainerFacts;
  risk: Risk;
  /** The reference is handed to the function's caller, who uses it. */
  returns: readonly Use[];
}

/** Rules whose calls lend a reference as their result. */
export const LENDING_RULES: readonly BorrowedRule[] = [
  "borrowed-list-item",
  "borrowed-dict-item",
  "borrowed-weakref",
  "borrowed-module",
  "borrowed-cell",
  "borrowed-other",
];

const RISK_OF = { private: undefined, unlikely: "low", caller: "medium", shared: "high" } as const;

/** Owners that Python code can change but hardly does: `sys.stdout`, `sys.modules["x"]`, the locals of a frame. */
const RARELY_CHANGED: ReadonlySet<string> = new Set(["sys", "sys-modules", "frame", "type-cache", "function"]);

const memo = new WeakMap<FunctionContext["flow"], Map<BorrowedRule, BorrowedCall[]>>();

/** Every call in `fn` of an API of `rule` that is a hazard, in order of place. */
export function borrowedCalls(fn: FunctionContext, rule: BorrowedRule): readonly BorrowedCall[] {
  let known = memo.get(fn.flow);
  if (known === undefined) {
    known = new Map();
    memo.set(fn.flow, known);
  }
  let found = known.get(rule);
  if (found === undefined) {
    found = fn.initOnly ? [] : collect(fn, rule);
    known.set(rule, found);
  }
  return found;
}

function collect(fn: FunctionContext, rule: BorrowedRule): BorrowedCall[] {
  const names = lendingNames(fn.project, rule);
  if (!fn.facts.calls.some((c) => names.has(c))) return [];
  return callsOf(fn, names)
    .map(({ call, point }) => judge(fn, call, point))
    .filter((c) => c !== undefined);
}

/** The hazard of one call; undefined if there is none. */
function judge(fn: FunctionContext, call: CallInstr, point: Point): BorrowedCall | undefined {
  const api = lendingApi(fn.project, call.callee);
  const definition = fn.flow.defUse.definitionAt(point);
  if (api === undefined || api.hazard === "none") return undefined;
  const uses = definition === undefined ? globalUses(call) : borrowedUses(fn.flow, definition);
  if (uses === undefined || (!needsObject(uses) && uses.tests.length === 0)) return undefined;
  const value = call.args[api.containerArg] ?? NO_VALUE;
  const container = factsOf(fn, api, call, value, point);
  let risk: Risk | undefined = RISK_OF[container.exposure];
  // What a weak reference points to is not kept by it, whoever has the weak reference.
  if (api.hazard === "always") risk ??= "medium";
  if (risk === undefined) return undefined;
  if (RARELY_CHANGED.has(api.owner) && risk === "high") risk = "medium";
  if (api.owner === "memoryview") risk = "low";
  if (risk === "high" && isConstructor(fn)) risk = "low";
  if (!needsObject(uses)) risk = "low";
  const points = [point, ...unprotectedUses(fn.flow, uses).map((u) => u.point)];
  if (value !== NO_VALUE && api.hazard !== "always") {
    if (protectedBy(fn.project, fn.id, [{ value, point }], points) !== undefined) return undefined;
  }
  const returns = isTakenOut(fn, api, call, point) ? [] : borrowedReturns(fn.flow, uses);
  return { api, call, point, uses, container, risk, returns };
}

function factsOf(fn: FunctionContext, api: LendingApi, call: CallInstr, value: ValueId, point: Point): ContainerFacts {
  if (value === NO_VALUE) return ownerless(fn, api, call);
  // Nobody has to change a weak reference for its target to go.
  return api.hazard === "always"
    ? containerFacts(fn.project, fn.id, value, point)
    : changeableFacts(fn.project, fn.id, value, point);
}

/** `PyList_SET_ITEM` on the same item does not release what was there: the reference is the function's from then on. */
function isTakenOut(fn: FunctionContext, api: LendingApi, call: CallInstr, point: Point): boolean {
  if (api.owner !== "list") return false;
  const { accessPaths, cfg } = fn.flow;
  const same = (a: FoundCall, n: number) => {
    const [left, right] = [call.args[n], a.call.args[n]];
    if (left === undefined || right === undefined) return false;
    return accessPaths.of(left, point) === accessPaths.of(right, a.point);
  };
  return callsOf(fn, TAKES_OUT).some((a) => same(a, 0) && same(a, 1) && reaches(cfg, point, a.point));
}

const TAKES_OUT: ReadonlySet<string> = new Set(["PyList_SET_ITEM"]);

/** A reference that goes straight into a global variable is used by whoever reads that. */
function globalUses(call: CallInstr): BorrowedUses | undefined {
  if (call.dst === NO_VALUE) return undefined;
  const use = { value: call.dst, point: { block: 0, index: 0 }, instr: call, role: "store", argument: -1 } as const;
  return { uses: [use], tests: [], strengthened: [], returned: [] };
}

function ownerless(fn: FunctionContext, api: LendingApi, call: CallInstr): ContainerFacts {
  const step = { file: fn.file, start: call.start, end: call.end, text: `${api.why}` };
  return {
    exposure: "shared",
    what: OWNER_WORDS[api.owner] ?? "an object of the interpreter",
    origin: undefined,
    fn: fn.id,
    steps: [step],
  };
}

const OWNER_WORDS: Partial<Record<LendingApi["owner"], string>> = {
  sys: "module `sys`",
  "sys-modules": "`sys.modules`",
  frame: "the current frame",
  static: "state that all threads share",
};

/** `__init__` normally runs once, before anybody else has the object. */
function isConstructor(fn: FunctionContext): boolean {
  return fn.entries.length > 0 && fn.entries.every((e) => e.slot === "tp_init");
}

/** Span to mark: the name of the API as written, or the use of the macro that it came out of. */
export function callSpan(call: CallInstr): Span {
  return call.via === undefined
    ? { start: call.calleeStart, end: call.calleeEnd }
    : { start: call.start, end: call.end };
}

/** True if the finding belongs to the function as a whole: it does nothing with the reference but hand it on. */
export function isHandedOn({ returns, uses }: BorrowedCall): boolean {
  return returns.length > 0 && uses.uses.length === 0 && uses.strengthened.length === 0;
}

/** Reports the hazards of one rule; what a function only hands on is left to borrowed-return. */
export function reportBorrowed(
  fn: FunctionContext,
  rule: BorrowedRule,
  report: (draft: Draft<"used" | "tested">) => void,
): void {
  for (const found of borrowedCalls(fn, rule)) {
    if (isHandedOn(found) && fn.entries.length === 0) continue;
    const { api, call, container, risk, uses } = found;
    report({
      messageId: needsObject(uses) ? "used" : "tested",
      data: { api: api.name, container: container.what },
      risk,
      file: fn.file,
      ...callSpan(call),
      function: fn.indexed.name,
      symbol: api.name,
      evidence: borrowedEvidence(fn, found),
      fix: borrowedFix(fn, api),
    });
  }
}

const MAX_USES = 3;

/** Where the container came from, the call, what is done with the reference, and how Python code gets here. */
export function borrowedEvidence(fn: FunctionContext, found: BorrowedCall): EvidenceStep[] {
  const { api, call, container, uses } = found;
  const at = (span: Span, text: string): EvidenceStep => ({ file: fn.file, start: span.start, end: span.end, text });
  const steps = container.steps.filter((s) => s.start !== call.start || s.file !== fn.file);
  steps.push(
    at(callSpan(call), `${api.name} lends a reference out of ${container.what}: ${api.why}${throughMacro(fn, call)}`),
  );
  const behind = unprotectedUses(fn.flow, uses).filter((u) => !uses.strengthened.includes(u));
  for (const use of behind.slice(0, MAX_USES)) steps.push(at(use.instr ?? use.term!, `used here: ${describeUse(use)}`));
  const crossing = crossingStep(fn, found);
  if (crossing !== undefined) steps.push(crossing);
  const [strong] = uses.strengthened;
  if (strong?.instr?.op === "call") {
    steps.push(at(strong.instr, `${strong.instr.callee} comes too late: the object can be gone before it runs`));
  }
  const entry = entryStep(fn);
  return entry === undefined ? steps : [...steps, entry];
}

/** A use after a call that can free the object, which goes wrong with the GIL too. */
function crossingStep(fn: FunctionContext, { api, call, point, container }: BorrowedCall): EvidenceStep | undefined {
  const definition = fn.flow.defUse.definitionAt(point);
  const value = call.args[api.containerArg];
  if (definition === undefined || value === undefined) return undefined;
  const key = call.args[api.containerArg + 1];
  const crossing = crossingOf(fn, {
    definition,
    source: api.name,
    lent: call,
    container,
    containerName: fn.flow.accessPaths.of(value, point),
    keyName: key === undefined ? "" : fn.flow.accessPaths.of(key, point),
    reachable: true,
  });
  if (crossing === undefined) return undefined;
  const text = `used after ${crossing.killer.callee}, which can drop the object: wrong with the GIL too`;
  return { file: fn.file, start: crossing.use.start, end: crossing.use.end, text };
}

function throughMacro(fn: FunctionContext, call: CallInstr): string {
  const macro = call.via === undefined ? undefined : fn.ir.macroUses[call.via];
  return macro === undefined ? "" : ` (in macro \`${macro.name}\`)`;
}

function describeUse({ instr, role }: Use): string {
  if (role === "return") return "returned";
  if (role === "base") return "what it points to is read";
  if (role === "store") return "stored";
  if (instr?.op === "call" && instr.callee !== "") return `passed to ${instr.callee}`;
  return "read";
}

/** What replaces the API for the Pythons that the project supports. */
export function borrowedFix(fn: FunctionContext, api: LendingApi): FixSuggestion | null {
  const usable = usableReplacement(api, fn.project.options.minPython);
  const { replacement, needsCompat } = usable ?? { replacement: api.replacements[0], needsCompat: false };
  if (replacement === undefined) return null;
  const where = needsCompat ? ` (pythoncapi-compat has it for Python before ${replacement.compatBefore})` : "";
  if (replacement.gives === "idiom") {
    const note = replacement.note === undefined ? "" : `: ${replacement.note}`;
    return { level: "manual", title: `use \`${replacement.api}\`${note}`, replacement: replacement.api };
  }
  return {
    level: usable === undefined ? "manual" : "review",
    title: `use \`${replacement.api}\` and release the reference${where}`,
    replacement: replacement.api,
  };
}
