/** Shared by the rules about sections and locks: regions between taking and releasing, and ways out of them. */
import { lockCall } from "../capi/locks.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import type { Instr, Span } from "../ir/types.ts";
import { forEachInstr } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";
import { unreleasedReturns } from "./guarded-locks.ts";

/** A way out of a region that does not release it. */
export interface Escape extends Span {
  how: "return" | "goto" | "break" | "continue" | "longjmp";
}

/** True for the macros that open a block of C: the compiler sees to it that an END follows. */
export function isSectionMacro(site: LockSite): boolean {
  return isSection(site.kind) && lockCall(site.form)?.form === "section";
}

const JUMPS: ReadonlySet<string> = new Set(["longjmp", "siglongjmp", "_longjmp"]);

/** Ways out of the section `site`, which ends at offset `end`, that skip its END; in order of place. */
export function escapesFrom(fn: FunctionContext, site: LockSite, end: number): Escape[] {
  const { locks, cfg } = fn.flow;
  const inside = (span: Span) => span.start > site.start && span.start < end;
  const found = new Map<number, Escape>();
  const add = (span: Span, how: Escape["how"]) => {
    if (!found.has(span.start) && inside(span)) found.set(span.start, { start: span.start, end: span.end, how });
  };
  for (const { term } of unreleasedReturns(fn.flow, site)) add(term, "return");
  for (const { term } of locks.exitsInside(site)) {
    if (fn.ir.statements.some((s) => s.kind === "goto_statement" && s.start === term.start)) add(term, "goto");
  }
  fn.ir.statements.forEach((statement, i) => {
    if (inside(statement) && leavesLoop(fn, i, site.start)) {
      add(statement, statement.kind === "break_statement" ? "break" : "continue");
    }
  });
  forEachInstr(fn.ir, (instr, block, index) => {
    if (instr.op !== "call" || !JUMPS.has(instr.callee) || !cfg.reachable[block]) return;
    if (locks.mayHoldAt({ block, index }).some((h) => h.site === site)) add(instr, "longjmp");
  });
  return [...found.values()].sort((a, b) => a.start - b.start);
}

const LOOPS: ReadonlySet<string> = new Set(["for_statement", "while_statement", "do_statement", "for_range_loop"]);

/** True for a `break` or `continue` whose loop or switch begins before offset `begin`. */
function leavesLoop(fn: FunctionContext, index: number, begin: number): boolean {
  const { statements } = fn.ir;
  const { kind } = statements[index];
  if (kind !== "break_statement" && kind !== "continue_statement") return false;
  for (let i = statements[index].parent; i >= 0; i = statements[i].parent) {
    const around = statements[i];
    const isTarget = LOOPS.has(around.kind) || (kind === "break_statement" && around.kind === "switch_statement");
    if (isTarget) return around.start < begin;
  }
  return false;
}

/** Where the section of a macro ends: at the END that the compiler pairs with it, or with the block that it is in. */
export function endOfSection(fn: FunctionContext, site: LockSite): number {
  const { statements } = fn.ir;
  let block: Span = { start: -1, end: fn.facts.bodyEnd };
  for (const s of statements) {
    if (s.kind === "compound_statement" && s.start <= site.start && site.end <= s.end && s.start > block.start)
      block = s;
  }
  const paired = pairedEnds(fn).get(site);
  return paired === undefined ? block.end : paired.start;
}

/** Begins and ends of sections paired as they nest in the text, as the compiler pairs the macros. */
export function pairedEnds(fn: FunctionContext): Map<LockSite, Instr & { op: "lock" | "unlock" }> {
  const sites = fn.flow.locks.sites.filter((s) => isSection(s.kind) && lockCall(s.form) !== undefined);
  const events: { at: number; site?: LockSite; end?: Instr & { op: "lock" | "unlock" } }[] = [
    ...sites.map((site) => ({ at: site.start, site })),
    ...sectionEnds(fn).map((instr) => ({ at: instr.start, end: instr })),
  ].sort((a, b) => a.at - b.at);
  const open: LockSite[] = [];
  const paired = new Map<LockSite, Instr & { op: "lock" | "unlock" }>();
  for (const { site, end } of events) {
    if (site !== undefined) open.push(site);
    else if (end !== undefined) {
      const last = open.pop();
      if (last !== undefined) paired.set(last, end);
    }
  }
  return paired;
}

/** Unlock instructions that close a section. Code that no path reaches may be missing. */
function sectionEnds(fn: FunctionContext): (Instr & { op: "lock" | "unlock" })[] {
  const found: (Instr & { op: "lock" | "unlock" })[] = [];
  forEachInstr(fn.ir, (instr) => {
    if (instr.op === "unlock" && isSection(instr.lock)) found.push(instr);
  });
  return found;
}

/** The object of a lock in words: `self`, `self->mutex`, `cache_lock`. */
export function lockWords({ objects, form }: LockSite): string {
  const names = objects.map((o) => `\`${o.startsWith("global:") ? o.slice("global:".length) : o}\``);
  return names.length === 0 || names.some((n) => n.includes("{") || n.includes("?") || n.includes("#"))
    ? `\`${form}\``
    : names.join(" and ");
}
