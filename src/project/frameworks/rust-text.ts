/** Just enough of Rust's lexical grammar to find attributes and items: comments, literals, brackets. */

/** The same text, of the same length, with comments and the insides of literals blanked. */
function maskRust(text: string): string {
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

/** Rust without comments and literals, and where its brackets close. */
export interface Masked {
  text: string;
  /** For the offset of an opening bracket: after the bracket that closes it, or the end of the text. */
  ends: ReadonlyMap<number, number>;
}

export function maskedRust(source: string): Masked {
  const text = maskRust(source);
  const ends = new Map<number, number>();
  const open: Record<string, number[]> = { ")": [], "]": [], "}": [] };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c in CLOSERS) open[CLOSERS[c]].push(i);
    else if (c in open) {
      const start = open[c].pop();
      if (start !== undefined) ends.set(start, i + 1);
    }
  }
  return { text, ends };
}

function bracketEnd({ text, ends }: Masked, open: number): number {
  return ends.get(open) ?? text.length;
}

/** The identifier at an offset, "" if there is none. */
export function identifierAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && isIdentifierPart(text[end])) end++;
  return text.slice(from, end);
}

/** A piece of an argument list, from its first to after its last character that is not blank. */
export interface Piece {
  start: number;
  end: number;
}

/** The pieces between two offsets that commas outside of brackets part. */
function commaPieces(masked: Masked, from: number, to: number): Piece[] {
  const { text } = masked;
  const pieces: Piece[] = [];
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && text[i] in CLOSERS) i = Math.min(bracketEnd(masked, i), to) - 1;
    else if (i >= to || text[i] === ",") {
      pieces.push(trimmed(text, start, i));
      start = i + 1;
    }
  }
  return pieces.filter((piece) => piece.end > piece.start);
}

function trimmed(text: string, from: number, to: number): Piece {
  let start = from;
  let end = to;
  while (start < end && text[start].trim() === "") start++;
  while (end > start && text[end - 1].trim() === "") end--;
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
export function attributedItems(masked: Masked): AttributedItem[] {
  const { text } = masked;
  const items: AttributedItem[] = [];
  let i = text.indexOf("#[");
  while (i >= 0) {
    const attributes: Attribute[] = [];
    let at = i;
    while (text.startsWith("#[", at)) {
      const end = bracketEnd(masked, at + 1);
      attributes.push(...attributesIn(masked, { start: at + 2, end: end - 1 }, { start: at, end }, 0));
      at = skipBlanks(text, end);
    }
    items.push({ attributes, ...itemAt(masked, at) });
    i = text.indexOf("#[", at);
  }
  return items;
}

/** Attributes inside of attributes, as `cfg_attr` has them, are followed this deep. */
const DEEPEST = 4;

function attributesIn(masked: Masked, inner: Piece, whole: Piece, depth: number): Attribute[] {
  const { text } = masked;
  let pathEnd = inner.start;
  while (pathEnd < inner.end && !"([{=".includes(text[pathEnd])) pathEnd++;
  const path = text.slice(inner.start, pathEnd).replaceAll(/\s/g, "");
  const hasArgs = text[pathEnd] === "(" && pathEnd < inner.end;
  const args = hasArgs ? commaPieces(masked, pathEnd + 1, Math.min(bracketEnd(masked, pathEnd) - 1, inner.end)) : [];
  if (path === "cfg_attr" && depth < DEEPEST)
    return args.slice(1).flatMap((piece) => attributesIn(masked, piece, whole, depth + 1));
  return [{ path, args, ...whole }];
}

function skipBlanks(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i].trim() === "") i++;
  return i;
}

/** Words that may stand between the attributes and the keyword of an item. */
const QUALIFIERS: ReadonlySet<string> = new Set(["pub", "unsafe", "async", "const", "extern"]);

function itemAt(masked: Masked, from: number): Omit<AttributedItem, "attributes"> {
  const { text } = masked;
  let at = from;
  for (;;) {
    const word = identifierAt(text, at);
    const next = skipBlanks(text, at + word.length);
    if (word === "fn" || word === "mod") {
      const nameAt = text.startsWith("r#", next) ? next + 2 : next;
      return { kind: word, name: identifierAt(text, nameAt), body: bodyAfter(masked, nameAt) };
    }
    if (!QUALIFIERS.has(word)) return { kind: "", name: "", body: { start: at, end: at } };
    at = next;
    if (text[at] === "(") at = skipBlanks(text, bracketEnd(masked, at));
    else if (text[at] === '"') at = skipBlanks(text, text.indexOf('"', at + 1) + 1 || text.length);
  }
}

/** The block that ends an item; nothing if a semicolon or the next attribute does. */
function bodyAfter(masked: Masked, from: number): Piece {
  const { text } = masked;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === "{") return { start: i, end: bracketEnd(masked, i) };
    if (c === ";" || c === "#") break;
    if (c === "(" || c === "[") i = bracketEnd(masked, i) - 1;
  }
  return { start: from, end: from };
}
