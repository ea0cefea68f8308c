/** Lines at the head of a file that edits need: `#include`, a macro. */
import type { FixSource } from "../source.ts";
import type { FileEdit } from "../types.ts";

/** The edit that includes a header (`<atomic>`) before `use`; none if it is there already. */
export function includeEdit(source: FixSource, header: string, use: number): FileEdit[] {
  if (source.view.includes.some((i) => source.textOf(i).includes(header))) return [];
  const at = headOffset(source, use);
  return [{ file: source.file, start: at, end: at, text: `#include ${header}\n` }];
}

/** Inserts a block of lines behind the includes, with a blank line on either side. */
export function blockEdit(source: FixSource, lines: string, use: number): FileEdit {
  const at = headOffset(source, use);
  const isBlank = (line: string) => line.trim() === "";
  const before = source.text.slice(0, at);
  const after = source.text.slice(at, source.nextLine(at));
  const lead = before === "" || isBlank(before.slice(before.lastIndexOf("\n", at - 2) + 1)) ? "" : "\n";
  return { file: source.file, start: at, end: at, text: `${lead}${lines}\n${isBlank(after) ? "" : "\n"}` };
}

/**
 * Offset behind the includes at the head of the file or, if they are not compiled whenever `use` is, behind the last include that is;
 * without one, the start of the line of `use`.
 */
function headOffset(source: FixSource, use: number): number {
  const { conditionals, includes } = source.view;
  const around = conditionals.filter((c) => c.start <= use && use < c.end);
  const seen = includes.filter(
    (i) => i.end <= use && conditionals.every((c) => i.start < c.start || c.end <= i.start || around.includes(c)),
  );
  const code = source.root.children.find((c) => !c.type.startsWith("preproc_") && c.type !== "comment");
  const last = seen.filter((i) => code === undefined || i.end <= code.start).at(-1) ?? seen.at(-1);
  return last === undefined ? source.lineStart(use) : source.nextLine(last.end - 1);
}
