/** Fix of functions that return a borrowed reference: they return a new one, and their callers release it. */
import { type ChangedCall, type ChangedFunction, returnNew, withheld } from "../fix/borrowed/returned/return-new.ts";
import type { Proposal, Withheld } from "../fix/types.ts";
import type { FunctionId } from "../project/index-types.ts";
import { borrowedCalls, LENDING_RULES } from "./borrowed.ts";
import { borrowedReturns, borrowedUses } from "./borrowed-uses.ts";
import { callSites } from "./callers.ts";
import type { FunctionContext } from "./context.ts";
import { TEARDOWN } from "./fix-borrowed-out.ts";
import type { FixingContext, FixRequest } from "./fixing.ts";

/** Functions that hand a reference on one after the other, beyond which a person decides. */
const MAX_RETURNING = 4;

/** Answers for a function that returns a borrowed reference. */
export function fixReturn(request: FixRequest, context: FixingContext): readonly (Proposal | Withheld)[] {
  const { index } = context.project;
  const id = index
    .functionsNamed(request.function)
    .find((f) => index.functions[f].file === request.file && index.functions[f].facts.nameStart === request.start);
  const no = (reason: string) => [withheld(request.function, request.symbol, reason)];
  if (id === undefined) return no("the function is not found again");
  const functions = changedWith(context, id);
  return typeof functions === "string" ? no(functions) : [returnNew(context, functions, request.symbol)];
}

/** Every function that changes with the first one, with its calls; a text says why not all are known. */
function changedWith(context: FixingContext, first: FunctionId): ChangedFunction[] | string {
  const { project } = context;
  const changed = new Map<FunctionId, ChangedFunction>();
  const returning = [first];
  for (const id of returning) {
    const fn = project.functionContext(id);
    const own = changedOf(context, changed, fn);
    if (typeof own === "string") return own;
    own.isReturning = true;
    const obstacle = obstacleIn(fn);
    if (obstacle !== undefined) return obstacle;
    if (returning.length > MAX_RETURNING) return "too many functions hand the reference on";
    own.calls.push(...lendingIn(fn));
    const sites = callSites(project, id);
    if (sites === undefined) return `not every caller of \`${fn.indexed.name}\` is known`;
    for (const { caller, call, point } of sites) {
      const user = project.functionContext(caller);
      if (project.index.resolveCall(user.file, call.callee).length !== 1)
        return `\`${user.indexed.name}\` calls one of several functions with this name`;
      const entry = changedOf(context, changed, user);
      if (typeof entry === "string") return entry;
      const isMoved = handsOn(user, point);
      if (isMoved && !returning.includes(caller)) returning.push(caller);
      entry.calls.push({ call, point, isMoved });
    }
  }
  for (const { calls } of changed.values()) calls.sort((a, b) => a.call.start - b.call.start);
  return [...changed.values()];
}

function obstacleIn({ indexed, entries, project }: FunctionContext): string | undefined {
  const { name, file } = indexed;
  if (entries.length > 0) return `the interpreter calls \`${name}\``;
  const scope = name.slice(0, Math.max(0, name.lastIndexOf("::")));
  if (scope !== "" && project.index.structNamed(file, scope) !== undefined)
    return `\`${name}\` is a method of a C++ class`;
  return project.declared.borrowed.some((b) => b.name === name)
    ? `the configuration says that \`${name}\` lends a reference`
    : undefined;
}

function lendingIn(fn: FunctionContext): ChangedCall[] {
  return LENDING_RULES.flatMap((rule) => borrowedCalls(fn, rule))
    .filter((c) => c.returns.length > 0)
    .map(({ api, call, point }) => ({ api, call, point, isMoved: true }));
}

/** True if what a call gives is returned without a reference of its own. */
function handsOn({ flow }: FunctionContext, point: ChangedCall["point"]): boolean {
  const definition = flow.defUse.definitionAt(point);
  return definition !== undefined && borrowedReturns(flow, borrowedUses(flow, definition)).length > 0;
}

function changedOf(
  context: FixingContext,
  changed: Map<FunctionId, ChangedFunction>,
  fn: FunctionContext,
): ChangedFunction | string {
  let own = changed.get(fn.id);
  if (own === undefined) {
    const source = context.source(fn.file);
    if (source === undefined) return `${fn.file} has changed since the scan`;
    const isTeardown = fn.entries.some((e) => TEARDOWN.has(e.slot ?? ""));
    own = { name: fn.indexed.name, source, facts: fn.facts, flow: fn.flow, calls: [], isReturning: false, isTeardown };
    changed.set(fn.id, own);
  }
  return own;
}
