/** Reading the name out of a C or C++ type as it is written, without parsing it. */

const QUALIFIERS: ReadonlySet<string> = new Set([
  "const",
  "volatile",
  "restrict",
  "static",
  "extern",
  "register",
  "inline",
  "constexpr",
  "thread_local",
  "_Thread_local",
  "__thread",
  "mutable",
  "struct",
  "union",
  "class",
  "enum",
  "typename",
]);

const memo = new Map<string, string>();
const MEMO_LIMIT = 20_000;

/**
 * The name in a type: `const struct foo *` gives `foo`, `std::lock_guard<std::mutex> &` gives `std::lock_guard`,
 * `unsigned long` gives `unsigned long`. Qualifiers, pointers, references, arrays and template arguments are dropped.
 */
export function classNameOf(type: string): string {
  const known = memo.get(type);
  if (known !== undefined) return known;
  const words: string[] = [];
  let word = "";
  let depth = 0;
  const flush = () => {
    if (word !== "" && !QUALIFIERS.has(word)) words.push(word);
    word = "";
  };
  for (const c of type) {
    if (c === "<") depth++;
    else if (c === ">") depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (isWordChar(c) || c === ":") word += c;
    else {
      flush();
      if (c === "[" || c === "(") break;
    }
  }
  flush();
  const name = words.join(" ");
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(type, name);
  return name;
}

function isWordChar(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || (c >= "0" && c <= "9") || c === "_" || c > "\x7f";
}

/** The part behind the last `::`. */
export function lastComponent(name: string): string {
  const at = name.lastIndexOf("::");
  return at < 0 ? name : name.slice(at + 2);
}

/** Number of `*` in a type: `PyObject **` gives 2. References and arrays do not count. */
export function pointerDepth(type: string): number {
  let depth = 0;
  let angle = 0;
  for (const c of type) {
    if (c === "<") angle++;
    else if (c === ">") angle = Math.max(0, angle - 1);
    else if (c === "*" && angle === 0) depth++;
  }
  return depth;
}

/** True for `PyObject *` and the pointer aliases that mean it, with any qualifiers. */
export function isObjectPointer(type: string): boolean {
  return classNameOf(type) === "PyObject" && pointerDepth(type) === 1;
}
