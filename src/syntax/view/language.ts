/** The language of a file, by its name and, for headers, by what is in it. */
import type { Language } from "../../ir/facts.ts";
import { IDENT, lex, PUNCT } from "./lexer.ts";
import { symbolName } from "./symbols.ts";

const CPP_NAME = /\.(?:cc|cpp|cxx|c\+\+|hpp|hh|hxx|h\+\+|inl|ipp|tpp|tcc)(?:\.src)?$/i;
const HEADER_NAME = /\.h(?:\.src)?$/i;

/** How much of a header is looked at. */
const SAMPLE_LENGTH = 200_000;

/** Language of `file` with the text `text`; a `.h` is C++ if it holds what C does not have. */
export function detectLanguage(file: string, text: string): Language {
  if (CPP_NAME.test(file) || file.endsWith(".C")) return "cpp";
  return HEADER_NAME.test(file) && looksLikeCpp(text) ? "cpp" : "c";
}

/**
 * Tokens that only C++ has, outside code that C does not see (`#ifdef __cplusplus`): `class x {`, `template <`, `namespace`, `a::b`,
 * `public:`, a reference parameter, a method `const {`.
 */
export function looksLikeCpp(text: string): boolean {
  const { tokens, directives } = lex(text.length > SAMPLE_LENGTH ? text.slice(0, SAMPLE_LENGTH) : text, { cpp: true });
  const hidden = cppOnlyRanges(text, directives);
  const { kind, sym, n } = tokens;
  const punct = (i: number, code: number): boolean => i >= 0 && i < n && kind[i] === PUNCT && sym[i] === code;
  const name = (i: number): string => (i >= 0 && i < n && kind[i] === IDENT ? symbolName(sym[i]!) : "");
  let range = 0;
  for (let i = 0; i < n; i++) {
    while (range < hidden.length && hidden[range]!.to <= i) range++;
    if (range < hidden.length && i >= hidden[range]!.from) {
      i = hidden[range]!.to - 1;
      continue;
    }
    if (kind[i] === PUNCT) {
      const c = sym[i];
      // `a::b`, but not the two colons of an assembler constraint list.
      if (c === 0x3a3a && kind[i + 1] === IDENT && (kind[i - 1] === IDENT || punct(i - 1, 62))) return true;
      // `type& name,` or `type &name)`
      if (c === 38 && kind[i - 1] === IDENT && kind[i + 1] === IDENT && (punct(i + 2, 44) || punct(i + 2, 41))) {
        const before = i - 2;
        if (punct(before, 40) || punct(before, 44) || name(before) === "const") {
          if (isParameterList(i)) return true;
        }
      }
      if (c === 123 && name(i - 1) === "const" && punct(i - 2, 41)) return true;
      continue;
    }
    if (kind[i] !== IDENT) continue;
    switch (symbolName(sym[i]!)) {
      case "class":
        if (name(i + 1) !== "" && (punct(i + 2, 123) || punct(i + 2, 58) || punct(i + 2, 59) || name(i + 2) !== ""))
          return true;
        break;
      case "template":
        if (punct(i + 1, 60)) return true;
        break;
      case "namespace":
        if (punct(i + 1, 123) || (name(i + 1) !== "" && punct(i + 2, 123))) return true;
        break;
      case "public":
      case "private":
      case "protected":
        if (punct(i + 1, 58)) return true;
        break;
      case "using":
        if (name(i + 1) === "namespace" || punct(i + 2, 61)) return true;
        break;
      case "static_cast":
      case "reinterpret_cast":
        if (punct(i + 1, 60)) return true;
        break;
    }
  }
  return false;

  /** A `;` or `{` follows the group around token `i`, and a type word or name precedes its name: no bit operation. */
  function isParameterList(i: number): boolean {
    let depth = 0;
    for (let k = i; k < n && k < i + 200; k++) {
      if (punct(k, 40)) depth++;
      else if (punct(k, 41) && --depth < 0) {
        if (!punct(k + 1, 59) && !punct(k + 1, 123)) return false;
        return openedAfterTypedName(i);
      }
    }
    return false;
  }

  function openedAfterTypedName(i: number): boolean {
    let depth = 0;
    for (let k = i; k > 0 && k > i - 200; k--) {
      if (punct(k, 41)) depth++;
      else if (punct(k, 40) && --depth < 0)
        return kind[k - 1] === IDENT && (kind[k - 2] === IDENT || punct(k - 2, 42)) && name(k - 2) !== "return";
    }
    return false;
  }
}

/** Token ranges under `#ifdef __cplusplus`, up to the `#else` or `#endif`. */
function cppOnlyRanges(text: string, directives: ReturnType<typeof lex>["directives"]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  const open: { from: number; cpp: boolean }[] = [];
  const close = (token: number): void => {
    const top = open.at(-1);
    if (top?.cpp) ranges.push({ from: top.from, to: token });
  };
  for (const directive of directives) {
    if (directive.word === "if" || directive.word === "ifdef") {
      const rest = text.slice(directive.restStart, directive.end);
      open.push({ from: directive.token, cpp: rest.includes("__cplusplus") && !rest.includes("!") });
    } else if (directive.word === "ifndef") open.push({ from: directive.token, cpp: false });
    else if (directive.word === "else" || directive.word === "elif") {
      close(directive.token);
      const top = open.at(-1);
      if (top) top.cpp = false;
    } else if (directive.word === "endif") {
      close(directive.token);
      open.pop();
    }
  }
  return ranges.sort((a, b) => a.from - b.from);
}
