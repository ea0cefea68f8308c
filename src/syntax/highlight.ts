/** Classes of tokens, for showing source text in colours. */
import type { Language } from "../ir/facts.ts";
import { CHAR, IDENT, lex, NUMBER, STRING } from "./view/lexer.ts";

export type TokenClass = "comment" | "directive" | "string" | "number" | "keyword" | "type" | "call" | "plain";

/** A piece of text of one class; UTF-16 offsets into the whole text. */
export interface ClassedSpan {
  start: number;
  end: number;
  class: TokenClass;
}

const KEYWORDS = new Set(
  (
    "alignas alignof asm auto break case catch class const constexpr continue default delete do else enum explicit extern for friend goto if " +
    "inline mutable namespace new noexcept operator private protected public register restrict return sizeof static static_assert struct switch " +
    "template this throw try typedef typename union using virtual volatile while nullptr true false NULL"
  ).split(" "),
);
const TYPES = new Set(
  (
    "bool char char16_t char32_t double float int int8_t int16_t int32_t int64_t long short signed size_t ssize_t uint8_t uint16_t uint32_t " +
    "uint64_t uintptr_t unsigned void wchar_t Py_ssize_t Py_hash_t Py_UCS4"
  ).split(" "),
);

/** The language that a file is shown in, by its name alone: colours need no certainty. */
export function languageOfName(file: string): Language {
  return /\.(c|h)(\.src)?$/.test(file) ? "c" : "cpp";
}

/** Spans of everything but plain text and punctuation, in order, disjoint. Never throws. */
export function classify(text: string, language: Language): ClassedSpan[] {
  const { tokens, directives, comments } = lex(text, { cpp: language === "cpp" });
  const spans: ClassedSpan[] = [];
  for (let i = 0; i < comments.length; i += 2) {
    spans.push({ start: comments[i], end: comments[i + 1], class: "comment" });
  }
  for (const { start, end } of directives) spans.push({ start, end, class: "directive" });
  for (let i = 0; i < tokens.n; i++) {
    const start = tokens.start[i];
    const end = tokens.end[i];
    const found = classOf(text, tokens.kind[i], start, end);
    if (found !== "plain") spans.push({ start, end, class: found });
  }
  return spans.sort((a, b) => a.start - b.start);
}

function classOf(text: string, kind: number, start: number, end: number): TokenClass {
  if (kind === STRING || kind === CHAR) return "string";
  if (kind === NUMBER) return "number";
  if (kind !== IDENT) return "plain";
  const word = text.slice(start, end);
  if (KEYWORDS.has(word)) return "keyword";
  if (TYPES.has(word) || /^Py(?:[A-Z]\w*)?Object$/.test(word)) return "type";
  return text[end] === "(" ? "call" : "plain";
}
