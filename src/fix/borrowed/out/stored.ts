/** `self->field = call; Py_INCREF(self->field);`: the strong reference goes straight to where it is kept. */
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import type { FixProject } from "../../types.ts";
import type { StatementEdits } from "../statement-edits.ts";
import { freshName } from "../style.ts";
import { type LentCall, PENDING } from "./acquire.ts";
import { declare } from "./declare.ts";
import { isPure } from "./evaluation.ts";
import { lookupLines } from "./lookup.ts";
import { mayBePending } from "./pending.ts";
import { NULLS, pointerTest } from "./truth.ts";

export interface Stored {
  review: string[];
  write(edits: StatementEdits): void;
}

/** The rewrite of a call whose result is stored in a field, a global variable or behind a pointer and made strong there; undefined if it is not. */
export function storedOf(lent: LentCall, project: FixProject): Stored | undefined {
  const { source, shape, form, facts } = lent;
  if (shape.kind !== "assignment" || form.deadIsNone || isVariable(lent, shape.target)) return undefined;
  const { target, statement, call } = shape;
  if (!isPure(source, target)) return undefined;
  const increment = incrementBehind(source, statement, target);
  if (increment === undefined || !source.isPlain({ start: statement.start, end: increment.end })) return undefined;
  const keepsException = form.swallows && mayBePending(lent);
  return {
    review: keepsException && !form.takesText ? [PENDING] : [],
    write(edits) {
      const isObject = shape.cast === "" && isObjectPlace(lent, target, project);
      const variable = isObject ? source.textOf(target) : freshName(source, facts, "item");
      const lookup = { source, form, call, variable, keepsNone: false, keepsException };
      const lines = lookupLines(lookup, source.indentAt(statement.start));
      if (isObject) edits.replaceStatement(statement, lines);
      else {
        declare(edits, statement, `PyObject *${variable};`);
        edits.before(statement, lines);
        edits.replace(call, variable);
      }
      edits.remove(increment);
    },
  };
}

function isVariable({ flow, source }: LentCall, target: SyntaxNode): boolean {
  const name = source.textOf(target);
  return flow.fn.values.some((v) => (v.kind === "local" || v.kind === "param") && v.name === name);
}

/** The statement that makes the stored reference strong: behind the store, with nothing between them but tests that leave. */
function incrementBehind(source: FixSource, statement: SyntaxNode, target: SyntaxNode): SyntaxNode | undefined {
  const siblings = source.parentOf(statement)?.children ?? [];
  const place = placeText(source, target);
  for (const next of siblings.slice(siblings.indexOf(statement) + 1)) {
    if (next.type === "if_statement" && leavesWithout(source, next, place)) continue;
    const [call] = next.children;
    if (next.type !== "expression_statement" || call?.type !== "call_expression") return undefined;
    const name = source.textOf(child(call, "function")!);
    const [argument] = child(call, "arguments")?.children ?? [];
    if (argument === undefined) return undefined;
    const isSame = placeText(source, argument) === place;
    if ((name === "Py_INCREF" || name === "Py_XINCREF") && isSame) return next;
    if ((name !== "Py_DECREF" && name !== "Py_XDECREF") || argument.type !== "identifier") return undefined;
  }
  return undefined;
}

/** `if (place == NULL) { ... return ...; }` */
function leavesWithout(source: FixSource, node: SyntaxNode, place: string): boolean {
  const body = child(node, "consequence");
  const last = body?.type === "compound_statement" ? body.children.at(-1) : body;
  if (child(node, "alternative") !== undefined) return false;
  if (last?.type !== "return_statement" && last?.type !== "goto_statement") return false;
  const work = [child(node, "condition")!];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (placeText(source, at) === place) {
      const test = pointerTest(source, at, NULLS);
      return test !== undefined && !test.whenThere && source.parentOf(test.node) === child(node, "condition");
    }
    work.push(...at.children);
  }
  return false;
}

/** The place as text without white space and casts. */
function placeText(source: FixSource, node: SyntaxNode): string {
  if (node.type === "parenthesized_expression" && node.children.length === 1)
    return placeText(source, node.children[0]);
  if (node.type === "cast_expression") return placeText(source, child(node, "value")!);
  return source.textOf(node).replaceAll(/\s+/g, "");
}

/** True if the address of the place is a `PyObject **` for certain. */
function isObjectPlace({ source }: LentCall, target: SyntaxNode, { index }: FixProject): boolean {
  const isObject = (type: string) => type.replaceAll(" ", "") === "PyObject*";
  if (target.type === "identifier") {
    const found = index.resolveGlobal(source.file, source.textOf(target));
    return found.kind === "static" && isObject(index.static(found.id).facts.type);
  }
  if (target.type !== "field_expression") return false;
  const field = source.textOf(child(target, "field")!);
  const types = index.structs.flatMap((s) => s.facts.fields.filter((f) => f.name === field && !f.array));
  return types.length > 0 && types.every((f) => isObject(f.type));
}
