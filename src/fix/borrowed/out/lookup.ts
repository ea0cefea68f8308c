/** The text of a call with an out parameter, as a statement or an expression. */
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import { freshName, ifBlock } from "../style.ts";
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
  /** A dead target must be None, as the old call had it. */
  keepsNone: boolean;
  /** An exception may be set when the call runs: it must stay. */
  keepsException: boolean;
  /** What is done about an error; undefined: it is dropped, or left set, as the old call did. */
  onError?: readonly string[];
}

/** Without a variable it is a call that only asks. */
type Call = Pick<Lookup, "source" | "form" | "call"> & { variable: string | undefined };

/** `Api(a, b, &variable)`; `before` is what stands in front of it on its line, for the alignment of broken lines. */
export function callText({ source, form, call, variable }: Call, before: string): string {
  const list = child(call, "arguments")!;
  const args = list.children.slice(0, form.keeps).map((a) => source.textOf(a));
  if (variable !== undefined) args.push(`&${variable}`);
  const pad = source.text[list.start + 1] === " " ? " " : "";
  const line = `${form.api}(${pad}${args.join(", ")}${pad})`;
  const isWide = columnOf(before) + line.length + " < 0) {".length > WIDTH && !line.includes("\n");
  if (!isWide) return line;
  const first = args.length > 2 ? args.slice(0, -1).join(", ") : args[0];
  const last = args[args.length - 1];
  const glue = `,\n${" ".repeat(before.trimStart().length + form.api.length + 1 + pad.length)}`;
  return `${form.api}(${pad}${first}${glue}${last}${pad})`;
}

/** Statements that fetch the reference and drop (or leave set) the error, as the old call did. */
export function lookupLines(lookup: Lookup, indent: string): string {
  const { source, form, keepsNone, keepsException, variable } = lookup;
  const condition = callText(lookup, `${indent}if (`);
  if (keepsNone) return ifBlock(source, `${condition} == 0`, [`${variable} = Py_NewRef(Py_None);`]);
  if (dropsError(form)) {
    const lines = ifBlock(source, `${condition} < 0`, lookup.onError ?? ["PyErr_Clear();"]);
    return keepsException ? keepingException(source, lookup.call, lines) : lines;
  }
  return `(void)${callText(lookup, `${indent}(void)`)};`;
}

/** A block that puts the exception aside while `lines` run. */
export function keepingException(source: FixSource, call: SyntaxNode, lines: string): string {
  const { indentUnit } = source;
  const fn = source.functionAt(call.start) ?? source.root;
  const names = ["exc_type", "exc_value", "exc_tb"].map((name) => freshName(source, fn, name));
  const inner = [
    `PyObject ${names.map((n) => `*${n}`).join(", ")};`,
    `PyErr_Fetch(${names.map((n) => `&${n}`).join(", ")});`,
    lines,
    `PyErr_Restore(${names.join(", ")});`,
  ];
  return `{\n${inner.map((l) => indentUnit + l.replaceAll("\n", `\n${indentUnit}`)).join("\n")}\n}`;
}

/** The same as one expression, whose value is the reference. */
export function lookupExpression(lookup: Lookup): string {
  const text = callText(lookup, "");
  const { variable, form, keepsNone } = lookup;
  if (keepsNone) return `(${text} == 0 ? (void)(${variable} = Py_NewRef(Py_None)) : (void)0, ${variable})`;
  return dropsError(form) ? `(${text} < 0 ? PyErr_Clear() : (void)0, ${variable})` : `((void)${text}, ${variable})`;
}

/** True if errors of the new call have to be dropped. A weak reference that is none was an error that nobody looked at: no test for NULL is left when dead targets are NULL. */
export function dropsError({ swallows, deadIsNone }: OutForm): boolean {
  return swallows || deadIsNone;
}

/** Column behind the text, with tabs of eight. */
function columnOf(text: string): number {
  let column = 0;
  for (const c of text) column = c === "\t" ? column + 8 - (column % 8) : column + 1;
  return column;
}
