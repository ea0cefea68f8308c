/** `Py_REFCNT(x) == 1` and its other spellings become a call of the API that answers the question without the GIL too. */
import { child, type SyntaxNode } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";
import type { FixContext, Proposal, Withheld } from "../types.ts";

export const UNIQUE = "PyUnstable_Object_IsUniquelyReferenced";

const RECIPE = [
  "always copy, or ask another way than by the count whether the object may be changed",
  `for an object that the code itself made, \`${UNIQUE}\` (3.14) answers whether it is the only owner`,
  "for an argument, `PyUnstable_Object_IsUniqueReferencedTemporary` (3.14) answers whether it is a temporary that nobody else has",
  "both may answer no for an object that is unique: keep the branch that copies",
];

export function withheld(reason: string): Withheld {
  return { level: "manual", reason, recipe: RECIPE };
}

/** What speaks against `safe`; empty if nothing does. `pointer` is the object's type as written, "" if it is not known. */
export interface CountedObject {
  pointer: string;
  doubts: readonly string[];
}

/** The edit of the comparison in which the count at `place` stands. */
export function askForUniqueness(
  context: FixContext,
  file: string,
  place: { start: number; end: number },
  { pointer, doubts }: CountedObject,
): Proposal | Withheld {
  const source = context.source(file);
  const count = source && countAt(source, place);
  if (source === undefined || count === undefined) return withheld("the count is read in a macro");
  const comparison = comparisonOf(source, count.node);
  const unique = comparison && meaning(source, comparison);
  if (comparison === undefined || unique === undefined)
    return withheld("the count is compared with something other than 1");
  if (!source.isPlain(comparison.node)) return withheld("the comparison is conditional");
  const object = asObject(source, count.object, pointer);
  if (object === undefined) return withheld("the type of the object is not known");
  const call = `${UNIQUE}(${object})`;
  return {
    level: doubts.length === 0 ? "safe" : "review",
    title: `ask \`${UNIQUE}\``,
    edits: [{ file, start: comparison.node.start, end: comparison.node.end, text: unique ? call : `!${call}` }],
    needs: [UNIQUE],
    review: [...doubts],
  };
}

interface Count {
  node: SyntaxNode;
  /** The object whose count it is. */
  object: SyntaxNode;
}

/** `Py_REFCNT(x)` whose name is at the place, or `x->ob_refcnt`. */
function countAt(source: FixSource, place: { start: number; end: number }): Count | undefined {
  const at = source.nodeAt(place);
  const call = source.ancestor(at, "call_expression");
  const name = call && child(call, "function");
  if (call !== undefined && name !== undefined && source.textOf(name) === "Py_REFCNT") {
    const args = child(call, "arguments")?.children.filter((c) => c.type !== "comment") ?? [];
    return args.length === 1 ? { node: call, object: args[0] } : undefined;
  }
  const field = source.ancestor(at, "field_expression");
  const object = field && child(field, "argument");
  if (field === undefined || object === undefined || field.operator !== "->") return undefined;
  const member = child(field, "field");
  return member !== undefined && source.textOf(member) === "ob_refcnt" ? { node: field, object } : undefined;
}

interface Comparison {
  node: SyntaxNode;
  operator: string;
  number: SyntaxNode;
}

const MIRRORED: Readonly<Record<string, string>> = {
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

/** The comparison that the count is one side of, as if the count stood on its left. */
function comparisonOf(source: FixSource, count: SyntaxNode): Comparison | undefined {
  let inner = count;
  let node = source.parentOf(inner);
  while (node?.type === "parenthesized_expression" || node?.type === "cast_expression") {
    inner = node;
    node = source.parentOf(node);
  }
  if (node?.type !== "binary_expression" || node.operator === undefined) return undefined;
  const left = child(node, "left");
  const right = child(node, "right");
  if (left === undefined || right === undefined) return undefined;
  return left === inner
    ? { node, operator: node.operator, number: right }
    : { node, operator: MIRRORED[node.operator] ?? "", number: left };
}

/** True if the comparison holds for an object with one owner alone, false if for all others; undefined if it asks something else. */
function meaning(source: FixSource, { operator, number }: Comparison): boolean | undefined {
  switch (`${operator} ${source.textOf(number)}`) {
    case "== 1":
    case "<= 1":
    case "< 2":
      return true;
    case "!= 1":
    case "> 1":
    case ">= 2":
      return false;
    default:
      return undefined;
  }
}

/** The object as an argument of type `PyObject *`. */
function asObject(source: FixSource, object: SyntaxNode, pointer: string): string | undefined {
  const text = source.textOf(object);
  const type = pointer.replaceAll(" ", "");
  if (type === "PyObject*") return text;
  if (
    object.type === "cast_expression" &&
    source.textOf(child(object, "type") ?? object).replaceAll(" ", "") === "PyObject*"
  ) {
    return text;
  }
  if (source.language === "cpp" && !(type.endsWith("*") && object.type === "identifier")) return undefined;
  const isSimple = ["identifier", "field_expression", "call_expression", "subscript_expression"].includes(object.type);
  return isSimple ? `(PyObject *)${text}` : `(PyObject *)(${text})`;
}
