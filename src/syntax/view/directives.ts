/** What directives say: macros and includes. */
import type { FileFacts, MacroFacts } from "../../ir/facts.ts";
import type { Directive } from "./lexer.ts";

/** The `#define` that `directive` is, or null if it is malformed. `body` is the text as written, trimmed. */
export function parseDefine(text: string, directive: Directive): MacroFacts | null {
  let i = skipSpace(text, directive.restStart, directive.end);
  const nameStart = i;
  while (i < directive.end && isWord(text.charCodeAt(i))) i++;
  if (i === nameStart) return null;
  const name = text.slice(nameStart, i);
  let params: string[] | null = null;
  let variadic = false;
  if (text.charCodeAt(i) === 40) {
    const close = text.indexOf(")", i);
    if (close < 0 || close > directive.end) return null;
    params = [];
    for (const part of stripComments(text.slice(i + 1, close)).split(",")) {
      const param = part.trim();
      if (param === "...") variadic = true;
      else if (param.endsWith("...")) {
        variadic = true;
        params.push(param.slice(0, -3).trim());
      } else if (param !== "") params.push(param);
    }
    i = close + 1;
  }
  let bodyStart = skipSpace(text, i, directive.end);
  let bodyEnd = directive.end;
  while (bodyEnd > bodyStart && isSpace(text.charCodeAt(bodyEnd - 1))) bodyEnd--;
  if (bodyStart > bodyEnd) bodyStart = bodyEnd;
  const body = text.slice(bodyStart, bodyEnd);
  return { name, params, variadic, start: directive.start, end: directive.end, bodyStart, bodyEnd, body };
}

/** The `#include` that `directive` is, or null (also for `#include MACRO`). */
export function parseInclude(text: string, directive: Directive): FileFacts["includes"][number] | null {
  const i = skipSpace(text, directive.restStart, directive.end);
  const open = text.charAt(i);
  if (open !== '"' && open !== "<") return null;
  const close = text.indexOf(open === "<" ? ">" : '"', i + 1);
  if (close < 0 || close > directive.end) return null;
  return { path: text.slice(i + 1, close), system: open === "<", start: directive.start, end: directive.end };
}

/** The rest of a directive's line on one line: comments and continuations replaced by a space. */
export function directiveText(text: string, directive: Directive): string {
  const raw = text.slice(directive.restStart, directive.end);
  if (!raw.includes("\\") && !raw.includes("/")) return raw.trim();
  return stripComments(raw.replace(/\\\r?\n/g, " ").replace(/\\\r/g, " ")).trim();
}

/** `raw` with every comment replaced by a space; quotes are respected. */
export function stripComments(raw: string): string {
  if (!raw.includes("/*") && !raw.includes("//")) return raw;
  return raw.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g, (match) =>
    match.startsWith("/") ? " " : match,
  );
}

function skipSpace(text: string, i: number, end: number): number {
  while (i < end) {
    const c = text.charCodeAt(i);
    if (c === 92 && (text.charCodeAt(i + 1) === 10 || text.charCodeAt(i + 1) === 13)) {
      i++;
      continue;
    }
    if (isSpace(c)) {
      i++;
      continue;
    }
    if (c === 47 && text.charCodeAt(i + 1) === 42) {
      const close = text.indexOf("*/", i + 2);
      if (close < 0 || close + 2 > end) return end;
      i = close + 2;
      continue;
    }
    if (c === 47 && text.charCodeAt(i + 1) === 47) return end;
    break;
  }
  return i;
}

function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13);
}

function isWord(c: number): boolean {
  return (
    (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36 || c === 64 || c > 127
  );
}
