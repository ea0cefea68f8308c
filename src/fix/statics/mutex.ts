/** The `PyMutex` that goes with a static variable: its name and its declaration. */
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit, FixContext } from "../types.ts";
import { type Declaration, type FunctionSyntax, freshInFile, isVisibleAt, type Reason } from "./variable.ts";

/** What edits that use a mutex need. */
export const MUTEX = ["PyMutex", "PyMutex_Lock", "PyMutex_Unlock"];

export interface Mutex {
  name: string;
  edits: FileEdit[];
}

/** A mutex declared beside the variable or, if that is not seen from the function, in front of the function. */
export function mutexAt(
  context: FixContext,
  declaration: Declaration,
  { source, node }: FunctionSyntax,
  variable: string,
): Mutex | Reason {
  if (!usesPython(context, source.file)) return `\`${source.file}\` does not use Python's API, where \`PyMutex\` is`;
  const name = freshInFile(source, `${variable}_mutex`);
  const text = `static PyMutex ${name};`;
  const beside = declaration.source;
  if (beside.file === source.file && isVisibleAt(declaration, source, node.start)) {
    const at = behind(declaration);
    const indent = beside.indentAt(declaration.node.start);
    return { name, edits: [{ file: beside.file, start: at, end: at, text: `\n${indent}${text}` }] };
  }
  const at = beginningOf(source, source.lineStart(node.start));
  return { name, edits: [{ file: source.file, start: at, end: at, text: `${text}\n\n` }] };
}

/** Offset behind a declaration, the statics on the lines after it, and a comment that ends the last line. */
function behind({ source, node }: Declaration): number {
  const { end } = lastOfRun(source, node);
  const next = source.nextLine(end);
  if (source.view.text.slice(end, next).trim() !== "") return end;
  const rest = source.text.slice(end, next).trimEnd();
  return rest.trimStart().startsWith("/*") && !rest.endsWith("*/") ? end : end + rest.length;
}

/** The last of the static variables that are declared line after line from `node` on. */
function lastOfRun(source: FixSource, node: SyntaxNode): SyntaxNode {
  const siblings = source.parentOf(node)?.children ?? [];
  const { lines } = source;
  let last = node;
  for (const next of siblings.slice(siblings.indexOf(node) + 1)) {
    const follows = lines.lineOf(next.start) === lines.lineOf(last.end) + 1;
    const isStatic = next.type === "declaration" && source.textOf(next).startsWith("static ");
    const isVariable = !next.children.some((c) => c.field === "declarator" && c.type === "function_declarator");
    if (!follows || !isStatic || !isVariable || !source.isPlain({ start: last.start, end: next.end })) return last;
    last = next;
  }
  return last;
}

/** Start of the comment that stands directly above a line, or of the line itself. */
export function beginningOf(source: FixSource, line: number): number {
  const { text, view } = source;
  let at = line;
  while (at > 0) {
    const before = text.lastIndexOf("\n", at - 2) + 1;
    const written = text.slice(before, at).trim();
    const isComment = written !== "" && written[0] !== "#" && view.text.slice(before, at).trim() === "";
    if (!isComment || !source.isPlain({ start: before, end: at })) return at;
    at = before;
  }
  return at;
}

/** True if some function of the file calls Python's API, so that its declarations are there. */
function usesPython({ project }: FixContext, file: string): boolean {
  const isApi = (name: string) => name.startsWith("Py") || name.startsWith("_Py");
  return project.index.file(file)?.functions.some((f) => f.calls.some(isApi)) ?? false;
}
