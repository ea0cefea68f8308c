/** Shared by the rules about sections and locks: regions between taking and releasing, and ways out of them. */
import { lockCall } from "../capi/locks.ts";
import { isSection, type LockSite } from "../flow/locks.ts";
import type { Instr, Span, Terminator } from "../ir/types.ts";
import { forEachInstr } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";

/** A way out of a region that does not release it. */
export interface Escape extends Span {
  /** `return`, `goto` (also break and continue) or `longjmp`. */
  how: "return" | "jump" | "longjmp";
}

/** True for the macros that open a block of C: the compiler sees to it that an END follows. */
export function isSectionMacro(site: LockSite): boolean {
  return isSection(site.kind) && lockCall(site.form)?.form === "section";
}

const JUMPS: ReadonlySet<string> = new Set(["longjmp", "siglongjmp", "_longjmp"]);

/** Ways out of the section `site` that skip its END, in order of place. */
export function escapesFrom(fn: FunctionContext, site: LockSite): Escape[] {
  const { locks, cfg } = fn.flow;
  const found = new Map<number, Escape>();
  const add = (span: Span, how: Escape["how"]) => {
    if (!found.has(span.start)) found.set(span.start, { start: span.start, end: span.end, how });
  };
  const jumps = locks.exitsInside(site);
  for (const { term } of jumps) add(term, term.op === "return" ? "return" : "jump");
  // Where nothing is ever released there is no inside and outside to tell by: every return leaves.
  if (jumps.length === 0) {
    for (const { site: held, block } of locks.heldAtExits()) {
      if (held === site) add(fn.ir.blocks[block].term, "return");
    }
  }
  forEachInstr(fn.ir, (instr, block, index) => {
    if (instr.op !== "call" || !JUMPS.has(instr.callee) || !cfg.reachable[block]) return;
    if (locks.mayHoldAt({ block, index }).some((h) => h.site === site)) add(instr, "longjmp");
  });
  return [...found.values()].sort((a, b) => a.start - b.start);
}

/** Unlock instructions that close a section, reachable or not. */
export function sectionEnds(fn: FunctionContext): { instr: Instr & { op: "lock" | "unlock" }; reachable: boolean }[] {
  const found: { instr: Instr & { op: "lock" | "unlock" }; reachable: boolean }[] = [];
  forEachInstr(fn.ir, (instr, block) => {
    if (instr.op === "unlock" && isSection(instr.lock)) found.push({ instr, reachable: fn.flow.cfg.reachable[block] });
  });
  return found;
}

/** True if an END that no path reaches stands behind `site`, before the next BEGIN: it is this section's. */
export function hasDeadEnd(fn: FunctionContext, site: LockSite): boolean {
  const next = Math.min(...fn.flow.locks.sites.filter((s) => s.start > site.start).map((s) => s.start));
  return sectionEnds(fn).some((e) => !e.reachable && e.instr.start > site.start && e.instr.start < next);
}

/** Words for the kind of jump that a terminator is, by the statement it belongs to. */
export function describeEscape(fn: FunctionContext, { start, how }: Escape): string {
  if (how !== "jump") return `\`${how}\``;
  const statement = fn.ir.statements.find((s) => s.start === start);
  const words: Readonly<Record<string, string>> = {
    break_statement: "`break`",
    continue_statement: "`continue`",
    goto_statement: "`goto`",
  };
  return words[statement?.kind ?? ""] ?? "a jump";
}

/** The object of a lock in words: `self`, `self->mutex`, `cache_lock`. */
export function lockWords({ objects, form }: LockSite): string {
  const names = objects.map((o) => `\`${o.startsWith("global:") ? o.slice("global:".length) : o}\``);
  return names.length === 0 || names.some((n) => n.includes("{") || n.includes("?") || n.includes("#"))
    ? `\`${form}\``
    : names.join(" and ");
}

/** True if a return leaves the region open; the terminator says where. */
export function openReturns(fn: FunctionContext, site: LockSite): Terminator[] {
  return fn.flow.locks
    .heldAtExits()
    .filter((h) => h.site === site)
    .map((h) => fn.ir.blocks[h.block].term);
}
