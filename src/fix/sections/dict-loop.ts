/** A critical section around the loop that walks a dict with `PyDict_Next`. */
import { samePoint, type Use } from "../../flow/def-use.ts";
import type { CallInstr } from "../../flow/environment.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { isSection } from "../../flow/locks.ts";
import { reaches } from "../../flow/points.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { forEachInstr, type Point } from "../../ir/visit.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { walk } from "./exits.ts";
import { isPresent } from "./presence.ts";
import { waitingAt } from "./waiting.ts";
import { wrapStatements } from "./wrap.ts";

export interface DictLoopRequest {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  call: CallInstr;
  point: Point;
  /** Where keys and values are used without a reference of one's own. */
  uses: readonly Use[];
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
  const isOutside = (at: Span) => at.start < loop.start || at.end > loop.end;
  if (uses.some((u) => isOutside(u.instr ?? u.term!)))
    return "a key or value is used behind the loop, which needs a reference of its own";
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

/** Calls in the loop that may wait, and so let others in, before a key or value is used that nothing holds. */
function interruptions({ flow, point, uses }: DictLoopRequest, loop: Span): string[] {
  let found: string | undefined;
  forEachInstr(flow.fn, (instr, block, index) => {
    const at = { block, index };
    if (found !== undefined || instr.start < loop.start || instr.end > loop.end || samePoint(at, point)) return;
    const waits = waitingAt(flow, at);
    if (waits !== undefined && uses.some((u) => reaches(flow.cfg, at, u.point, point))) found = waits;
  });
  if (found === undefined) return [];
  return [`${found} may wait, which lets other threads in: key and value are used after that without a reference`];
}

/** `PyDict_Next` takes NULL for an empty dict; a section does not. */
function absence({ flow, call, point }: DictLoopRequest, object: string): string[] {
  return isPresent(flow, call.args[0], point) ? [] : [`\`${object}\` must not be NULL there`];
}
