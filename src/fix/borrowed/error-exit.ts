/**
 * How a function leaves at a place when a call has failed there: as it does elsewhere, where it owns the same, or by releasing what
 * it owns and returning its value for failure.
 */

import { allocatorCall } from "../../capi/allocators.ts";
import { refcountCall } from "../../capi/refcounting.ts";
import { isObjectPointer } from "../../capi/type-names.ts";
import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { pointDominates, reaches } from "../../flow/points.ts";
import type { ReferenceState } from "../../flow/reference-tracker.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { Point } from "../../ir/visit.ts";
import { child } from "../../syntax/ast.ts";
import { labelIn } from "../labels.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import { type Failure, failuresOf, loopAround } from "./failures.ts";
import { nullWord } from "./style.ts";
import { isVisibleAt } from "./visible.ts";

export interface ErrorExitRequest {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  /** The statement that can fail. */
  statement: SyntaxNode;
  /** The same in the analyses: what is owned here is to be released. */
  point: Point;
}

/** Statements that leave the function, an exception being set. */
export type ErrorExit = { lines: string[]; review: string[] } | { reason: string };

/** How to leave the function at a statement that failed. */
export function errorExit(request: ErrorExitRequest): ErrorExit {
  const { source, facts, flow, point, statement } = request;
  const fn = source.functionAt(statement.start);
  const body = fn && child(fn, "body");
  if (body === undefined) return { reason: "the function is not found in the text" };
  const owned = ownedAt(request, point, statement);
  if (owned === undefined) return { reason: "what the function owns here is not understood" };
  const failures = failuresOf(source, flow, facts, body);
  const same = failures
    .filter((f) => sameThings(owned, ownedAt(request, f.point, f.node)) && f.locks === locksAt(flow, point))
    .filter((f) => f.loop === undefined || f.loop === loopAround(source, statement))
    .filter((f) => isUsable(request, f, body) && !isLeaky(flow, owned, f))
    .sort((a, b) => distance(a, statement) - distance(b, statement));
  const pending = releasesAfter(flow, point);
  const best = same.find((f) => pending.every((p) => releasesAfter(flow, before(f.point)).includes(p))) ?? same[0];
  if (best === undefined) return synthesised(request, owned, failures);
  const done = releasesAfter(flow, before(best.point));
  return { lines: best.lines, review: missedReleases(pending.filter((p) => !done.includes(p))) };
}

/** How far a failure is; one further down is preferred a little, because its clean-up is the fuller one. */
function distance({ node }: Failure, statement: Span): number {
  return node.start > statement.start ? node.start - statement.start : (statement.start - node.start) * 1.2;
}

/** A definition whose reference or memory the function owns at a point. */
interface Owned {
  definition: Definition;
  state: ReferenceState;
}

const states = new WeakMap<FunctionAnalyses, Map<number, ((point: Point) => ReferenceState) | undefined>>();

/**
 * What must be released when the function leaves at `point`, where `node` is; undefined if it is not understood. What only variables
 * of an inner block held is given up behind the block, or never was owned.
 */
function ownedAt({ source, flow }: ErrorExitRequest, point: Point, node: SyntaxNode): Owned[] | undefined {
  const { fn } = flow;
  const found: Owned[] = [];
  for (const { definition, atOnce } of resources(flow)) {
    const state = stateOf(flow, definition, atOnce);
    if (state === undefined) return undefined;
    const at = state(point);
    const holders = at.holders.map((h) => fn.values[h]).filter((v) => v.kind === "local" || v.kind === "param");
    const isLost = holders.length > 0 && !holders.some((v) => isVisibleAt(source, fn, v, node));
    if (at.owned && !isLost) found.push({ definition, state: at });
  }
  return found;
}

/** Definitions that the function may come to own something by, and whether it does so at once. */
function resources({ ownership, defUse, fn }: FunctionAnalyses): { definition: Definition; atOnce: boolean }[] {
  const memory = defUse.definitions.filter(
    (d) => d.kind === "assign" && d.instr?.op === "call" && allocatorCall(d.instr.callee)?.action === "allocate",
  );
  const owned = ownership.ownedDefinitions();
  const atOnce = [...owned, ...memory.filter((d) => !owned.includes(d))];
  const isIncremented = (definition: Definition) =>
    defUse
      .flowOf(definition)
      .uses.some((u) => u.instr?.op === "call" && refcountCall(u.instr.callee)?.effect === "increment");
  // What is incremented in a field belongs to whoever has the field.
  const isVariable = ({ value }: Definition) => fn.values[value].kind !== "temp";
  const later = defUse.definitions.filter(
    (d) => !atOnce.includes(d) && d.kind !== "output" && isVariable(d) && isIncremented(d),
  );
  return [
    ...atOnce.map((definition) => ({ definition, atOnce: true })),
    ...later.map((definition) => ({ definition, atOnce: false })),
  ];
}

function stateOf(flow: FunctionAnalyses, definition: Definition, atOnce: boolean) {
  let known = states.get(flow);
  if (known === undefined) {
    known = new Map();
    states.set(flow, known);
  }
  if (!known.has(definition.id)) known.set(definition.id, flow.ownership.statesOf(definition, atOnce));
  return known.get(definition.id);
}

function sameThings(a: readonly Owned[], b: readonly Owned[] | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((x) => b.some((y) => y.definition.id === x.definition.id));
}

/** True if something owned is lost where the failure leaves: no example to follow. */
function isLeaky({ ownership }: FunctionAnalyses, owned: readonly Owned[], failure: Failure): boolean {
  return owned.some(({ definition }) => ownership.follow(definition).leaks.some((leak) => failure.covers(leak)));
}

/** Locks held and thread state, as text to be compared. */
export function locksAt(flow: FunctionAnalyses, point: Point): string {
  return flow.locks
    .heldAt(point)
    .map((l) => JSON.stringify(l))
    .sort()
    .join();
}

/** True if the statements of the failure can stand at the other place: every variable in them has a value there. */
function isUsable({ source, flow, point, statement }: ErrorExitRequest, failure: Failure, body: SyntaxNode): boolean {
  const names = new Set<string>();
  const collect = (node: SyntaxNode) => {
    if (node.type === "identifier") names.add(source.textOf(node));
    for (const c of node.children) collect(c);
  };
  failure.kept.forEach(collect);
  const label = failure.label === undefined ? undefined : labelIn(source, body, failure.label);
  if (failure.label !== undefined) {
    if (label === undefined || label.end < statement.start) return false;
    // What stands behind the label runs too.
    for (let at: SyntaxNode | undefined = label; at !== undefined && at !== body; at = source.parentOf(at)) {
      const siblings = source.parentOf(at)?.children ?? [];
      for (const s of siblings.slice(siblings.indexOf(at))) collect(s);
    }
  }
  return flow.fn.values.every((value, id) => {
    if (value.kind !== "local" || !names.has(value.name)) return true;
    const definitions = flow.defUse.definitionsOf(id);
    if (definitions.length === 0) return true;
    // A variable that the statements themselves give a value to may be without one.
    const inside = definitions.some((d) => d.instr !== undefined && failure.covers(d.instr));
    return (
      inside ||
      isSameAt(flow, id, failure.point, point) ||
      definitions.some((d) => d.kind !== "output" && pointDominates(flow.cfg, d.point, point)) ||
      isWrittenBehind(flow, id, label)
    );
  });
}

/** True if a variable has one of the same values at both points. */
function isSameAt({ defUse }: FunctionAnalyses, value: number, a: Point, b: Point): boolean {
  const ids = new Set(defUse.reaching(value, a).map((d) => d.id));
  const others = defUse.reaching(value, b);
  return others.length === ids.size && others.every((d) => ids.has(d.id));
}

/** True if a variable gets its value behind the label only. */
function isWrittenBehind(flow: FunctionAnalyses, value: number, label: SyntaxNode | undefined): boolean {
  if (label === undefined) return false;
  const uses = flow.defUse.usesOf(value).filter((u) => (u.instr ?? u.term)!.start >= label.start);
  return uses.every((u) => flow.defUse.reaching(value, u.point).every((d) => (d.instr?.start ?? -1) >= label.start));
}

/** Releases of all that is owned, and the return. */
function synthesised(request: ErrorExitRequest, owned: readonly Owned[], failures: readonly Failure[]): ErrorExit {
  const { source, facts, flow, point } = request;
  const example = failures.find((f) => f.value !== undefined)?.value;
  const value = example ?? (isObjectPointer(facts.returnType) ? nullWord(source) : undefined);
  if (value === undefined) return { reason: "the function has no way to report an error there" };
  if (locksAt(flow, point) !== "") return { reason: "a lock is held there" };
  const lines: string[] = [];
  for (const thing of owned) {
    const release = releaseOf(request, thing);
    if (release === undefined) return { reason: "what has to be released there is not clear" };
    lines.push(release);
  }
  lines.push(`return ${value};`);
  return { lines, review: missedReleases(releasesAfter(flow, point)) };
}

/** The statement that releases what a definition gave. */
function releaseOf({ source, flow, statement }: ErrorExitRequest, { definition, state }: Owned): string | undefined {
  const { instr } = definition;
  const holder = state.holders
    .map((h) => flow.fn.values[h])
    .find((v) => (v.kind === "local" || v.kind === "param") && isVisibleAt(source, flow.fn, v, statement));
  if (holder === undefined || !("name" in holder) || state.unowned || instr?.op !== "call") return undefined;
  const memory = allocatorCall(instr.callee);
  if (memory === undefined || memory.domain === "gc" || memory.domain === "object-new") {
    return `${state.nothing ? "Py_XDECREF" : "Py_DECREF"}(${holder.name});`;
  }
  // As the function itself does it elsewhere.
  const { uses } = flow.defUse.flowOf(definition);
  for (const use of uses) {
    if (use.instr?.op !== "call" || use.instr.via !== undefined) continue;
    const free = allocatorCall(use.instr.callee);
    if (free?.action === "free" && free.pointerArg === use.argument) return `${use.instr.callee}(${holder.name});`;
  }
  return undefined;
}

const RELEASES = ["release", "free", "close", "unlock", "destroy", "leave", "restore", "clear", "dispose", "cleanup"];

function missedReleases([name]: readonly string[]): string[] {
  return name === undefined ? [] : [`what \`${name}\` releases elsewhere may have to be released here too`];
}

function before({ block, index }: Point): Point {
  return { block, index: index - 1 };
}

/** Calls that run after `point` and give something back which is no reference (`Py_LeaveRecursiveCall`), by name. */
function releasesAfter({ fn, cfg }: FunctionAnalyses, point: Point): string[] {
  const names = new Set<string>();
  fn.blocks.forEach(({ instrs }, block) => {
    instrs.forEach((i, index) => {
      if (i.op === "call" && isRelease(i.callee) && reaches(cfg, point, { block, index })) names.add(i.callee);
    });
  });
  return [...names];
}

/** By its name. The method `release` of a C++ smart pointer hands over; what it holds is released by itself. */
function isRelease(callee: string): boolean {
  if (callee === "" || callee === "release" || NO_RELEASES.some((start) => callee.startsWith(start))) return false;
  if (allocatorCall(callee) !== undefined) return false;
  const name = callee.toLowerCase();
  return RELEASES.some((r) => name.includes(r));
}

/** Beginnings of names of calls that are no release although they sound like one. */
const NO_RELEASES = ["PyErr_", "Py_CLEAR", "PyDict_", "PyList_", "PySet_"];
