/** Statements as basic blocks. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { lowerAlternatives } from "./alternatives.ts";
import { argument } from "./calls.ts";
import { blockOfUse, controlMacro } from "./control-macros.ts";
import { lowerCppStatement } from "./cpp-statements.ts";
import { sourceText } from "./env.ts";
import { effect, rvalue, TOO_DEEP } from "./expressions.ts";
import { localTypes } from "./local-types.ts";
import { lowerDeclaration } from "./locals.ts";
import { doStatement, forStatement, ifStatement, whileStatement } from "./loops.ts";
import { pairedMacros } from "./paired-macros.ts";
import type { Lowering, SwitchFrame } from "./state.ts";

/**
 * Lowers a sequence of statements in the current scope. With `wantValue` the value of the last one is returned if it is
 * an expression, as in `({ ...; value; })`.
 */
export function lowerStatements(L: Lowering, root: SyntaxNode, wantValue: boolean): ValueId {
  const list = isList(root) ? root.children : [root];
  let last = list.length - 1;
  while (last >= 0 && isEmpty(list[last])) last--;
  if (!wantValue || last < 0) {
    sequence(L, list);
    return NO_VALUE;
  }
  sequence(L, list.slice(0, last));
  return lastValue(L, list[last]);
}

function sequence(L: Lowering, list: readonly SyntaxNode[]): void {
  for (let i = 0; i < list.length; i++) {
    if (list[i].type === "ERROR" && computedGoto(L, list[i], list[i + 1])) {
      i++;
      continue;
    }
    const all = (nodes: readonly SyntaxNode[]) => sequence(L, nodes);
    let end = lowerAlternatives(L, list, i, all);
    if (end < 0) end = pairedMacros(L, list, i, all);
    if (end < 0) lowerStatement(L, list[i]);
    else i = end;
  }
}

/** `goto *p;`: the grammar knows no such thing and reads `goto` as an error in front of the expression `*p`. */
function computedGoto(L: Lowering, error: SyntaxNode, next: SyntaxNode | undefined): boolean {
  const target = next?.type === "expression_statement" ? next.children[0] : undefined;
  if (target?.type !== "pointer_expression" || L.text(error) !== "goto") return false;
  const pointer = child(target, "argument");
  if (pointer) L.asStatement(next!, () => L.computedGoto(target, rvalue(L, pointer)));
  return true;
}

/** Nothing, or the `;` that a macro's body ends with beside the one behind its use. */
function isEmpty(node: SyntaxNode): boolean {
  return node.type === "comment" || (node.type === "expression_statement" && node.children.length === 0);
}

function isList(node: SyntaxNode): boolean {
  return node.type === "translation_unit" || node.type === "compound_statement" || node.type === "declaration_list";
}

function lastValue(L: Lowering, node: SyntaxNode): ValueId {
  if (node.type === "expression_statement" && node.children.length > 0) {
    const expression = node.children[0];
    // A `void` call as the last statement has no value: an int 0 stands for it.
    return rvalue(L, expression);
  }
  lowerStatement(L, node);
  return NO_VALUE;
}

/** Lowers one statement or declaration. */
export function lowerStatement(L: Lowering, node: SyntaxNode): void {
  switch (node.type) {
    case "comment":
    case "MISSING":
    case "static_assert_declaration":
    case "using_declaration":
    case "alias_declaration":
    case "namespace_alias_definition":
    case "access_specifier":
    case "type_identifier":
    case "primitive_type":
    case "empty_statement":
      return;
    case "compound_statement":
      if (blockOfUse(L, node)) return;
      L.asStatement(node, () => {
        if (controlMacro(L, node)) return;
        if (isCutOff(L, node)) L.unknown(node, TOO_DEEP);
        L.pushScope();
        sequence(L, node.children);
        L.popScope();
      });
      return;
    case "expression_statement":
      expressionStatement(L, node);
      return;
    case "declaration":
      L.asStatement(node, () => {
        lowerDeclaration(L, node);
      });
      return;
    case "if_statement":
      L.asStatement(node, () => {
        if (!controlMacro(L, node)) ifStatement(L, node);
      });
      return;
    case "while_statement":
      L.asStatement(node, () => {
        if (!controlMacro(L, node)) whileStatement(L, node);
      });
      return;
    case "do_statement":
      L.asStatement(node, () => doStatement(L, node));
      return;
    case "for_statement":
      L.asStatement(node, () => forStatement(L, node));
      return;
    case "switch_statement":
      L.asStatement(node, () => switchStatement(L, node));
      return;
    case "case_statement":
      caseStatement(L, node);
      return;
    case "labeled_statement":
      L.asStatement(node, () => labelled(L, node));
      return;
    case "return_statement":
      L.asStatement(node, () => returnStatement(L, node));
      return;
    case "break_statement":
      L.asStatement(node, () => leave(L, node, L.breakTarget));
      return;
    case "continue_statement":
      L.asStatement(node, () => leave(L, node, L.continueTarget));
      return;
    case "goto_statement":
      L.asStatement(node, () => gotoStatement(L, node));
      return;
    case "attributed_statement":
    case "translation_unit":
    case "declaration_list":
    case "linkage_specification":
    case "else_clause":
    case "preproc_if":
    case "preproc_ifdef":
    case "preproc_else":
    case "preproc_elif":
    case "preproc_elifdef":
      for (const c of node.children) {
        if (c.field !== "condition" && c.field !== "name" && c.field !== "value") lowerStatement(L, c);
      }
      return;
    case "preproc_def":
    case "preproc_function_def":
    case "preproc_include":
    case "preproc_call":
    case "attribute_declaration":
    case "attribute_specifier":
    case "string_literal":
      return;
    case "type_definition":
    case "struct_specifier":
    case "union_specifier":
    case "enum_specifier":
    case "class_specifier":
      localTypes(L, node);
      return;
    case "function_definition":
      nestedFunction(L, node);
      return;
    case "ERROR":
      syntaxError(L, node);
      return;
    default:
      if (lowerCppStatement(L, node)) return;
      if (node.type.endsWith("_statement")) {
        L.asStatement(node, () => L.unknown(node, node.type));
        return;
      }
      effect(L, node);
  }
}

/** A block whose content the tree does not have any more. */
function isCutOff(L: Lowering, node: SyntaxNode): boolean {
  return node.children.length === 0 && sourceText(L.env, node.start + 1, node.end - 1) !== "";
}

function expressionStatement(L: Lowering, node: SyntaxNode): void {
  const expression = node.children.find((c) => c.type !== "comment");
  if (!expression) return;
  L.asStatement(node, () => {
    effect(L, expression);
  });
}

/** Statements inside a region that could not be parsed are still lowered; the region itself is unknown. */
function syntaxError(L: Lowering, node: SyntaxNode): void {
  L.asStatement(node, () => {
    L.unknown(node, "syntax error");
    for (const c of node.children) {
      if (c.type.endsWith("_statement") || c.type === "declaration") lowerStatement(L, c);
      else if (c.type === "call_expression" || c.type === "assignment_expression") effect(L, c);
    }
  });
}

/** A GNU C nested function, or a macro with a body that the view did not recognise: the body may run here. */
function nestedFunction(L: Lowering, node: SyntaxNode): void {
  const body = child(node, "body");
  L.asStatement(node, () => {
    L.unknown(node, "nested function");
    if (body) lowerStatement(L, body);
  });
}

function switchStatement(L: Lowering, node: SyntaxNode): void {
  const condition = child(node, "condition");
  const body = child(node, "body");
  L.pushScope();
  const value = condition ? switchValue(L, condition) : L.constant("int", "0");
  const exit = L.newBlock();
  const frame: SwitchFrame = { cases: [], hasDefault: false };
  const { start, end } = L.span(condition ?? node);
  L.terminate({ op: "switch", value, cases: frame.cases, start, end, stmt: L.stmt });
  const { breakTarget, switchFrame } = L;
  L.breakTarget = { block: exit, scope: L.scope };
  L.switchFrame = frame;
  if (body) lowerStatement(L, body);
  L.breakTarget = breakTarget;
  L.switchFrame = switchFrame;
  if (!frame.hasDefault) frame.cases.push({ text: null, target: exit });
  if (L.reachable()) L.jump(node, exit);
  L.start(exit);
  L.popScope();
}

function switchValue(L: Lowering, condition: SyntaxNode): ValueId {
  if (condition.type !== "condition_clause") return rvalue(L, condition);
  const init = child(condition, "initializer");
  if (init) for (const c of init.children) lowerStatement(L, c);
  const value = child(condition, "value") ?? condition.children.find((c) => c !== init);
  if (!value) return L.constant("int", "0");
  return value.type === "declaration" ? lowerDeclaration(L, value) : rvalue(L, value);
}

function caseStatement(L: Lowering, node: SyntaxNode): void {
  const value = child(node, "value");
  const frame = L.switchFrame;
  const block = L.newBlock();
  if (L.reachable()) L.jump(node, block);
  L.start(block);
  if (frame) {
    // A default in front of other cases keeps its place in the list.
    // A second default comes from code for another configuration.
    const text = value ? sourceText(L.env, value.start, value.end) : frame.hasDefault ? "default" : null;
    frame.cases.push({ text, target: block });
    if (!value) frame.hasDefault = true;
  }
  sequence(
    L,
    node.children.filter((c) => c !== value),
  );
}

function labelled(L: Lowering, node: SyntaxNode): void {
  const label = child(node, "label");
  const block = L.defineLabel(label ? L.text(label) : "");
  if (L.reachable()) L.jump(node, block);
  L.start(block);
  for (const c of node.children) if (c !== label) lowerStatement(L, c);
}

function returnStatement(L: Lowering, node: SyntaxNode): void {
  const expression = node.children.find((c) => c.type !== "comment");
  const value = expression ? argument(L, expression) : NO_VALUE;
  L.returnValue(node, value);
}

function leave(L: Lowering, node: SyntaxNode, target: { block: number; scope: Lowering["scope"] } | null): void {
  if (!L.reachable()) return;
  if (target) L.leaveTo(node, target);
  else L.unknown(node, `${node.type} outside a loop`);
}

function gotoStatement(L: Lowering, node: SyntaxNode): void {
  if (!L.reachable()) return;
  const label = child(node, "label") ?? node.children[0];
  if (!label) return;
  if (label.type === "statement_identifier") L.goto(node, L.text(label));
  else L.computedGoto(node, rvalue(L, label));
}
