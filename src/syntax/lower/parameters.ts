/** Parameters as values. */
import type { Parameter } from "./declarator.ts";
import type { Lowering } from "./state.ts";

/** Declares the parameters of the function in the current scope. */
export function addParameters(L: Lowering, list: Parameter[]): void {
  list.forEach((p, index) => {
    const span = L.span(p.nameNode ?? p.node);
    const id = L.addValue({ kind: "param", name: p.name, type: p.type, index, start: span.start, end: span.end });
    L.params.push(id);
    if (p.name !== "") L.declare(p.name, id);
    if (L.ctx.language === "cpp" && p.type.endsWith("&")) L.references.add(id);
  });
}
