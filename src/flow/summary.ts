/**
 * The summary of one function for its callers, taken from its analyses. Summaries of its own callees come in through the
 * environment, so a caller of `summarise` goes bottom-up, or computes them when asked and answers nothing for recursion.
 */
import { isNewRef } from "../capi/refcounting.ts";
import { isObjectPointer, pointerDepth } from "../capi/type-names.ts";
import type { FunctionIr, ValueId } from "../ir/types.ts";
import { NO_VALUE } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { Definition } from "./def-use.ts";
import type { CalleeFacts, LockEffect, ReturnFacts } from "./environment.ts";
import type { FunctionAnalyses } from "./function-analyses.ts";
import type { Origin } from "./origin.ts";
import { endOf } from "./points.ts";
import type { ReferenceEvent } from "./reference-tracker.ts";

/** What a function returns, each possibility once, in order of its returns; NULL is left out. */
export function returnsOf(analyses: FunctionAnalyses): ReturnFacts[] {
  const found = new Map<string, ReturnFacts>();
  for (const { value, point } of returnedValues(analyses)) {
    for (const origin of analyses.provenance.of(value, point)) addFacts(found, origin);
  }
  return [...found.values()];
}

/** Whether a call's result is a reference that its caller owns; undefined if paths differ or it is not known. */
export function returnsOwned(analyses: FunctionAnalyses): boolean | undefined {
  if (!isObjectPointer(analyses.fn.returnType)) return undefined;
  let answer: boolean | undefined;
  for (const { value, point } of returnedValues(analyses)) {
    for (const definition of objectDefinitions(analyses, value, point)) {
      const owned = ownedAtReturn(analyses, definition);
      if (owned === "none") continue;
      if (owned === undefined || (answer !== undefined && answer !== owned)) return undefined;
      answer = owned;
    }
  }
  return answer;
}

/** Per parameter: can it be reached from elsewhere after the call. */
export function escapesOf(analyses: FunctionAnalyses): ("no" | "maybe" | "yes")[] {
  return analyses.fn.params.map((param) => {
    const [definition] = analyses.defUse.definitionsOf(param);
    const found = definition === undefined ? [] : analyses.freshness.escapesOf(definition);
    if (found.length === 0) return "no";
    return found.some((e) => e.certain) ? "yes" : "maybe";
  });
}

/** Per parameter: the function takes over its caller's reference (releases, stores or hands it on without taking its own). */
export function stealsOf(analyses: FunctionAnalyses): boolean[] {
  return analyses.fn.params.map((param) => {
    const value = analyses.fn.values[param];
    if (value.kind !== "param" || !isObjectPointer(value.type)) return false;
    const [definition] = analyses.defUse.definitionsOf(param);
    if (definition === undefined || !mayGiveUp(analyses, definition)) return false;
    const borrowed = analyses.ownership.followAs(definition, false);
    const gives = borrowed.overReleases.some((e) => !e.text.startsWith("returned")) || borrowed.doubts.some(isStore);
    if (!gives) return false;
    return analyses.ownership.followAs(definition, true).verdict === "balanced";
  });
}

/** Objects that the function writes through its `PyObject **` parameters. */
export function outputsOf(analyses: FunctionAnalyses): CalleeFacts["outputs"] {
  const { fn, provenance, defUse } = analyses;
  const found = new Map<number, { facts: Map<string, ReturnFacts>; owned: (boolean | undefined)[] }>();
  fn.blocks.forEach((block, b) => {
    block.instrs.forEach((instr, i) => {
      if (instr.op !== "store" || !instr.deref || instr.path !== "") return;
      const index = fn.params.indexOf(instr.base);
      const param = fn.values[instr.base];
      if (index < 0 || param.kind !== "param" || pointerDepth(param.type) !== 2) return;
      const point = { block: b, index: i };
      const entry = found.get(index) ?? { facts: new Map<string, ReturnFacts>(), owned: [] };
      for (const origin of provenance.of(instr.src, point)) addFacts(entry.facts, origin);
      for (const definition of defUse.reaching(instr.src, point)) {
        if (definition.instr?.op === "call") {
          const report = analyses.ownership.follow(definition);
          entry.owned.push(
            report.moves.some((e) => e.text === "stored") ? true : report.doubts.length > 0 ? false : undefined,
          );
        }
      }
      found.set(index, entry);
    });
  });
  return [...found].map(([index, { facts, owned }]) => ({
    index,
    returns: [...facts.values()],
    owned: owned.length > 0 && owned.every((o) => o === owned[0]) ? owned[0] : undefined,
  }));
}

/** Locks that the function leaves held, and locks of its caller that it releases. */
export function lockEffectsOf(analyses: FunctionAnalyses): LockEffect[] {
  const { fn, locks } = analyses;
  const effects: LockEffect[] = [];
  const add = (action: LockEffect["action"], kind: LockEffect["kind"], object: string) => {
    const place = placeForCaller(fn, object);
    if (place === undefined) return;
    if (effects.some((e) => e.action === action && e.argument === place.argument && e.path === place.path)) return;
    effects.push({ action, kind, ...place });
  };
  const returns = fn.blocks.flatMap((block, b) => (block.term.op === "return" ? [endOf(fn, b)] : []));
  for (const site of locks.sites) {
    if (site.kind === "raii" || returns.length === 0) continue;
    if (returns.every((point) => locks.heldAt(point).includes(site))) {
      for (const object of site.objects) add("lock", site.kind, object);
    }
  }
  fn.blocks.forEach((block, b) => {
    block.instrs.forEach((instr, i) => {
      if (instr.op !== "unlock") return;
      const point = { block: b, index: i };
      if (!analyses.cfg.reachable[b] || locks.closedBy(point).length > 0) return;
      for (const arg of instr.args) add("unlock", instr.lock, analyses.accessPaths.pointee(arg, point));
    });
  });
  return effects;
}

/** The thread state in which the function leaves its caller. */
export function threadStateAfter(analyses: FunctionAnalyses): CalleeFacts["threadState"] {
  const exits = analyses.threadStates.unbalancedExits();
  if (exits.length === 0) {
    if (analyses.threadStates.gaveUp) return "unknown";
    return onlyAttaches(analyses) ? "attached" : "same";
  }
  const returns = analyses.fn.blocks.filter((b, i) => b.term.op === "return" && analyses.cfg.reachable[i]).length;
  const [{ state }] = exits;
  if (exits.length < returns || exits.some((e) => e.state !== state)) return "unknown";
  return state === "attached" || state === "detached" ? state : "unknown";
}

/** A function that ends what another one began: it attaches on every path and never detached. */
function onlyAttaches({ fn, cfg, threadStates }: FunctionAnalyses): boolean {
  const changes = fn.blocks.flatMap((b) => b.instrs.filter((i) => i.op === "detach" || i.op === "attach"));
  if (changes.length === 0 || changes.some((i) => i.op === "detach")) return false;
  const returns = fn.blocks.flatMap((b, i) => (b.term.op === "return" && cfg.reachable[i] ? [endOf(fn, i)] : []));
  return returns.length > 0 && returns.every((point) => threadStates.causeAt(point)?.op === "attach");
}

/** Everything a caller needs, but for `mayRunPython` and `maySuspend`, which the call graph answers. */
export function summarise(analyses: FunctionAnalyses): Omit<CalleeFacts, "mayRunPython" | "maySuspend"> {
  return {
    name: analyses.fn.name,
    returns: returnsOf(analyses),
    returnsOwned: returnsOwned(analyses),
    escapes: escapesOf(analyses),
    steals: stealsOf(analyses),
    outputs: outputsOf(analyses),
    lockEffects: lockEffectsOf(analyses),
    threadState: threadStateAfter(analyses),
  };
}

/** The origin of a value as a caller sees it; undefined for NULL, which says nothing. */
export function returnFacts(origin: Origin): ReturnFacts | undefined {
  switch (origin.kind) {
    case "null":
      return undefined;
    case "fresh":
      return origin.escaped === undefined ? { kind: "fresh" } : { kind: "unknown" };
    case "immutable":
    case "scalar":
      return { kind: "immutable" };
    case "parameter":
      return origin.index < 0 ? { kind: "unknown" } : { kind: "argument", index: origin.index };
    case "static":
      return { kind: "static", name: origin.name };
    case "field":
    case "item": {
      const bases = origin.bases.filter((b) => b.kind !== "null");
      const [base] = bases;
      if (bases.length !== 1 || (origin.kind === "item" && origin.reference === "new")) return { kind: "unknown" };
      if (base.kind === "parameter" && base.index >= 0) {
        return origin.kind === "field"
          ? { kind: "field-of-argument", index: base.index, path: origin.path }
          : { kind: "borrowed-from-argument", index: base.index, api: origin.api };
      }
      if (base.kind === "static" && origin.kind === "item") {
        return { kind: "borrowed-from-static", name: base.name, api: origin.api };
      }
      return { kind: "unknown" };
    }
    default:
      return { kind: "unknown" };
  }
}

function addFacts(found: Map<string, ReturnFacts>, origin: Origin): void {
  const facts = returnFacts(origin);
  if (facts !== undefined) found.set(JSON.stringify(facts), facts);
}

function returnedValues({ fn, cfg }: FunctionAnalyses): { value: ValueId; point: Point }[] {
  const found: { value: ValueId; point: Point }[] = [];
  fn.blocks.forEach(({ term }, b) => {
    if (term.op === "return" && term.value !== NO_VALUE && cfg.reachable[b]) {
      found.push({ value: term.value, point: endOf(fn, b) });
    }
  });
  return found;
}

/** Definitions behind a value that make an object or get one, copies followed. */
function objectDefinitions({ defUse }: FunctionAnalyses, value: ValueId, point: Point): Definition[] {
  const found: Definition[] = [];
  const seen = new Set<number>();
  const work = [...defUse.reaching(value, point)];
  while (work.length > 0) {
    const definition = work.pop()!;
    if (seen.has(definition.id)) continue;
    seen.add(definition.id);
    if (definition.kind === "assign" && definition.instr?.op === "copy") {
      work.push(...defUse.reaching(definition.instr.src, definition.point));
    } else found.push(definition);
  }
  return found.sort((a, b) => a.id - b.id);
}

/** `none` if the definition never gives an object that is returned. */
function ownedAtReturn(analyses: FunctionAnalyses, definition: Definition): boolean | "none" | undefined {
  if (definition.instr !== undefined && definition.instr.op !== "call" && definition.instr.op !== "load")
    return undefined;
  const newRef = definition.instr?.op === "call" && isNewRef(definition.instr.callee);
  if (newRef) return true;
  const report = analyses.ownership.follow(definition);
  if (report.overReleases.some((e) => e.text.startsWith("returned"))) return false;
  if (report.moves.some((e) => e.text === "returned")) return true;
  return report.doubts.length > 0 ? undefined : "none";
}

/** The reference of the caller goes into memory; whether that is wrong or the contract, the proof as an owner tells. */
function isStore(event: ReferenceEvent): boolean {
  return event.text.startsWith("stored");
}

/** Only parameters that are released, stored or handed over need the full proof. */
function mayGiveUp({ defUse }: FunctionAnalyses, definition: Definition): boolean {
  return defUse
    .flowOf(definition)
    .uses.some((use) => use.role === "store" || (use.role === "argument" && use.instr?.op === "call"));
}

/** A lock's name as the caller can say it: what an argument leads to, or a static. */
function placeForCaller(fn: FunctionIr, object: string): { argument: number; path: string } | undefined {
  if (object.startsWith("global:")) return { argument: -1, path: object.slice("global:".length) };
  for (const [index, id] of fn.params.entries()) {
    const value = fn.values[id];
    if (value.kind !== "param" || value.name === "" || !object.startsWith(value.name)) continue;
    const path = object.slice(value.name.length);
    if (path === "" || path.startsWith("->") || path.startsWith(".") || path.startsWith("["))
      return { argument: index, path };
  }
  return undefined;
}
