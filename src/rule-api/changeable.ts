/** What is known of a container, with somebody who changes it as evidence. */
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import { type ContainerFacts, containerFacts } from "./container.ts";
import type { ProjectContext } from "./context.ts";
import { changeOfField } from "./field-changes.ts";

/**
 * As `containerFacts`, for a container whose content matters: one in a field that nobody is seen to change is `unlikely` to
 * be changed under the function, and one that somebody changes has that as its last step.
 */
export function changeableFacts(project: ProjectContext, fn: FunctionId, value: ValueId, point: Point): ContainerFacts {
  const facts = containerFacts(project, fn, value, point);
  const { origin, exposure } = facts;
  if (origin?.kind !== "field" || exposure === "private" || origin.path === "" || origin.path === "[]") return facts;
  const change = changeOfField(project, origin.path);
  if (change === undefined) return { ...facts, exposure: "unlikely" };
  return { ...facts, steps: [...facts.steps, change] };
}
