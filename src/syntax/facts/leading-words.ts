/**
 * What stands in front of a declared name as written. The view blanks attribute-like macros, some of which carry meaning:
 * `NPY_TLS`, `LOCAL(type)`.
 */
import type { MacroScope } from "../lower/context.ts";
import { type Env, endOfQuoted, isWord, isWordStart } from "../lower/env.ts";

export interface LeadingWords {
  threadLocal: boolean;
  isStatic: boolean;
  isInline: boolean;
  atomic: boolean;
}

/** Longest text in front of a name that is read from its beginning: comments and licences are, the rows of a table are not. */
const MAX_LENGTH = 20_000;
/** What is read of longer ones. It may begin in the middle of a comment. */
const END_LENGTH = 400;
/** Longest macro that is looked into. */
const MAX_BODY = 400;
const MAX_DEPTH = 4;

const THREAD_LOCAL = new Set(["thread_local", "_Thread_local", "__thread", "_Py_thread_local"]);
const SKIPPED = new Set(["__attribute__", "__declspec", "alignas", "_Alignas"]);

/** Words between `from` (the end of what stands before, in no comment or string) and the name at `to`, macros of the project looked into. */
export function leadingWords(env: Env, from: number, to: number, macros: MacroScope | null): LeadingWords {
  const out: LeadingWords = { threadLocal: false, isStatic: false, isInline: false, atomic: false };
  const start = to - from > MAX_LENGTH ? to - END_LENGTH : from;
  read(env.original.slice(start - env.base, to - env.base), to, macros, out, 0);
  return out;
}

function read(text: string, offset: number, macros: MacroScope | null, out: LeadingWords, depth: number): void {
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    if (c === 35) i = endOfDirective(text, i);
    else if (c === 47 && text[i + 1] === "*") i = after(text, "*/", i + 2);
    else if (c === 47 && text[i + 1] === "/") i = after(text, "\n", i);
    else if (c === 34 || c === 39) i = endOfQuoted(text, i);
    else if (c === 59 || c === 125) {
      // The end of something before: what was read does not belong to this declaration.
      if (depth === 0) Object.assign(out, { threadLocal: false, isStatic: false, isInline: false, atomic: false });
      i++;
    } else if (isWordStart(c)) {
      let j = i + 1;
      while (j < text.length && isWord(text.charCodeAt(j))) j++;
      word(text.slice(i, j), offset, macros, out, depth);
      i = j;
    } else i++;
  }
}

function word(text: string, offset: number, macros: MacroScope | null, out: LeadingWords, depth: number): void {
  if (text === "static") out.isStatic = true;
  else if (text === "inline" || text === "__inline" || text === "__inline__" || text === "__forceinline")
    out.isInline = true;
  else if (text === "_Atomic") out.atomic = true;
  else if (THREAD_LOCAL.has(text) || text === "thread") out.threadLocal ||= text !== "thread" || depth > 0;
  else if (!SKIPPED.has(text)) {
    const macro = depth < MAX_DEPTH ? macros?.resolve(text, offset) : null;
    if (macro && macro.facts.body.length < MAX_BODY) read(macro.facts.body, offset, macros, out, depth + 1);
    else if (!macro && (text.endsWith("_TLS") || text.endsWith("THREAD_LOCAL") || text === "TLS"))
      out.threadLocal = true;
    else if (text === "Py_LOCAL" || text === "Py_LOCAL_INLINE") out.isStatic = true;
  }
}

function endOfDirective(text: string, from: number): number {
  let i = from;
  while (i < text.length && (text[i] !== "\n" || text[i - 1] === "\\")) i++;
  return i;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}
