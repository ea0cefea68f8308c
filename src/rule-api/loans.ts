/** A borrowed reference as a loan: what keeps the object alive, and the calls that can end that. */
import { refcountCall } from "../capi/refcounting.ts";
import type { Definition, Use } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import { reaches } from "../flow/points.ts";
import { NO_VALUE, type Span } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import { borrowedUses } from "./borrowed-uses.ts";
import type { ContainerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import { runsPythonCode } from "./runs-python.ts";

export interface Crossing {
  how: "released" | "replaced" | "python";
  /** What lent the reference: an API or a field. */
  source: string;
  /** What it was lent to. */
  definition: Definition;
  lent: Span;
  killer: CallInstr;
  use: Span;
  container: ContainerFacts;
}

/** A reference that is lent, and what keeps the object alive. */
export interface Loan {
  definition: Definition;
  source: string;
  lent: Span;
  container: ContainerFacts;
  /** Access path of the container and of the key, "" if there is none. */
  containerName: string;
  keyName: string;
  /** Code that runs Python can drop the object. */
  reachable: boolean;
}

/** Calls that take an entry out of their first argument, and the position of the key; -1 for all entries. */
const REMOVALS: ReadonlyMap<string, number> = new Map([
  ["PyDict_DelItem", 1],
  ["PyDict_DelItemString", 1],
  ["PyDict_SetItem", 1],
  ["PyDict_SetItemString", 1],
  ["PyList_SetItem", 1],
  ["PyDict_Clear", -1],
  ["PyList_Clear", -1],
]);

/** The first use of a loan after a call that can end it; what ends it for certain comes first. */
export function crossingOf(fn: FunctionContext, loan: Loan): Crossing | undefined {
  const { flow } = fn;
  const { cfg } = flow;
  const from = loan.definition.point;
  const found = borrowedUses(flow, loan.definition);
  const uses = [...found.uses, ...found.strengthened, ...found.returned].sort(
    (a, b) => spanOf(a).start - spanOf(b).start,
  );
  if (uses.length === 0) return undefined;
  const after = (killer: Point) => uses.find((u) => !samePlace(u.point, killer) && reaches(cfg, killer, u.point, from));
  let worst: Crossing | undefined;
  for (const { call, point } of callsIn(fn)) {
    const how = endsLoan(fn, loan, call, point);
    if (how === undefined || (worst !== undefined && how === "python")) continue;
    if (!reaches(cfg, from, point, from)) continue;
    if (found.strengthened.some((s) => !samePlace(s.point, point) && reaches(cfg, s.point, point, from))) continue;
    const use = after(point);
    if (use === undefined) continue;
    const { source, definition, lent, container } = loan;
    worst = { how, source, definition, lent, container, killer: call, use: spanOf(use) };
    if (how !== "python") break;
  }
  return worst;
}

function endsLoan(fn: FunctionContext, loan: Loan, call: CallInstr, point: Point): Crossing["how"] | undefined {
  const { accessPaths } = fn.flow;
  const [first] = call.args;
  const counting = refcountCall(call.callee);
  if (counting !== undefined) {
    if (counting.effect !== "decrement" || !isOwned(loan.container)) return undefined;
    return first !== undefined && accessPaths.of(first, point) === loan.containerName ? "released" : undefined;
  }
  const key = REMOVALS.get(call.callee);
  if (key !== undefined && loan.containerName !== "") {
    if (first === undefined || accessPaths.of(first, point) !== loan.containerName) return undefined;
    const arg = call.args[key] ?? NO_VALUE;
    return key < 0 || (arg !== NO_VALUE && accessPaths.of(arg, point) === loan.keyName) ? "replaced" : undefined;
  }
  return loan.reachable && runsPythonCode(fn.project, fn.file, call) ? "python" : undefined;
}

/** The function has the only reference: made here, or given by a call. */
function isOwned({ origin }: ContainerFacts): boolean {
  return origin?.kind === "fresh" && origin.escaped === undefined;
}

/** Reachable calls, in block order. */
export function callsIn(fn: FunctionContext): { call: CallInstr; point: Point }[] {
  const found: { call: CallInstr; point: Point }[] = [];
  forEachInstr(fn.ir, (call, block, index) => {
    if (call.op === "call" && fn.flow.cfg.reachable[block]) found.push({ call, point: { block, index } });
  });
  return found;
}

function spanOf(use: Use): Span {
  const { start, end } = use.instr ?? use.term!;
  return { start, end };
}

function samePlace(a: Point, b: Point): boolean {
  return a.block === b.block && a.index === b.index;
}
