/** Types declared inside functions. */
import { child, type SyntaxNode } from "../ast.ts";
import type { Lowering } from "./state.ts";

const SPECIFIERS = new Set(["struct_specifier", "union_specifier", "class_specifier", "enum_specifier"]);

/** Notes a struct, union or enum with a body, or the one inside a `typedef`. */
export function localTypes(L: Lowering, node: SyntaxNode): void {
  const inner = SPECIFIERS.has(node.type) ? node : child(node, "type");
  if (!inner || !SPECIFIERS.has(inner.type)) return;
  L.enumerators.push(...L.ctx.types.declareLocal(L.env, node));
}
