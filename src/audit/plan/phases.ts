/** The order of a port, and which rule belongs where. */
import type { PhaseId } from "./types.ts";

export interface PhaseKind {
  id: PhaseId;
  title: string;
  why: string;
  /** Rules and families whose findings are its tasks. */
  takes: readonly string[];
}

/**
 * In the order that ports take: state that every thread shares first, because locks of objects do not protect it, then objects, then
 * what is handed out of containers. The declaration is the last step.
 */
export const PHASES: readonly PhaseKind[] = [
  {
    id: "globals",
    title: "Fix globals",
    why: "C statics are shared by all threads and by all objects, so no lock of an object protects them. What becomes module state or thread-local here needs no lock later.",
    takes: ["globals"],
  },
  {
    id: "instance-state",
    title: "Lock instance state",
    why: "Methods of one object run at the same time. Decide for each type what its lock protects; most methods get a critical section on `self`.",
    takes: ["unlocked-instance-state", "unlocked-field-ref", "refcount-uniqueness"],
  },
  {
    id: "borrowed",
    title: "Replace borrowed references",
    why: "A borrowed reference is only as safe as the container that it is borrowed from. With the locks of the last phase in place, these are local edits.",
    takes: ["borrowed"],
  },
  {
    id: "containers",
    title: "Containers, iteration and critical sections",
    why: "Loops over dicts and lists, steps that must be one, and the sections and locks that are there already.",
    takes: ["locking"],
  },
  {
    id: "memory",
    title: "Allocators and thread state",
    why: "Each object must come from the allocator of objects, and Python's API needs an attached thread state. Keep the calls that attach and detach: the free-threaded build needs them.",
    takes: ["memory", "thread-state"],
  },
  {
    id: "tests",
    title: "Tests",
    why: "An audit reads code, it does not run it. Begin with the CI job at once, in parallel to the phases above: it shows what the changes do.",
    takes: [],
  },
  {
    id: "packaging",
    title: "Packaging and CI",
    why: "What users install must exist for their interpreter.",
    takes: [],
  },
  {
    id: "declare",
    title: "Declare support",
    why: "Last: from the declaration on, importing the module no longer switches the GIL on, and every user runs what is not finished. Until then the GIL protects them.",
    takes: ["module"],
  },
];

/** The phase of a finding: by its rule, else by its family. */
export function phaseOf({ rule, family }: { rule: string; family: string }): PhaseId {
  const own = PHASES.find((p) => p.takes.includes(rule)) ?? PHASES.find((p) => p.takes.includes(family));
  return own?.id ?? "containers";
}

/** Where checks stand; the others belong to packaging. */
export const CHECK_PHASES: ReadonlyMap<string, PhaseId> = new Map([
  ["threaded-tests", "tests"],
  ["ci-job", "tests"],
  ["gil-off", "tests"],
  ["thread-sanitizer", "tests"],
  ["classifier", "declare"],
]);
