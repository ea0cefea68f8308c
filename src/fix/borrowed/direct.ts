/** Borrowed to strong where the strong form is a call with the same arguments that returns the reference. */
import { type BorrowedApi, type Replacement, usableReplacement } from "../../capi/borrowed.ts";
import { refcountCall } from "../../capi/refcounting.ts";
import type { CallInstr } from "../../flow/environment.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { Point } from "../../ir/visit.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { type Choice, choiceAround, strengthenOther } from "./choice.ts";
import { errorExit } from "./error-exit.ts";
import { loopAround } from "./failures.ts";
import { declare, isDeclaredInFront } from "./out/declare.ts";
import { hoistingOf, isPure } from "./out/evaluation.ts";
import { callAt, type Shape, shapeOf } from "./out/shape.ts";
import { type OwnedReference, planRelease } from "./release.ts";
import { StatementEdits } from "./statement-edits.ts";
import { freshName, ifBlock, nullWord } from "./style.ts";

/** A call that lends a reference which another thread can free. */
export interface LentCall {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  api: Pick<BorrowedApi, "name" | "replacements" | "onNull">;
  call: CallInstr;
  point: Point;
  /** The reference is handed to the function's caller where it is returned. */
  isMoved?: boolean;
  /** What a new variable is called, if that is free. */
  variable?: string;
}

/** The call as it stands in the text. */
interface Placed extends LentCall {
  replacement: Replacement;
  node: SyntaxNode;
  shape: Shape;
  /** The conditional expression that the call is a value of. */
  choice: Choice | undefined;
}

/** The rewrite with a call that returns a strong reference, or why there is none. */
export function strongByResult(context: FixContext, lent: LentCall): (Proposal | Withheld)[] {
  return [addStrongByResult(context, lent, new StatementEdits(lent.source))];
}

/** The same as a part of a larger change: its edits join `edits`. Nothing is added if it is withheld. */
export function addStrongByResult(context: FixContext, lent: LentCall, edits: StatementEdits): Proposal | Withheld {
  const placed = placedIn(context, lent);
  return typeof placed === "string" ? manual(placed, lent) : proposalOf(placed, edits);
}

function placedIn(context: FixContext, lent: LentCall): Placed | string {
  const { source, facts, api, call } = lent;
  if (call.via !== undefined) return "the call comes out of a macro";
  if (facts.instantiated) return "a macro makes the function";
  const usable = usableReplacement(api, context.project.options.minPython);
  if (usable === undefined || usable.replacement.gives !== "reference")
    return "no single call gives a strong reference";
  const { replacement } = usable;
  if (replacement.differences.some((d) => CHANGES_CODE.has(d))) {
    return `\`${replacement.api}\` behaves differently${replacement.note === undefined ? "" : `: ${replacement.note}`}`;
  }
  const node = callAt(source, call.calleeStart, call.calleeEnd);
  if (node === undefined) return "the call is not written as one in the text";
  const fn = source.functionAt(node.start);
  if (fn === undefined || hasError(fn)) return "the function is not wholly understood";
  let shape = shapeOf(source, outermost(source, node));
  if (typeof shape === "string") return shape;
  const isChosen = shape.call === node && !isValueReturned({ ...lent, shape });
  const choice = isChosen ? choiceAround(source, shape.whole, context.project.options.minPython) : undefined;
  if (typeof choice === "string") return choice;
  if (choice !== undefined) shape = shapeOf(source, choice.node);
  if (typeof shape === "string") return shape;
  if (choice !== undefined && shape.kind === "expression")
    return "the conditional expression is not assigned to a variable";
  if (!source.isPlain(shape.statement)) return "a preprocessor directive is in the middle of the statement";
  return { ...lent, replacement, node, shape, choice };
}

/** Differences that the code around the call would have to be adapted to. */
const CHANGES_CODE: ReadonlySet<string> = new Set([
  "other-argument",
  "snapshot",
  "missing-raises",
  "not-created",
  "none-for-absent",
  "dead-is-status-not-none",
  "shim-still-races",
]);

function hasError(node: SyntaxNode): boolean {
  return node.type === "ERROR" || node.type === "MISSING" || node.children.some(hasError);
}

/** `Py_NewRef(call)` as a whole stands where the call stood. */
function outermost(source: FixSource, node: SyntaxNode): SyntaxNode {
  let at = node;
  for (;;) {
    const parent = source.parentOf(at);
    if (parent?.type === "parenthesized_expression" || parent?.type === "cast_expression") at = parent;
    else if (parent?.type === "argument_list" && parent.children.length === 1) {
      const outer = source.parentOf(parent)!;
      const name = child(outer, "function");
      return name !== undefined && refcountCall(source.textOf(name))?.effect === "new" ? outer : node;
    } else return node;
  }
}

/** A way to get the reference into a variable. */
interface Acquired {
  name: string;
  isNew: boolean;
  /** There is no place for a check of the result. */
  isUnchecked?: boolean;
  /** Behind which statement (or in front, for a new variable) the result is to be checked. */
  write(edits: StatementEdits, check: string | undefined, nullInit: boolean): void;
}

function proposalOf(placed: Placed, edits: StatementEdits): Proposal | Withheld {
  const { source, facts, flow, call, point, replacement, shape, api } = placed;
  const definition = flow.defUse.definitionAt(point);
  if (definition === undefined)
    return manual("the result goes to something that is no variable of the function", placed);
  const acquired = acquire(placed);
  if ("reason" in acquired) return manual(acquired.reason, placed);
  const { name, isNew } = acquired;
  const review: string[] = [...acquired.review];
  let check: string | undefined;
  if (canNowFail(replacement, api) && !acquired.isReturned && !isTestedNext(placed)) {
    if (acquired.isUnchecked)
      return manual(`\`${replacement.api}\` can fail, where the result cannot be checked`, placed);
    const exit = errorExit({ source, facts, flow, statement: shape.statement, point });
    const way = "reason" in exit ? withoutError(placed) : exit;
    if (way === undefined)
      return manual(`\`${replacement.api}\` can fail: ${(exit as { reason: string }).reason}`, placed);
    review.push(...way.review);
    check = ifBlock(source, `${name} == ${nullWord(source)}`, way.lines);
  }
  const reference: OwnedReference = {
    source,
    facts,
    flow,
    definition,
    name,
    statement: shape.statement,
    isNew,
    nonNull: check !== undefined,
    alsoLent: placed.choice?.other === undefined ? [] : [placed.choice.other],
    isMoved: placed.isMoved,
  };
  const trial = planRelease(reference, new StatementEdits(source));
  if (!trial.ok) return manual(trial.reason, placed);
  review.push(...trial.review);
  acquired.write(edits, check, trial.needsNullInit);
  if (placed.choice !== undefined) strengthenOther(placed.choice, edits);
  planRelease(reference, edits);
  return {
    level: review.length === 0 ? "safe" : "review",
    title: `use \`${replacement.api}\` and release the reference`,
    edits: edits.edits(),
    needs: placed.choice?.other === undefined ? [replacement.api] : [replacement.api, placed.choice.api],
    review,
    ...(trial.isTakenOver ? { takesOver: { start: call.start, end: call.end } } : {}),
  };
}

/** A loop ends, or a function without a result returns, where an error cannot be reported. */
function withoutError({ source, facts, shape }: Placed): { lines: string[]; review: string[] } | undefined {
  const review = ["the function cannot report that the list has become shorter: what follows is left out"];
  if (loopAround(source, shape.statement) !== undefined) return { lines: ["PyErr_Clear();", "break;"], review };
  const isInSwitch = source.ancestor(shape.statement, "switch_statement") !== undefined;
  return facts.returnType.trim() === "void" && !isInSwitch
    ? { lines: ["PyErr_Clear();", "return;"], review }
    : undefined;
}

function canNowFail({ differences }: Replacement, { onNull }: LentCall["api"]): boolean {
  return differences.includes("can-now-fail") && (onNull === "unchecked" || onNull === "never");
}

/** True if the first thing that the code does with the result is to ask whether it is NULL. */
function isTestedNext({ flow, point }: Placed): boolean {
  const definition = flow.defUse.definitionAt(point);
  if (definition === undefined) return false;
  const { uses } = flow.defUse.flowOf(definition);
  const real = uses.filter((u) => u.role !== "copy");
  const [first] = [...real].sort((a, b) => (a.instr ?? a.term)!.start - (b.instr ?? b.term)!.start);
  return first?.role === "null-test";
}

const STORED = "it is stored in something that is no variable of the function";

type Acquisition = (Acquired & { review: string[]; isReturned?: boolean }) | { reason: string };

function acquire(placed: Placed): Acquisition {
  const { source, shape, flow } = placed;
  const edit = (edits: StatementEdits) => edits.replace(calleeOf(placed), placed.replacement.api);
  switch (shape.kind) {
    case "declaration":
      if (shape.statement.field === "initializer") return { reason: "it is declared in the head of a loop" };
      return {
        name: source.textOf(shape.name),
        isNew: false,
        review: [],
        write(edits, check) {
          edit(edits);
          if (check !== undefined) edits.after(shape.statement, check);
        },
      };
    case "assignment": {
      const local = localName(flow, source, shape.target);
      // `self->item = Py_NewRef(call);`: the place owns the reference, nothing is to be released.
      const isKept = local === undefined && shape.call !== placed.node && isPure(source, shape.target);
      if (local === undefined && !isKept) return { reason: STORED };
      const name = local ?? source.textOf(shape.target);
      return {
        name,
        isNew: isKept,
        review: [],
        write(edits, check, nullInit) {
          if (nullInit) edits.before(shape.statement, `${name} = ${nullWord(source)};`);
          edit(edits);
          if (check !== undefined) edits.after(shape.statement, check);
        },
      };
    }
    case "assigned-expression": {
      const name = localName(flow, source, shape.target);
      if (name === undefined) return { reason: STORED };
      const hoisting = hoistingOf(source, shape.statement, shape.assignment);
      return {
        name,
        isNew: false,
        isUnchecked: hoisting !== "first",
        review: [],
        write(edits, check, nullInit) {
          if (nullInit) edits.before(shape.statement, `${name} = ${nullWord(source)};`);
          if (hoisting === "first" && check !== undefined) {
            const text = source.textOf({ start: shape.target.start, end: calleeOf(placed).start });
            const rest = source.textOf({ start: calleeOf(placed).end, end: shape.whole.end });
            edits.before(shape.statement, `${text}${placed.replacement.api}${rest};`);
            edits.before(shape.statement, check);
            edits.replace(shape.assignment, name);
          } else edit(edits);
        },
      };
    }
    default:
      return inExpression(placed);
  }
}

/** True if the value of the call is what a `return` moves to the caller, perhaps one of several. */
function isValueReturned({ source, shape, isMoved }: Pick<Placed, "source" | "shape" | "isMoved">): boolean {
  let node = shape.whole;
  for (;;) {
    const parent = source.parentOf(node);
    if (isMoved !== true || parent === undefined) return false;
    if (parent.type === "return_statement") return true;
    const isValue = parent.type === "conditional_expression" && node.field !== "condition";
    if (!isValue && parent.type !== "parenthesized_expression" && parent.type !== "cast_expression") return false;
    node = parent;
  }
}

function calleeOf({ node }: Placed): SyntaxNode {
  return child(node, "function")!;
}

function localName(flow: FunctionAnalyses, source: FixSource, target: SyntaxNode): string | undefined {
  if (target.type !== "identifier") return undefined;
  const name = source.textOf(target);
  const isLocal = flow.fn.values.some((v) => (v.kind === "local" || v.kind === "param") && v.name === name);
  return isLocal ? name : undefined;
}

/** The call moves into a new variable in front of its statement; the variable stands in its place. */
function inExpression(placed: Placed): Acquisition {
  const { source, shape, facts, node } = placed;
  const isOwned =
    shape.call !== node ? source.parentOf(shape.whole)?.type === "return_statement" : isValueReturned(placed);
  if (isOwned) {
    // `return Py_NewRef(call);`, or what is moved: nothing to be checked or released.
    return {
      name: "",
      isNew: true,
      isReturned: true,
      review: [],
      write: (edits) => edits.replace(calleeOf(placed), placed.replacement.api),
    };
  }
  const hoisting = hoistingOf(source, shape.statement, shape.whole);
  if (hoisting === "impossible") return { reason: "the call is not evaluated first, or not always, in its statement" };
  const name = freshName(source, facts, placed.variable ?? "item");
  return {
    name,
    isNew: true,
    review: hoisting === "unordered" ? ["the call now happens before the rest of its statement"] : [],
    write(edits, check) {
      const callee = calleeOf(placed);
      const divided = dividedDeclaration(placed, name);
      const text = placed.replacement.api + source.textOf({ start: callee.end, end: node.end });
      const { statement } = shape;
      const inFront =
        statement.type === "declaration" || isDeclaredInFront(source, statement) || isFirst(source, statement);
      if (inFront) edits.before(shape.statement, `PyObject *${name} = ${text};`);
      else {
        declare(edits, shape.statement, `PyObject *${name};`);
        edits.before(shape.statement, `${name} = ${text};`);
      }
      if (divided === undefined) {
        if (check !== undefined) edits.before(shape.statement, check);
        edits.replace(node, name);
        return;
      }
      edits.replace(divided.cut, "");
      if (check !== undefined) edits.after(shape.statement, check);
      edits.after(shape.statement, divided.assignment);
    },
  };
}

/** True if nothing but declarations stands in front of a statement in its block. */
function isFirst(source: FixSource, statement: SyntaxNode): boolean {
  const block = source.parentOf(statement);
  return (
    source.language === "c" &&
    block?.type === "compound_statement" &&
    block.children.every((c) => c.start >= statement.start || c.type === "declaration")
  );
}

/**
 * `T v = f(call);` as a declaration and an assignment, where declarations come first: what is put between them is no declaration.
 * Undefined where it can stay one.
 */
function dividedDeclaration(
  { source, shape, node }: Placed,
  name: string,
): { cut: Span; assignment: string } | undefined {
  const { statement } = shape;
  const block = source.parentOf(statement);
  if (statement.type !== "declaration" || block?.type !== "compound_statement" || shape.call !== node) return undefined;
  if (isDeclaredInFront(source, statement)) return undefined;
  const next = block.children[block.children.indexOf(statement) + 1];
  const declarators = statement.children.filter((c) => c.field === "declarator");
  const hasWords = statement.children.some((c) => c.type === "storage_class_specifier" || c.type === "type_qualifier");
  if (next?.type === "declaration" || declarators.length !== 1 || hasWords) return undefined;
  const inner = child(declarators[0], "declarator");
  const value = child(declarators[0], "value");
  let variable = inner;
  while (variable?.type === "pointer_declarator") variable = child(variable, "declarator");
  if (inner === undefined || value === undefined || variable?.type !== "identifier") return undefined;
  if (value.type === "initializer_list") return undefined;
  const before = source.textOf({ start: value.start, end: node.start });
  const behind = source.textOf({ start: node.end, end: value.end });
  const assignment = `${source.textOf(variable)} = ${before}${name}${behind};`;
  return { cut: { start: inner.end, end: value.end }, assignment };
}

function manual(reason: string, { api }: LentCall): Withheld {
  const replacement = api.replacements[0]?.api;
  if (replacement === undefined) return { level: "manual", reason };
  return {
    level: "manual",
    reason,
    recipe: [
      `get the reference with \`${replacement}\``,
      "check the result",
      "release it on every path, or hand it on",
    ],
  };
}
