/**
 * Where a reference that has become the function's own is released: once on every path.
 *
 * The reference lives in neighbouring statements of one block: from the one with the call to the last that needs the object, or
 * something got out of it. Every way through them is followed (paths.ts). It is released behind the last of them, and in front
 * of each jump out of them. An increment that the present code makes of the object can be the release too: it goes away, and
 * what was to be done with its reference is done with the new one.
 */
import { type Definition, samePoint, type Use } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { walkForward } from "../../flow/points.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { Point } from "../../ir/visit.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { cleanUpOf } from "./cleanup-label.ts";
import { addMoves, eventsOf, keyOf, type ReferenceEvent, withReplacements } from "./events.ts";
import { type Increment, removableIncrements } from "./increments.ts";
import { type Life, lifeOf, type Need } from "./life.ts";
import { type Exit, type Walked, walkPaths } from "./paths.ts";
import { openAt, type Region, regionOf } from "./region.ts";
import { isNothing, type Replacements, replacementsOf } from "./replacements.ts";
import { returnLater } from "./return-later.ts";
import { has, isHandedOn, isHeld, type Ways, way } from "./state.ts";
import type { StatementEdits } from "./statement-edits.ts";

/** A reference that is borrowed in the present code and owned in the edited one. */
export interface OwnedReference {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  /** What the lending call's result is in the present code: the variable that it is assigned to, or a temporary. */
  definition: Definition;
  /** Variable that holds the reference in the edited text (a new one, or the one that is there). */
  name: string;
  /**
   * The statement with the call. With a new variable, acquired in front of it. Its block is where the reference lives: uses must not
   * be outside.
   */
  statement: SyntaxNode;
  /** True if the edited text leaves the life of the variable where the call gives nothing, so that it is never NULL. */
  nonNull?: boolean;
  /** Expressions that give the variable a reference of its own in the edited text, in place of the call. */
  alsoLent?: readonly Span[];
  /** The variable is new: nothing but the edited text gives it a value. */
  isNew?: boolean;
  /** Releases of the present code that go away. */
  released?: readonly Span[];
  /** Returns hand the reference to the caller, who owns it then. */
  isMoved?: boolean;
  /** A name that the present code tests the result against as others test against NULL (`Py_None` for a dead target). */
  nothing?: string;
}

export type Released =
  | {
      /** Releases were put into the given edits (none may be needed: the reference is handed on). */
      ok: true;
      /** The variable must be NULL in front of `nullBefore`, because there are ways past the call to a release. */
      needsNullInit: boolean;
      nullBefore: SyntaxNode;
      /** Increments went away and nothing is released: on every path the reference becomes one that the present code takes. */
      isTakenOver: boolean;
      /** What a person should look at. */
      review: string[];
    }
  | { ok: false; reason: string };

/** Adds the releases of `reference` to `edits`, or says why it cannot be done; nothing is added then. */
export function planRelease(reference: OwnedReference, edits: StatementEdits): Released {
  const { source, flow, definition } = reference;
  const life = lifeOf(flow, definition);
  const events = eventsOf(flow, definition, life);
  for (const { start, end } of reference.alsoLent ?? [])
    events.set(keyOf({ start, end }), [{ kind: "lend", start, end }]);
  for (const release of reference.released ?? []) events.delete(keyOf(release));
  const moves = reference.isMoved === true ? addMoves(events) : [];
  let reason = "";
  const increments = removableIncrements(source, events).filter(
    ({ event }) => event.use === undefined || isForItAlone(reference, event.use),
  );
  for (const chosen of choices(increments)) {
    const planned = planWith(reference, life, events, chosen, moves);
    if (typeof planned === "string") {
      if (reason === "") reason = planned;
      continue;
    }
    for (const { remove } of chosen) remove(edits);
    const { region, walked, needed } = planned;
    const review = life.escapes.map((e) => `\`${e}\` comes out of the object and is handed on: it may be gone then`);
    return {
      ok: true,
      isTakenOver: chosen.length > 0 && ![walked.end, ...walked.exits.map((e) => e.ways)].some(isHeld),
      review,
      ...write(reference, region, walked, needed, chosen.length, edits),
    };
  }
  return { ok: false, reason };
}

/** False if what is incremented can be another object, such as the other value of a conditional expression. */
function isForItAlone({ flow, definition, alsoLent = [] }: OwnedReference, use: Use): boolean {
  const own = new Set(flow.defUse.flowOf(definition).definitions.map((d) => d.id));
  const seen = new Set<number>();
  const work = [...flow.defUse.reaching(use.value, use.point)];
  for (const d of work) {
    if (seen.has(d.id)) continue;
    seen.add(d.id);
    const isLent = d.instr !== undefined && alsoLent.some((s) => s.start <= d.instr!.start && d.instr!.end <= s.end);
    if (!own.has(d.id) && !isLent && !isNothing(flow, d)) return false;
    if (own.has(d.id) && d.instr?.op === "copy") work.push(...flow.defUse.reaching(d.instr.src, d.point));
  }
  return true;
}

interface Planned {
  region: Region;
  walked: Walked;
  needed: readonly Span[];
}

/** The walk with these increments taken away; a string says why they do not do. */
function planWith(
  reference: OwnedReference,
  life: Life,
  events: ReadonlyMap<string, readonly ReferenceEvent[]>,
  chosen: readonly Increment[],
  moves: readonly ReferenceEvent[],
): Planned | string {
  const { source, flow, statement } = reference;
  const needed = neededBefore(reference, life, chosen);
  const region = regionOf(source, flow, statement, needed);
  if (typeof region === "string") return region;
  const replacements = replacedIn(reference, life, region);
  const obstacle = obstacleIn(reference, life, region, replacements);
  if (obstacle !== undefined) return obstacle;
  const request = {
    source,
    events: withReplacements(events, replacements.nodes),
    removed: new Set<ReferenceEvent>([...chosen.map((i) => i.event), ...moves]),
    holders: holderNames(reference, life, replacements),
    nonNull: reference.nonNull === true,
    nothing: reference.nothing,
    isNew: reference.isNew === true,
    isOtherBefore: replacements.isOtherBefore,
  };
  const enter = replacements.isOtherBefore && reference.isNew !== true ? way("other") : way("before");
  const walked = walkPaths(request, region.statements, enter);
  return problemOf(reference, walked, needed) ?? { region, walked, needed };
}

/** What needs the new reference: behind an increment that goes away, what the present code does with its own reference goes on. */
function neededBefore(
  { flow, definition }: OwnedReference,
  { needed }: Life,
  chosen: readonly Increment[],
): readonly Need[] {
  const stops = chosen.flatMap(({ event }) => event.use?.point ?? []);
  if (stops.length === 0) return needed;
  const reached = new Set<string>();
  const name = ({ block, index }: Point) => `${block}:${index}`;
  walkForward(flow.fn, flow.cfg, definition.point, (point) => {
    reached.add(name(point));
    return !samePoint(point, definition.point) && !stops.some((s) => samePoint(s, point));
  });
  return needed.filter((n) => reached.has(name(n.point)));
}

/** Which increments to take away, best first: all, one of them, none. */
function choices(increments: readonly Increment[]): Increment[][] {
  const single = increments.length > 1 ? increments.map((i) => [i]) : [];
  return increments.length === 0 ? [[]] : [[...increments], ...single, []];
}

function holderNames(
  { flow, name, isNew }: OwnedReference,
  life: Life,
  { isHidden }: Replacements,
): ReadonlySet<string> {
  const names = new Set<string>(isNew ? [] : [name]);
  for (const id of life.holders) {
    const isKnown = !isHidden && variablesIn(flow, life).length === 1;
    if (nameOf(flow, id) !== "" && (isKnown || flow.defUse.soleDefinition(id))) names.add(nameOf(flow, id));
  }
  return names;
}

/** Variables of the present code that hold the reference. */
function variablesIn(flow: FunctionAnalyses, life: Life): number[] {
  return [...life.holders].filter((id) => nameOf(flow, id) !== "");
}

/** What else the variable of the reference, in the present code, gets; hidden if there are several that could. */
function replacedIn(reference: OwnedReference, life: Life, region: Region): Replacements {
  const { source, flow, definition, name, isNew } = reference;
  const all = variablesIn(flow, life).filter((id) => isNew || nameOf(flow, id) === name);
  const found = all.map((id) => replacementsOf(source, flow, id, definition, region, reference.alsoLent));
  const changed = found.filter((r) => r.nodes.length > 0 || r.isHidden || r.isOtherBefore);
  if (changed.length === 0) return { nodes: [], isHidden: false, isOtherBefore: false };
  return all.length === 1 ? changed[0] : { nodes: [], isHidden: true, isOtherBefore: true };
}

/** Why the statements cannot be rewritten, whatever the paths are. */
function obstacleIn(
  reference: OwnedReference,
  life: Life,
  region: Region,
  { isHidden }: Replacements,
): string | undefined {
  const { flow, name, isNew, source } = reference;
  const variable = [...life.holders].find((id) => nameOf(flow, id) === name);
  if (isHidden) return "what holds the reference gets another value while it is needed";
  if (!isNew) {
    if (variable === undefined) return `\`${name}\` is no variable of the function`;
    if (flow.defUse.addressEscapes(variable)) return `the address of \`${name}\` is kept`;
  }
  if (hasHiddenCode(source, region, name)) return "conditional compilation is in the way";
  for (const { term } of flow.fn.blocks) {
    if (term.start < region.start || term.end > region.end) continue;
    if (term.op === "return" && term.via !== undefined) return "a macro leaves the function";
    if (term.op === "goto" && term.label !== undefined && !isGoto(source, term)) return "a macro jumps";
  }
  for (const { instrs } of flow.fn.blocks) {
    for (const i of instrs) {
      if (i.op === "unknown" && region.start <= i.start && i.end <= region.end)
        return "code that is not understood is in the way";
    }
  }
  return undefined;
}

function nameOf(flow: FunctionAnalyses, id: number): string {
  const value = flow.fn.values[id];
  return value.kind === "local" || value.kind === "param" ? value.name : "";
}

function isGoto(source: FixSource, span: Span): boolean {
  return source.nodeWith(span, ["goto_statement"]) !== undefined;
}

/** Code of another configuration between the statements that jumps, or that mentions the variable. */
function hasHiddenCode(source: FixSource, region: Region, name: string): boolean {
  const words = new Set(["return", "goto", "break", "continue", name]);
  return [...source.view.dead, ...source.view.notTaken].some((hidden) => {
    if (hidden.end <= region.start || region.end <= hidden.start) return false;
    return source
      .textOf(hidden)
      .split(/\W+/)
      .some((word) => words.has(word));
  });
}

/** Why this choice of increments does not do; undefined if it does. */
function problemOf(reference: OwnedReference, walked: Walked, needed: readonly Span[]): string | undefined {
  if (walked.reason !== undefined) return walked.reason;
  if (walked.renewed) return "it is fetched again, in a loop, while it is still needed";
  const places: { ways: Ways; statement?: SyntaxNode }[] = [{ ways: walked.end }, ...walked.exits];
  for (const { ways } of places) {
    if (isHandedOn(ways))
      return "the borrowed reference is handed on: stored, returned or given away without one of its own";
  }
  for (const { ways } of places) {
    if (!reference.isNew && has(ways, "held") && has(ways, "other"))
      return "on some paths the variable holds something else";
    if (isHeld(ways) && has(ways, "given")) return "on some paths it is handed on, on others it is not";
  }
  for (const { statement, ways } of walked.exits) {
    if (!isHeld(ways)) continue;
    if (openAt(reference.flow, reference.statement.start, statement.start) > 0) {
      return "the function is left with the thread state detached or a lock held";
    }
    if (statement.type === "expression_statement" && uses(statement, needed))
      return "a macro that returns uses the object";
    if (
      statement.type === "return_statement" &&
      uses(statement, needed) &&
      reference.facts.returnType.trim() === "void"
    ) {
      return "a `return` of a void expression uses the object";
    }
  }
  return undefined;
}

function uses(statement: SyntaxNode, needed: readonly Span[]): boolean {
  return needed.some((s) => statement.start <= s.start && s.end <= statement.end);
}

/** The reference is still to be released, or the call has not run. */
function isMissing(ways: Ways): boolean {
  return isHeld(ways) && has(ways, "before");
}

function write(
  reference: OwnedReference,
  region: Region,
  { end, exits }: Walked,
  needed: readonly Span[],
  removed: number,
  edits: StatementEdits,
): { needsNullInit: boolean; nullBefore: SyntaxNode } {
  const { name } = reference;
  let needsNull = false;
  const call = (ways: Ways) => {
    needsNull ||= has(ways, "before");
    return has(ways, "null") || has(ways, "before") || has(ways, "other")
      ? `Py_XDECREF(${name});`
      : `Py_DECREF(${name});`;
  };
  const held = exits.filter((e) => isHeld(e.ways));
  const canShare = reference.isNew !== true && removed === 0 && ![end, ...exits.map((e) => e.ways)].some(isMissing);
  const cleanUp = canShare ? cleanUpOf(reference, held, region.end) : undefined;
  // What is released behind the label must not have been released before.
  const early = (ways: Ways) => {
    const plain = call(ways);
    return cleanUp === undefined ? plain : `Py_CLEAR(${name});`;
  };
  const last = region.statements[region.statements.length - 1];
  if (isHeld(end)) edits.after(last, early(end));
  cleanUp?.write(edits);
  const isReturn = (e: Exit) => e.statement.type === "return_statement";
  const isLate = (e: Exit) => isReturn(e) && uses(e.statement, needed);
  for (const exit of held) {
    if (isLate(exit) || cleanUp?.gotos.has(exit.statement)) continue;
    edits.before(exit.statement, isReturn(exit) ? call(exit.ways) : early(exit.ways));
  }
  const late = held.filter(isLate).map((e) => ({ statement: e.statement, release: call(e.ways) }));
  returnLater(reference.source, reference.facts, late, edits);
  return { needsNullInit: needsNull, nullBefore: region.statements[0] };
}
