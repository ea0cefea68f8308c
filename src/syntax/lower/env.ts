/**
 * Where the text of a syntax node comes from: the file itself, or the body of a macro that is being expanded, whose
 * parameters then stand for arguments written elsewhere.
 */
import type { MacroFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import type { Lowering } from "./state.ts";

/** An argument of a macro use, as text and, where it could be parsed, as a node in the caller's environment. */
export interface MacroArg {
  text: string;
  node: SyntaxNode | null;
  env: Env;
  /** The arguments of `__VA_ARGS__`. */
  list?: MacroArg[];
}

export interface Env {
  file: string;
  /** The text as it was parsed, which the nodes' offsets point into, and the offset of its first character. */
  text: string;
  /** The same as written. The two differ where the preprocessor view gave code a shape that the grammar knows. */
  original: string;
  base: number;
  /** Parameters of the macro, or null outside macros. */
  bindings: Map<string, MacroArg> | null;
  /** Index of the macro use, -1 outside macros. */
  via: number;
  /** Span that instructions get: the macro's use; null for a node's own span. */
  use: Span | null;
  depth: number;
  macro: MacroFacts | null;
  parent: Env | null;
  /** Lowers the block behind a macro that is the head of a loop or condition. */
  block?: (L: Lowering) => void;
}

/** The environment of code that is written in the file itself. */
export function fileEnv(file: string, text: string, original: string): Env {
  return { file, text, original, base: 0, bindings: null, via: -1, use: null, depth: 0, macro: null, parent: null };
}

/** True if `macro` is being expanded around `env`: C does not expand a macro inside itself. */
export function isExpanding(env: Env, macro: MacroFacts): boolean {
  for (let e: Env | null = env; e; e = e.parent) if (e.macro === macro) return true;
  return false;
}

/** The characters of a node as they were parsed. */
export function rawText(env: Env, start: number, end: number): string {
  return env.text.slice(start - env.base, end - env.base);
}

/** The characters of a node as written. */
export function writtenText(env: Env, node: SyntaxNode): string {
  return env.original.slice(node.start - env.base, node.end - env.base);
}

/** True for the characters of an identifier, without white space and operators. */
export function isName(text: string): boolean {
  if (text === "" || !isWordStart(text.charCodeAt(0))) return false;
  for (let i = 1; i < text.length; i++) if (!isWord(text.charCodeAt(i))) return false;
  return true;
}

/** The name that an identifier stands for, after parameters and `##` of the macro around it. */
export function nameText(env: Env, node: SyntaxNode): string {
  const raw = writtenText(env, node);
  if (env.bindings === null) return raw;
  return substituteName(env, raw);
}

function substituteName(env: Env, raw: string): string {
  if (!raw.includes("#")) return env.bindings?.get(raw)?.text ?? raw;
  let out = "";
  for (const piece of raw.split("#")) {
    const name = trimContinuation(piece);
    if (name !== "") out += env.bindings?.get(name)?.text ?? name;
  }
  return out;
}

/** Text of a node with white space collapsed and the parameters of the macro around it replaced. */
export function sourceText(env: Env, start: number, end: number): string {
  const raw = rawText(env, start, end);
  return collapse(env.bindings === null ? raw : substituteText(env, raw));
}

/** Replaces parameters, `#` and `##` in any piece of a macro's body. */
export function substituteText(env: Env, raw: string): string {
  const { bindings } = env;
  if (bindings === null) return raw;
  let out = "";
  let i = 0;
  while (i < raw.length) {
    const c = raw.charCodeAt(i);
    if (isWordStart(c)) {
      let j = i + 1;
      while (j < raw.length && isWord(raw.charCodeAt(j))) j++;
      const word = raw.slice(i, j);
      out += bindings.get(word)?.text ?? word;
      i = j;
    } else if (c === 35 && raw.charCodeAt(i + 1) === 35) {
      out = trimContinuation(out);
      i += 2;
      while (i < raw.length && isSpace(raw.charCodeAt(i))) i++;
    } else if (c === 35) {
      let j = i + 1;
      while (j < raw.length && isWord(raw.charCodeAt(j))) j++;
      const arg = bindings.get(raw.slice(i + 1, j));
      if (arg) out += quoted(arg.text);
      i = arg ? j : i + 1;
    } else if (c === 34 || c === 39) {
      const j = endOfQuoted(raw, i);
      out += raw.slice(i, j);
      i = j;
    } else {
      out += raw[i];
      i++;
    }
  }
  return out;
}

/** What `#x` makes of the text of `x`. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Offset behind the string or character literal that starts at `start`. */
export function endOfQuoted(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  let i = start + 1;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 92) i += 2;
    else if (c === quote) return i + 1;
    else i++;
  }
  return text.length;
}

/** One space for each run of white space, comments and line continuations; none at the ends. */
export function collapse(text: string): string {
  let plain = true;
  for (let i = 0; i < text.length && plain; i++) {
    const c = text.charCodeAt(i);
    if (c === 32) plain = i > 0 && i < text.length - 1 && text.charCodeAt(i + 1) !== 32;
    else if (c < 32 || c === 92 || c === 47) plain = false;
  }
  if (plain) return text;
  let out = "";
  let gap = false;
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    if (isSpace(c) || (c === 92 && isSpace(text.charCodeAt(i + 1)))) {
      gap = true;
      i++;
    } else if (c === 47 && text.charCodeAt(i + 1) === 42) {
      const end = text.indexOf("*/", i + 2);
      gap = true;
      i = end < 0 ? text.length : end + 2;
    } else {
      if (gap && out !== "") out += " ";
      gap = false;
      if (c === 34 || c === 39) {
        const end = endOfQuoted(text, i);
        out += text.slice(i, end);
        i = end;
      } else {
        out += text[i];
        i++;
      }
    }
  }
  return out;
}

function trimContinuation(text: string): string {
  let end = text.length;
  while (end > 0 && (isSpace(text.charCodeAt(end - 1)) || text[end - 1] === "\\")) end--;
  let start = 0;
  while (start < end && (isSpace(text.charCodeAt(start)) || text[start] === "\\")) start++;
  return text.slice(start, end);
}

export function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13);
}

export function isWordStart(c: number): boolean {
  // `@` begins and ends a repeated name of a template.
  return (c >= 97 && c <= 122) || (c >= 64 && c <= 90) || c === 95 || c > 127;
}

export function isWord(c: number): boolean {
  return isWordStart(c) || (c >= 48 && c <= 57);
}
