/** Families of rules and risks of findings; it stands alone, for code that runs in a browser. */

export const FAMILIES = ["module", "borrowed", "locking", "globals", "memory", "thread-state"] as const;
export type Family = (typeof FAMILIES)[number];

/** From worst to mildest. `info` never fails a run. */
export const RISKS = ["high", "medium", "low", "info"] as const;
export type Risk = (typeof RISKS)[number];

/** True if `risk` is at least as bad as `threshold`. */
export function atLeast(risk: Risk, threshold: Risk): boolean {
  return RISKS.indexOf(risk) <= RISKS.indexOf(threshold);
}
