/** "Look up, and insert if it is missing" as one step: the insertion leaves a key alone that has come in the meantime. */
import { branchTests } from "../../../flow/branch-test.ts";
import { isVariable, samePoint } from "../../../flow/def-use.ts";
import type { CallInstr } from "../../../flow/environment.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import { pointDominates, reaches } from "../../../flow/points.ts";
import type { BlockId, Terminator, ValueId } from "../../../ir/types.ts";
import { NO_VALUE } from "../../../ir/types.ts";
import type { Point } from "../../../ir/visit.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import type { FileEdit, Proposal, Withheld } from "../../types.ts";
import { callAt } from "./shape.ts";

interface Found {
  call: CallInstr;
  point: Point;
}

export interface InsertRequest {
  source: FixSource;
  flow: FunctionAnalyses;
  /** Asks whether the key is there. */
  check: Found;
  /** Sets it. */
  act: Found;
}

const RECIPE = [
  "compute what is to be inserted first",
  "then insert it with `PyDict_SetDefaultRef`, and go on with what its out parameter gives",
  "or hold a critical section on the dict around both calls",
];

/** `PyDict_SetItem` becomes `PyDict_SetDefaultRef` where it runs only if the key was missing. */
export function insertIfMissing({ source, flow, check, act }: InsertRequest): Proposal | Withheld {
  const manual = (reason: string): Withheld => ({ level: "manual", reason, recipe: RECIPE });
  const { call } = act;
  if (call.callee !== "PyDict_SetItem")
    return manual(`\`${call.callee}\` has no form that inserts only if the key is missing`);
  const node = call.via === undefined ? callAt(source, call.calleeStart, call.calleeEnd) : undefined;
  if (node === undefined || !source.isPlain(node)) return manual("the call is not written as one in the text");
  if (!haveSameKey(flow, check, act)) return manual("the two calls have different keys");
  const present = presenceTests(flow, check);
  if (present.size === 0 || !pointDominates(flow.cfg, check.point, act.point))
    return manual("whether the key was missing is not tested");
  if (runsIfPresent(flow, check, act, present)) return manual("it changes a key that is there, too");
  const { file } = source;
  const name = child(node, "function")!;
  const last = child(node, "arguments")!.children.at(-1)!;
  const value = call.args[2] ?? NO_VALUE;
  return {
    level: "review",
    title: "insert with `PyDict_SetDefaultRef`",
    edits: [
      { file, start: name.start, end: name.end, text: "PyDict_SetDefaultRef" },
      { file, start: last.end, end: last.end, text: ", NULL" },
      ...statusEdits(source, node),
    ],
    needs: ["PyDict_SetDefaultRef"],
    review: [
      isUsedBehind(flow, value, act.point)
        ? "if another thread was first, its value stays in the dict, and the one that is used here is another object"
        : "if another thread was first, its value stays in the dict",
    ],
  };
}

/** Tests that see errors alone. */
const SEES_ERRORS: ReadonlySet<string> = new Set(["< 0", "== -1", "!= -1", ">= 0"]);

/** The new call answers 1 if the key is there after all, where the old one answered 0: what looks at more than errors gets 0. */
function statusEdits(source: FixSource, node: SyntaxNode): FileEdit[] {
  const { file } = source;
  const parent = source.parentOf(node);
  const insert = (at: number, text: string): FileEdit => ({ file, start: at, end: at, text });
  if (parent === undefined || parent.type === "expression_statement") return [];
  if (parent.type === "binary_expression" && child(parent, "left") === node) {
    const other = child(parent, "right");
    if (other !== undefined && SEES_ERRORS.has(`${parent.operator} ${source.textOf(other)}`)) return [];
  }
  const isCondition = parent.type === "parenthesized_expression" && source.parentOf(parent)?.type === "if_statement";
  if (isCondition) return [insert(node.end, " < 0")];
  if (["return_statement", "assignment_expression", "init_declarator"].includes(parent.type)) {
    return [insert(node.end, " < 0 ? -1 : 0")];
  }
  return [insert(node.start, "("), insert(node.end, " < 0 ? -1 : 0)")];
}

function haveSameKey({ accessPaths }: FunctionAnalyses, check: Found, act: Found): boolean {
  if (!check.call.callee.startsWith("PyDict_") || check.call.callee.includes("String")) return false;
  const [left, right] = [check, act].map(({ call, point }) => accessPaths.of(call.args[1] ?? NO_VALUE, point));
  return left !== "" && left === right;
}

/** Values that are not NULL (or not 0) if the key is there. */
function presenceTests({ defUse }: FunctionAnalyses, { point }: Found): Set<ValueId> {
  const own = defUse.definitions.filter(
    (d) => samePoint(d.point, point) && (d.kind === "assign" || d.kind === "output"),
  );
  return new Set(own.flatMap((d) => defUse.flowOf(d).definitions.map((f) => f.value)));
}

/** True if execution can get from the check to the change although the key was there. */
function runsIfPresent(flow: FunctionAnalyses, check: Found, act: Found, present: ReadonlySet<ValueId>): boolean {
  const { fn, cfg } = flow;
  const seen = new Set<BlockId>();
  const work: Point[] = [check.point];
  for (let from = work.pop(); from !== undefined; from = work.pop()) {
    const { block } = from;
    if (block === act.point.block && from.index < act.point.index) return true;
    const { term } = fn.blocks[block];
    for (const next of nextIfPresent(flow, term, present) ?? cfg.successors[block]) {
      if (seen.has(next) || next === check.point.block) continue;
      seen.add(next);
      work.push({ block: next, index: -1 });
    }
  }
  return false;
}

function nextIfPresent(
  { defUse }: FunctionAnalyses,
  term: Terminator,
  present: ReadonlySet<ValueId>,
): BlockId[] | undefined {
  if (term.op !== "branch") return undefined;
  const test = branchTests(defUse, term.cond).find((t) => present.has(t.value));
  if (test === undefined) return undefined;
  return [test.whenTrue.includes("positive") ? term.then : term.else];
}

function isUsedBehind({ fn, defUse, cfg }: FunctionAnalyses, value: ValueId, point: Point): boolean {
  if (!isVariable(fn.values[value])) return false;
  return defUse
    .usesOf(value)
    .some((u) => !(u.instr?.op === "call" && u.instr.callee.endsWith("DECREF")) && reaches(cfg, point, u.point));
}
