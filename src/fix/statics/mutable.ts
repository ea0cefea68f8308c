/** C data in a static: which of atomic, thread-local and lock fits, by how it is used. */
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { atomicFix } from "./atomic.ts";
import { freeListFix } from "./free-list.ts";
import { regionFix } from "./region.ts";
import { isDepth, threadLocalFix } from "./thread-local.ts";
import { isReason, nameOf, type Reason, type StaticToFix } from "./variable.ts";

/** Answers for a static that holds C data; best first. */
export function mutableFixes(context: FixContext, target: StaticToFix): (Proposal | Withheld)[] {
  const ways = [atomicFix, threadLocalFix];
  if (isDepth(target.accesses) || target.shape === "aggregate") ways.reverse();
  const answers = ways.map((way) => way(context, target));
  const group = [target, ...target.companions];
  answers.push(regionFix(context, group), freeListFix(context, group));
  const proposals = answers.filter((a): a is Proposal => !isReason(a));
  if (proposals.length > 0) return proposals;
  const reason = answers.filter((a): a is Reason => isReason(a)).join("; ");
  return [{ level: "manual", reason, recipe: recipe(target) }];
}

function recipe({ variable: { facts } }: StaticToFix): string[] {
  return [
    `Decide who owns \`${nameOf(facts)}\`: a value of one call belongs into a local variable or an argument, one of a thread into a thread-local variable.`,
    `For state that all threads share: \`static PyMutex ${nameOf(facts)}_mutex;\`, held at every access, over all accesses that belong together.`,
    "Take what has to be released out of the shared place under the lock, and release it after unlocking.",
  ];
}
