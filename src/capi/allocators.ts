/** Families of memory functions: what was allocated by one family has to be released by the same. */
import type { Source } from "./sources.ts";

/**
 * `object-new`, `gc`: Python objects with their header. `buffer` and the other kinds of `handle` are released by a
 * call of their own.
 */
export type Domain = "raw" | "mem" | "object" | "object-new" | "gc" | "libc" | "cpp" | "cpp-array" | "handle";

export interface AllocatorCall {
  name: string;
  domain: Domain;
  action: "allocate" | "reallocate" | "free";
  /** Argument with the pointer (`reallocate`, `free`), -1 for `allocate`. */
  pointerArg: number;
  /** Parameter through which the memory comes out, -1 if it is the result. */
  outArg: number;
  /** The pointer variable itself is assigned (`PyMem_RESIZE(p, T, n)`). */
  assignsPointer?: boolean;
  /** For `handle`: what makes and releases it. */
  handle?: string;
  /** An old name: what to write instead. */
  legacyOf?: string;
  /** Must be called with an attached thread state. */
  attached: boolean;
  /** First argument is a type or a type name, not a size. */
  typed?: boolean;
  source: Source;
}

interface Family {
  domain: Domain;
  allocate: string;
  reallocate?: string;
  free: string;
  attached: boolean;
  source: Source;
}

const FAMILIES: readonly Family[] = [
  {
    domain: "raw",
    allocate: "PyMem_RawMalloc PyMem_RawCalloc _PyMem_RawStrdup _PyMem_RawWcsdup Py_DecodeLocale",
    reallocate: "PyMem_RawRealloc",
    free: "PyMem_RawFree",
    attached: false,
    source: "docs/memory",
  },
  {
    domain: "mem",
    allocate:
      "PyMem_Malloc PyMem_Calloc PyMem_New _PyMem_Strdup PyUnicode_AsWideCharString PyUnicode_AsUCS4Copy PyOS_double_to_string Py_EncodeLocale PyOS_Readline",
    reallocate: "PyMem_Realloc PyMem_Resize",
    free: "PyMem_Free",
    attached: true,
    source: "docs/memory",
  },
  {
    domain: "object",
    allocate: "PyObject_Malloc PyObject_Calloc",
    reallocate: "PyObject_Realloc",
    free: "PyObject_Free",
    attached: true,
    source: "docs/memory",
  },
  {
    domain: "object-new",
    allocate: "PyObject_New PyObject_NewVar _PyObject_New _PyObject_NewVar",
    free: "PyObject_Del",
    attached: true,
    source: "docs/allocation",
  },
  {
    domain: "gc",
    allocate:
      "PyObject_GC_New PyObject_GC_NewVar _PyObject_GC_New _PyObject_GC_NewVar PyUnstable_Object_GC_NewWithExtraData",
    reallocate: "PyObject_GC_Resize",
    free: "PyObject_GC_Del",
    attached: true,
    source: "docs/gc",
  },
  {
    domain: "libc",
    allocate:
      "malloc calloc strdup strndup aligned_alloc memalign valloc pvalloc wcsdup _strdup _wcsdup getline asprintf vasprintf realpath get_current_dir_name open_memstream",
    reallocate: "realloc reallocarray",
    free: "free cfree",
    attached: false,
    source: "posix",
  },
  {
    domain: "cpp",
    allocate: "new",
    free: "delete",
    attached: false,
    source: "cpp",
  },
  {
    domain: "cpp-array",
    allocate: "new[]",
    free: "delete[]",
    attached: false,
    source: "cpp",
  },
];

/** Old name, new name; the domain and behaviour are those of the new name. */
const LEGACY: readonly (readonly [string, string])[] = [
  ["PyMem_MALLOC", "PyMem_Malloc"],
  ["PyMem_REALLOC", "PyMem_Realloc"],
  ["PyMem_FREE", "PyMem_Free"],
  ["PyMem_NEW", "PyMem_New"],
  ["PyMem_RESIZE", "PyMem_Resize"],
  ["PyMem_Del", "PyMem_Free"],
  ["PyMem_DEL", "PyMem_Free"],
  ["PyObject_MALLOC", "PyObject_Malloc"],
  ["PyObject_REALLOC", "PyObject_Realloc"],
  ["PyObject_FREE", "PyObject_Free"],
  ["PyObject_DEL", "PyObject_Del"],
  ["PyObject_NEW", "PyObject_New"],
  ["PyObject_NEW_VAR", "PyObject_NewVar"],
];

/** Parameters through which memory comes out instead of as a result. */
const OUT_ARGS: Readonly<Record<string, number>> = { getline: 0, asprintf: 0, vasprintf: 0, open_memstream: 0 };

const TYPED: ReadonlySet<string> = new Set([
  "PyMem_New",
  "PyMem_Resize",
  "PyObject_New",
  "PyObject_NewVar",
  "PyObject_GC_New",
  "PyObject_GC_NewVar",
]);

/** Things that are released by a call of their own: opening calls, closing call, position of the handle in the closing call. */
const HANDLES: readonly (readonly [string, string, string, Source, number?])[] = [
  ["buffer", "PyObject_GetBuffer PyBuffer_FillInfo", "PyBuffer_Release", "docs/buffer", 1],
  ["unicode-writer", "PyUnicodeWriter_Create", "PyUnicodeWriter_Finish PyUnicodeWriter_Discard", "docs/unicode"],
  [
    "bytes-writer",
    "PyBytesWriter_Create",
    "PyBytesWriter_Finish PyBytesWriter_FinishWithSize PyBytesWriter_FinishWithPointer PyBytesWriter_Discard",
    "docs/bytes",
  ],
  ["thread-lock", "PyThread_allocate_lock", "PyThread_free_lock", "docs/init"],
  ["tss", "PyThread_tss_alloc", "PyThread_tss_free", "docs/init"],
  [
    "interpreter-guard",
    "PyInterpreterGuard_FromCurrent PyInterpreterGuard_FromView",
    "PyInterpreterGuard_Close",
    "pep-788",
  ],
  [
    "interpreter-view",
    "PyInterpreterView_FromCurrent PyInterpreterView_FromMain",
    "PyInterpreterView_Close",
    "pep-788",
  ],
  ["long-export", "PyLong_Export", "PyLong_FreeExport", "docs/long", 1],
];

function build(): ReadonlyMap<string, AllocatorCall> {
  const table = new Map<string, AllocatorCall>();
  const add = (names: string, action: AllocatorCall["action"], family: Family) => {
    for (const name of names.split(" ")) {
      const { domain, attached, source } = family;
      const pointerArg = action === "allocate" ? -1 : name === "PyObject_GC_Resize" ? 1 : 0;
      const row: AllocatorCall = { name, domain, action, pointerArg, outArg: OUT_ARGS[name] ?? -1, attached, source };
      if (TYPED.has(name)) row.typed = true;
      if (name === "PyMem_Resize") row.assignsPointer = true;
      table.set(name, row);
    }
  };
  for (const family of FAMILIES) {
    add(family.allocate, "allocate", family);
    if (family.reallocate) add(family.reallocate, "reallocate", family);
    add(family.free, "free", family);
  }
  // C++ as the lowering and as source names it.
  for (const name of ["new", "delete", "new[]", "delete[]"]) {
    const row = table.get(name);
    if (row) table.set(`operator ${name}`, { ...row, name: `operator ${name}` });
  }
  for (const [name, legacyOf] of LEGACY) {
    const row = table.get(legacyOf);
    if (row) table.set(name, { ...row, name, legacyOf });
  }
  for (const [handle, open, close, source, arg = 0] of HANDLES) {
    const common = { domain: "handle", handle, attached: true, source } as const;
    const outArg = arg === 1 ? 1 : -1;
    for (const name of open.split(" ")) {
      const out = name === "PyBuffer_FillInfo" ? 0 : outArg;
      table.set(name, { ...common, name, action: "allocate", pointerArg: -1, outArg: out });
    }
    for (const name of close.split(" "))
      table.set(name, { ...common, name, action: "free", pointerArg: 0, outArg: -1 });
  }
  return table;
}

export const ALLOCATORS: ReadonlyMap<string, AllocatorCall> = build();

/** What the function of this name does with memory; undefined if it neither allocates nor releases. */
export function allocatorCall(name: string): AllocatorCall | undefined {
  return ALLOCATORS.get(name);
}

/**
 * How bad it is to release memory of `allocated` with a call of `freed`; undefined if the two go together.
 * `object` and `object-new` share their release (PyObject_Free is what PyObject_Del means).
 * `corrupts` names the builds on which it breaks: `always`, only in the free-threaded build, or only from 3.15 on.
 */
export function mismatch(
  allocated: Domain,
  freed: Domain,
): { corrupts: "always" | "free-threaded" | "free-threaded-3.15" | "wrong-heap" } | undefined {
  if (allocated === freed) return undefined;
  const pairOf = (a: Domain, b: Domain) => (allocated === a && freed === b) || (allocated === b && freed === a);
  if (pairOf("object", "object-new")) return undefined;
  if (pairOf("mem", "object")) return { corrupts: "wrong-heap" };
  if (pairOf("raw", "libc")) return { corrupts: "free-threaded-3.15" };
  if (allocated === "libc" && (freed === "mem" || freed === "object")) return { corrupts: "free-threaded" };
  return { corrupts: "always" };
}

/** Releases that a pointer stored as a function can mean: `tp_free`, a capsule's destructor. */
export const FREE_FUNCTIONS: ReadonlySet<string> = new Set(
  [...ALLOCATORS.values()].filter((row) => row.action === "free").map((row) => row.name),
);

/** Format units of `PyArg_Parse*` that allocate with PyMem_Malloc (`*` is a buffer to be released, not memory). */
export const ALLOCATING_UNITS: ReadonlySet<string> = new Set(["es", "et", "es#", "et#"]);
