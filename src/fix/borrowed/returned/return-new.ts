/** A function that returns a borrowed reference gives a new one instead, and everybody who calls it releases that: one change. */
import { type BorrowedApi, usableReplacement } from "../../../capi/borrowed.ts";
import type { CallInstr } from "../../../flow/environment.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../../ir/facts.ts";
import type { Point } from "../../../ir/visit.ts";
import type { FixSource } from "../../source.ts";
import type { FileEdit, FixContext, Proposal, Withheld } from "../../types.ts";
import { addStrongByResult } from "../direct.ts";
import { addStrongByOutParameter } from "../out/fix-out.ts";
import { StatementEdits } from "../statement-edits.ts";
import { saysBorrowed, unseenCaller } from "./mentions.ts";
import { strengthenOthers } from "./values.ts";

type Lender = Pick<BorrowedApi, "name" | "owner" | "replacements" | "onNull">;

/** A call in a function that changes. */
export interface ChangedCall {
  call: CallInstr;
  point: Point;
  /** What lends the reference; undefined for a call of one of the functions that return a new one from now on. */
  api?: Lender;
  /** The reference is returned on. */
  isMoved: boolean;
}

/** A function with calls that change. */
export interface ChangedFunction {
  name: string;
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  calls: ChangedCall[];
  /** It returns a new reference from now on. */
  isReturning: boolean;
  /** The interpreter can call it while an exception is set: it takes objects down. */
  isTeardown: boolean;
}

/** The change of all `functions`, the one with the finding first. */
export function returnNew(
  context: FixContext,
  functions: readonly ChangedFunction[],
  symbol: string,
): Proposal | Withheld {
  const [first] = functions;
  const edits = new Map<FixSource, StatementEdits>();
  for (const { source } of functions) if (!edits.has(source)) edits.set(source, new StatementEdits(source));
  const needs = new Set<string>();
  const review: string[] = [];
  for (const fn of functions) {
    const obstacle =
      unknownCaller(context, edits.keys(), fn, functions) ?? change(context, fn, edits.get(fn.source)!, needs, review);
    if (obstacle !== undefined)
      return withheld(first.name, symbol, fn === first ? obstacle : `\`${fn.name}\`: ${obstacle}`);
  }
  const all = [...edits.values()].flatMap((e) => e.edits());
  if (overlap(all)) return withheld(first.name, symbol, "one statement would have to be changed twice");
  const names = functions.filter((f) => f.isReturning).map((f) => `\`${f.name}\``);
  const callers = functions.length - names.length;
  const outside = functions.some((f) => f.isReturning && !f.facts.isStatic);
  const who = outside ? ": callers outside of the scan must release it now" : "; every caller releases it";
  return {
    level: "review",
    title: `return a new reference from ${names.join(", ")} and release it in ${callers} ${callers === 1 ? "caller" : "callers"}`,
    edits: all,
    needs: [...needs],
    review: [
      `${names.join(", ")} ${names.length === 1 ? "returns" : "return"} a new reference${who}`,
      ...new Set(review),
    ],
    returnsNew: functions.filter((f) => f.isReturning).map((f) => ({ file: f.source.file, function: f.name })),
  };
}

/** What is done by hand: the callers change with the function. */
export function withheld(name: string, symbol: string, reason: string): Withheld {
  return {
    level: "manual",
    reason,
    recipe: [
      `get the reference strong in \`${name}\` (the \`Ref\` form of \`${symbol}\`, or \`Py_NewRef\`), on every path that returns an object`,
      `give \`${name}\` a new name that says so, so that a caller that was forgotten does not compile`,
      "release the result in each caller after its last use, on every path",
    ],
  };
}

/** Makes the edits of one function; a text says why it cannot be done. */
function change(
  context: FixContext,
  fn: ChangedFunction,
  edits: StatementEdits,
  needs: Set<string>,
  review: string[],
): string | undefined {
  const { source, facts, flow, isTeardown } = fn;
  if (facts.instantiated) return "a macro makes the function";
  const node = source.functionAt(facts.nameStart);
  if (node === undefined) return "the function is not found in the text";
  for (const [n, { call, point, api = ownedApi(source, call), isMoved }] of fn.calls.entries()) {
    const variable = n === 0 ? undefined : `item${n + 1}`;
    const lent = { source, facts, flow, api, call, point, isTeardown, isMoved, variable };
    const strong = usableReplacement(api, context.project.options.minPython)?.replacement;
    // Attributes of `sys` are looked up on the module, or through a definition of ours.
    const byResult = strong?.gives === "reference" && api.owner !== "sys";
    const answer = (byResult ? addStrongByResult : addStrongByOutParameter)(context, lent, edits);
    if (answer.level === "manual") return answer.reason;
    for (const need of answer.needs) needs.add(need);
    review.push(...answer.review);
    const wasThere = api.onNull === "unchecked" || api.onNull === "never";
    if (wasThere && strong?.differences.includes("can-now-fail"))
      review.push(`\`${fn.name}\` can return NULL with an exception now: look whether its callers test for that`);
  }
  if (!fn.isReturning) return undefined;
  const moved = new Set(fn.calls.filter((c) => c.isMoved).map((c) => c.call.calleeStart));
  const others = strengthenOthers({ index: context.project.index, source, facts, flow, node, moved }, edits);
  if (!Array.isArray(others)) return others.reason;
  for (const need of others) needs.add(need);
  if (saysBorrowed(source, node, facts.nameStart))
    review.push(`the head of \`${fn.name}\` speaks of a borrowed reference`);
  return undefined;
}

/**
 * The function itself in place of an API whose strong form has another name. The edit that comes out of it changes no text, but has the
 * proof look at the reference.
 */
function ownedApi(source: FixSource, call: CallInstr): Lender {
  const written = source.textOf({ start: call.calleeStart, end: call.calleeEnd });
  return {
    name: call.callee,
    owner: "argument",
    replacements: [{ api: written, gives: "reference", differences: [] }],
    onNull: "absent-or-exception",
  };
}

function unknownCaller(
  { project }: FixContext,
  sources: Iterable<FixSource>,
  fn: ChangedFunction,
  functions: readonly ChangedFunction[],
): string | undefined {
  if (!fn.isReturning) return undefined;
  const name = fn.name.slice(fn.name.lastIndexOf(":") + 1);
  const calls = new Map<string, Set<number>>();
  for (const f of functions) {
    const known = calls.get(f.source.file) ?? new Set();
    for (const { call, api } of f.calls) if (api === undefined) known.add(call.calleeStart);
    calls.set(f.source.file, known);
  }
  return unseenCaller(project.index, sources, { name, isStatic: fn.facts.isStatic, calls });
}

function overlap(edits: readonly FileEdit[]): boolean {
  const replaced = edits.filter((e) => e.end > e.start);
  return edits.some((e) =>
    replaced.some((r) => {
      if (r === e || r.file !== e.file) return false;
      return e.start === e.end ? r.start < e.start && e.start < r.end : e.start < r.end && r.start < e.end;
    }),
  );
}
