/**
 * Names of the tables that neither refcounts.dat nor stable_abi.dat has: both leave out macros, private functions, much
 * of what is not in the limited API, and what came after the copy was taken. Each with the source that has it.
 */
import type { Source } from "../../../src/capi/sources.ts";

/** Checked against the installed public headers of 3.6 to 3.13. */
const PUBLIC_HEADERS =
  "PyCFunction_Call PyCFunction_GET_CLASS PyCFunction_GET_SELF PyClassMethod_New PyCode_AddWatcher PyCriticalSection2_Begin PyCriticalSection2_End PyCriticalSection_Begin PyCriticalSection_End PyDateTime_DATE_GET_TZINFO PyDateTime_IMPORT PyDateTime_TIME_GET_TZINFO PyDateTime_TimeZone_UTC PyDescr_NAME PyDescr_TYPE PyDict_AddWatcher PyDict_ClearWatcher PyDict_ContainsString PyDict_GET_SIZE PyDict_Pop PyDict_PopString PyDict_SetDefaultRef PyErr_FormatUnraisable PyEval_AcquireLock PyEval_CallFunction PyEval_CallMethod PyEval_CallObject PyEval_CallObjectWithKeywords PyEval_ReleaseLock PyEval_ThreadsInitialized PyExceptionClass_Check PyExceptionInstance_Check PyExceptionInstance_Class PyFunction_AddWatcher PyFunction_GET_ANNOTATIONS PyFunction_GET_CLOSURE PyFunction_GET_CODE PyFunction_GET_DEFAULTS PyFunction_GET_GLOBALS PyFunction_GET_KW_DEFAULTS PyFunction_GET_MODULE PyFunction_GetKwDefaults PyGILState_Check PyImport_ExtendInittab PyImport_ImportModuleNoBlock PyInterpreterState_Head PyInterpreterState_Main PyInterpreterState_Next PyInterpreterState_ThreadHead PyList_Clear PyList_Extend PyMem_DEL PyMem_Del PyMem_FREE PyMem_GetAllocator PyMem_MALLOC PyMem_NEW PyMem_New PyMem_REALLOC PyMem_RESIZE PyMem_Resize PyMem_SetAllocator PyMem_SetupDebugHooks PyMutex_IsLocked PyMutex_Lock PyMutex_Unlock PyODict_GetItem PyODict_GetItemString PyODict_GetItemWithError PyODict_New PyOS_Readline PyOS_stricmp PyOS_strnicmp PyObject_CallMethodNoArgs PyObject_CallMethodOneArg PyObject_DEL PyObject_Del PyObject_FREE PyObject_GET_WEAKREFS_LISTPTR PyObject_GetItemData PyObject_IS_GC PyObject_MALLOC PyObject_REALLOC PyObject_VectorcallDict PyRefTracer_SetTracer PyStaticMethod_New PySys_AddAuditHook PyThreadState_DeleteCurrent PyThreadState_GetUnchecked PyThreadState_Next PyThread_start_joinable_thread PyTime_MonotonicRaw PyTime_PerfCounterRaw PyTime_TimeRaw PyType_AddWatcher PyType_GetDict PyUnicode_2BYTE_DATA PyUnicode_4BYTE_DATA PyUnicode_IS_ASCII PyUnicode_IS_COMPACT_ASCII PyUnstable_AtExit PyUnstable_Eval_RequestCodeExtraIndex PyUnstable_GC_VisitObjects PyUnstable_Object_GC_NewWithExtraData Py_ABS Py_ALIGNED Py_ARRAY_LENGTH Py_BEGIN_CRITICAL_SECTION Py_BEGIN_CRITICAL_SECTION2 Py_BEGIN_CRITICAL_SECTION2_MUT Py_BEGIN_CRITICAL_SECTION_MUT Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST Py_BUILD_ASSERT Py_BUILD_ASSERT_EXPR Py_CHARMASK Py_CLEANUP_SUPPORTED Py_DEPRECATED Py_END_CRITICAL_SECTION Py_END_CRITICAL_SECTION2 Py_END_CRITICAL_SECTION_SEQUENCE_FAST Py_ExitStatusException Py_FORCE_EXPANSION Py_GCC_ATTRIBUTE Py_HUGE_VAL Py_ISALNUM Py_ISALPHA Py_ISDIGIT Py_ISLOWER Py_ISSPACE Py_ISUPPER Py_ISXDIGIT Py_IS_FINITE Py_IS_INFINITY Py_IS_NAN Py_IS_TYPE Py_LOCAL Py_LOCAL_INLINE Py_MAX Py_MEMBER_SIZE Py_MEMCPY Py_MIN Py_NAN Py_NewInterpreterFromConfig Py_OVERFLOWED Py_RETURN_NAN Py_SAFE_DOWNCAST Py_SETREF Py_SET_REFCNT Py_SET_SIZE Py_SET_TYPE Py_SIZE Py_STRINGIFY Py_TOLOWER Py_TOUPPER Py_UCS1 Py_UCS2 Py_UNREACHABLE Py_UNUSED Py_VISIT Py_XSETREF Py_hash_t Py_tss_NEEDS_INIT Py_uhash_t";

/** Private names in the same headers, still reachable for extensions of some version. */
const PRIVATE_HEADERS =
  "_PyArg_CheckPositional _PyArg_UnpackStack _PyDict_GetItemId _PyDict_GetItemIdWithError _PyDict_GetItemStringWithError _PyDict_GetItemWithError _PyDict_GetItem_KnownHash _PyDict_NewPresized _PyDict_Next _PyDict_Pop _PyLong_AsInt _PyLong_FromByteArray _PyMem_RawStrdup _PyMem_RawWcsdup _PyMem_Strdup _PyMutex_Lock _PyMutex_Unlock _PyObject_CallMethodId _PyObject_CallNoArg _PyObject_CallOneArg _PyObject_GC_New _PyObject_GC_NewVar _PyObject_GetAttrId _PyObject_GetDictPtr _PyObject_IsUniquelyReferenced _PyObject_LookupAttr _PyObject_LookupAttrId _PyObject_LookupSpecial _PySet_NextEntry _PySys_GetObjectId _PyThreadState_UncheckedGet _PyThread_CurrentExceptions _PyThread_CurrentFrames _PyType_Lookup _PyType_LookupRef _PyUnicode_FromId _Py_BuildValue_SizeT _Py_DecRef _Py_FatalErrorFormat _Py_FatalErrorFunc _Py_FatalRefcountErrorFunc _Py_HashBytes _Py_IncRef _Py_IsFinalizing _Py_NewRef _Py_XNewRef _Py_bit_length _Py_bswap16 _Py_bswap32 _Py_bswap64 _Py_popcount32";

/** New in 3.14. */
const SINCE_3_14 =
  "PyBytes_Join PyContext_AddWatcher PyCriticalSection2_BeginMutex PyCriticalSection_BeginMutex PyLong_FreeExport PyUnicodeWriter_Create PyUnicodeWriter_Discard PyUnicodeWriter_Finish PyUnstable_Object_IsUniqueReferencedTemporary PyUnstable_Object_IsUniquelyReferenced PyUnstable_TryIncRef PyWeakref_IsDead Py_BEGIN_CRITICAL_SECTION2_MUTEX Py_BEGIN_CRITICAL_SECTION_MUTEX Py_HashBuffer";

/** New in 3.15. */
const SINCE_3_15 =
  "PyBytesWriter_Create PyBytesWriter_Discard PyBytesWriter_Finish PyBytesWriter_FinishWithPointer PyBytesWriter_FinishWithSize PyInterpreterGuard_Close PyInterpreterGuard_FromCurrent PyInterpreterGuard_FromView PyInterpreterView_Close PyInterpreterView_FromCurrent PyInterpreterView_FromMain PyModule_Exec PyModule_FromSlotsAndSpec PyThreadState_Ensure PyThreadState_EnsureFromView PyThreadState_Release PyTuple_FromArray PyType_FromSlots PyType_GetBaseByToken_DuringGC PyType_GetModuleByToken PyType_GetModuleByToken_DuringGC PyType_GetModule_DuringGC";

/** Defined by pythoncapi-compat itself. */
const COMPAT = "_PyFrame_GetBackBorrow _PyFrame_GetCodeBorrow _PyThreadState_GetFrameBorrow";

function listed(names: string, source: Source): [string, Source][] {
  return names.split(" ").map((name) => [name, source]);
}

export const NOT_IN_DATA: ReadonlyMap<string, Source> = new Map([
  ...listed(PUBLIC_HEADERS, "headers"),
  ...listed(PRIVATE_HEADERS, "headers"),
  ...listed(SINCE_3_14, "docs/whatsnew-3.14"),
  ...listed(SINCE_3_15, "docs/whatsnew-3.15"),
  ...listed(COMPAT, "compat"),
]);
