/** Facts about a declared variable that its type and declarator tell. */
import type { Declared } from "../lower/declarator.ts";

/**
 * True if the variable itself cannot be written: `const int n`, `T *const p`, `const char *const names[]`.
 * A pointer to something constant is a variable.
 */
export function isConstVariable(baseType: string, info: Declared): boolean {
  const star = info.suffix.lastIndexOf("*");
  if (star >= 0) return wordsAfter(info.suffix, star + 1);
  return hasWord(baseType, "const") || hasWord(baseType, "constexpr");
}

function wordsAfter(suffix: string, from: number): boolean {
  return hasWord(suffix.slice(from), "const");
}

/** True if `word` occurs in `text` as a word of its own, outside template arguments. */
function hasWord(text: string, word: string): boolean {
  let at = text.indexOf(word);
  const angle = text.indexOf("<");
  while (at >= 0 && (angle < 0 || at < angle)) {
    const before = at === 0 ? " " : text[at - 1];
    const after = at + word.length >= text.length ? " " : text[at + word.length];
    if (!isWordChar(before) && !isWordChar(after)) return true;
    at = text.indexOf(word, at + 1);
  }
  return false;
}

function isWordChar(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || (c >= "0" && c <= "9") || c === "_";
}

const ATOMIC_STARTS = ["_Atomic", "std::atomic", "atomic_", "atomic<", "boost::atomic"];

/** True for `_Atomic`, `std::atomic<T>`, `atomic_int` and their like, if the variable itself is atomic. */
export function isAtomicType(type: string): boolean {
  for (const start of ATOMIC_STARTS) {
    const at = type.indexOf(start);
    if (at < 0) continue;
    if (at > 0 && isWordChar(type[at - 1])) continue;
    // `_Atomic int *p` points to something atomic; `_Atomic(int *) p` and `int *_Atomic p` are atomic themselves.
    if (type.endsWith("*") && at < type.lastIndexOf("*") && !start.includes("::") && type[at + start.length] !== "(") {
      return false;
    }
    return !(type.endsWith("*") && start.includes("::"));
  }
  return false;
}
