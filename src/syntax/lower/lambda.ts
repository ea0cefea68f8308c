/** Lambdas: functions of their own, whose captured variables are fields of a hidden parameter. */
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { parameters } from "./declarator.ts";
import { rvalue } from "./expressions.ts";
import { addParameters } from "./parameters.ts";
import { DROP, Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

/** Lowers a lambda as the function `outer::lambda#n`; the value is that function's name. */
export function lowerLambda(L: Lowering, node: SyntaxNode, want: ValueId): ValueId {
  const body = child(node, "body");
  const name = `${L.name}::lambda#${L.lambdas.length + 1}`;
  const inner = new Lowering(L.ctx, name, L.className, L.env);
  inner.outer = (wanted) => {
    const id = L.lookup(wanted);
    if (id === undefined) return L.outer?.(wanted);
    const value = L.values[id];
    if (value.kind === "global") return value;
    if (!L.isVariable(id)) return undefined;
    return { kind: "variable", type: L.typeOf(id), reference: L.references.has(id) };
  };
  // The lambda may stand inside a macro: its instructions name the same uses.
  inner.macroUses.push(...L.macroUses);
  inner.pushScope();
  const captures = child(node, "captures");
  for (const c of captures?.children ?? []) {
    if (c.type !== "lambda_capture_initializer") continue;
    // `[x = expr]`: evaluated where the lambda is made.
    const value = child(c, "right");
    if (value) rvalue(L, value);
  }
  captureByReference(L, node, captures);
  const declarator = child(node, "declarator");
  if (declarator) addParameters(inner, parameters(L.env, declarator).list);
  if (body) lowerStatement(inner, body);
  const ir = inner.finish("", node.end - 1);
  L.lambdas.push({ ir, node, statics: inner.statics, lambdas: inner.lambdas, enumerators: inner.enumerators });
  return want === DROP ? NO_VALUE : L.global(name);
}

/** Variables captured by reference have their address taken: the lambda may change them whenever it runs. */
function captureByReference(L: Lowering, node: SyntaxNode, captures: SyntaxNode | undefined): void {
  if (!captures) return;
  const text = L.env.text.slice(captures.start - L.env.base, captures.end - L.env.base);
  if (!text.includes("&")) return;
  for (const c of captures.children) {
    if (c.type !== "identifier") continue;
    const before = L.env.text.slice(captures.start - L.env.base, c.start - L.env.base).trimEnd();
    if (!before.endsWith("&")) continue;
    const id = L.lookup(L.text(c));
    if (id === undefined || !L.isVariable(id)) continue;
    L.emit(node, { op: "addr", dst: L.temp(), base: id, path: "", deref: false });
  }
}
