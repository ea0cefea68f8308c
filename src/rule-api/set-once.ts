/** Statics that are set once, under a lock: who has made the test under that lock may then read them without it. */
import type { StaticAccess } from "../flow/shared/shared-state.ts";
import { dominates } from "../ir/cfg.ts";
import type { BlockId, Span } from "../ir/types.ts";
import { forEachInstr } from "../ir/visit.ts";
import type { ProjectContext } from "./context.ts";
import { type Candidate, changes } from "./globals-model.ts";
import type { FirstUse } from "./globals-uses.ts";

/**
 * True if every write holds one lock and is the first assignment behind a test that holds it too, and every read without it comes
 * after such a test in its function: whoever took the lock there has seen the value set, or has set it.
 */
export function isSetOnceUnderLock(project: ProjectContext, { accesses, writes, uses }: Candidate): boolean {
  if (writes.some((w) => w.access.kind !== "write" || w.access.stored === "null")) return false;
  const [first, ...others] = writes;
  const locks = first?.locks.filter((l) => l.at[0] === "@" && others.every((w) => holds(w, l.at))) ?? [];
  return locks.some(({ at: lock }) => {
    const testsOf = (fn: number) =>
      (uses.find((u) => u.function === fn)?.firstUses ?? []).filter(
        (f) =>
          f.assignment !== undefined && accesses.some((a) => a.function === fn && within(a, f.test) && holds(a, lock)),
      );
    const isFirst = (w: StaticAccess) =>
      testsOf(w.function).some((f) => blocksOf(project, w).every((b) => f.guarded.has(b)));
    return (
      writes.every(isFirst) &&
      accesses.every((a) => changes(a) || holds(a, lock) || testsOf(a.function).some((f) => isAfter(project, f, a)))
    );
  });
}

function holds({ locks }: StaticAccess, lock: string): boolean {
  return locks.some((l) => l.at === lock);
}

function within({ access }: StaticAccess, { start, end }: Span): boolean {
  return start <= access.start && access.end <= end;
}

/** Blocks of the instructions that an access stands for, seen from the function that names the variable. */
function blocksOf(project: ProjectContext, { access, function: fn }: StaticAccess): BlockId[] {
  const { start, end } = access.chain[0] ?? access;
  const found: BlockId[] = [];
  forEachInstr(project.analysesOf(fn).fn, (instr, block) => {
    if (start <= instr.start && instr.end <= end) found.push(block);
  });
  return found;
}

function isAfter(project: ProjectContext, { test }: FirstUse, access: StaticAccess): boolean {
  const { fn, cfg } = project.analysesOf(access.function);
  const tests = fn.blocks.flatMap(({ term }, b) =>
    term.op === "branch" && term.start === test.start && term.end === test.end ? [b] : [],
  );
  const own = blocksOf(project, access);
  return own.length > 0 && tests.some((t) => own.every((b) => b !== t && dominates(cfg, t, b)));
}
