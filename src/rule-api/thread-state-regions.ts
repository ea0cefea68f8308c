/** Jumps out of code that runs detached. */
import { threadStateCall } from "../capi/thread-state.ts";
import type { BlockId, FunctionIr, Instr, Span } from "../ir/types.ts";
import { successors } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";

type StateInstr = Extract<Instr, { op: "detach" | "attach" }>;

export interface DetachedExit {
  /** The statement that leaves. */
  at: Span;
  returns: boolean;
  /** What detached. */
  begin: Instr;
}

/** Statements that leave a detached region without attaching again, by place. */
export function detachedExits(fn: FunctionContext): DetachedExit[] {
  const { threadStates, cfg } = fn.flow;
  const begins = detaches(fn.ir);
  if (begins.length === 0) return [];
  const enteredDetached = attachesFirst(fn);
  const found: DetachedExit[] = [];
  fn.ir.blocks.forEach((block, b) => {
    if (!cfg.reachable[b]) return;
    const end = { block: b, index: block.instrs.length };
    const cause = threadStates.causeAt(end);
    const begin = begins.find((i) => i === cause);
    if (!begin || !threadStates.isDetached(end)) return;
    const { term } = block;
    const region = regionOf(fn.ir, begin);
    if (region === undefined) {
      // Calls open no block: only a return that forgets what other paths do is certain.
      if (term.op === "return" && !enteredDetached && attachesAgain(fn.ir, begin))
        found.push({ at: term, returns: true, begin });
    } else if (inside(region, term) && leaves(fn.ir, b, region)) {
      found.push({
        at: term.op === "branch" ? jumpAfter(fn.ir, term, region) : term,
        returns: term.op === "return",
        begin,
      });
    }
  });
  return found.sort((x, y) => x.at.start - y.at.start);
}

function detaches(ir: FunctionIr): StateInstr[] {
  return ir.blocks.flatMap((b) => b.instrs.filter((i): i is StateInstr => i.op === "detach"));
}

function attaches(ir: FunctionIr): StateInstr[] {
  return ir.blocks.flatMap((b) => b.instrs.filter((i): i is StateInstr => i.op === "attach"));
}

/** A function that attaches before it ever detached is called detached, and leaves its caller so. */
function attachesFirst(fn: FunctionContext): boolean {
  return fn.ir.blocks.some((block, b) =>
    block.instrs.some(
      (instr, i) => instr.op === "attach" && fn.flow.threadStates.causeAt({ block: b, index: i }) === undefined,
    ),
  );
}

function attachesAgain(ir: FunctionIr, begin: StateInstr): boolean {
  const pairs = threadStateCall(begin.form)?.pairs ?? [];
  return attaches(ir).some((a) => pairs.includes(a.form) && a.start > begin.start);
}

/** From BEGIN to the END that closes its block; undefined for calls, which open none. */
function regionOf(ir: FunctionIr, begin: StateInstr): Span | undefined {
  const known = threadStateCall(begin.form);
  if (known?.form !== "section-begin") return undefined;
  const events = [...detaches(ir), ...attaches(ir)].filter(
    (i) => i.start > begin.start && (i.form === begin.form || known.pairs.includes(i.form)),
  );
  let depth = 1;
  for (const event of events.sort((a, b) => a.start - b.start)) {
    depth += event.op === "detach" ? 1 : -1;
    if (depth === 0) return { start: begin.start, end: event.end };
  }
  return undefined;
}

function inside(region: Span, { start, end }: Span): boolean {
  return start >= region.start && end <= region.end;
}

function leaves(ir: FunctionIr, from: BlockId, region: Span): boolean {
  const { term } = ir.blocks[from];
  if (term.op === "return") return true;
  return (term.op === "goto" || term.op === "branch") && successors(term).some((b) => isOutside(ir, b, region));
}

function isOutside(ir: FunctionIr, start: BlockId, region: Span): boolean {
  const seen = new Set<BlockId>();
  for (let block = start; !seen.has(block); ) {
    seen.add(block);
    const { instrs, term } = ir.blocks[block];
    if (instrs.length > 0) return !inside(region, instrs[0]);
    if (term.op !== "goto") return !inside(region, term);
    block = term.target;
  }
  return false;
}

const JUMPS = new Set(["break_statement", "continue_statement", "goto_statement"]);

/** The jump that a condition leads to: blocks that only jump are not kept. */
function jumpAfter(ir: FunctionIr, condition: Span, region: Span): Span {
  const jumps = ir.statements.filter((s) => JUMPS.has(s.kind) && s.start >= condition.end && inside(region, s));
  return jumps.sort((a, b) => a.start - b.start)[0] ?? condition;
}
