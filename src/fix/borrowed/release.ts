/**
 * Where a reference that has become the function's own is released: once on every path.
 *
 * The reference lives in neighbouring statements of one block: from the one with the call to the last that needs the object, or
 * something got out of it. Every way through them is followed (paths.ts). It is released behind the last of them, and in front
 * of each jump out of them. An increment that the present code makes of the object can be the release too: it goes away, and
 * what was to be done with its reference is done with the new one.
 */
import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { eventsOf, type ReferenceEvent } from "./events.ts";
import { type Increment, removableIncrements } from "./increments.ts";
import { type Life, lifeOf } from "./life.ts";
import { declare, isDeclaredInFront } from "./out/declare.ts";
import { type Exit, type Walked, walkPaths } from "./paths.ts";
import { isChangedIn, openAt, type Region, regionOf } from "./region.ts";
import { has, isHandedOn, type Ways, way } from "./state.ts";
import type { StatementEdits } from "./statement-edits.ts";
import { freshName } from "./style.ts";

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
  /** The variable is new: nothing but the edited text gives it a value. */
  isNew?: boolean;
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
      /** The increments that went away. */
      removed: number;
    }
  | { ok: false; reason: string };

/** Adds the releases of `reference` to `edits`, or says why it cannot be done; nothing is added then. */
export function planRelease(reference: OwnedReference, edits: StatementEdits): Released {
  const { source, flow, definition, statement } = reference;
  const life = lifeOf(flow, definition);
  const region = regionOf(source, flow, statement, life.needed);
  if (typeof region === "string") return { ok: false, reason: region };
  const obstacle = obstacleIn(reference, life, region);
  if (obstacle !== undefined) return { ok: false, reason: obstacle };
  const events = eventsOf(flow, definition, life);
  const increments = removableIncrements(source, region, events);
  let reason = "";
  for (const chosen of choices(increments)) {
    const removed = new Set<ReferenceEvent>(chosen.map((i) => i.event));
    const holders = holderNames(reference, life);
    const request = {
      source,
      events,
      removed,
      holders,
      nonNull: reference.nonNull === true,
      nothing: reference.nothing,
    };
    const walked = walkPaths(request, region.statements, way("before"));
    const wrong = problemOf(reference, walked, life);
    if (wrong === undefined) {
      for (const { remove } of chosen) remove(edits);
      return { ok: true, removed: chosen.length, ...write(reference, region, walked, life, edits) };
    }
    if (reason === "") reason = wrong;
  }
  return { ok: false, reason };
}

/** Which increments to take away, best first: all, one of them, none. */
function choices(increments: readonly Increment[]): Increment[][] {
  const single = increments.length > 1 ? increments.map((i) => [i]) : [];
  return increments.length === 0 ? [[]] : [[...increments], ...single, []];
}

function holderNames({ flow, name, isNew }: OwnedReference, life: Life): ReadonlySet<string> {
  const names = new Set<string>(isNew ? [] : [name]);
  for (const id of life.holders) {
    const value = flow.fn.values[id];
    if ((value.kind === "local" || value.kind === "param") && flow.defUse.soleDefinition(id)) names.add(value.name);
  }
  return names;
}

/** Why the statements cannot be rewritten, whatever the paths are. */
function obstacleIn(reference: OwnedReference, life: Life, region: Region): string | undefined {
  const { flow, name, isNew, source, definition } = reference;
  const own = new Set(flow.defUse.flowOf(definition).definitions.map((d) => d.id));
  const variable = [...life.holders].find((id) => nameOf(flow, id) === name);
  if (!isNew) {
    if (variable === undefined) return `\`${name}\` is no variable of the function`;
    if (isChangedIn(flow, variable, region, own)) return `\`${name}\` gets another value while it is needed`;
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
function problemOf(reference: OwnedReference, walked: Walked, life: Life): string | undefined {
  if (walked.reason !== undefined) return walked.reason;
  if (walked.renewed) return "it is fetched again, in a loop, while it is still needed";
  const places: { ways: Ways; statement?: SyntaxNode }[] = [{ ways: walked.end }, ...walked.exits];
  for (const { ways } of places) {
    if (isHandedOn(ways))
      return "the borrowed reference is handed on: stored, returned or given away without one of its own";
  }
  for (const { ways } of places) {
    if (has(ways, "held") && has(ways, "given")) return "on some paths it is handed on, on others it is not";
  }
  for (const { statement, ways } of walked.exits) {
    if (!has(ways, "held")) continue;
    if (openAt(reference.flow, reference.statement.start, statement.start) > 0) {
      return "the function is left with the thread state detached or a lock held";
    }
    if (statement.type === "expression_statement" && uses(statement, life))
      return "a macro that returns uses the object";
    if (
      statement.type === "return_statement" &&
      uses(statement, life) &&
      reference.facts.returnType.trim() === "void"
    ) {
      return "a `return` of a void expression uses the object";
    }
  }
  return undefined;
}

function uses(statement: SyntaxNode, life: Life): boolean {
  return life.needed.some((s) => statement.start <= s.start && s.end <= statement.end);
}

function write(
  reference: OwnedReference,
  region: Region,
  { end, exits }: Walked,
  life: Life,
  edits: StatementEdits,
): { needsNullInit: boolean; nullBefore: SyntaxNode } {
  const { name } = reference;
  let needsNull = false;
  const call = (ways: Ways) => {
    needsNull ||= has(ways, "before");
    return has(ways, "null") || has(ways, "before") ? `Py_XDECREF(${name});` : `Py_DECREF(${name});`;
  };
  const last = region.statements[region.statements.length - 1];
  if (has(end, "held")) edits.after(last, call(end));
  for (const exit of exits) {
    if (!has(exit.ways, "held")) continue;
    if (exit.statement.type === "return_statement" && uses(exit.statement, life)) {
      returnLater(reference, exit, call(exit.ways), edits);
    } else edits.before(exit.statement, call(exit.ways));
  }
  return { needsNullInit: needsNull, nullBefore: region.statements[0] };
}

/** `return f(item);` computes its result before the release. */
function returnLater(
  { source, facts }: OwnedReference,
  { statement }: Exit,
  release: string,
  edits: StatementEdits,
): void {
  const [value] = statement.children;
  const result = freshName(source, facts, "result");
  const type = facts.returnType.trim();
  const declaration = `${type}${type.endsWith("*") ? "" : " "}${result}`;
  const inFront = isDeclaredInFront(source, statement);
  if (!inFront) declare(edits, statement, `${declaration};`);
  edits.replace({ start: statement.start, end: value.start }, `${inFront ? declaration : result} = `);
  edits.after(statement, release);
  edits.after(statement, `return ${result};`);
}
