/** Assignments that give the variable of a reference something else. */
import { type Definition, isNull } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { Span, ValueId } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";

export interface Replacements {
  /** The assignments inside the span. */
  nodes: SyntaxNode[];
  /** The variable may have come to the span with another object, which code in it looks at. */
  isOtherBefore: boolean;
  /** It is changed in a way that is not an assignment: its address is passed on, it is declared again. */
  isHidden: boolean;
}

/** What happens to `variable` in a span beside what `definition`, copies of it and expressions `alsoLent` do. */
export function replacementsOf(
  source: FixSource,
  flow: FunctionAnalyses,
  variable: ValueId,
  definition: Definition,
  span: Span,
  alsoLent: readonly Span[] = [],
): Replacements {
  const own = new Set(flow.defUse.flowOf(definition).definitions.map((d) => d.id));
  const isLent = ({ instr }: Definition) => instr !== undefined && alsoLent.some((s) => isInside(instr, s));
  const foreign = flow.defUse.definitionsOf(variable).filter((d) => !own.has(d.id) && !isLent(d));
  const inside = foreign.filter((d) => d.instr !== undefined && isInside(d.instr, span));
  const nodes = new Set<SyntaxNode>();
  let isHidden = false;
  for (const d of inside) {
    const node = d.kind === "assign" ? assignmentAt(source, flow, variable, d.instr!) : undefined;
    if (node === undefined) isHidden = true;
    else nodes.add(node);
  }
  const outside = new Set(foreign.filter((d) => !inside.includes(d) && !isNothing(flow, d)));
  const isOtherBefore = flow.defUse
    .usesOf(variable)
    .some(
      (use) =>
        isInside((use.instr ?? use.term)!, span) &&
        flow.defUse.reaching(variable, use.point).some((d) => outside.has(d)),
    );
  return { nodes: [...nodes], isOtherBefore, isHidden };
}

function isInside({ start, end }: Span, span: Span): boolean {
  return span.start <= start && end <= span.end;
}

/** True for `v = NULL`. */
export function isNothing({ fn }: FunctionAnalyses, { instr }: Definition): boolean {
  return instr?.op === "copy" && isNull(fn.values[instr.src]);
}

/** `Py_CLEAR(v)`, which makes it NULL. */
function isClearing(source: FixSource, node: SyntaxNode, name: string): boolean {
  if (node.type !== "call_expression" || source.textOf(child(node, "function")!) !== "Py_CLEAR") return false;
  const [argument] = child(node, "arguments")?.children ?? [];
  return argument?.type === "identifier" && source.textOf(argument) === name;
}

function assignmentAt(
  source: FixSource,
  { fn }: FunctionAnalyses,
  variable: ValueId,
  span: Span,
): SyntaxNode | undefined {
  const value = fn.values[variable];
  if (value.kind !== "local" && value.kind !== "param") return undefined;
  for (let node: SyntaxNode | undefined = source.nodeAt(span); node !== undefined; node = source.parentOf(node)) {
    if (source.isStatement(node)) return undefined;
    if (isClearing(source, node, value.name)) return node;
    const left = node.type === "assignment_expression" ? child(node, "left") : undefined;
    if (left?.type === "identifier" && source.textOf(left) === value.name) {
      return node.operator === "=" && source.isPlain(node) ? node : undefined;
    }
  }
  return undefined;
}
