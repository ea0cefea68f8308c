/** Just enough of Rust's lexical grammar to find attributes and items: comments, literals, brackets. */

/** The same text, of the same length, with comments and the insides of literals blanked. */
export function maskRust(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  let i = 0;
  const blank = (from: number, to: number) => {
    parts.push(text.slice(kept, from), " ".repeat(Math.max(0, to - from)));
    kept = to;
  };
  while (i < text.length) {
    const c = text[i];
    if (c === "/" && text[i + 1] === "/") {
      const end = text.indexOf("\n", i);
      const to = end < 0 ? text.length : end;
      blank(i, to);
      i = to;
    } else if (c === "/" && text[i + 1] === "*") {
      const to = blockCommentEnd(text, i);
      blank(i, to);
      i = to;
    } else if (c === '"') {
      const to = literalEnd(text, i + 1, '"');
      blank(i + 1, to - 1);
      i = to;
    } else if (c === "r" && !isIdentifierPart(text[i - 1], true) && rawHashes(text, i + 1) !== undefined) {
      const hashes = rawHashes(text, i + 1) ?? 0;
      const open = i + 1 + hashes;
      const close = text.indexOf(`"${"#".repeat(hashes)}`, open + 1);
      const to = close < 0 ? text.length : close;
      blank(open + 1, to);
      i = to + 1 + hashes;
    } else if (c === "'" && isCharLiteral(text, i)) {
      const to = literalEnd(text, i + 1, "'");
      blank(i + 1, to - 1);
      i = to;
    } else i++;
  }
  parts.push(text.slice(kept));
  return parts.join("");
}

/** Block comments nest in Rust. */
function blockCommentEnd(text: string, start: number): number {
  let depth = 0;
  let i = start;
  while (i < text.length) {
    if (text.startsWith("/*", i)) {
      depth++;
      i += 2;
    } else if (text.startsWith("*/", i)) {
      depth--;
      i += 2;
      if (depth === 0) return i;
    } else i++;
  }
  return text.length;
}

/** Offset after the closing quote. */
function literalEnd(text: string, from: number, quote: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}

/** Number of `#` between the `r` of a raw string and its quote; undefined if it is none. */
function rawHashes(text: string, from: number): number | undefined {
  let i = from;
  while (text[i] === "#") i++;
  return text[i] === '"' ? i - from : undefined;
}

/** `'x'` and `'\n'`, not the lifetime `'a`. */
function isCharLiteral(text: string, at: number): boolean {
  if (text[at + 1] === "\\") return true;
  const width = (text.codePointAt(at + 1) ?? 0) > 0xffff ? 2 : 1;
  return text[at + 1 + width] === "'";
}

/** `prefixes`: the letters that may stand before the `r` of a raw byte or C string do not count. */
function isIdentifierPart(c: string | undefined, prefixes = false): boolean {
  if (c === undefined || (prefixes && (c === "b" || c === "c"))) return false;
  return /[A-Za-z0-9_]/.test(c);
}

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Offset after the bracket that closes the one at `open`; the end of the text if there is none. `masked` is Rust without comments. */
export function bracketEnd(masked: string, open: number): number {
  const opener = masked[open];
  const closer = CLOSERS[opener];
  let depth = 0;
  for (let i = open; i < masked.length; i++) {
    if (masked[i] === opener) depth++;
    else if (masked[i] === closer && --depth === 0) return i + 1;
  }
  return masked.length;
}

/** The identifier at an offset, "" if there is none. */
export function identifierAt(masked: string, from: number): string {
  let end = from;
  while (end < masked.length && isIdentifierPart(masked[end])) end++;
  return masked.slice(from, end);
}

/** A piece of an argument list, from its first to after its last character that is not blank. */
export interface Piece {
  start: number;
  end: number;
}

/** The pieces of `masked` between two offsets that commas outside of brackets part. */
export function commaPieces(masked: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && masked[i] in CLOSERS) i = bracketEnd(masked, i) - 1;
    else if (i >= to || masked[i] === ",") {
      pieces.push(trimmed(masked, start, Math.min(i, to)));
      start = i + 1;
    }
  }
  return pieces.filter((piece) => piece.end > piece.start);
}

function trimmed(masked: string, from: number, to: number): Piece {
  let start = from;
  let end = to;
  while (start < end && masked[start].trim() === "") start++;
  while (end > start && masked[end - 1].trim() === "") end--;
  return { start, end };
}

/** One attribute: its path (`pyo3::pymodule`), its arguments and the offsets from `#` to after `]`. */
export interface Attribute extends Piece {
  path: string;
  args: Piece[];
}

/** An item with the attributes before it. */
export interface AttributedItem {
  attributes: Attribute[];
  /** `fn` or `mod`; "" for anything else. */
  kind: "fn" | "mod" | "";
  name: string;
  /** Block of the item; empty if it has none. */
  body: Piece;
}

/** Items with attributes, in order. Attributes behind a `cfg_attr` count as if its condition held. */
export function attributedItems(masked: string): AttributedItem[] {
  const items: AttributedItem[] = [];
  let i = masked.indexOf("#[");
  while (i >= 0) {
    const attributes: Attribute[] = [];
    let at = i;
    while (masked.startsWith("#[", at)) {
      const end = bracketEnd(masked, at + 1);
      attributes.push(...attributesIn(masked, { start: at + 2, end: end - 1 }, { start: at, end }));
      at = skipBlanks(masked, end);
    }
    items.push({ attributes, ...itemAt(masked, at) });
    i = masked.indexOf("#[", at);
  }
  return items;
}

function attributesIn(masked: string, inner: Piece, whole: Piece): Attribute[] {
  const open = masked.slice(inner.start, inner.end).search(/[([{=]/);
  const pathEnd = open < 0 ? inner.end : inner.start + open;
  const path = masked.slice(inner.start, pathEnd).replaceAll(/\s/g, "");
  const hasArgs = masked[pathEnd] === "(" && pathEnd < inner.end;
  const args = hasArgs ? commaPieces(masked, pathEnd + 1, bracketEnd(masked, pathEnd) - 1) : [];
  if (path === "cfg_attr") return args.slice(1).flatMap((piece) => attributesIn(masked, piece, whole));
  return [{ path, args, ...whole }];
}

function skipBlanks(masked: string, from: number): number {
  let i = from;
  while (i < masked.length && masked[i].trim() === "") i++;
  return i;
}

/** Words that may stand between the attributes and the keyword of an item. */
const QUALIFIERS: ReadonlySet<string> = new Set(["pub", "unsafe", "async", "const", "extern"]);

function itemAt(masked: string, from: number): Omit<AttributedItem, "attributes"> {
  let at = from;
  for (;;) {
    const word = identifierAt(masked, at);
    const next = skipBlanks(masked, at + word.length);
    if (word === "fn" || word === "mod") {
      const nameAt = masked.startsWith("r#", next) ? next + 2 : next;
      return { kind: word, name: identifierAt(masked, nameAt), body: bodyAfter(masked, nameAt) };
    }
    if (!QUALIFIERS.has(word)) return { kind: "", name: "", body: { start: at, end: at } };
    at = next;
    if (masked[at] === "(") at = skipBlanks(masked, bracketEnd(masked, at));
    else if (masked[at] === '"') at = skipBlanks(masked, masked.indexOf('"', at + 1) + 1 || masked.length);
  }
}

/** The block that ends an item; nothing if a semicolon does. */
function bodyAfter(masked: string, from: number): Piece {
  for (let i = from; i < masked.length; i++) {
    if (masked[i] === "{") return { start: i, end: bracketEnd(masked, i) };
    if (masked[i] === ";") break;
    if (masked[i] === "(" || masked[i] === "[") i = bracketEnd(masked, i) - 1;
  }
  return { start: from, end: from };
}
