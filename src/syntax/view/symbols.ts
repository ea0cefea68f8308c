/**
 * Interned identifiers. A token carries a symbol id; what its spelling means to the view is worked out once for each
 * distinct name of a process, not once for each token.
 */

/** Bits of `symbolFlags`. */
export const KEYWORD = 1 << 0;
/** `if`, `return`, `case`, ...: begins or continues a statement, never an operand. */
export const STATEMENT_WORD = 1 << 1;
/** `int`, `unsigned`, `void`, ... */
export const TYPE_WORD = 1 << 2;
/** `const`, `volatile`, `restrict`, ... */
export const QUALIFIER = 1 << 3;
/** `static`, `extern`, `inline`, ... */
export const STORAGE = 1 << 4;
/** `struct`, `union`, `enum`, `class`. */
export const TAG_WORD = 1 << 5;
/** `__attribute__`, `__declspec`, `alignas`, ...: takes a group and can be dropped. */
export const ATTRIBUTE_WORD = 1 << 6;
/** Spelled like a macro: `FOO`, `FOO_BAR`, `Py_FOO`, `_Py_FOO`. */
export const CAPS = 1 << 7;
/** Spelled like an export, inline or calling-convention macro: `NPY_INLINE`, `WINAPI`. */
export const ATTRIBUTE_LIKE = 1 << 8;
/** Spelled like a macro that stands for whole statements: `Py_BEGIN_ALLOW_THREADS`, `NPY_END_THREADS`, `Py_RETURN_NONE`. */
export const MARKER = 1 << 9;
/** `UNUSED`, `Py_UNUSED`: hides the name of a parameter. */
export const UNUSED_LIKE = 1 << 10;
/** `PyObject_HEAD_INIT`, `FOO_METHODDEF`: rows of an initialiser that bring their own comma. */
export const ROW_LIKE = 1 << 11;
/** Contains `@`: a name of a template. */
export const TEMPLATED = 1 << 12;
/** `sizeof`, `offsetof`, `decltype`, ...: takes a type or an expression. */
export const TYPE_OPERATOR = 1 << 13;
/** `IF_SMALLER`: a macro that stands for the head of an `if`. */
export const IF_LIKE = 1 << 15;
/** `asm` and its spellings. */
export const ASSEMBLY_WORD = 1 << 16;
/** `size_t`, `uint8_t`: names that the grammars have built in. */
export const PRIMITIVE_NAME = 1 << 17;
/** C++ words that are identifiers in C: `class`, `template`, `namespace`, ... */
export const CPP_WORD = 1 << 14;

const words: Record<string, number> = Object.create(null);
function define(flags: number, list: string): void {
  for (const word of list.split(" ")) words[word] = (words[word] ?? 0) | flags;
}
define(
  KEYWORD | STATEMENT_WORD,
  "if else for while do switch case default return goto break continue __try __except __finally",
);
define(KEYWORD | STATEMENT_WORD | CPP_WORD, "try catch throw co_return");
define(
  KEYWORD | TYPE_WORD,
  "void char short int long float double signed unsigned _Bool bool __int64 __int32 __int16 __int8 _Complex __signed__ __int128",
);
define(KEYWORD | TYPE_WORD | CPP_WORD, "auto wchar_t char16_t char32_t char8_t");
define(KEYWORD | QUALIFIER, "const volatile restrict __restrict __restrict__ __const __volatile__ __volatile _Atomic");
define(KEYWORD | QUALIFIER | CPP_WORD, "constexpr mutable");
define(
  KEYWORD | STORAGE,
  "static extern typedef register inline __inline __inline__ __forceinline _Thread_local __thread _Noreturn",
);
define(KEYWORD | STORAGE | CPP_WORD, "thread_local virtual explicit friend constinit consteval");
define(KEYWORD | TAG_WORD, "struct union enum");
define(KEYWORD | TAG_WORD | CPP_WORD, "class");
define(ATTRIBUTE_WORD, "__attribute__ __attribute __declspec _Alignas");
define(ATTRIBUTE_WORD | CPP_WORD, "alignas");
define(KEYWORD | TYPE_OPERATOR, "sizeof offsetof _Alignof __alignof__ __alignof _Generic alignof");
define(
  KEYWORD | TYPE_OPERATOR | CPP_WORD,
  "decltype noexcept typeid static_cast reinterpret_cast const_cast dynamic_cast",
);
define(TYPE_OPERATOR, "typeof __typeof__ __typeof __builtin_offsetof");
define(KEYWORD | ASSEMBLY_WORD, "asm __asm__ __asm _asm");
define(KEYWORD, "__extension__");
define(
  KEYWORD | CPP_WORD,
  "template typename namespace using public private protected operator new delete this nullptr true false requires concept co_await co_yield static_assert",
);

/** Names with a fixed meaning that their spelling does not show. */
const SPECIAL: Record<string, number> = Object.assign(Object.create(null), {
  __cdecl: ATTRIBUTE_LIKE,
  __stdcall: ATTRIBUTE_LIKE,
  __fastcall: ATTRIBUTE_LIKE,
  __vectorcall: ATTRIBUTE_LIKE,
  __thiscall: ATTRIBUTE_LIKE,
  __cold: ATTRIBUTE_LIKE,
  __host__: ATTRIBUTE_LIKE,
  __device__: ATTRIBUTE_LIKE,
  __global__: ATTRIBUTE_LIKE,
  __forceinline__: ATTRIBUTE_LIKE,
  __vector: ATTRIBUTE_LIKE,
  __bool: ATTRIBUTE_LIKE,
  __pixel: ATTRIBUTE_LIKE,
  WINAPI: ATTRIBUTE_LIKE,
  CALLBACK: ATTRIBUTE_LIKE,
  APIENTRY: ATTRIBUTE_LIKE,
  PASCAL: ATTRIBUTE_LIKE,
  CDECL: ATTRIBUTE_LIKE,
  FAR: ATTRIBUTE_LIKE,
  NEAR: ATTRIBUTE_LIKE,
  // Macros of the platform that are types, however they look.
  FILE: 0,
  DIR: 0,
  EOF: 0,
  NULL: 0,
});

const ATTRIBUTE_PART =
  /INLINE|EXPORT|IMPORT|_API$|^API_|DLL|NORETURN|NO_RETURN|UNUSED|DEPRECATED|VISIB|HIDDEN|^ALIGN|_ALIGN|ATTR|_CALL$|CALLCONV|_DECL$|DECLSPEC|NOTHROW|NOEXCEPT|COLD$|_HOT$|LIKELY|_PURE|GCC|CLANG|SANITIZE|RESTRICT|THREAD_LOCAL|_TLS|LOCAL$|STATIC|EXTERN|NO_EXPORT|PUBLIC|PRIVATE|INTERNAL|NONNULL|FORMAT|FALLTHROUGH|MAYBE|OPT_|TARGET/;
const MARKER_PART =
  /(^|_)(BEGIN|END|ENTER|LEAVE|RETURN|BLOCK|UNBLOCK|TRY|CATCH|LOCK|UNLOCK|ACQUIRE|RELEASE|UNREACHABLE|DISPATCH|THREADS|FALLTHROUGH|DECLARE|INIT|FINALLY|EXCEPT)(_|[0-9]*$)/;

/** Process-wide tables, indexed by symbol id. */
const names: string[] = [];
let flagTable = new Int32Array(1024);
let hashes = new Int32Array(1024);
let slots = new Int32Array(4096);

function isCaps(name: string): boolean {
  let letters = 0;
  let i = 0;
  // `Py_FOO`, `_Py_FOO`, `PyFOO_BAR`: the library's prefix keeps its case.
  const py = name.startsWith("_Py") ? 3 : name.startsWith("Py") ? 2 : 0;
  if (py > 0) i = py;
  for (; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c >= 65 && c <= 90) letters++;
    else if (!((c >= 48 && c <= 57) || c === 95)) return false;
  }
  return letters > 0 && name.length >= 2;
}

function classify(name: string): number {
  const word = words[name];
  if (word !== undefined) return word;
  let flags = 0;
  if (name.includes("@")) flags |= TEMPLATED;
  if (name in SPECIAL) return SPECIAL[name]! | (isCaps(name) ? CAPS : 0);
  if (isCaps(name)) {
    flags |= CAPS;
    if (ATTRIBUTE_PART.test(name)) flags |= ATTRIBUTE_LIKE;
    if (/^_?(?:Py_)?IF_|^IFN?_?(?:NOT|DEF)?$/.test(name)) flags |= IF_LIKE;
    if (MARKER_PART.test(name)) flags |= MARKER;
  }
  // Annotations of Microsoft's headers: `_In_`, `_Out_writes_`.
  if (/^_[A-Z]\w*[a-z]\w*_$|^__(?:in|out|inout|deref|reserved|notnull)(?:_\w+)?$/.test(name))
    flags |= CAPS | ATTRIBUTE_LIKE;
  if (
    /(?:^|_)attr(?:ibute)?s?_|_attr$|_decl_|(?:^|_)(?:noexcept|nodiscard|noreturn|forceinline|always_inline)$/.test(
      name,
    )
  ) {
    flags |= ATTRIBUTE_LIKE;
  }
  if (/^(?:s?size_t|ptrdiff_t|u?intptr_t|nullptr_t|max_align_t|(?:u?int|char)(?:8|16|32|64)_t)$/.test(name)) {
    flags |= PRIMITIVE_NAME;
  }
  if (/unused/i.test(name)) flags |= UNUSED_LIKE;
  if (/HEAD|INIT|METHODDEF|GETSETDEF|MEMBERDEF/.test(name)) flags |= ROW_LIKE;
  return flags;
}

function grow(): void {
  const bigger = new Int32Array(flagTable.length * 2);
  bigger.set(flagTable);
  flagTable = bigger;
  const more = new Int32Array(hashes.length * 2);
  more.set(hashes);
  hashes = more;
  slots = new Int32Array(slots.length * 2);
  const mask = slots.length - 1;
  for (let id = 0; id < names.length; id++) {
    let slot = hashes[id]! & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }
}

function sameText(name: string, text: string, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = start, k = 0; i < end; i++, k++) if (name.charCodeAt(k) !== text.charCodeAt(i)) return false;
  return true;
}

/** Symbol id of `text.slice(start, end)`; `hash` is `hashStep` folded over its code units. */
export function intern(text: string, start: number, end: number, hash: number): number {
  const mask = slots.length - 1;
  const mixed = (hash ^ (hash >>> 15)) | 0;
  let slot = mixed & mask;
  for (;;) {
    const entry = slots[slot]!;
    if (entry === 0) break;
    const id = entry - 1;
    if (hashes[id] === mixed && sameText(names[id]!, text, start, end)) return id;
    slot = (slot + 1) & mask;
  }
  // A copy of its own: a slice would keep the whole file alive.
  const name = Buffer.from(text.slice(start, end), "utf16le").toString("utf16le");
  const id = names.length;
  names.push(name);
  slots[slot] = id + 1;
  hashes[id] = mixed;
  flagTable[id] = classify(name);
  if (names.length >= flagTable.length) grow();
  return id;
}

/** Symbol id of a name. */
export function internName(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
  return intern(name, 0, name.length, hash);
}

/** Flags of a symbol id. */
export function symbolFlags(id: number): number {
  return flagTable[id]!;
}

/** Spelling of a symbol id. */
export function symbolName(id: number): string {
  return names[id]!;
}
