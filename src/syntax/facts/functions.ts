/** Function definitions: header facts and lowered body. */

import { lastComponent } from "../../capi/type-names.ts";
import { encodeFunction } from "../../ir/codec.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import type { LowerContext, LoweredFunction } from "../lower/context.ts";
import { type Parameter, specifiers } from "../lower/declarator.ts";
import { isName } from "../lower/env.ts";
import { functionSignature, lowerFunction } from "../lower/lower-function.ts";
import { type FoundFunction, FRAMEWORK_MACROS } from "./collect.ts";
import { expandHead, headUse, pastedFunctionName } from "./function-heads.ts";
import { nameFacts } from "./function-summary.ts";
import { leadingWords } from "./leading-words.ts";

export interface FunctionResult {
  facts: FunctionFacts[];
  lowered: LoweredFunction;
}

/** Header of a definition: everything that is known before the body is looked at. */
export interface Header {
  /** The definition to lower: the one that was found, or what a macro in the place of its head makes of it. */
  found: FoundFunction;
  nameSpan: Span;
  name: string;
  className: string;
  hasThis: boolean;
  isStatic: boolean;
  isInline: boolean;
  signature: NonNullable<ReturnType<typeof functionSignature>>;
}

/** Reads the header of a definition; null if it declares no function with a body. */
export function readHeader(source: FoundFunction, ctx: LowerContext): Header | null {
  if (!bodyOf(source.node)) return null;
  const use = headUse(source);
  const expanded = use ? expandHead(source, use, ctx) : null;
  const found = expanded ?? source;
  const { node, env } = found;
  const spec = specifiers(env, node);
  const signature = functionSignature(env, node, spec.type);
  if (!signature?.nameNode) return null;
  if (signature.pasted) signature.name = pastedFunctionName(env, signature.name, signature.pasted, ctx);
  if (use && !expanded) {
    signature.name = use.name;
    signature.returnType = "";
  }
  const isClass = (name: string) => ctx.types.isType(name);
  const name = found.scope === "" ? signature.name : `${found.scope}::${signature.name}`;
  let className = found.className;
  if (className === "") {
    const at = signature.name.lastIndexOf("::");
    if (at > 0) {
      const qualifier = signature.name.slice(0, at);
      const last = lastComponent(qualifier);
      const method = signature.name.slice(at + 2);
      // `ns::f` and `Class::f` look alike; a class is known, or names its constructor, or starts with a capital.
      if (isClass(qualifier) || isClass(last) || method === last || method.startsWith("~") || isUpper(last[0])) {
        className = found.scope === "" ? qualifier : `${found.scope}::${qualifier}`;
      }
    }
  }
  const words = leadingWords(source.env, source.from, signature.nameNode.start, ctx.macros);
  const isFramework = FRAMEWORK_MACROS.has(name);
  if (isFramework) signature.params = moduleParameter(signature.params);
  const isStatic = spec.isStatic || found.hidden || words.isStatic || isFramework;
  const hasThis = className !== "" && !spec.isStatic;
  const head = { found, name, className, hasThis, isInline: spec.isInline || words.isInline, signature };
  const nameSpan = use ?? { start: signature.nameNode.start, end: signature.nameNode.end };
  return { ...head, isStatic: isStatic && found.className === "", nameSpan };
}

/** `PYBIND11_MODULE(name, m) { ... }`: the second argument is the variable that holds the module. */
function moduleParameter(params: Parameter[]): Parameter[] {
  const second = params[1];
  return second && isName(second.type) ? [{ ...second, name: second.type, type: "module" }] : [];
}

function isUpper(c: string | undefined): boolean {
  return c !== undefined && c >= "A" && c <= "Z";
}

function bodyOf(node: SyntaxNode): SyntaxNode | undefined {
  return child(node, "body") ?? node.children.find((c) => c.type === "try_statement");
}

/** Lowers a definition. */
export function lowerDefinition(source: FoundFunction, header: Header, ctx: LowerContext): FunctionResult {
  const { node, env } = header.found;
  const { signature } = header;
  const lowered = lowerFunction(
    node,
    {
      name: header.name,
      className: header.className,
      hasThis: header.hasThis,
      returnType: signature.returnType,
      params: signature.params,
    },
    ctx,
    env.bindings === null ? undefined : env,
  );
  const body = bodyOf(source.node)!;
  const facts: FunctionFacts[] = [
    {
      name: header.name,
      file: ctx.file,
      returnType: signature.returnType,
      params: signature.params.map((p) => ({ name: p.name, type: p.type })),
      variadic: signature.variadic,
      isStatic: header.isStatic,
      isInline: header.isInline,
      nameStart: header.nameSpan.start,
      nameEnd: header.nameSpan.end,
      bodyStart: body.start,
      bodyEnd: body.end,
      start: source.node.start,
      end: source.node.end,
      ...nameFacts(lowered.ir),
      code: encodeFunction(lowered.ir),
    },
  ];
  addLambdas(lowered, facts, ctx.file);
  return { facts, lowered };
}

function addLambdas(lowered: LoweredFunction, facts: FunctionFacts[], file: string): void {
  for (const lambda of lowered.lambdas) {
    const { ir, node } = lambda;
    const body = child(node, "body") ?? node;
    const params = ir.params.flatMap((id) => {
      const value = ir.values[id];
      return value.kind === "param" && value.index >= 0 ? [{ name: value.name, type: value.type }] : [];
    });
    facts.push({
      name: ir.name,
      file,
      returnType: "",
      params,
      variadic: false,
      isStatic: true,
      isInline: false,
      nameStart: node.start,
      nameEnd: node.start,
      bodyStart: body.start,
      bodyEnd: body.end,
      start: node.start,
      end: node.end,
      ...nameFacts(ir),
      code: encodeFunction(ir),
    });
    addLambdas(lambda, facts, file);
  }
}
