/** Adds the call of `PyUnstable_Module_SetGIL` to a module that is made by single-phase initialisation. */

import type { ModuleInfo } from "../../project/index-types.ts";
import { child, type SyntaxNode } from "../../syntax/ast.ts";
import { lex } from "../../syntax/view/lexer.ts";
import { hasLabel } from "../labels.ts";
import type { FixSource } from "../source.ts";
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { CALL_GUARD } from "./guard.ts";
import { negativeTest } from "./null-test.ts";

const TITLE = "declare the created module as not using the GIL";

const RECIPE = [
  "find where the init function has the module object and knows that it is not NULL",
  "add `PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);` there, between `#ifdef Py_GIL_DISABLED` and `#endif`",
];

function withheld(reason: string): Withheld {
  return { level: "manual", reason, recipe: RECIPE };
}

/** The edit that adds the call where the module is made. */
export function addGilCall(context: FixContext, module: ModuleInfo): Proposal | Withheld {
  const create = module.createCall;
  const source = create && context.source(create.file);
  if (create === undefined || source === undefined) return withheld("the call that makes the module is not found");
  const call = source.nodeWith(create, ["call_expression"]);
  const callee = call && child(call, "function");
  if (call === undefined || callee === undefined || source.textOf(callee) !== create.api) {
    return withheld("the module is made in a macro");
  }
  const statement = source.statementOf(call);
  if (statement === undefined || !source.isPlain(statement))
    return withheld("the call that makes the module is conditional");
  const found =
    statement.type === "return_statement"
      ? atReturn(source, call, statement)
      : atVariable(context, source, call, statement);
  if (typeof found === "string") return withheld(found);
  const edits = (Array.isArray(found) ? found : [found]).map((e) => ({ file: create.file, ...e }));
  return { level: "safe", title: TITLE, edits, needs: [], review: [] };
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The guarded call; with a test if the module may be NULL there. */
function declaration(source: FixSource, call: SyntaxNode, indent: string, module: string, tested: boolean): string {
  const space = source.text.slice(child(call, "function")?.end, child(call, "arguments")?.start) === " " ? " " : "";
  const set = `PyUnstable_Module_SetGIL${space}(${module}, Py_MOD_GIL_NOT_USED);`;
  const null_ = source.language === "cpp" && !source.text.includes("NULL") ? "nullptr" : "NULL";
  const unit = source.indentUnit;
  const code = tested
    ? `${indent}${set}\n`
    : `${indent}if (${module} != ${null_}) {\n${indent}${unit}${set}\n${indent}}\n`;
  return `${CALL_GUARD}\n${code}#endif\n`;
}

/** `return PyModule_Create(&def);` becomes a variable, the call and the return of the variable. */
function atReturn(source: FixSource, call: SyntaxNode, statement: SyntaxNode): Edit[] | string {
  const value = statement.children.find((c) => c.type !== "comment");
  if (value !== call) return "the module is returned through another expression";
  if (source.parentOf(statement)?.type !== "compound_statement") return "the return has no braces around it";
  if (!source.isFirstOnLine(statement.start)) return "the return shares its line";
  const fn = source.functionAt(statement.start);
  if (fn === undefined) return "the return is in a macro";
  if (source.language === "cpp" && hasLabel(fn)) return "labels of the function would jump over the new variable";
  const name = freeName(source, fn, ["module", "m", "mod", "py_module"]);
  if (name === undefined) return "no name is free for the module";
  const indent = source.indentAt(statement.start);
  const rest = `${declaration(source, call, indent, name, false)}${indent}return ${name};`;
  const next = endOfLine(source, statement);
  if (next === undefined) return "the return shares its line";
  // A comment behind the return speaks of what it makes.
  return [
    { start: statement.start, end: call.start, text: `PyObject *${name} = ` },
    { start: next, end: next, text: `${rest}\n` },
  ];
}

/** A name that no token of the function is, nor a macro of the file. */
function freeName(source: FixSource, fn: SyntaxNode, candidates: readonly string[]): string | undefined {
  const text = source.textOf(fn);
  const { tokens } = lex(text, { cpp: source.language === "cpp" });
  const taken = new Set(source.view.macros.map((m) => m.name));
  for (let i = 0; i < tokens.n; i++) taken.add(text.slice(tokens.start[i], tokens.end[i]));
  return candidates.find((name) => !taken.has(name));
}

/** After `m = PyModule_Create(&def)`, or after the test of `m` that follows. */
function atVariable(context: FixContext, source: FixSource, call: SyntaxNode, statement: SyntaxNode): Edit | string {
  const variable = variableOf(source, call);
  if (variable === undefined) return "the module is not kept in a plain variable";
  // `if ((m = PyModule_Create(&def)) == NULL) return NULL;`
  if (statement.type === "if_statement") {
    const leaves = negativeTest(context, source, statement, variable);
    return leaves ? after(source, call, statement, variable, true) : "the module is made in a condition";
  }
  if (statement.type !== "expression_statement" && statement.type !== "declaration") {
    return "the module is made in a statement of another kind";
  }
  const block = source.parentOf(statement);
  const siblings = block?.children.filter((c) => c.type !== "comment") ?? [];
  if (block === undefined || !["compound_statement", "case_statement"].includes(block.type)) {
    return "the statement that makes the module has no braces around it";
  }
  let at = siblings.indexOf(statement);
  while (siblings[at + 1]?.type === "declaration") at++;
  const next = siblings[at + 1];
  if (next !== undefined && negativeTest(context, source, next, variable))
    return after(source, call, next, variable, true);
  return after(source, call, siblings[at], variable, false);
}

function after(
  source: FixSource,
  call: SyntaxNode,
  statement: SyntaxNode,
  variable: string,
  tested: boolean,
): Edit | string {
  const at = endOfLine(source, statement);
  if (at === undefined) return "the place after the module is made is in the middle of a line";
  if (!source.isPlain({ start: statement.end, end: at })) return "the place after the module is made is conditional";
  return { start: at, end: at, text: declaration(source, call, source.indentAt(statement.start), variable, tested) };
}

/** Start of the line after a statement; undefined if more than a comment stands behind it. */
function endOfLine(source: FixSource, { end }: SyntaxNode): number | undefined {
  const at = source.nextLine(end - 1);
  const rest = source.text.slice(end, at).trim();
  return rest === "" || isComment(rest) ? at : undefined;
}

function isComment(text: string): boolean {
  return text.startsWith("//") || (text.startsWith("/*") && text.endsWith("*/"));
}

/** The variable, field or static that the call's result is given to, as written; undefined if it is anything less plain. */
function variableOf(source: FixSource, call: SyntaxNode): string | undefined {
  let node = call;
  let parent = source.parentOf(node);
  while (parent?.type === "parenthesized_expression" || parent?.type === "cast_expression") {
    node = parent;
    parent = source.parentOf(node);
  }
  if (parent?.type === "init_declarator" && child(parent, "value") === node) {
    const name = child(parent, "declarator");
    const inner = name?.type === "pointer_declarator" ? child(name, "declarator") : name;
    const type = child(source.parentOf(parent) ?? parent, "type");
    const isPointer = name?.type === "pointer_declarator" || (type !== undefined && source.textOf(type) === "auto");
    return inner?.type === "identifier" && isPointer ? source.textOf(inner) : undefined;
  }
  if (parent?.type !== "assignment_expression" || parent.operator !== "=" || child(parent, "right") !== node)
    return undefined;
  const left = child(parent, "left");
  return left !== undefined && isPlace(left) ? source.textOf(left) : undefined;
}

/** A variable, or a member of one: reading it again changes nothing. */
function isPlace(node: SyntaxNode): boolean {
  if (node.type === "identifier") return true;
  const base = node.type === "field_expression" ? child(node, "argument") : undefined;
  return base !== undefined && isPlace(base);
}
