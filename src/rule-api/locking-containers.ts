/** Shared by the locking rules about containers: judging one, and describing it. */
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { changeableFacts } from "./changeable.ts";
import type { ContainerFacts } from "./container.ts";
import type { FunctionContext } from "./context.ts";
import { entryStep } from "./entries.ts";
import { protectedBy } from "./protection.ts";
import type { EvidenceStep, Risk } from "./types.ts";

export interface SharedContainer {
  facts: ContainerFacts;
  risk: Risk;
}

/**
 * The risk of using the container in `value` unlocked at `point` and at all of `others`; undefined if nobody else has it or a
 * lock covers them all. `aliases` are further values whose lock counts. In a loop over the container (`isLoop`) one lock has to cover all
 * rounds. `suspended`: the thread is detached in between, so that critical sections do not count.
 */
export function sharedContainer(
  fn: FunctionContext,
  value: ValueId,
  point: Point,
  others: readonly Point[] = [],
  aliases: readonly { value: ValueId; point: Point }[] = [],
  isLoop = false,
  suspended = false,
): SharedContainer | undefined {
  if (fn.initOnly) return undefined;
  const facts = changeableFacts(fn.project, fn.id, value, point);
  if (facts.exposure === "private") return undefined;
  const values = [{ value, point }, ...aliases];
  const loop = isLoop ? point : undefined;
  if (protectedBy(fn.project, fn.id, values, [point, ...others], loop, suspended) !== undefined) return undefined;
  const onlyInit = fn.entries.length > 0 && fn.entries.every((e) => e.slot === "tp_init");
  if (facts.exposure === "unlikely" || (onlyInit && facts.exposure === "shared")) return { facts, risk: "low" };
  return { facts, risk: facts.exposure === "shared" ? "high" : "medium" };
}

/** Where the container came from, `steps`, and how Python code gets here. */
export function containerEvidence(
  fn: FunctionContext,
  { facts }: SharedContainer,
  steps: readonly { start: number; end: number; text: string }[],
): EvidenceStep[] {
  const own = steps.map((s) => ({ file: fn.file, start: s.start, end: s.end, text: s.text }));
  const before = facts.steps.filter((s) => s.file !== fn.file || !own.some((o) => o.start === s.start));
  const entry = entryStep(fn);
  return entry === undefined ? [...before, ...own] : [...before, ...own, entry];
}
