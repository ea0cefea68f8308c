/** Static containers that one function looks into and then changes, as two separate operations. */
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { Candidate, StaticProblem } from "./globals-model.ts";
import { type ContainerUse, containerAction } from "./globals-uses.ts";

interface Operation {
  api: string;
  start: number;
  end: number;
  locked: boolean;
}

/**
 * The first function that looks into the container and later changes it, in the order of the source. What a helper does
 * counts where the helper is called. Functions that hold a lock over both are left out.
 */
export function containerRace(project: ProjectContext, candidate: Candidate): StaticProblem["race"] {
  const operations = new Map<FunctionId, Operation[]>();
  for (const use of candidate.uses) {
    const own = use.containers.map((c) => operation(candidate, use.function, c));
    if (own.length > 0) operations.set(use.function, own);
  }
  for (const [fn, own] of operations) {
    const inherited = [...operations].flatMap(([callee, theirs]) =>
      callee === fn ? [] : callsOf(project, fn, callee).flatMap((call) => theirs.map((o) => ({ ...o, ...call }))),
    );
    const race = lookThenChange([...own, ...inherited]);
    if (race) return { function: fn, ...race };
  }
  return undefined;
}

function operation(candidate: Candidate, fn: FunctionId, use: ContainerUse): Operation {
  const access = candidate.accesses.find(
    (a) => a.function === fn && a.access.start === use.start && a.access.end === use.end,
  );
  return { api: use.api, start: use.start, end: use.end, locked: (access?.locks.length ?? 0) > 0 };
}

function callsOf(project: ProjectContext, caller: FunctionId, callee: FunctionId): { start: number; end: number }[] {
  const calls = project.shared.summaries.get(caller)?.calls ?? [];
  return calls.filter((c) => c.callees.includes(callee)).map(({ start, end }) => ({ start, end }));
}

function lookThenChange(operations: Operation[]) {
  const sorted = operations.filter((o) => !o.locked).sort((a, b) => a.start - b.start);
  for (const [i, look] of sorted.entries()) {
    if (containerAction(look.api) !== "look") continue;
    const change = sorted.slice(i + 1).find((o) => containerAction(o.api) === "change");
    if (!change) continue;
    return {
      look: { start: look.start, end: look.end },
      change: { start: change.start, end: change.end },
      lookApi: look.api,
      changeApi: change.api,
    };
  }
  return undefined;
}
