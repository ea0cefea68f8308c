/** One release behind a clean-up label instead of one in front of each `goto` to it. */

import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import { pointDominates } from "../../flow/points.ts";
import type { Point } from "../../ir/visit.ts";
import { child } from "../../syntax/ast.ts";
import { labelIn } from "../labels.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { Exit } from "./paths.ts";
import { isNothing } from "./replacements.ts";
import type { StatementEdits } from "./statement-edits.ts";
import { nullWord } from "./style.ts";

export interface CleanUp {
  /** The jumps in front of which nothing has to be done. */
  gotos: ReadonlySet<SyntaxNode>;
  write(edits: StatementEdits): void;
}

/** From this number of jumps on. */
const ENOUGH = 3;

export interface CleanUpRequest {
  source: FixSource;
  flow: FunctionAnalyses;
  definition: Definition;
  name: string;
}

/** The label that enough of the exits jump to, if the variable can be released behind it. */
export function cleanUpOf(request: CleanUpRequest, exits: readonly Exit[], end: number): CleanUp | undefined {
  const { source } = request;
  const byLabel = new Map<string, SyntaxNode[]>();
  for (const { statement } of exits) {
    const label = statement.type === "goto_statement" ? child(statement, "label") : undefined;
    if (label === undefined) continue;
    const name = source.textOf(label);
    byLabel.set(name, [...(byLabel.get(name) ?? []), statement]);
  }
  for (const [label, gotos] of byLabel) {
    if (gotos.length < ENOUGH) continue;
    const fn = source.functionAt(gotos[0].start);
    const labelled = fn === undefined ? undefined : labelIn(source, fn, label);
    if (labelled === undefined || labelled.start < end) continue;
    const write = releaseAt(request, labelled);
    if (write !== undefined) return { gotos: new Set(gotos), write };
  }
  return undefined;
}

/** The edits at the label and at the declaration; undefined if the variable can come there with anything but the reference or NULL. */
function releaseAt(request: CleanUpRequest, labelled: SyntaxNode): CleanUp["write"] | undefined {
  const { source, flow, definition, name } = request;
  const first = labelled.children.find((c) => c.field !== "label");
  const point = first === undefined ? undefined : pointAt(flow, labelled);
  const variable = flow.fn.values.findIndex((v) => v.kind === "local" && v.name === name);
  const value = flow.fn.values[variable];
  if (first === undefined || point === undefined || value?.kind !== "local" || !source.isPlain(labelled))
    return undefined;
  if (first.type === "declaration" || flow.fn.values.filter((v) => "name" in v && v.name === name).length > 1)
    return undefined;
  const own = new Set(flow.defUse.flowOf(definition).definitions.map((d) => d.id));
  const others = flow.defUse.definitionsOf(variable).filter((d) => !own.has(d.id));
  if (!others.every((d) => isNothing(flow, d))) return undefined;
  const declarator = declaratorOf(source, value.start, value.end);
  const declaration = declarator && source.ancestor(declarator, "declaration");
  const scope = declaration && source.parentOf(declaration);
  if (declarator === undefined || scope?.type !== "compound_statement") return undefined;
  if (!(scope.start <= labelled.start && labelled.end <= scope.end)) return undefined;
  const isInitialised = source.parentOf(declarator)?.type === "init_declarator";
  const isAlwaysSet = pointDominates(flow.cfg, definition.point, point);
  // Somewhere between its declaration and the label it must have got NULL.
  if (isInitialised && others.length === 0 && !isAlwaysSet) return undefined;
  return (edits) => {
    edits.before(first, `Py_XDECREF(${name});`);
    if (!isInitialised) edits.replace({ start: declarator.end, end: declarator.end }, ` = ${nullWord(source)}`);
  };
}

function pointAt({ fn }: FunctionAnalyses, { start, end }: SyntaxNode): Point | undefined {
  for (let b = 0; b < fn.blocks.length; b++) {
    const { instrs, term } = fn.blocks[b];
    const index = instrs.findIndex((i) => start <= i.start && i.end <= end);
    if (index >= 0) return { block: b, index };
    if (term.op === "return" && start <= term.start && term.end <= end) return { block: b, index: instrs.length };
  }
  return undefined;
}

function declaratorOf(source: FixSource, start: number, end: number): SyntaxNode | undefined {
  let declarator = source.nodeWith({ start, end }, ["identifier"]);
  for (;;) {
    const parent = declarator && source.parentOf(declarator);
    if (parent?.type !== "pointer_declarator") return declarator;
    declarator = parent;
  }
}
