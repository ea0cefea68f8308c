/** Telling types from variables where the grammar cannot. */
import type { SyntaxNode } from "../ast.ts";
import { boundArgument } from "./names.ts";
import type { Lowering } from "./state.ts";

/** True unless the name is known to be a variable, or a macro parameter that stands for an expression. */
export function isTypeName(L: Lowering, node: SyntaxNode): boolean {
  const bound = boundArgument(L, node);
  if (bound) {
    if (bound.kind !== "node") return false;
    if (bound.node.type !== "identifier") return bound.node.type.includes("type");
    return L.within(bound.env, () => isTypeName(L, bound.node));
  }
  const name = L.text(node);
  if (L.lookup(name) !== undefined || L.outer?.(name) !== undefined) return false;
  if (L.ctx.types.isType(name)) return true;
  return L.ctx.types.variable(name) === undefined && !L.ctx.types.isFunction(name);
}
