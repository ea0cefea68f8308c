/** What a call of code outside the project does to the memory behind its pointer arguments. */
import { isFresh } from "../../capi/provenance.ts";
import type { AccessKind } from "./access-types.ts";

const ALLOCATES = new Set([
  "malloc",
  "calloc",
  "realloc",
  "strdup",
  "strndup",
  "aligned_alloc",
  "operator new",
  "new[]",
  "operator new[]",
  "PyMem_Malloc",
  "PyMem_Calloc",
  "PyMem_Realloc",
  "PyMem_New",
  "PyMem_NEW",
  "PyMem_MALLOC",
  "PyMem_REALLOC",
  "PyMem_RawMalloc",
  "PyMem_RawCalloc",
  "PyMem_RawRealloc",
  "PyObject_Malloc",
  "PyObject_Calloc",
  "PyObject_Realloc",
  "PyObject_MALLOC",
  "PyObject_New",
  "PyObject_NewVar",
  "PyObject_NEW",
  "PyObject_NEW_VAR",
  "PyObject_GC_New",
  "PyObject_GC_NewVar",
  "_PyObject_New",
  "_PyObject_NewVar",
  "_PyObject_GC_New",
  "_PyObject_GC_NewVar",
  "PyType_GenericAlloc",
  "PyType_GenericNew",
]);

/** True if nobody else has what the call gives back: a new object, or new memory. */
export function makesObject(callee: string): boolean {
  return ALLOCATES.has(callee) || isFresh(callee);
}

/** Calls that only read what they are given; the C library's, by the C standard. */
const READS = new Set([
  "strlen",
  "strnlen",
  "strcmp",
  "strncmp",
  "strcasecmp",
  "strncasecmp",
  "memcmp",
  "strchr",
  "strrchr",
  "strstr",
  "memchr",
  "strspn",
  "strcspn",
  "strpbrk",
  "atoi",
  "atol",
  "atof",
  "strtol",
  "strtoul",
  "strtod",
  "strtoll",
  "strtoull",
  "printf",
  "fprintf",
  "puts",
  "fputs",
  "fwrite",
  "write",
  "strdup",
  "strndup",
  "wcslen",
  "wcscmp",
  "assert",
  "sizeof",
  "offsetof",
  "isnan",
  "operator==",
  "operator!=",
  "empty",
  "size",
  "length",
  "c_str",
  "begin",
  "end",
  "cbegin",
  "cend",
  "count",
  "find",
  "at",
  "front",
  "back",
  "capacity",
]);

/** Calls that write what their first argument points to and read the others. */
const WRITES_FIRST = new Set([
  "memcpy",
  "memmove",
  "memset",
  "strcpy",
  "strncpy",
  "strcat",
  "strncat",
  "sprintf",
  "snprintf",
  "vsnprintf",
  "PyOS_snprintf",
  "PyOS_vsnprintf",
  "read",
  "fread",
  "fgets",
  "recv",
  "qsort",
  "bzero",
]);

const FREES = new Set([
  "free",
  "realloc",
  "delete",
  "operator delete",
  "delete[]",
  "operator delete[]",
  "PyMem_Free",
  "PyMem_FREE",
  "PyMem_Del",
  "PyMem_DEL",
  "PyMem_Realloc",
  "PyMem_REALLOC",
  "PyMem_RawFree",
  "PyMem_RawRealloc",
  "PyObject_Free",
  "PyObject_FREE",
  "PyObject_Realloc",
  "PyObject_REALLOC",
  "PyMem_Resize",
  "PyMem_RESIZE",
]);

/** Macros that replace the variable written as their first argument. */
const REPLACES = new Set([
  "Py_CLEAR",
  "Py_SETREF",
  "Py_XSETREF",
  "_Py_SETREF",
  "PyMem_Resize",
  "PyMem_RESIZE",
  "PyObject_GC_Resize",
  "Py_MOVEREF",
]);

/** True if the call writes the place that its first argument was read from. */
export function replacesArgument(callee: string): boolean {
  return REPLACES.has(callee);
}

const ATOMIC = [
  "_Py_atomic_",
  "__atomic_",
  "__sync_",
  "atomic_",
  "Interlocked",
  "_Interlocked",
  "std::atomic_",
  "npy_atomic_",
];

/** True for atomic operations on what an argument points to: no plain access. */
export function isAtomicCall(callee: string): boolean {
  return (
    ATOMIC.some((prefix) => callee.startsWith(prefix)) ||
    callee === "std::call_once" ||
    callee === "call_once" ||
    callee === "pthread_once"
  );
}

/** Python API whose pointer argument is C memory that it fills or releases. */
const FILLS: ReadonlyMap<string, number> = new Map([
  ["PyObject_GetBuffer", 1],
  ["PyBuffer_Release", 0],
  ["PyBuffer_FillInfo", 0],
  ["PyArg_Parse", -1],
  ["PyThread_tss_create", -1],
]);

/**
 * Effect of a call of unknown code on what argument number `arg` points to; undefined if it has none that matters.
 * `direct` is true if the address of a member or variable was passed, false for a pointer that was read from one.
 */
export function effectOnArgument(callee: string, arg: number, direct: boolean): AccessKind | undefined {
  if (isAtomicCall(callee)) return undefined;
  if (FREES.has(callee)) return arg === 0 ? "free" : undefined;
  if (READS.has(callee)) return "read";
  if (WRITES_FIRST.has(callee)) return arg === 0 ? "write" : "read";
  if (isPythonApi(callee)) {
    const filled = FILLS.get(callee);
    if (filled !== undefined) return filled === arg ? "touch" : undefined;
    // Objects protect their own content; what is handed over as C memory is read, an address of a member is an out parameter.
    return direct ? "touch" : "read";
  }
  return "touch";
}

/** Names of CPython's API by its naming convention. */
export function isPythonApi(callee: string): boolean {
  return /^_?Py[A-Z_]/.test(callee);
}

const EMPTIES = new Set(["PyDict_Clear", "PyList_Clear", "PySet_Clear"]);

const CONTENT = new Set([
  "PyDict_SetItem",
  "PyDict_SetItemString",
  "PyDict_GetItem",
  "PyDict_GetItemWithError",
  "PyDict_GetItemString",
  "PyDict_GetItemRef",
  "PyDict_GetItemStringRef",
  "PyDict_SetDefault",
  "PyDict_SetDefaultRef",
  "PyDict_Contains",
  "PyDict_DelItem",
  "PyDict_Next",
  "PyList_Append",
  "PyList_GetItem",
  "PyList_GET_ITEM",
  "PyList_GetItemRef",
  "PyList_SetItem",
  "PySet_Add",
  "PySet_Contains",
  "PySet_Discard",
]);

/** What a call of the C API does to the content of the container that is its first argument. */
export function effectOnContent(callee: string): "content" | "empties" | undefined {
  if (EMPTIES.has(callee)) return "empties";
  return CONTENT.has(callee) ? "content" : undefined;
}
