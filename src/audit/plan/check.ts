/** Building blocks of checks. */
import type { Quote } from "../../project/packaging/types.ts";
import type { Check, CheckState } from "./types.ts";

export function check(
  id: string,
  title: string,
  state: CheckState,
  summary: string,
  evidence: readonly Quote[],
  advice = "",
  snippet?: Check["snippet"],
): Check {
  return { id, title, state, summary, evidence: [...evidence], advice, ...(snippet ? { snippet } : {}) };
}

/** `1 module`, `2 modules`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
