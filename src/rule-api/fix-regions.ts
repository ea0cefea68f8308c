/** Fixes of the rules about regions: sections that are left, nested or missing around a loop, locks and thread states that leak. */
import { endBefore, leaveSectionByEnd, releaseBeforeReturns } from "../fix/sections/escape.ts";
import { joinSections } from "../fix/sections/widen.ts";
import type { FixSource } from "../fix/source.ts";
import { isNull } from "../flow/def-use.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import { endOf } from "../flow/points.ts";
import type { Value, ValueId } from "../ir/types.ts";
import type { FunctionContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest, Withheld } from "./fixing.ts";
import { unreleasedReturns } from "./guarded-locks.ts";
import { nestedSections } from "./locking-nested.ts";
import { endOfSection, escapesFrom, isSectionMacro, pairedEnds } from "./locking-regions.ts";
import { detachedExits } from "./thread-state-regions.ts";

/** The function that a finding is in, with the text around it. */
export interface FoundFunction {
  fn: FunctionContext;
  source: FixSource;
}

/** The function of the request whose code the finding is in; a text says why nothing in it can be edited. */
export function functionOf(
  { file, function: name, start }: FixRequest,
  context: FixingContext,
): FoundFunction | string {
  const { project } = context;
  const id = project.index
    .functionsNamed(name)
    .find((f) => project.index.functions[f].file === file && isIn(start, project.index.functions[f].facts));
  const source = context.source(file);
  if (id === undefined || source === undefined) return "the code of the function is not at hand";
  if (project.index.functions[id].facts.instantiated !== undefined) return "the function is made by a macro";
  return { fn: project.functionContext(id), source };
}

function isIn(offset: number, { start, end }: { start: number; end: number }): boolean {
  return start <= offset && offset < end;
}

export function withheld(reason: string, ...recipe: string[]): Withheld {
  return { level: "manual", reason, recipe };
}

const LEAVE_RECIPE = [
  "note what is to be returned in a variable that is declared in front of the section",
  "jump to a label right before its END, and return behind it",
];

/** Everything that leaves a section passes its end. */
export function fixSectionEscape(request: FixRequest, context: FixingContext): FixAnswers {
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, ...LEAVE_RECIPE)];
  const { fn, source } = found;
  const ends = pairedEnds(fn);
  for (const site of fn.flow.locks.sites) {
    if (!isSection(site.kind) || !isSectionMacro(site)) continue;
    const escapes = escapesFrom(fn, site, endOfSection(fn, site));
    const end = ends.get(site);
    if (end === undefined || !escapes.some((e) => e.start === request.start)) continue;
    const edits = leaveSectionByEnd({
      source,
      facts: fn.facts,
      begin: site,
      end,
      escapes: escapes.map((e) => e.start),
    });
    if (typeof edits === "string") return [withheld(edits, ...LEAVE_RECIPE)];
    const { rule, function: name } = request;
    const alsoFixes = [{ rule, function: name }];
    return [{ level: "safe", title: "leave by the end of the section", edits, needs: [], review: [], alsoFixes }];
  }
  return [withheld("the end of the section is not a macro of the same function", ...LEAVE_RECIPE)];
}

/** The thread state is attached again before the jump. */
export function fixDetachedEscape(request: FixRequest, context: FixingContext): FixAnswers {
  const recipe = "put `Py_BLOCK_THREADS` in front of the statement, or leave behind `Py_END_ALLOW_THREADS`";
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, recipe)];
  const { fn, source } = found;
  const exit = detachedExits(fn).find((e) => e.at.start === request.start);
  if (exit === undefined || exit.begin.op !== "detach") return [withheld("the region is not found again", recipe)];
  const line = attaching(fn, source, exit.begin);
  if (line === undefined) return [withheld("the region is begun by a macro of the project", recipe)];
  const edits = endBefore(source, exit.at, line);
  if (edits === undefined) return [withheld("a macro leaves the region", recipe)];
  return [{ level: "safe", title: "attach again before leaving", edits, needs: [], review: [] }];
}

/** What attaches again inside of the region that `begin` opened. */
function attaching(
  fn: FunctionContext,
  source: FixSource,
  begin: { form: string; start: number; end: number; via?: number },
): string | undefined {
  if (begin.via !== undefined) return undefined;
  if (begin.form === "Py_BEGIN_ALLOW_THREADS") return "Py_BLOCK_THREADS";
  if (begin.form !== "PyEval_SaveThread") return undefined;
  for (const { instrs } of fn.ir.blocks) {
    for (const instr of instrs) {
      if (instr.op !== "attach" || instr.form !== "PyEval_RestoreThread" || instr.via !== undefined) continue;
      const statement = source.statementOf(source.nodeAt(instr));
      if (statement?.type === "expression_statement") return source.textOf(statement).trimEnd();
    }
  }
  return undefined;
}

/** The lock is released before the returns that forget it. */
export function fixLockLeak(request: FixRequest, context: FixingContext): FixAnswers {
  const recipe = "release the lock before the return, or jump to a label in front of the release";
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, recipe)];
  const { fn, source } = found;
  const site = fn.flow.locks.sites.find((s) => s.start === request.start);
  if (site === undefined) return [withheld("the lock is not found again", recipe)];
  const returns = unreleasedReturns(fn.flow, site);
  const { locks } = fn.flow;
  if (!returns.every(({ block }) => locks.heldAt(endOf(fn.ir, block)).includes(site))) {
    return [withheld("whether the lock is held at the return depends on the way there", recipe)];
  }
  const release = releaseOf(fn, source, site);
  if (release === undefined) return [withheld("how the lock is released elsewhere cannot be repeated", recipe)];
  const edits = releaseBeforeReturns({ source, facts: fn.facts, release, returns: returns.map((r) => r.term) });
  if (typeof edits === "string") return [withheld(edits, recipe)];
  // Nobody hands a lock on together with an error.
  const isError = returns.every(({ term }) => term.op === "return" && isErrorValue(fn, term.value));
  const review = isError ? [] : ["whether the function is meant to return with the lock held"];
  const level = isError ? "safe" : "review";
  return [{ level, title: "release the lock before the return", edits, needs: [], review }];
}

/** NULL or -1, said in so many words. */
function isErrorValue({ flow, ir }: FunctionContext, value: ValueId): boolean {
  let at = value;
  for (let steps = 0; steps < 4; steps++) {
    const known = ir.values[at];
    if (isNull(known) && ir.returnType.endsWith("*")) return true;
    const instr = flow.defUse.soleDefinition(at)?.instr;
    if (known?.kind === "const") return known.text === "-1";
    if (instr?.op === "unary" && instr.operator === "-") return constantText(ir.values[instr.operand]) === "1";
    if (instr?.op !== "copy") return false;
    at = instr.src;
  }
  return false;
}

function constantText(value: Value | undefined): string | undefined {
  return value?.kind === "const" ? value.text : undefined;
}

/** The statement that releases the lock, in terms of what is visible in the whole function. */
function releaseOf(fn: FunctionContext, source: FixSource, site: LockSite): string | undefined {
  const block = source.functionAt(fn.facts.bodyStart);
  for (const { block: b, index } of fn.flow.locks.releasesOf(site)) {
    const instr = fn.ir.blocks[b].instrs[index];
    const statement = source.statementOf(source.nodeAt(instr));
    if (instr.via !== undefined || statement?.type !== "expression_statement") continue;
    const isOuter = source.parentOf(source.parentOf(statement)!) === block || instr.op === "unlock";
    if (isOuter) return source.textOf(statement).trimEnd();
  }
  return undefined;
}

/** Both objects are locked at once. */
export function fixNestedSections(request: FixRequest, context: FixingContext): FixAnswers {
  const recipe = "begin `Py_BEGIN_CRITICAL_SECTION2` on both objects where the outer section begins";
  const found = functionOf(request, context);
  if (typeof found === "string") return [withheld(found, recipe)];
  const { fn, source } = found;
  const nested = nestedSections(fn).find((n) => n.inner.start === request.start);
  const ends = pairedEnds(fn);
  const outerEnd = nested && ends.get(nested.outer);
  const innerEnd = nested && ends.get(nested.inner);
  if (!nested || !outerEnd || !innerEnd) return [withheld("the ends of the sections are not found", recipe)];
  const edits = joinSections({
    source,
    outer: { begin: nested.outer, end: outerEnd },
    inner: { begin: nested.inner, end: innerEnd },
  });
  if (typeof edits === "string") return [withheld(edits, recipe)];
  return [
    {
      level: "review",
      title: "lock both objects in one section",
      edits,
      needs: ["Py_BEGIN_CRITICAL_SECTION2"],
      review: ["the second object is locked earlier than before, and longer: it must be there when the section begins"],
    },
  ];
}
