/**
 * Reads initialisers that only exist as text: bodies of macros that stand for table rows, and the expressions that
 * `Init` keeps as text. A small reader of tokens, braces and casts; what it cannot read stays text.
 */
import type { Init } from "../../ir/facts.ts";
import { CHAR, IDENT, lex, NUMBER, PUNCT, STRING } from "../../syntax/view/lexer.ts";

interface Token {
  kind: "word" | "string" | "char" | "number" | "punct";
  text: string;
  start: number;
  end: number;
}

const KINDS: Readonly<Record<number, Token["kind"]>> = {
  [IDENT]: "word",
  [NUMBER]: "number",
  [STRING]: "string",
  [CHAR]: "char",
  [PUNCT]: "punct",
};

/** Tokens of C text without its comments. */
export function tokensOf(text: string): Token[] {
  const { tokens } = lex(text, { cpp: true, template: true, macroBody: true });
  const result: Token[] = [];
  for (let i = 0; i < tokens.n; i++) {
    const start = tokens.start[i];
    const end = tokens.end[i];
    result.push({ kind: KINDS[tokens.kind[i]] ?? "punct", text: text.slice(start, end), start, end });
  }
  return result;
}

/** Identifiers in a text, in order, with repetitions. */
export function wordsOf(text: string): string[] {
  return tokensOf(text)
    .filter((token) => token.kind === "word")
    .map((token) => token.text);
}

/** Adds every identifier of an initialiser to `names`; tables of plain numbers cost next to nothing. */
export function collectNames(init: Init, names: Set<string>): void {
  switch (init.kind) {
    case "name":
      names.add(init.name);
      return;
    case "call":
      for (const word of wordsOf(init.callee)) names.add(word);
      for (const arg of init.args) collectNames(arg, names);
      return;
    case "list":
      for (const item of init.items) collectNames(item.value, names);
      return;
    case "other":
      if (!isNumberText(init.text)) for (const word of wordsOf(init.text)) names.add(word);
  }
}

/** A number with a sign: digits first, and nothing of an expression behind them. */
function isNumberText(text: string): boolean {
  const c = text.charCodeAt(text.startsWith("-") ? 1 : 0);
  return c >= 48 && c <= 57 && !text.includes(" ") && !text.includes("(");
}

/** Contents of string literals, adjacent ones joined; escapes stay as written. */
function stringText(tokens: Token[]): string {
  return tokens.map((token) => token.text.slice(token.text.indexOf('"') + 1, -1)).join("");
}

/**
 * Parses the items of an initialiser list without its braces, e.g. the body of a macro that stands for rows.
 * `offset` is added to all positions; pass the position of the text in its file.
 */
export function parseItems(text: string, offset = 0): { designator?: string; value: Init }[] {
  return new InitReader(tokensOf(text), text, offset).items();
}

/** Parses one expression or braced list. */
export function parseInit(text: string, offset = 0): Init {
  const [first] = parseItems(text, offset);
  return first?.value ?? { kind: "other", text, start: offset, end: offset + text.length };
}

const MAX_DEPTH = 200;

class InitReader {
  private at = 0;
  private depth = 0;
  private readonly tokens: Token[];
  private readonly text: string;
  private readonly offset: number;

  constructor(tokens: Token[], text: string, offset: number) {
    this.tokens = tokens;
    this.text = text;
    this.offset = offset;
  }

  /** Items up to the end or the closing brace. A brace that follows a brace without a comma starts a new item. */
  items(): { designator?: string; value: Init }[] {
    const items: { designator?: string; value: Init }[] = [];
    while (this.at < this.tokens.length && this.peek() !== "}") {
      if (this.peek() === "," || this.peek() === ";") {
        this.at++;
        continue;
      }
      const before = this.at;
      const designator = this.designator();
      items.push(designator === undefined ? { value: this.value() } : { designator, value: this.value() });
      if (this.at === before) this.at++;
    }
    return items;
  }

  private peek(ahead = 0): string {
    return this.tokens[this.at + ahead]?.text ?? "";
  }

  /** `.field =` or `[index] =`, without the dot. */
  private designator(): string | undefined {
    const isField = this.peek() === "." && this.tokens[this.at + 1]?.kind === "word";
    if (!isField && this.peek() !== "[") return undefined;
    let end = this.at;
    while (end < this.tokens.length && this.tokens[end].text !== "=") {
      if (this.tokens[end].text === "," || this.tokens[end].text === "}") return undefined;
      end++;
    }
    const name = this.tokens
      .slice(this.at, end)
      .map((token) => token.text)
      .join("");
    this.at = end + 1;
    return name.startsWith(".") ? name.slice(1) : name;
  }

  private value(): Init {
    if (this.peek() === "{") return this.list();
    const first = this.at;
    let depth = 0;
    while (this.at < this.tokens.length) {
      const text = this.peek();
      if (depth === 0 && (text === "," || text === "}" || text === ";" || (text === "{" && this.at > first))) break;
      if (text === "(" || text === "[") depth++;
      else if (text === ")" || text === "]") depth = Math.max(0, depth - 1);
      this.at++;
    }
    return this.expression(this.tokens.slice(first, this.at));
  }

  private list(): Init {
    const start = this.tokens[this.at].start;
    this.at++;
    if (++this.depth > MAX_DEPTH) this.at = this.tokens.length;
    const items = this.items();
    this.depth--;
    const end = this.tokens[this.at]?.end ?? this.text.length;
    this.at++;
    return { kind: "list", items, start: start + this.offset, end: end + this.offset };
  }

  private expression(all: Token[]): Init {
    const tokens = withoutCasts(all);
    const start = (all[0]?.start ?? 0) + this.offset;
    const end = (all.at(-1)?.end ?? 0) + this.offset;
    const name = qualifiedName(tokens);
    if (name !== undefined) return { kind: "name", name, start, end };
    if (tokens.length > 0 && tokens.every((token) => token.kind === "string")) {
      return { kind: "string", text: stringText(tokens), start, end };
    }
    const call = this.call(tokens, start, end);
    if (call) return call;
    const text = this.text.slice(tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0);
    return { kind: "other", text, start, end };
  }

  private call(tokens: Token[], start: number, end: number): Init | undefined {
    const open = tokens.findIndex((token) => token.text === "(");
    if (open < 1 || tokens.at(-1)?.text !== ")" || matching(tokens, open) !== tokens.length - 1) return undefined;
    const callee = tokens
      .slice(0, open)
      .map((token) => token.text)
      .join("");
    if (tokens[0].kind !== "word") return undefined;
    const inner = new InitReader(tokens.slice(open + 1, -1), this.text, this.offset);
    inner.depth = this.depth + 1;
    const args = inner.depth > MAX_DEPTH ? [] : inner.items().map((item) => item.value);
    return { kind: "call", callee, args, start, end };
  }
}

/** Drops `(type)` casts, `&`, and parentheses around the whole. */
function withoutCasts(tokens: Token[]): Token[] {
  let rest = tokens;
  for (;;) {
    if (rest[0]?.text === "&" && rest.length > 1) rest = rest.slice(1);
    else if (rest[0]?.text === "(") {
      const close = matching(rest, 0);
      if (close < 0) return rest;
      if (close === rest.length - 1) rest = rest.slice(1, -1);
      else if (isTypeText(rest.slice(1, close)) && startsOperand(rest[close + 1])) rest = rest.slice(close + 1);
      else return rest;
    } else return rest;
  }
}

/** Index of the parenthesis that closes the one at `open`, -1 if there is none. */
function matching(tokens: Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i].text === "(") depth++;
    else if (tokens[i].text === ")" && --depth === 0) return i;
  }
  return -1;
}

/** A cast holds words, stars, `::` and, for function pointers, parentheses and commas. */
function isTypeText(tokens: Token[]): boolean {
  if (tokens.length === 0 || tokens[0].kind !== "word") return false;
  return tokens.every((token) => token.kind === "word" || "*&(),[]".includes(token.text) || token.text === "::");
}

function startsOperand(token: Token | undefined): boolean {
  return (
    token !== undefined && (token.kind !== "punct" || token.text === "(" || token.text === "&" || token.text === "-")
  );
}

function qualifiedName(tokens: Token[]): string | undefined {
  if (tokens.length === 0) return undefined;
  const alternates = tokens.every((token, i) => (i % 2 === 0 ? token.kind === "word" : token.text === "::"));
  return alternates && tokens.length % 2 === 1 ? tokens.map((token) => token.text).join("") : undefined;
}
