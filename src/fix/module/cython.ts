/** Cython's directive comments. */

export const DIRECTIVE_LINE = "# cython: freethreading_compatible=True";

/**
 * The insertion of the directive: after the last directive comment at the head of the text, else after an interpreter and an encoding
 * line, which must stand first. Cython reads directives from all comments before the first code; versions before 3.1 pass over the name.
 */
export function cythonDirective(text: string): { start: number; end: number; text: string } {
  let after = text.startsWith("\ufeff") ? 1 : 0;
  let style = DIRECTIVE_LINE;
  let line = 0;
  for (let start = after; start < text.length; line++) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(start, end).trim();
    if (content !== "" && !content.startsWith("#")) break;
    const isFirstLines = (line === 0 && content.startsWith("#!")) || (line < 2 && isCoding(content));
    if (isDirective(content)) style = styleOf(content);
    if (isDirective(content) || isFirstLines) after = newline < 0 ? text.length : newline + 1;
    start = newline < 0 ? text.length : newline + 1;
  }
  const before = after > 0 && text[after - 1] !== "\n" && after === text.length ? "\n" : "";
  return { start: after, end: after, text: `${before}${style}\n` };
}

function isDirective(comment: string): boolean {
  const rest = comment.slice(1).trim();
  return rest.startsWith("cython") && rest.slice("cython".length).trimStart().startsWith(":");
}

/** `# -*- coding: utf-8 -*-` and its like. */
function isCoding(comment: string): boolean {
  const at = comment.indexOf("coding");
  return at >= 0 && (comment[at + 6] === ":" || comment[at + 6] === "=");
}

/** The directive, spaced as another one: `#cython:x = True`. */
function styleOf(comment: string): string {
  const hash = comment.startsWith("# ") ? "# " : "#";
  const colon = comment.includes(": ") ? ": " : ":";
  const equals = comment.includes(" = ") ? " = " : "=";
  return `${hash}cython${colon}freethreading_compatible${equals}True`;
}
