/** Lowering of a whole function definition. */
import { NO_VALUE } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { emitCall } from "./calls.ts";
import type { LowerContext, LoweredFunction } from "./context.ts";
import { tryStatement } from "./cpp-statements.ts";
import { declared, type Parameter, parameters } from "./declarator.ts";
import { type Env, sourceText } from "./env.ts";
import { rvalue } from "./expressions.ts";
import { initialise } from "./initialisers.ts";
import { thisPointer } from "./names.ts";
import { addParameters } from "./parameters.ts";
import { fieldName } from "./places.ts";
import { Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

export interface FunctionHead {
  /** Qualified name. */
  name: string;
  /** Class of a method, "" otherwise. */
  className: string;
  /** True for a method that has `this`. */
  hasThis: boolean;
  returnType: string;
  params: Parameter[];
}

/**
 * Lowers one function definition. `env` is given for a function made by a macro; spans then are those of `env`.
 * Throws only on inconsistencies of its own; code that is not understood becomes `unknown`.
 */
export function lowerFunction(node: SyntaxNode, head: FunctionHead, ctx: LowerContext, env?: Env): LoweredFunction {
  const L = new Lowering(ctx, head.name, head.className, env);
  L.pushScope();
  addParameters(L, head.params);
  if (head.hasThis) thisPointer(L);
  const inits = node.children.find((c) => c.type === "field_initializer_list");
  if (inits) for (const c of inits.children) fieldInitialiser(L, c);
  const body = child(node, "body") ?? node.children.find((c) => c.type === "try_statement");
  if (body?.type === "try_statement") {
    const inner = body.children.find((c) => c.type === "field_initializer_list");
    if (inner) for (const c of inner.children) fieldInitialiser(L, c);
    tryStatement(L, body);
  } else if (body) lowerStatement(L, body);
  L.popScope();
  const ir = L.finish(head.returnType, Math.max(node.end - 1, node.start));
  return { ir, node, statics: L.statics, lambdas: L.lambdas, enumerators: L.enumerators };
}

/** `: field(value), Base(args)` of a constructor. */
function fieldInitialiser(L: Lowering, node: SyntaxNode): void {
  if (node.type !== "field_initializer") return;
  const [target, value] = node.children;
  if (!target || !value) return;
  const field = fieldName(L, target);
  const base = thisPointer(L);
  if (value.type === "initializer_list" && value.children.length > 1) {
    initialise(L, value, { kind: "memory", base, path: field, deref: true, type: "", array: false }, "");
    return;
  }
  const known = L.ctx.types.member(L.className, field);
  const args = value.children.filter((c) => c.type !== "comment");
  if (args.length > 1 || (!known && (L.ctx.types.isType(field) || L.ctx.types.isBase(L.className, field)))) {
    emitCall(L, node, target, field, NO_VALUE, value, -2, base);
    return;
  }
  const src = args.length === 0 ? L.constant("int", "0") : rvalue(L, args[0]);
  L.emit(node, { op: "store", base, path: field, deref: true, src });
}

export interface Signature {
  returnType: string;
  params: Parameter[];
  variadic: boolean;
  nameNode: SyntaxNode | null;
  name: string;
  /** See `Declared.pasted`. */
  pasted: SyntaxNode | null;
}

/** `operator T *()`, also qualified: where the type starts that it converts to, and the node that holds its parameters. */
function conversionOf(name: SyntaxNode | null): { typeStart: number; parameters: SyntaxNode } | undefined {
  let cast = name;
  while (cast?.type === "qualified_identifier") cast = cast.children.filter((c) => c.field === "name").pop() ?? null;
  if (cast?.type !== "operator_cast") return undefined;
  let parameters = child(cast, "declarator");
  while (parameters && parameters.type !== "abstract_function_declarator")
    parameters = child(parameters, "declarator") ?? parameters.children.find((c) => c.type.startsWith("abstract_"));
  const type = child(cast, "type");
  return parameters && { typeStart: type?.start ?? cast.start, parameters };
}

/** Return type and parameters of a definition, from its specifiers' text and declarator. */
export function functionSignature(env: Env, node: SyntaxNode, baseType: string): Signature | null {
  const declarator = child(node, "declarator");
  if (!declarator) return null;
  const info = declared(env, declarator);
  const conversion = conversionOf(info.nameNode);
  info.functionNode ??= conversion?.parameters ?? null;
  if (!info.functionNode) return null;
  const { list, variadic } = parameters(env, info.functionNode, node);
  const prefix = sourceText(env, declarator.start, Math.max(declarator.start, info.functionNode.start));
  const trailing = info.functionNode.children.find((c) => c.type === "trailing_return_type");
  let returnType = prefix === "" ? baseType : `${baseType} ${prefix}`;
  if (conversion) returnType = sourceText(env, conversion.typeStart, conversion.parameters.start);
  if (trailing?.children[0]) {
    returnType = sourceText(env, trailing.children[0].start, trailing.children[0].end);
  }
  return {
    returnType: returnType.trim(),
    params: list,
    variadic,
    nameNode: info.nameNode,
    name: info.name,
    pasted: info.pasted,
  };
}
