/** Rewrites a lending call so that its reference comes, strong, through an out parameter. */
import type { Definition } from "../../../flow/def-use.ts";
import type { CallInstr } from "../../../flow/environment.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../../ir/facts.ts";
import type { Point } from "../../../ir/visit.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import type { StatementEdits } from "../statement-edits.ts";
import { freshName, nullWord } from "../style.ts";
import { hoistingOf } from "./evaluation.ts";
import type { OutForm } from "./form.ts";
import { type Lookup, lookupExpression, lookupLines } from "./lookup.ts";
import { isPlainObject, type Shape } from "./shape.ts";

/** A lending call in its function. */
export interface LentCall {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  form: OutForm;
  shape: Shape;
  instr: CallInstr;
  point: Point;
}

/** How the reference is fetched and what holds it; `write` makes the edits. */
export interface Acquisition {
  /** Variable that owns the reference from then on. */
  name: string;
  isNew: boolean;
  /** What the lending call gives in the present code: the definition of that variable, or of a temporary. */
  definition: Definition;
  /** What a person should look at; if there is any, the change is not safe. */
  review: string[];
  /** Adds the edits; a variable that is declared with them is NULL at first if `nullInit`. */
  write(edits: StatementEdits, nullInit: boolean): void;
}

export type Refused = { reason: string };

/** How the reference of the call can be fetched, or why not. */
export function acquisitionOf(lent: LentCall): Acquisition | Refused {
  const definition = lent.flow.defUse.definitionAt(lent.point);
  if (definition === undefined) return { reason: "the result goes to something that is no variable of the function" };
  const { shape } = lent;
  switch (shape.kind) {
    case "declaration":
      return isPlainObject(lent.source, shape) ? inDeclaration(lent, definition) : throughNew(lent, definition);
    case "assignment":
      return isObjectVariable(lent, shape.target, definition)
        ? inAssignment(lent, definition)
        : throughNew(lent, definition);
    case "assigned-expression":
      return isObjectVariable(lent, shape.target, definition)
        ? inAssignedExpression(lent, definition)
        : throughNew(lent, definition);
    default:
      return throughNew(lent, definition);
  }
}

function lookupFor({ source, form, shape }: LentCall, variable: string): Lookup {
  return { source, form, call: shape.call, variable };
}

/** True if the target is a variable of the function whose address is a `PyObject **`, and the call is written straight to it. */
function isObjectVariable({ source, flow, shape }: LentCall, target: SyntaxNode, definition: Definition): boolean {
  if (shape.cast !== "" || target.type !== "identifier") return false;
  const value = flow.fn.values[definition.value];
  if (value.kind !== "local" && value.kind !== "param") return false;
  return value.name === source.textOf(target) && value.type.replaceAll(" ", "") === "PyObject*";
}

/** `PyObject *v = call;` is declared first and fetched behind. */
function inDeclaration(lent: LentCall, definition: Definition): Acquisition | Refused {
  const { source, shape } = lent;
  if (shape.kind !== "declaration") throw new Error("no declaration");
  if (shape.statement.field === "initializer") return { reason: "it is declared in the head of a loop" };
  if (source.parentOf(shape.statement)?.type === "condition_clause") return { reason: "it is declared in a condition" };
  const name = source.textOf(shape.name);
  const inner = child(shape.declarator, "declarator")!;
  const isLast = shape.statement.children.at(-1) === shape.declarator;
  const later = shape.statement.children.filter((c) => c.start > shape.declarator.start);
  if (!isLast && later.some((c) => mentions(source, c, name))) {
    return { reason: "another variable of the same declaration is made from it" };
  }
  return {
    name,
    isNew: false,
    definition,
    review: [],
    write(edits, nullInit) {
      edits.replace({ start: inner.end, end: shape.whole.end }, nullInit ? ` = ${nullWord(source)}` : "");
      edits.after(shape.statement, lookupLines(lookupFor(lent, name), source.indentAt(shape.statement.start)));
    },
  };
}

function mentions(source: FixSource, node: SyntaxNode, name: string): boolean {
  if (node.type === "identifier" && source.textOf(node) === name) return true;
  return node.children.some((c) => mentions(source, c, name));
}

/** `v = call;` */
function inAssignment(lent: LentCall, definition: Definition): Acquisition {
  const { source, shape } = lent;
  const name = variableName(lent, definition);
  return {
    name,
    isNew: false,
    definition,
    review: [],
    write(edits, nullInit) {
      if (nullInit) initialise(lent, definition, edits);
      edits.replaceStatement(
        shape.statement,
        lookupLines(lookupFor(lent, name), source.indentAt(shape.statement.start)),
      );
    },
  };
}

/** Makes the variable NULL where it is declared, if it has no value there. */
function initialise({ source, flow }: LentCall, definition: Definition, edits: StatementEdits): void {
  const value = flow.fn.values[definition.value];
  if (value.kind !== "local") return;
  let declarator = source.nodeWith(value);
  for (;;) {
    const parent = declarator && source.parentOf(declarator);
    if (parent?.type !== "pointer_declarator") break;
    declarator = parent;
  }
  if (declarator === undefined || source.parentOf(declarator)?.type !== "declaration") return;
  edits.replace({ start: declarator.end, end: declarator.end }, ` = ${nullWord(source)}`);
}

function variableName({ flow }: LentCall, definition: Definition): string {
  const value = flow.fn.values[definition.value];
  return value.kind === "local" || value.kind === "param" ? value.name : "";
}

/** `(v = call)` inside an expression. */
function inAssignedExpression(lent: LentCall, definition: Definition): Acquisition {
  const { source, shape } = lent;
  if (shape.kind !== "assigned-expression") throw new Error("no assignment");
  const name = variableName(lent, definition);
  const hoisting = hoistingOf(source, shape.statement, shape.assignment);
  return {
    name,
    isNew: false,
    definition,
    review: [],
    write(edits, nullInit) {
      if (nullInit) initialise(lent, definition, edits);
      const lookup = lookupFor(lent, name);
      if (hoisting === "first") {
        edits.before(shape.statement, lookupLines(lookup, source.indentAt(shape.statement.start)));
        edits.replace(shape.assignment, name);
      } else edits.replace(shape.assignment, lookupExpression(lookup));
    },
  };
}

const NAMES: Readonly<Record<string, string>> = { PyWeakref_GetRef: "target", PyDict_SetDefaultRef: "value" };

/** The reference goes to a new variable, which stands where the call stood. */
function throughNew(lent: LentCall, definition: Definition): Acquisition | Refused {
  const { source, shape, facts, form } = lent;
  const hoisting = hoistingOf(source, shape.statement, shape.whole);
  if (hoisting === "impossible") return { reason: "the call is not evaluated first, or not always, in its statement" };
  const name = freshName(source, facts, NAMES[form.api] ?? "item");
  const copy = copyOf(lent, definition);
  const owner = copy === undefined ? name : variableName(lent, copy);
  return {
    name: owner,
    isNew: copy === undefined,
    definition: copy ?? definition,
    review: hoisting === "unordered" ? ["the lookup now happens before the rest of its statement"] : [],
    write(edits, nullInit) {
      edits.before(
        shape.statement,
        `PyObject *${name}${nullInit && copy === undefined ? ` = ${nullWord(source)}` : ""};`,
      );
      edits.before(shape.statement, lookupLines(lookupFor(lent, name), source.indentAt(shape.statement.start)));
      edits.replace(shape.call, name);
    },
  };
}

/** The variable of another type that a cast of the result is assigned to. */
function copyOf({ flow, shape }: LentCall, definition: Definition): Definition | undefined {
  if (shape.kind === "expression") return undefined;
  const uses = flow.defUse.usesOfDefinition(definition);
  if (uses.length !== 1 || uses[0].role !== "copy") return undefined;
  const copy = flow.defUse.definitionAt(uses[0].point);
  const value = copy === undefined ? undefined : flow.fn.values[copy.value];
  return (value?.kind === "local" || value?.kind === "param") && value.type.endsWith("*") ? copy : undefined;
}
