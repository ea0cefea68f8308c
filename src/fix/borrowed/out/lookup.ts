/** The text of a call with an out parameter, as a condition, a statement or an expression. */
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import { ifBlock } from "../style.ts";
import type { OutForm } from "./form.ts";

/** Lines longer than this are broken behind the commas of the arguments. */
const WIDTH = 79;

export interface Lookup {
  source: FixSource;
  form: OutForm;
  /** The old call. */
  call: SyntaxNode;
  /** What gets the reference, as written behind `&`. */
  variable: string;
}

/** `Api(a, b, &variable)`; `before` is what stands in front of it on its line, for the alignment of broken lines. */
export function callText({ source, form, call, variable }: Lookup, before: string): string {
  const list = child(call, "arguments")!;
  const args = list.children.slice(0, form.keeps).map((a) => source.textOf(a));
  args.push(`&${variable}`);
  const pad = args.length > 0 && source.text[list.start + 1] === " " ? " " : "";
  const line = `${form.api}(${pad}${args.join(", ")}${pad})`;
  const column = columnOf(before);
  const isWide = column + line.length > WIDTH && !args.some((a) => a.includes("\n"));
  if (!isWide) return line;
  const glue = `,\n${" ".repeat(before.trimStart().length + form.api.length + 1 + pad.length)}`;
  return `${form.api}(${pad}${args.join(glue)}${pad})`;
}

/** Statements that fetch the reference and drop (or leave set) the error, as the old call did. */
export function lookupLines(lookup: Lookup, indent: string): string {
  const { source, form } = lookup;
  if (!form.swallows) return `(void)${callText(lookup, `${indent}(void)`)};`;
  return ifBlock(source, `${callText(lookup, `${indent}if (`)} < 0`, ["PyErr_Clear();"]);
}

/** The same as one expression, whose value is the reference. */
export function lookupExpression(lookup: Lookup): string {
  const text = callText(lookup, "");
  const { variable, form } = lookup;
  return form.swallows ? `(${text} < 0 ? PyErr_Clear() : (void)0, ${variable})` : `((void)${text}, ${variable})`;
}

/** Column behind the text, with tabs of eight. */
function columnOf(text: string): number {
  let column = 0;
  for (const c of text) column = c === "\t" ? column + 8 - (column % 8) : column + 1;
  return column;
}
