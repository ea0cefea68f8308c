/** Targets of weak references: tests against None that become tests against NULL, and code that needs None to stay. */
import type { Definition, DefUse, Use } from "../../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { BlockId, Instr, Span, ValueId } from "../../../ir/types.ts";
import { destination, type Point } from "../../../ir/visit.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource } from "../../source.ts";
import { nullWord } from "../style.ts";
import { asOperand } from "./truth.ts";

/** An edit that makes a test for None one for NULL. */
export interface TestEdit extends Span {
  text: string;
}

/**
 * The edits of all tests of what `definition` gives, if the code does nothing with None but test for it; undefined if it uses None as an
 * object or asks for NULL as well.
 */
export function deadTests(source: FixSource, flow: FunctionAnalyses, definition: Definition): TestEdit[] | undefined {
  const { defUse } = flow;
  const { definitions, uses } = defUse.flowOf(definition);
  const holders = new Set(definitions.map((d) => d.value));
  const own = new Set(definitions.map((d) => d.id));
  const edits: TestEdit[] = [];
  const others: Use[] = [];
  for (const use of uses) {
    if (use.role === "copy" && use.instr?.op === "copy") continue;
    if (use.role === "null-test" && !isNoneTest(flow, use.instr, holders)) {
      if (use.term?.op === "branch" && testOf(flow, use.term.cond, holders) !== undefined) continue;
      return undefined;
    }
    if (use.instr === undefined || !isNoneTest(flow, use.instr, holders)) {
      others.push(use);
      continue;
    }
    if (!defUse.reaching(use.value, use.point).every((d) => own.has(d.id))) return undefined;
    const edit = testEdit(source, use.instr);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  const dead = reachedDead(flow, definition, holders);
  if (others.some((u) => dead.has(keyOf(u.point)))) return undefined;
  return edits;
}

function keyOf({ block, index }: Point): string {
  return `${block},${index}`;
}

function isNone(flow: FunctionAnalyses, value: ValueId): boolean {
  const v = flow.fn.values[value];
  if (v?.kind === "global") return v.name === "Py_None";
  return false;
}

/** True for `v == Py_None`, `v != Py_None` and `Py_IsNone(v)` of one of the values. */
function isNoneTest(flow: FunctionAnalyses, instr: Instr | undefined, holders: ReadonlySet<ValueId>): boolean {
  if (instr?.op === "binary" && (instr.operator === "==" || instr.operator === "!=")) {
    return (
      (holders.has(instr.left) && isNone(flow, instr.right)) || (holders.has(instr.right) && isNone(flow, instr.left))
    );
  }
  return instr?.op === "call" && instr.callee === "Py_IsNone" && holders.has(instr.args[0]);
}

/** True if the condition holds for a dead target, false if it does not; undefined if it is no such test. */
function testOf(flow: FunctionAnalyses, cond: ValueId, holders: ReadonlySet<ValueId>): boolean | undefined {
  let value = cond;
  let whenDead = true;
  for (let steps = 0; steps < 8; steps++) {
    const instr: Instr | undefined = flow.defUse.soleDefinition(value)?.instr;
    if (isNoneTest(flow, instr, holders))
      return instr?.op === "binary" && instr.operator === "!=" ? !whenDead : whenDead;
    if (instr?.op === "copy") value = instr.src;
    else if (instr?.op === "unary" && instr.operator === "!") {
      value = instr.operand;
      whenDead = !whenDead;
    } else return undefined;
  }
  return undefined;
}

/** Places that execution can get to while the target is dead and the variable has not got another value. */
function reachedDead(flow: FunctionAnalyses, definition: Definition, holders: ReadonlySet<ValueId>): Set<string> {
  const { fn, cfg, defUse } = flow;
  const reached = new Set<string>();
  const seen = new Set<BlockId>();
  const work: Point[] = [definition.point];
  for (let from = work.pop(); from !== undefined; from = work.pop()) {
    const { block } = from;
    const { instrs, term } = fn.blocks[block];
    let ended = false;
    for (let index = from.index + 1; index <= instrs.length && !ended; index++) {
      reached.add(keyOf({ block, index }));
      ended =
        index < instrs.length && holders.size === 1 && isAssigned(defUse, instrs[index], { block, index }, holders);
    }
    if (ended) continue;
    const whenDead = term.op === "branch" ? testOf(flow, term.cond, holders) : undefined;
    const next =
      term.op === "branch" && whenDead !== undefined ? [whenDead ? term.then : term.else] : cfg.successors[block];
    for (const s of next) {
      if (seen.has(s)) continue;
      seen.add(s);
      work.push({ block: s, index: -1 });
    }
  }
  return reached;
}

function isAssigned(defUse: DefUse, instr: Instr, point: Point, holders: ReadonlySet<ValueId>): boolean {
  return holders.has(destination(instr)) && defUse.definitionAt(point) !== undefined;
}

function testEdit(source: FixSource, instr: Instr): TestEdit | undefined {
  if (instr.op !== "binary" && instr.op !== "call") return undefined;
  if (instr.via !== undefined || !source.isPlain(instr)) return undefined;
  const node = source.nodeWith(instr, ["binary_expression", "call_expression"]);
  if (node?.type === "binary_expression") {
    const none = node.children.find((c) => source.textOf(c) === "Py_None");
    return none && { start: none.start, end: none.end, text: nullWord(source) };
  }
  const [argument] = (node && child(node, "arguments"))?.children ?? [];
  if (node === undefined || argument === undefined) return undefined;
  const text = asOperand(source, node, `${source.textOf(argument)} == ${nullWord(source)}`);
  return { start: node.start, end: node.end, text };
}
