/** How bad it is that a static variable is changed without a lock. */
import type { StaticAccess } from "../flow/shared/shared-state.ts";
import type { ProjectContext } from "./context.ts";
import { changes, isLocked, type StaticProblem } from "./globals-model.ts";
import { isCppContainer } from "./globals-uses.ts";
import type { Risk } from "./types.ts";

/** The risk of a problem whose other fields are filled in. */
export function staticRisk(project: ProjectContext, problem: StaticProblem): Risk {
  const writes = problem.accesses.filter(changes);
  if (problem.rule === "global-container") return "medium";
  if (writes.length === 0) return "info";
  const risk = unlimited(problem, writes);
  return problem.accesses.every(isLocked) || problem.onlyReadsUnlocked || !isReachable(project, problem) ? "low" : risk;
}

function unlimited(problem: StaticProblem, writes: readonly StaticAccess[]): Risk {
  switch (problem.rule) {
    case "lazy-static":
      return lazyRisk(problem);
    case "global-object":
      return objectRisk(problem, writes);
    default:
      return mutableRisk(problem, writes);
  }
}

/** Two threads that both find it unset leak one value or work with half of the other's; worse if a value is dropped again. */
function lazyRisk(problem: StaticProblem): Risk {
  if (problem.shape === "object") return isReleased(problem) ? "high" : "medium";
  if (problem.shape !== "scalar") return problem.uses.some(storesSameAlways) ? "low" : "medium";
  if (problem.covers.length > 0) return "medium";
  const stored = problem.accesses.filter(changes).map((a) => a.access.stored);
  const isFlag = stored.every((s) => s === "constant" || s === "null");
  // A flag that keeps something from being done twice, against a number that comes out the same each time.
  return isFlag && problem.uses.some((u) => u.firstUses.some((f) => f.assignment && f.calls.some(doesWork)))
    ? "medium"
    : "low";
}

const SAME_ALWAYS = new Set([
  "PyCapsule_Import",
  "PyCapsule_GetPointer",
  "dlsym",
  "GetProcAddress",
  "getenv",
  "sysconf",
]);

function storesSameAlways({ firstUses }: { firstUses: readonly { calls: readonly string[] }[] }): boolean {
  return firstUses.some((f) => f.calls.some((c) => SAME_ALWAYS.has(c)));
}

/** Calls that only tell somebody something: twice is no harm. */
const TELLS = ["debug", "warn", "log", "print", "trace", "puts", "assert", "flush"];
/** Calls that only look. */
const LOOKS = new Set(["getenv", "strcmp", "strncmp", "strlen", "atoi", "basename", "strrchr"]);

function doesWork(callee: string): boolean {
  if (callee.startsWith("Py") || callee.startsWith("_Py") || LOOKS.has(callee)) return false;
  const name = callee.toLowerCase();
  return !TELLS.some((word) => name.includes(word));
}

function objectRisk(problem: StaticProblem, writes: readonly StaticAccess[]): Risk {
  if (isReleased(problem) || problem.variable.facts.array) return "high";
  return writes.some((w) => w.access.chain.length > 0 && w.access.stored !== undefined) ? "high" : "medium";
}

function isReleased(problem: StaticProblem): boolean {
  return problem.uses.some((u) => u.released.length > 0);
}

function mutableRisk(problem: StaticProblem, writes: readonly StaticAccess[]): Risk {
  const { facts } = problem.variable;
  switch (problem.shape) {
    case "container":
      return isCppContainer(facts.type) ? "high" : "low";
    case "function-pointer":
      return "low";
    case "pointer":
      return pointerRisk(problem, writes);
    case "scalar":
      return scalarRisk(problem, writes);
    default:
      return facts.array ? arrayRisk(problem, writes) : structRisk(problem, writes);
  }
}

function arrayRisk({ variable }: StaticProblem, writes: readonly StaticAccess[]): Risk {
  // A table that has its values from the start may be handed out to be read; one that has none is there to be filled.
  return variable.facts.init !== undefined && writes.every((w) => w.access.kind === "touch") ? "low" : "medium";
}

/** Members are judged like variables of their own: the worst one counts. */
function structRisk(problem: StaticProblem, writes: readonly StaticAccess[]): Risk {
  const places = [...new Set(writes.map((w) => w.access.at))];
  const risks = places.map((at) => {
    const here = writes.filter((w) => w.access.at === at);
    if (here.every((w) => w.access.kind === "touch")) return "low";
    return scalarRisk({ ...problem, accesses: problem.accesses.filter((a) => a.access.at === at) }, here);
  });
  return risks.includes("medium") ? "medium" : "low";
}

function pointerRisk(problem: StaticProblem, writes: readonly StaticAccess[]): Risk {
  if (writes.some((w) => w.access.kind === "free")) return "high";
  const isSlot = (a: StaticAccess) => !a.access.at.includes("*") || problem.variable.facts.array;
  const replaced = writes.some((w) => isSlot(w) && w.access.stored === "value");
  // The pointer is replaced while others follow it: a free list, a buffer that grows.
  if (replaced && problem.accesses.some((a) => !isSlot(a))) return "high";
  if (replaced) return "medium";
  if (writes.every((w) => w.access.kind === "touch")) return "low";
  return writes.every((w) => w.access.stored === "constant" || w.access.stored === "null") ? "low" : "medium";
}

function scalarRisk(problem: StaticProblem, writes: readonly StaticAccess[]): Risk {
  // An opaque handle that is only passed on: what is behind it is the library's business.
  const own = problem.shape === "scalar" ? writes.filter((w) => !w.access.at.includes("*")) : writes;
  if (own.every((w) => w.access.stored === "constant" || w.access.stored === "null")) return "low";
  if (own.some((w) => w.access.stored === "update")) return "medium";
  const writers = new Set(own.map((w) => w.function));
  const readsFirst = problem.accesses.some(
    (a) => !changes(a) && own.some((w) => w.function === a.function && a.access.start < w.access.end),
  );
  // One setter that only stores: readers see the old or the new number.
  return writers.size === 1 && !readsFirst ? "low" : "medium";
}

/** False if nothing in the scan calls the functions that write, and the file belongs to no module that is known. */
function isReachable(project: ProjectContext, problem: StaticProblem): boolean {
  const { index } = project;
  return problem.accesses
    .filter(changes)
    .some(
      ({ function: fn }) =>
        index.functions[fn].concurrency !== "unknown" || index.modulesOfFile(index.functions[fn].file).length > 0,
    );
}
