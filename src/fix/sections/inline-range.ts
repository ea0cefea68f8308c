/** The neighbouring statements that a section has to cover so that all accesses, and what they gave, are inside. */

import { pointerDepth } from "../../capi/type-names.ts";
import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { forEachInstr } from "../../ir/visit.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

/** Statements of one block from the first to the last access; undefined if there is no such block. */
export function rangeOf(
  source: FixSource,
  flow: FunctionAnalyses,
  facts: FunctionFacts,
  accesses: readonly Span[],
): SyntaxNode[] | undefined {
  const spans = [...accesses, ...usesOfPointers(flow, accesses)];
  const start = Math.min(...spans.map((s) => s.start));
  const end = Math.max(...spans.map((s) => s.end));
  if (start < facts.bodyStart || end > facts.bodyEnd) return undefined;
  let block = source.ancestor(source.nodeAt({ start, end }), "compound_statement");
  while (block !== undefined && block.start >= facts.bodyStart) {
    const inside = block.children.filter((c) => c.start < end && start < c.end);
    if (inside.length > 0 && inside.every((c) => source.isStatement(c))) return inside;
    block = source.ancestor(source.parentOf(block), "compound_statement");
  }
  return undefined;
}

/** Where pointers are used that an access read, or that a call with accesses in it returned. */
function usesOfPointers(flow: FunctionAnalyses, accesses: readonly Span[]): Span[] {
  const keys = new Set(accesses.map((s) => `${s.start}-${s.end}`));
  const found: Span[] = [];
  forEachInstr(flow.fn, (instr, block, index) => {
    if (!keys.has(`${instr.start}-${instr.end}`) || (instr.op !== "load" && instr.op !== "call")) return;
    const definition = flow.defUse.definitionAt({ block, index });
    if (definition === undefined || !mayPoint(flow, definition)) return;
    for (const use of flow.defUse.flowOf(definition).uses) {
      const at = use.instr ?? use.term;
      if (at !== undefined) found.push(at);
    }
  });
  return found;
}

/** False for what is known to be a number. */
function mayPoint({ fn, environment, provenance, defUse }: FunctionAnalyses, definition: Definition): boolean {
  const { instr } = definition;
  if (instr?.op === "load") {
    const struct = provenance.structOf(instr.base, definition.point);
    const type = struct === "" ? "" : environment.fieldType(fn, struct, instr.path);
    if (type !== "") return pointerDepth(type) > 0;
  }
  const variables = defUse.flowOf(definition).definitions.map((d) => fn.values[d.value]);
  const typed = variables.flatMap((v) => (v.kind === "local" || v.kind === "param" ? [v.type] : []));
  return typed.length === 0 || typed.some((t) => pointerDepth(t) > 0);
}
