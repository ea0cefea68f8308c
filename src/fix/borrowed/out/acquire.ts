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
import { deadTests, type TestEdit } from "./dead.ts";
import { declare, initialise } from "./declare.ts";
import { type Hoisting, hoistingOf, isPure } from "./evaluation.ts";
import type { OutForm } from "./form.ts";
import { type Lookup, lookupExpression, lookupLines } from "./lookup.ts";
import { mayBePending } from "./pending.ts";
import { type InAssignedExpression, type InDeclaration, isPlainObject, type Shape } from "./shape.ts";

/** A lending call in its function. */
export interface LentCall {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  form: OutForm;
  shape: Shape;
  instr: CallInstr;
  point: Point;
  /** The interpreter can call the function while an exception is set: it takes objects down. */
  isTeardown: boolean;
  /** Statements that leave the function when the lookup fails, instead of dropping the error. */
  onError?: readonly string[];
  /** What a new variable is called, if that is free. */
  variable?: string;
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
  /** APIs of newer Pythons in the edits, beside the call itself. */
  needs: string[];
  /** What the code takes for nothing beside NULL, where the edits make tests against it tests against NULL. */
  nothing?: string;
  /** Adds the edits for an owner that lives from `first` on, where it is NULL if `isNull`. */
  write(edits: StatementEdits, first: SyntaxNode, isNull: boolean): void;
}

export type Refused = { reason: string };

/** The ways in which the reference of the call can be fetched, best first, or why there is none. */
export function acquisitionsOf(lent: LentCall): Acquisition[] | Refused {
  const { shape, flow, source } = lent;
  const definition = flow.defUse.definitionAt(lent.point);
  if (definition === undefined) return { reason: "the result goes to something that is no variable of the function" };
  const found: Acquisition[] = [];
  if (shape.kind === "declaration" && isPlainObject(source, shape)) {
    const obstacle = declarationObstacle(source, shape);
    if (obstacle === undefined) found.push(inDeclaration(lent, shape, definition));
  } else if (shape.kind === "assignment" && isObjectVariable(lent, shape.target, definition)) {
    found.push(inAssignment(lent, definition));
  } else if (shape.kind === "assigned-expression" && isObjectVariable(lent, shape.target, definition)) {
    found.push(inAssignedExpression(lent, shape, definition));
  }
  if (shape.statement.field === "initializer") return { reason: "the call is in the head of a loop" };
  const through = throughNew(lent, definition);
  if ("reason" in through) return found.length > 0 ? found : through;
  return [...found, ...through];
}

/** What all acquisitions of one call share: how dead targets are seen, and an exception that is set already. */
interface Sharing {
  tests: TestEdit[];
  keepsNone: boolean;
  keepsException: boolean;
  review: string[];
  needs: string[];
  nothing: string | undefined;
}

function sharingOf(lent: LentCall, definition: Definition, hoisting: Hoisting): Sharing {
  const { source, flow, form } = lent;
  const tests = form.deadIsNone ? deadTests(source, flow, definition) : [];
  const keepsException = form.swallows && lent.onError === undefined && mayBePending(lent);
  const review = hoisting === "unordered" ? [UNORDERED] : [];
  if (tests === undefined && hoisting === "impossible") review.push(IN_EXPRESSION);
  if (keepsException && !(form.takesText && hoisting !== "impossible")) review.push(PENDING);
  return {
    tests: tests ?? [],
    keepsNone: tests === undefined,
    keepsException,
    review,
    needs: tests === undefined ? ["Py_NewRef"] : [],
    // What a dead target was.
    nothing: form.deadIsNone && tests !== undefined ? "Py_None" : undefined,
  };
}

export const UNORDERED = "the lookup now happens before the rest of its statement";

const IN_EXPRESSION = "a dead target becomes None in the middle of an expression, which reads badly";

/** PyDict_GetItem drops an exception that is set when the key cannot be hashed, and keeps it when a comparison fails. */
export const PENDING =
  "an exception can be set when the call runs: whether it is still set after a failing lookup may change";

/** True if the target is a variable of the function whose address is a `PyObject **`, and the call is written straight to it. */
function isObjectVariable({ source, flow, shape }: LentCall, target: SyntaxNode, definition: Definition): boolean {
  if (shape.cast !== "" || target.type !== "identifier") return false;
  const value = flow.fn.values[definition.value];
  if (value.kind !== "local" && value.kind !== "param") return false;
  return value.name === source.textOf(target) && value.type.replaceAll(" ", "") === "PyObject*";
}

function declarationObstacle(source: FixSource, { statement, declarator, name }: InDeclaration): string | undefined {
  if (statement.field === "initializer") return "it is declared in the head of a loop";
  if (source.parentOf(statement)?.type === "condition_clause") return "it is declared in a condition";
  const later = statement.children.filter((c) => c.start > declarator.start);
  if (later.some((c) => mentions(source, c, source.textOf(name)))) {
    return "another variable of the same declaration is made from it";
  }
  return undefined;
}

function mentions(source: FixSource, node: SyntaxNode, name: string): boolean {
  if (node.type === "identifier" && source.textOf(node) === name) return true;
  return node.children.some((c) => mentions(source, c, name));
}

/** `PyObject *v = call;` is declared first and fetched behind. */
function inDeclaration(lent: LentCall, shape: InDeclaration, definition: Definition): Acquisition {
  const { source, form } = lent;
  const { statement } = shape;
  const name = source.textOf(shape.name);
  const inner = child(shape.declarator, "declarator")!;
  const { tests, keepsNone, keepsException, ...sharing } = sharingOf(lent, definition, "first");
  return {
    name,
    isNew: false,
    definition,
    ...sharing,
    write(edits, _first, isNull) {
      const value = isNull ? ` = ${nullWord(source)}` : "";
      edits.replace({ start: inner.end, end: shape.whole.end }, value);
      edits.after(
        lastIndependent(source, statement, name),
        lookupLines(
          { source, form, call: shape.call, variable: name, keepsNone, keepsException, onError: lent.onError },
          source.indentAt(statement.start),
        ),
      );
      for (const t of tests) edits.replace(t, t.text);
    },
  };
}

/** The last of the declarations behind `statement` that neither need the variable nor do anything that could change what is fetched. */
function lastIndependent(source: FixSource, statement: SyntaxNode, name: string): SyntaxNode {
  const siblings = source.parentOf(statement)?.children ?? [];
  let last = statement;
  for (const next of siblings.slice(siblings.indexOf(statement) + 1)) {
    if (next.type !== "declaration" || !isPure(source, next) || mentions(source, next, name)) break;
    if (!source.isPlain({ start: statement.start, end: next.end })) break;
    last = next;
  }
  return last;
}

/** `v = call;` */
function inAssignment(lent: LentCall, definition: Definition): Acquisition {
  const { source, shape, form } = lent;
  const { statement, call } = shape;
  const name = variableName(lent, definition);
  const { tests, keepsNone, keepsException, ...sharing } = sharingOf(lent, definition, "first");
  return {
    name,
    isNew: false,
    definition,
    ...sharing,
    write(edits, first, isNull) {
      if (isNull) initialise(edits, lent.flow, definition, first);
      const lines = lookupLines(
        { source, form, call, variable: name, keepsNone, keepsException, onError: lent.onError },
        source.indentAt(statement.start),
      );
      edits.replaceStatement(statement, lines);
      for (const t of tests) edits.replace(t, t.text);
    },
  };
}

function variableName({ flow }: LentCall, definition: Definition): string {
  const value = flow.fn.values[definition.value];
  return value.kind === "local" || value.kind === "param" ? value.name : "";
}

/** `(v = call)` inside an expression. */
function inAssignedExpression(lent: LentCall, shape: InAssignedExpression, definition: Definition): Acquisition {
  const { source, form } = lent;
  const { statement, call, assignment } = shape;
  const name = variableName(lent, definition);
  const hoisting = hoistingOf(source, statement, assignment);
  const { tests, keepsNone, keepsException, ...sharing } = sharingOf(lent, definition, hoisting);
  return {
    name,
    isNew: false,
    definition,
    ...sharing,
    write(edits, first, isNull) {
      if (isNull) initialise(edits, lent.flow, definition, first);
      const lookup: Lookup = { source, form, call, variable: name, keepsNone, keepsException, onError: lent.onError };
      if (hoisting === "first") {
        edits.before(statement, lookupLines(lookup, source.indentAt(statement.start)));
        edits.replace(assignment, name);
      } else edits.replace(assignment, lookupExpression(lookup));
      for (const t of tests) edits.replace(t, t.text);
    },
  };
}

/** Statements whose expression is evaluated again and again. */
const LOOPS: ReadonlySet<string> = new Set(["while_statement", "for_statement", "do_statement", "for_range_loop"]);

/** The reference goes to a new variable, which stands where the call stood. */
function throughNew(lent: LentCall, definition: Definition): Acquisition[] | Refused {
  const { source, shape, facts, form, flow } = lent;
  const { statement, call } = shape;
  const hoisting = hoistingOf(source, statement, shape.whole);
  if (hoisting === "impossible" && LOOPS.has(statement.type)) return { reason: "the head of a loop makes the call" };
  const name = freshName(source, facts, lent.variable ?? (form.deadIsNone ? "target" : "item"));
  const { tests, keepsNone, keepsException, ...sharing } = sharingOf(lent, definition, hoisting);
  const through = (owner: Definition | undefined): Acquisition => ({
    name: owner === undefined ? name : variableName(lent, owner),
    isNew: owner === undefined,
    definition: owner ?? definition,
    ...sharing,
    write(edits, first, isNull) {
      if (owner !== undefined && isNull) initialise(edits, flow, owner, first);
      const isInitialised = owner === undefined && (isNull || hoisting === "impossible");
      const declaration = `PyObject *${name}${isInitialised ? ` = ${nullWord(source)}` : ""};`;
      declare(edits, owner === undefined ? first : statement, declaration);
      const lookup: Lookup = { source, form, call, variable: name, keepsNone, keepsException, onError: lent.onError };
      if (hoisting === "impossible") edits.replace(call, lookupExpression(lookup));
      else {
        edits.before(statement, lookupLines(lookup, source.indentAt(statement.start)));
        edits.replace(call, name);
      }
      for (const t of tests) edits.replace(t, t.text);
    },
  });
  const copy = copyOf(lent, definition);
  return copy === undefined ? [through(undefined)] : [through(copy), through(undefined)];
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
