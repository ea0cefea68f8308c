/**
 * What a function returns beside what it borrowed from a container: each such value becomes a reference that the caller owns, where it
 * is returned, or where it is assigned if the variable holds one of several.
 */
import { borrowedApi } from "../../../capi/borrowed.ts";
import { resultOf } from "../../../capi/provenance.ts";
import { refcountCall } from "../../../capi/refcounting.ts";
import { type Definition, isNull } from "../../../flow/def-use.ts";
import type { CallInstr } from "../../../flow/environment.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../../ir/facts.ts";
import type { ValueId } from "../../../ir/types.ts";
import type { Point } from "../../../ir/visit.ts";
import type { ProjectIndex } from "../../../project/index-types.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import type { StatementEdits } from "../statement-edits.ts";
import { isReleasedBefore, keepUntilReturn } from "./kept.ts";

export interface ReturnedRequest {
  index: ProjectIndex;
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  /** The function's definition in the syntax tree. */
  node: SyntaxNode;
  /** Calls whose result is moved to the caller, by the start of their name. */
  moved: ReadonlySet<number>;
}

/** What a value is at a return: the caller owns it already (or it is NULL), or it is borrowed. */
type Kind = "owned" | "borrowed";

interface Returned {
  leaf: SyntaxNode;
  /** Definitions behind a variable; empty for other values. */
  definitions: { definition: Definition; kind: Kind }[];
  /** A value that is no variable. */
  kind: Kind;
}

/** APIs that return NULL, whatever happens. */
const ALWAYS_NULL: ReadonlySet<string> = new Set([
  "PyErr_Format",
  "PyErr_FormatV",
  "PyErr_NoMemory",
  "PyErr_SetFromErrno",
  "PyErr_SetFromErrnoWithFilename",
  "PyErr_SetFromErrnoWithFilenameObject",
  "PyErr_SetFromWindowsErr",
  "PyErr_SetImportError",
]);

/** Adds what makes the other returned values strong; the names of what is used for it, or why it cannot be done. */
export function strengthenOthers(request: ReturnedRequest, edits: StatementEdits): string[] | { reason: string } {
  const found: Returned[] = [];
  for (const statement of returnsIn(request.node)) {
    for (const leaf of leavesOf(statement.children[0])) {
      const returned = judge(request, statement, leaf);
      if (typeof returned === "string") return { reason: returned };
      found.push(returned);
    }
  }
  const strong = strengthenedAtAssignment(found);
  const places = new Map<number, SyntaxNode>();
  for (const { leaf, definitions, kind } of found) {
    const isOwned = definitions.length === 0 ? kind === "owned" : definitions.some((d) => isStrong(d, strong));
    if (!isOwned) places.set(leaf.start, leaf);
  }
  for (const definition of strong) {
    const value = assignedValue(request, definition);
    if (value === undefined)
      return {
        reason: "on some paths it returns a variable that holds something else, which is not assigned to it plainly",
      };
    for (const leaf of leavesOf(value)) if (!isNothing(leaf)) places.set(leaf.start, leaf);
  }
  const { source, facts, flow } = request;
  for (const definition of new Set(found.flatMap((r) => r.definitions.map((d) => d.definition)))) {
    if (definition.instr?.op !== "call" || request.moved.has(definition.instr.calleeStart)) continue;
    if (definition.kind === "output" || !isReleasedBefore(flow, definition)) continue;
    const reason = keepUntilReturn(source, facts, flow, definition, edits);
    if (reason !== undefined) return { reason };
  }
  const needs = new Set<string>();
  for (const place of places.values()) {
    if (!request.source.isPlain(place)) return { reason: "a preprocessor directive is in the middle of a value" };
    needs.add(wrap(request, place, edits));
  }
  return [...needs];
}

/** The `return` statements with a value, nested functions and lambdas left out. */
function returnsIn(node: SyntaxNode): SyntaxNode[] {
  if (node.type === "lambda_expression") return [];
  if (node.type === "return_statement") return node.children.length > 0 ? [node] : [];
  return node.children.flatMap(returnsIn);
}

/** The expressions that an expression may have the value of: both sides of a conditional one; casts and parentheses aside. */
function leavesOf(node: SyntaxNode): SyntaxNode[] {
  switch (node.type) {
    case "parenthesized_expression":
      return node.children.length === 1 ? leavesOf(node.children[0]) : [node];
    case "cast_expression":
      return leavesOf(child(node, "value")!);
    case "conditional_expression": {
      const [yes, no] = [child(node, "consequence"), child(node, "alternative")];
      return yes === undefined || no === undefined ? [node] : [...leavesOf(yes), ...leavesOf(no)];
    }
    case "comma_expression":
      return leavesOf(child(node, "right")!);
    default:
      return [node];
  }
}

function isNothing(leaf: SyntaxNode): boolean {
  return leaf.type === "null" || leaf.type === "number_literal";
}

function judge(request: ReturnedRequest, statement: SyntaxNode, leaf: SyntaxNode): Returned | string {
  const { source, flow } = request;
  const plain = (kind: Kind): Returned => ({ leaf, definitions: [], kind });
  if (isNothing(leaf)) return plain("owned");
  switch (leaf.type) {
    case "call_expression": {
      const kind = kindOfCallAt(request, leaf);
      return kind === undefined ? `it is not known whether \`${source.textOf(leaf)}\` is a new reference` : plain(kind);
    }
    case "identifier": {
      const name = source.textOf(leaf);
      const values = flow.fn.values.flatMap((v, id) =>
        (v.kind === "local" || v.kind === "param") && v.name === name ? [id] : [],
      );
      if (values.length === 0) return plain("borrowed");
      const point = pointOf(flow, statement);
      if (values.length > 1 || point === undefined) return `it is not known which \`${name}\` is returned`;
      return ofVariable(request, leaf, values[0], point);
    }
    case "field_expression":
    case "subscript_expression":
    case "pointer_expression":
    case "unary_expression":
    case "qualified_identifier":
      return plain("borrowed");
    default:
      return "what it returns is not understood";
  }
}

/** Point of the return that a statement is. */
function pointOf({ fn }: FunctionAnalyses, { start, end }: SyntaxNode): Point | undefined {
  const block = fn.blocks.findIndex(({ term }) => term.op === "return" && term.start === start && term.end === end);
  return block < 0 ? undefined : { block, index: fn.blocks[block].instrs.length };
}

function ofVariable(request: ReturnedRequest, leaf: SyntaxNode, value: ValueId, point: Point): Returned | string {
  const { flow } = request;
  const definitions: Returned["definitions"] = [];
  for (const definition of flow.defUse.reaching(value, point)) {
    const kind = kindOfDefinition(request, definition, 0);
    if (kind === undefined) return "it is not known whether it returns a new reference on every path";
    if (kind !== "nothing") definitions.push({ definition, kind });
  }
  return { leaf, definitions, kind: "owned" };
}

/** Longest chain of copies that is followed. */
const MAX_COPIES = 8;

function kindOfDefinition(
  request: ReturnedRequest,
  definition: Definition,
  depth: number,
): Kind | "nothing" | undefined {
  const { flow, moved } = request;
  const { instr } = definition;
  if (depth > MAX_COPIES) return undefined;
  if (instr === undefined) return isMadeStrong(flow, definition) ? "owned" : "borrowed";
  if (instr.op === "call") {
    if (definition.kind === "output")
      return flow.ownership.ownedDefinitions().includes(definition) ? "owned" : undefined;
    if (moved.has(instr.calleeStart)) return "owned";
    const kind = kindOfCall(request, instr);
    return kind === "borrowed" && isMadeStrong(flow, definition) ? "owned" : kind;
  }
  if (instr.op === "copy") {
    if (isNull(flow.fn.values[instr.src])) return "nothing";
    if (isMadeStrong(flow, definition)) return "owned";
    const behind = flow.defUse.reaching(instr.src, definition.point);
    if (behind.length === 0) return "borrowed";
    const kinds = new Set(behind.map((d) => kindOfDefinition(request, d, depth + 1)));
    kinds.delete("nothing");
    if (kinds.size === 0) return "nothing";
    return kinds.size === 1 ? [...kinds][0] : undefined;
  }
  if (instr.op === "load" || instr.op === "addr") return isMadeStrong(flow, definition) ? "owned" : "borrowed";
  return undefined;
}

/** True if the present code takes a reference of its own before it returns the object. */
function isMadeStrong({ ownership }: FunctionAnalyses, definition: Definition): boolean {
  const report = ownership.followAs(definition, false);
  return report.moves.some((m) => m.text === "returned") && report.overReleases.length === 0;
}

function kindOfCallAt(request: ReturnedRequest, node: SyntaxNode): Kind | undefined {
  const name = child(node, "function");
  if (name === undefined) return undefined;
  if (request.moved.has(name.start)) return "owned";
  for (const { instrs } of request.flow.fn.blocks) {
    for (const i of instrs) if (i.op === "call" && i.calleeStart === name.start) return kindOfCall(request, i);
  }
  return ALWAYS_NULL.has(request.source.textOf(name)) ? "owned" : undefined;
}

function kindOfCall({ flow, index }: ReturnedRequest, call: CallInstr): Kind | undefined {
  if (ALWAYS_NULL.has(call.callee) || refcountCall(call.callee)?.effect === "new") return "owned";
  const api = resultOf(call.callee);
  if (api !== undefined) return api.outArgs.length > 0 ? undefined : api.reference === "new" ? "owned" : "borrowed";
  const callee = flow.environment.callee(flow.fn, call);
  if (callee?.returnsOwned !== undefined) return callee.returnsOwned ? "owned" : "borrowed";
  // Nothing but global variables, without a reference of their own.
  const counts = (name: string) => ["increment", "new"].includes(refcountCall(name)?.effect ?? "");
  const isGlobal =
    callee !== undefined && callee.returns.length > 0 && callee.returns.every((r) => r.kind === "static");
  const isUncounted = index
    .resolveCall(flow.fn.file, call.callee)
    .every((t) => !index.functions[t].facts.calls.some(counts));
  return isGlobal && isUncounted ? "borrowed" : undefined;
}

/** Borrowed definitions that share a variable, at a return, with one that is owned; and those that share one with them. */
function strengthenedAtAssignment(found: readonly Returned[]): Set<Definition> {
  const strong = new Set<Definition>();
  for (let size = -1; size !== strong.size; ) {
    size = strong.size;
    for (const { definitions } of found) {
      if (!definitions.some((d) => isStrong(d, strong))) continue;
      for (const { definition, kind } of definitions) if (kind === "borrowed") strong.add(definition);
    }
  }
  return strong;
}

function isStrong({ definition, kind }: Returned["definitions"][number], strong: ReadonlySet<Definition>): boolean {
  return kind === "owned" || strong.has(definition);
}

/** The expression that an assignment or a declaration gives the variable. */
function assignedValue({ source }: ReturnedRequest, { instr, kind }: Definition): SyntaxNode | undefined {
  if (instr === undefined || kind !== "assign") return undefined;
  for (let node: SyntaxNode | undefined = source.nodeAt(instr); node !== undefined; node = source.parentOf(node)) {
    if (node.type === "init_declarator") return child(node, "value");
    if (node.type === "assignment_expression") return node.operator === "=" ? child(node, "right") : undefined;
    if (source.isStatement(node)) return undefined;
  }
  return undefined;
}

/** `Py_NewRef(value)`, cast back to what the function returns; the name of what was put in. */
function wrap({ source, flow }: ReturnedRequest, node: SyntaxNode, edits: StatementEdits): string {
  const name = isNeverNull(source, node) ? "Py_NewRef" : "Py_XNewRef";
  const type = flow.fn.returnType.trim();
  const isObject = type.replaceAll(" ", "") === "PyObject*";
  const outer = source.parentOf(node)?.type === "cast_expression" || isObject ? "" : `(${type})`;
  edits.replace({ start: node.start, end: node.start }, `${outer}${name}(`);
  edits.replace({ start: node.end, end: node.end }, ")");
  return name;
}

function isNeverNull(source: FixSource, node: SyntaxNode): boolean {
  const text = source.textOf(node);
  if (node.type === "identifier" && text.startsWith("Py_")) return true;
  if (node.type === "pointer_expression" && node.operator === "&") return true;
  const callee = node.type === "call_expression" ? child(node, "function") : undefined;
  return callee !== undefined && borrowedApi(source.textOf(callee))?.onNull === "never";
}
