/** A critical section around the loop that walks a dict with `PyDict_Next`. */
import { effectAt } from "../../flow/effects.ts";
import type { CallInstr } from "../../flow/environment.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { isSection } from "../../flow/locks.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { forEachInstr, type Point } from "../../ir/visit.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { walk } from "./exits.ts";
import { wrapStatements } from "./wrap.ts";

export interface DictLoopRequest {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  call: CallInstr;
  point: Point;
  /** Where keys and values are used without a reference of one's own. */
  uses: readonly Span[];
}

export interface DictLoop {
  edits: FileEdit[];
  /** Expression of the dict. */
  object: string;
  /** What a person should look at. */
  review: string[];
}

/** The section, or the reason why there is none. */
export function dictLoop(request: DictLoopRequest): DictLoop | string {
  const { source, facts, call, uses } = request;
  const node = source.nodeAt({ start: call.calleeStart, end: call.calleeEnd });
  const loop = source.ancestor(node, "while_statement", "for_statement", "do_statement", "function_definition");
  if (loop === undefined || loop.type === "function_definition") return "the call is in no loop";
  const behind = uses.find((u) => u.start < loop.start || u.end > loop.end);
  if (behind !== undefined) return "a key or value is used behind the loop, which needs a reference of its own";
  const argument = source.nodeAt({ start: call.argSpans[0], end: call.argSpans[1] });
  if (!isPath(argument)) return "the dict is no plain variable or member";
  const object = source.textOf(argument);
  if (isAssigned(source, loop, object)) return `\`${object}\` is assigned in the loop`;
  if (holdsSection(request, loop)) return "the loop holds a section of its own in each round";
  const edits = wrapStatements({ source, facts, statements: [loop], objects: [object] });
  if (typeof edits === "string") return edits;
  return { edits, object, review: [...interruptions(request, loop), ...absence(request, object)] };
}

function holdsSection({ flow }: DictLoopRequest, loop: Span): boolean {
  return flow.locks.sites.some((s) => isSection(s.kind) && loop.start <= s.start && s.end <= loop.end);
}

function isPath(node: SyntaxNode): boolean {
  if (node.type === "identifier" || node.type === "this") return true;
  return node.type === "field_expression" && node.children.length > 0 && isPath(node.children[0]);
}

function isAssigned(source: FixSource, loop: SyntaxNode, object: string): boolean {
  let found = false;
  walk([loop], (node) => {
    if (node.type === "assignment_expression") found ||= source.textOf(node.children[0]) === object;
    return !found;
  });
  return found;
}

/** Calls in the loop during which the section may be given up, while key and value are borrowed. */
function interruptions({ flow, call }: DictLoopRequest, loop: Span): string[] {
  let found: string | undefined;
  forEachInstr(flow.fn, (instr, block, index) => {
    if (found !== undefined || instr.start < loop.start || instr.end > loop.end || instr.start === call.start) return;
    const { effect } = effectAt(flow, { block, index });
    if (effect === "neither") return;
    found = instr.op === "call" && instr.callee !== "" ? `\`${instr.callee}\`` : "the code in the loop";
  });
  return found === undefined
    ? []
    : [`${found} may let other threads in during the loop: key and value are not held by it`];
}

/** `PyDict_Next` takes NULL for an empty dict; a section does not. */
function absence({ flow, call, point }: DictLoopRequest, object: string): string[] {
  const { defUse, fn, environment } = flow;
  const [argument] = call.args;
  const places = defUse.reaching(argument, point);
  const isMade = places.length > 0 && places.every((d) => d.instr?.op === "call" && NEVER_NULL.has(d.instr.callee));
  const value = fn.values[argument];
  const role = value?.kind === "param" ? environment.parameter(fn, value.index).role : "plain";
  // What the interpreter hands to a method is there; what a helper is given may not be.
  if (isMade || role === "self" || role === "object") return [];
  return [`\`${object}\` must not be NULL there`];
}

const NEVER_NULL: ReadonlySet<string> = new Set(["PyModule_GetDict", "PyEval_GetBuiltins", "PyImport_GetModuleDict"]);
