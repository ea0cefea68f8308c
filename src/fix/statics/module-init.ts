/** Where a module's initialisation can make a further value: in front of its successful return, with its own way out on failure. */
import type { FunctionId, ModuleInfo } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import { nullWord } from "../borrowed/style.ts";
import { negativeTest } from "../module/null-test.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FixContext } from "../types.ts";
import { type FunctionSyntax, functionSyntax, isReason, type Reason } from "./variable.ts";

export interface InitPlace {
  syntax: FunctionSyntax;
  /** The return that ends a successful initialisation. */
  success: SyntaxNode;
  /** Statements that leave the function after a failure, with the exception set. */
  exit: string[];
  /** The function runs for every module object that is made from the definition, so maybe more than once. */
  isRepeated: boolean;
}

/** The place in the one module that `file` belongs to, or why there is none. */
export function initPlace(context: FixContext, file: string): InitPlace | Reason {
  const modules = context.project.index.modulesOfFile(file);
  if (modules.length !== 1) return `the file belongs to ${modules.length === 0 ? "no module" : "several modules"}`;
  const [module] = modules;
  if (module.framework !== "") return `the module is initialised by code of ${module.framework}`;
  const id = initialiser(module);
  if (id === undefined) return "the function that initialises the module is not found";
  const syntax = functionSyntax(context, id);
  if (isReason(syntax)) return syntax;
  if (syntax.source.file !== file) return `the module is initialised in \`${syntax.source.file}\``;
  const isExec = id !== module.init;
  const statements = syntax.body.children.filter((c) => c.type !== "comment");
  const success = statements.find((s) => s.type === "return_statement" && isSuccess(syntax.source, s, isExec));
  const { name } = syntax.fn;
  if (success === undefined || !syntax.source.isPlain(success))
    return `the successful return of \`${name}\` is not found`;
  const before = statements.slice(0, statements.indexOf(success));
  if (before.some((s) => s.type === "labeled_statement")) return `failures of \`${name}\` end in its last return too`;
  if (before.some((s) => leavesWell(syntax.source, s, success))) return `\`${name}\` returns early`;
  return {
    syntax,
    success,
    exit: exitOf(context, syntax, before, success, isExec),
    isRepeated: module.phase !== "single",
  };
}

/** The last function in the slots, which finds everything else made; without one the init function. */
function initialiser({ slotRows, init, phase }: ModuleInfo): FunctionId | undefined {
  const rows = slotRows.filter((r) => r.slot === "Py_mod_exec");
  return phase === "single" || rows.length === 0 ? init : rows.at(-1)?.function;
}

function resultOf(statement: SyntaxNode): SyntaxNode | undefined {
  return statement.children.find((c) => c.type !== "comment");
}

function isSuccess(source: FixSource, statement: SyntaxNode, isExec: boolean): boolean {
  const value = resultOf(statement);
  if (value === undefined) return false;
  const text = source.textOf(value);
  if (isExec) return text === "0";
  if (value.type === "identifier") return text !== "NULL" && text !== "nullptr";
  const callee = value.type === "call_expression" ? child(value, "function") : undefined;
  return callee !== undefined && MAKERS.has(source.textOf(callee));
}

const MAKERS: ReadonlySet<string> = new Set(["PyModule_Create", "PyModule_Create2", "PyModuleDef_Init"]);

/** True if a return inside the statement gives the same as the successful one. */
function leavesWell(source: FixSource, node: SyntaxNode, success: SyntaxNode): boolean {
  if (node.type !== "return_statement") return node.children.some((c) => leavesWell(source, c, success));
  const [own, good] = [resultOf(node), resultOf(success)];
  return own !== undefined && good !== undefined && source.textOf(own) === source.textOf(good);
}

function exitOf(
  context: FixContext,
  { source }: FunctionSyntax,
  before: readonly SyntaxNode[],
  success: SyntaxNode,
  isExec: boolean,
): string[] {
  const jump = before.findLast((s) => s.type === "if_statement" && gotoOf(source, s) !== undefined);
  if (jump !== undefined) return [source.textOf(gotoOf(source, jump)!)];
  if (isExec) return ["return -1;"];
  const leave = `return ${nullWord(source)};`;
  const value = resultOf(success)!;
  if (value.type !== "identifier") return [leave];
  const module = source.textOf(value);
  const isTested = before.some((s) => negativeTest(context, source, s, module));
  return [`${isTested ? "Py_DECREF" : "Py_XDECREF"}(${module});`, leave];
}

/** The `goto` that is all that an `if` does. */
function gotoOf(source: FixSource, node: SyntaxNode): SyntaxNode | undefined {
  const then = child(node, "consequence");
  const inner = then?.type === "compound_statement" ? then.children.filter((c) => source.isStatement(c)) : [then];
  return inner.length === 1 && inner[0]?.type === "goto_statement" ? inner[0] : undefined;
}
