/** The `PyMutex` that goes with a static variable: its name and its declaration. */
import type { FixSource } from "../source.ts";
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

/** Offset behind a declaration and a comment that ends its line. */
function behind({ source, node }: Declaration): number {
  const next = source.nextLine(node.end);
  if (source.view.text.slice(node.end, next).trim() !== "") return node.end;
  const rest = source.text.slice(node.end, next).trimEnd();
  return rest.trimStart().startsWith("/*") && !rest.endsWith("*/") ? node.end : node.end + rest.length;
}

/** Start of the comment that stands directly above a line, or of the line itself. */
function beginningOf(source: FixSource, line: number): number {
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
