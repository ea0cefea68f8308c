/** Which functions of CPython may be called while no thread state is attached. */
import type { Source } from "./sources.ts";

/** Names; a trailing `*` makes a prefix. Everything else that begins with `Py` or `_Py` needs an attached thread state. */
const DETACHED_OK: readonly (readonly [string, Source])[] = [
  [
    "PyMem_RawMalloc PyMem_RawCalloc PyMem_RawRealloc PyMem_RawFree PyMem_GetAllocator PyMem_SetAllocator PyMem_SetupDebugHooks",
    "docs/memory",
  ],
  ["PyMutex_* _PyMutex_*", "docs/synchronization"],
  ["PyThread_* Py_tss_NEEDS_INIT PyThread_tss_*", "docs/init"],
  [
    "Py_BEGIN_ALLOW_THREADS Py_END_ALLOW_THREADS Py_BLOCK_THREADS Py_UNBLOCK_THREADS PyEval_RestoreThread PyEval_AcquireThread PyEval_AcquireLock PyGILState_Ensure PyGILState_Release PyGILState_Check PyGILState_GetThisThreadState PyThreadState_Swap PyThreadState_GetUnchecked _PyThreadState_UncheckedGet PyThreadState_New PyThreadState_Delete PyThreadState_Clear PyInterpreterState_Main",
    "docs/init",
  ],
  [
    "PyThreadState_Ensure PyThreadState_EnsureFromView PyThreadState_Release PyInterpreterGuard_FromView PyInterpreterGuard_Close PyInterpreterView_FromMain PyInterpreterView_Close",
    "pep-788",
  ],
  [
    "Py_AddPendingCall Py_IsInitialized Py_IsFinalizing _Py_IsFinalizing Py_FatalError Py_UNREACHABLE Py_Exit Py_AtExit Py_DecodeLocale Py_EncodeLocale Py_PreInitialize* Py_Initialize* Py_GetVersion Py_GetPlatform Py_GetCopyright Py_GetCompiler Py_GetBuildInfo PyErr_SetInterrupt PyErr_SetInterruptEx PyOS_snprintf PyOS_vsnprintf PyOS_strtol PyOS_strtoul PyOS_mystricmp PyOS_mystrnicmp PyOS_stricmp PyOS_strnicmp",
    "docs/init",
  ],
  [
    "PyBytes_AS_STRING PyBytes_GET_SIZE PyByteArray_AS_STRING PyByteArray_GET_SIZE PyUnicode_DATA PyUnicode_KIND PyUnicode_READ PyUnicode_GET_LENGTH PyUnicode_1BYTE_DATA PyUnicode_2BYTE_DATA PyUnicode_4BYTE_DATA PyTuple_GET_SIZE PyList_GET_SIZE PyFloat_AS_DOUBLE Py_SIZE",
    "headers",
  ],
  [
    "Py_ARRAY_LENGTH Py_MIN Py_MAX Py_ABS Py_CHARMASK Py_UNUSED Py_STRINGIFY Py_SAFE_DOWNCAST Py_MEMBER_SIZE Py_ALIGNED Py_GCC_ATTRIBUTE Py_UNICODE_* Py_ISALPHA Py_ISALNUM Py_ISDIGIT Py_ISXDIGIT Py_ISSPACE Py_ISLOWER Py_ISUPPER Py_TOLOWER Py_TOUPPER Py_IS_NAN Py_IS_INFINITY Py_IS_FINITE Py_OVERFLOWED Py_HUGE_VAL Py_NAN Py_RETURN_NAN Py_LOCAL Py_LOCAL_INLINE Py_DEPRECATED Py_BUILD_ASSERT Py_BUILD_ASSERT_EXPR Py_CLEANUP_SUPPORTED Py_FORCE_EXPANSION Py_MEMCPY Py_ssize_t Py_hash_t Py_uhash_t Py_UCS1 Py_UCS2 Py_UCS4 Py_intptr_t Py_uintptr_t",
    "headers",
  ],
  [
    "_Py_atomic_* _Py_HashBytes Py_HashBuffer _Py_c_* _Py_dg_* _Py_bswap16 _Py_bswap32 _Py_bswap64 _Py_popcount32 _Py_bit_length PyTime_MonotonicRaw PyTime_PerfCounterRaw PyTime_TimeRaw _PyTime_*",
    "headers",
  ],
];

/** APIs of other libraries whose names look like CPython's; many of them are plain accessors. */
const FOREIGN: readonly string[] = ["PyArray", "PyUFunc_", "PyDataType_", "PyDataMem_", "PyTypeNum_", "PyNpy"];

const exact = new Map<string, Source>();
const prefixes: [string, Source][] = [];
for (const [names, source] of DETACHED_OK) {
  for (const name of names.split(" ")) {
    if (name.endsWith("*")) prefixes.push([name.slice(0, -1), source]);
    else exact.set(name, source);
  }
}

const resolved = new Map<string, boolean>();

/**
 * True if a function of CPython of this name must be called with an attached thread state. False for the functions
 * that may be called detached, and for every name that is not CPython's.
 */
export function needsThreadState(name: string): boolean {
  let answer = resolved.get(name);
  if (answer === undefined) {
    const isApi = (name.startsWith("Py") || name.startsWith("_Py")) && !FOREIGN.some((p) => name.startsWith(p));
    answer = isApi && !exact.has(name) && !prefixes.some(([prefix]) => name.startsWith(prefix));
    resolved.set(name, answer);
  }
  return answer;
}

/** Every name and prefix of the table, for the check against the reference data. */
export function detachedNames(): { exact: string[]; prefixes: string[] } {
  return { exact: [...exact.keys()], prefixes: prefixes.map(([prefix]) => prefix) };
}
