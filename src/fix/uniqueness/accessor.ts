/** Accessors for fields of interpreter objects that the free-threaded build lacks, or that other threads change. */
import { child, type SyntaxNode } from "../../syntax/ast.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";

/** Fields that a call reads with the same result, and the struct whose pointer is cast. */
const READERS: Readonly<Record<string, string>> = {
  ob_refcnt: "Py_REFCNT",
  ma_used: "PyDict_Size",
  used: "PySet_Size",
};

/** The edit of one access, or undefined if the field has no accessor of the same meaning there. */
export function useAccessor(
  context: FixContext,
  file: string,
  access: { start: number; end: number; field: string; writes: boolean },
): Proposal | undefined {
  const source = context.source(file);
  const reader = READERS[access.field];
  if (source === undefined || reader === undefined) return undefined;
  const field = fieldAt(source, access);
  const object = field && child(field, "argument");
  if (field === undefined || object === undefined || field.operator !== "->" || !source.isPlain(field))
    return undefined;
  const found = setter(source, field, object) ?? (access.writes ? undefined : getter(source, field, object, reader));
  if (found === undefined) return undefined;
  const { title, needs, ...edit } = found;
  const edits: FileEdit[] = [{ file, ...edit }];
  return { level: "safe", title, edits, needs, review: [] };
}

interface Change {
  start: number;
  end: number;
  text: string;
  title: string;
  needs: string[];
}

/** The member access in the span, whose last member is the field. */
function fieldAt(source: FixSource, { start, end, field }: { start: number; end: number; field: string }) {
  const work: SyntaxNode[] = [source.nodeAt({ start, end })];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    const member = node.type === "field_expression" ? child(node, "field") : undefined;
    if (member !== undefined && source.textOf(member) === field) return node;
    work.push(...node.children.filter((c) => start <= c.start && c.end <= end));
  }
  return undefined;
}

function getter(source: FixSource, field: SyntaxNode, object: SyntaxNode, reader: string): Change | undefined {
  const parent = source.parentOf(field);
  const isChanged =
    parent?.type === "update_expression" ||
    (parent?.type === "assignment_expression" && child(parent, "left") === field);
  if (isChanged || parent?.type === "pointer_expression" || parent?.type === "unary_expression") return undefined;
  const text = reader === "Py_REFCNT" ? plain(source, object) : `(PyObject *)${source.textOf(object)}`;
  return { start: field.start, end: field.end, text: `${reader}(${text})`, title: `use \`${reader}\``, needs: [] };
}

/** `x->ob_refcnt = n;` or `x->ob_refcnt++;` as a statement of its own. */
function setter(source: FixSource, field: SyntaxNode, object: SyntaxNode): Change | undefined {
  const assignment = source.parentOf(field);
  if (assignment?.type === "update_expression" && assignment.operator === "++") {
    if (source.parentOf(assignment)?.type !== "expression_statement") return undefined;
    const text = `Py_INCREF(${plain(source, object)})`;
    return { start: assignment.start, end: assignment.end, text, title: "use `Py_INCREF`", needs: [] };
  }
  if (assignment?.type !== "assignment_expression" || assignment.operator !== "=") return undefined;
  const value = child(assignment, "right");
  if (value === undefined || child(assignment, "left") !== field) return undefined;
  if (source.parentOf(assignment)?.type !== "expression_statement") return undefined;
  const name = "Py_SET_REFCNT";
  if (source.textOf(child(field, "field") ?? field) !== "ob_refcnt") return undefined;
  const text = `${name}(${plain(source, object)}, ${source.textOf(value)})`;
  return { start: assignment.start, end: assignment.end, text, title: `use \`${name}\``, needs: [name] };
}

/** The object without the parentheses that the arrow needed. */
function plain(source: FixSource, object: SyntaxNode): string {
  const inner =
    object.type === "parenthesized_expression" ? object.children.find((c) => c.type !== "comment") : undefined;
  return source.textOf(inner ?? object);
}

/** Why a field is not rewritten, and what a person would do. */
export function recipeForField(field: string): { reason: string; recipe: string[] } {
  switch (field) {
    case "tp_dict":
      return {
        reason: "the accessor gives a new reference, which the code around it must release",
        recipe: [
          "for an attribute that may be inherited, use `PyObject_GetAttr` on the type",
          "else take the dict with `PyType_GetDict` (3.12), look into it with `PyDict_GetItemRef`, and release both",
          "set attributes with `PyObject_SetAttr`, or before the type is made ready",
        ],
      };
    case "tp_mro":
    case "tp_bases":
      return {
        reason: "the tuple is replaced when somebody assigns `__bases__`",
        recipe: [`get \`__${field.slice("tp_".length)}__\` with \`PyObject_GetAttrString\` and release it after use`],
      };
    case "ob_item":
    case "allocated":
      return {
        reason: "the item array moves when another thread appends",
        recipe: [
          "get single items with `PyList_GetItemRef` and release them",
          "or hold a critical section on the list while the array is used, and run no Python code in it",
        ],
      };
    default:
      return {
        reason: "no accessor has the same meaning",
        recipe: ["use the public function that does the same, or hold a critical section on the object"],
      };
  }
}
