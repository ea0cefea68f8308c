/**
 * What a call of the C API can do beside its work: run arbitrary Python code (destructors, `__eq__`, import hooks), or
 * detach the thread state and so suspend critical sections.
 */
import { LOCK_CALLS } from "./locks.ts";
import type { Source } from "./sources.ts";
import { THREAD_STATE_CALLS } from "./thread-state.ts";

/**
 * `python`: may run Python code, hence also detach. `python-if-custom`: only if a key, operand or iterable is not an
 * exact built-in. `suspends`: may detach and suspend critical sections. `neither`: does not.
 */
export type Effect = "python" | "python-if-custom" | "suspends" | "neither";

export interface CallEffect {
  effect: Effect;
  why: string;
  source: Source;
}

type Row = readonly [names: string, effect: Effect, why: string, source: Source];

/** Names; a trailing `*` makes a prefix. A full name wins over a prefix, a longer prefix over a shorter one. */
const ROWS: readonly Row[] = [
  [
    "Py_DECREF Py_XDECREF Py_DecRef _Py_DecRef Py_CLEAR Py_SETREF Py_XSETREF",
    "python",
    "a destructor, __del__ or weak reference callback",
    "docs/refcounting",
  ],
  [
    "PyList_SetItem PyList_SetSlice PyList_Clear PyDict_Clear PyObject_SetAttr* PyObject_DelAttr* PyObject_GenericSetAttr PyObject_GenericSetDict PyCell_Set PyCell_SET PyTuple_SetItem PyErr_Restore PyErr_Clear PyErr_SetRaisedException PyException_Set* PyModule_Add* PySys_SetObject PyFunction_Set*",
    "python",
    "the value that is replaced is released",
    "docs/refcounting",
  ],
  [
    "PyObject_GetAttr* PyObject_GetOptionalAttr* PyObject_HasAttr* PyObject_GenericGetAttr _PyObject_LookupAttr* _PyObject_GetAttrId _PyObject_LookupSpecial PyObject_Dir",
    "python",
    "descriptors and __getattr__",
    "docs/object",
  ],
  [
    "PyObject_Call* PyObject_Vectorcall* PyVectorcall_Call _PyObject_Call* _PyObject_Vectorcall* PyEval_Eval* PyEval_Call* PyRun_* PyCFunction_Call",
    "python",
    "calls a Python object",
    "docs/call",
  ],
  [
    "PyObject_RichCompare* PyObject_Hash PySequence_Contains PySequence_In PySequence_Index PySequence_Count PyList_Sort PyObject_IsTrue PyObject_Not",
    "python-if-custom",
    "__eq__, __hash__, __bool__ or a key function",
    "docs/object",
  ],
  [
    "PyDict_GetItem PyDict_GetItemWithError PyDict_GetItemRef PyDict_Contains PyDict_SetDefault* PyDict_SetItem PyDict_DelItem PyDict_Pop PySet_Add PySet_Contains PySet_Discard _PyDict_GetItem* _PyDict_Pop _PyDict_SetItem* _PyDict_Contains* PyODict_*",
    "python-if-custom",
    "__hash__ and __eq__ of a key",
    "docs/dict",
  ],
  [
    "PyDict_GetItemString* PyDict_SetItemString PyDict_DelItemString PyDict_ContainsString PyDict_PopString",
    "suspends",
    "the dict's own lock",
    "docs/dict",
  ],
  [
    "PyObject_GetIter PyObject_GetAIter PyIter_Next* PyIter_Send PySequence_List PySequence_Tuple PySequence_Fast PyList_Extend PyDict_Update PyDict_Merge* PySet_New PyFrozenSet_New",
    "python-if-custom",
    "the iterator protocol",
    "docs/iter",
  ],
  [
    "PyObject_GetItem PyObject_SetItem PyObject_DelItem* PySequence_* PyMapping_* PyObject_Size PyObject_Length*",
    "python-if-custom",
    "__getitem__, __len__ and their like",
    "docs/sequence",
  ],
  [
    "PyObject_Str PyObject_Repr PyObject_ASCII PyObject_Format PyObject_Bytes PyUnicode_FromFormat* PyErr_Format* PyBytes_FromFormat* PyUnicode_FromObject PyUnicode_Join PyUnicode_Format",
    "python-if-custom",
    "__str__, __repr__, __format__",
    "docs/object",
  ],
  [
    "PyNumber_* PyLong_As* PyLong_FromUnicodeObject PyFloat_AsDouble PyComplex_AsCComplex PySlice_Unpack PySlice_GetIndices* PyIndex_Check _PyLong_AsInt",
    "python-if-custom",
    "__index__, __int__, __float__ and operators",
    "docs/number",
  ],
  ["PyIndex_Check PyNumber_Check", "neither", "looks at the type", "docs/number"],
  [
    "PyArg_Parse* PyArg_VaParse* _PyArg_Parse* Py_BuildValue Py_VaBuildValue PyArg_ValidateKeywordArguments",
    "python-if-custom",
    "conversions of arguments and O& converters",
    "docs/arg",
  ],
  ["PyArg_UnpackTuple _PyArg_UnpackStack _PyArg_CheckPositional", "neither", "unpacks only", "docs/arg"],
  [
    "PyObject_IsInstance PyObject_IsSubclass PyErr_GivenExceptionMatches PyErr_ExceptionMatches",
    "python-if-custom",
    "__instancecheck__ and __subclasscheck__",
    "docs/object",
  ],
  ["PyErr_ExceptionMatches PyErr_GivenExceptionMatches", "neither", "compares exception classes", "docs/exceptions"],
  [
    "PyObject_GetBuffer PyBuffer_Release PyMemoryView_From* PyMemoryView_GetContiguous PyBuffer_ToContiguous PyBuffer_FromContiguous PyObject_CopyData",
    "python-if-custom",
    "__buffer__ and __release_buffer__",
    "docs/buffer",
  ],
  [
    "PyErr_Warn* PyErr_WriteUnraisable PyErr_Print* PyErr_Display* PyErr_FormatUnraisable PyErr_SetObject PyErr_NormalizeException PyErr_SetFromErrno* PyErr_SetImportError*",
    "python",
    "warning filters, hooks and exception constructors",
    "docs/exceptions",
  ],
  [
    "PyErr_SetString PyErr_SetNone PyErr_NoMemory PyErr_BadArgument PyErr_BadInternalCall",
    "suspends",
    "sets an exception",
    "docs/exceptions",
  ],
  [
    "PyErr_Occurred PyErr_Fetch PyErr_GetExcInfo PyErr_GetRaisedException PyErr_GetHandledException",
    "neither",
    "reads this thread's state",
    "docs/exceptions",
  ],
  [
    "PySys_Audit PySys_AuditTuple PySys_WriteStd* PySys_FormatStd* PyImport_* PyCodec_* PyUnicode_Decode PyUnicode_AsEncodedString PyUnicode_FromEncodedObject PyFile_* PyOS_FSPath PyUnicode_FSConverter PyUnicode_FSDecoder PyMarshal_* PyTraceBack_*",
    "python",
    "import, codecs, files and audit hooks",
    "docs/import",
  ],
  ["PyImport_GetModuleDict PyImport_AppendInittab PyImport_ExtendInittab", "neither", "reads a pointer", "docs/import"],
  [
    "PyErr_CheckSignals PyGC_Collect Py_MakePendingCalls",
    "python",
    "signal handlers and finalizers",
    "docs/exceptions",
  ],
  ["PyErr_SetInterrupt* PyGC_Enable PyGC_Disable PyGC_IsEnabled", "neither", "sets a flag", "docs/gc"],
  [
    "PyType_Ready PyType_FromSpec* PyType_FromModuleAndSpec PyType_FromMetaclass PyType_FromSlots PyModule_AddType PyModule_ExecDef PyModule_Exec PyModule_FromDefAndSpec* PyModule_FromSlotsAndSpec PyStructSequence_NewType PyStructSequence_InitType* PyErr_NewException*",
    "python",
    "__set_name__, __init_subclass__ and mro()",
    "docs/type",
  ],
  [
    "PyType_Modified _PyType_Lookup* PyType_GetModuleByDef PyType_GetModuleByToken",
    "suspends",
    "the type lock",
    "docs/type",
  ],
  ["PyContextVar_Set PyContext_Enter PyContext_Exit PyContextVar_Reset", "suspends", "context watchers", "docs/object"],
  [
    "PyWeakref_NewRef PyWeakref_NewProxy PyWeakref_GetRef PyObject_ClearWeakRefs",
    "suspends",
    "the lock of the weak references",
    "docs/weakref",
  ],
  ["PyObject_ClearWeakRefs", "python", "callbacks of the weak references", "docs/weakref"],
  [
    "PyUnicode_AsUTF8* PyUnicode_Intern* PyUnicode_FromString* PyUnicode_As* PyUnicode_Decode* PyUnicode_Compare* PyUnicode_* PyBytes_* PyByteArray_*",
    "suspends",
    "internal locks",
    "docs/unicode",
  ],
  [
    "PyUnicode_GET_LENGTH PyUnicode_GetLength PyUnicode_READ PyUnicode_READ_CHAR PyUnicode_DATA PyUnicode_KIND PyUnicode_1BYTE_DATA PyUnicode_2BYTE_DATA PyUnicode_4BYTE_DATA PyUnicode_IS_ASCII PyUnicode_IS_COMPACT_ASCII PyUnicode_MAX_CHAR_VALUE PyUnicode_READY PyUnicode_WRITE PyUnicode_CompareWithASCIIString PyUnicode_EqualToUTF8 PyBytes_GET_SIZE PyBytes_AS_STRING PyBytes_Size PyBytes_AsString PyByteArray_GET_SIZE PyByteArray_AS_STRING PyByteArray_Size PyByteArray_AsString",
    "neither",
    "reads the object",
    "docs/unicode",
  ],
  [
    "PyList_New PyDict_New PyTuple_New PyTuple_Pack PyType_GenericAlloc PyType_GenericNew PyObject_New* PyObject_GC_New* PyObject_GC_Resize _PyObject_New* _PyObject_GC_New* PyCapsule_New PyCell_New PyFloat_From* PyLong_From* PyBool_FromLong PyComplex_From* PySlice_New PyStructSequence_New PyCFunction_New* PyCMethod_New PyModule_Create* PyModule_New*",
    "neither",
    "allocates; from 3.12 the collector runs later",
    "docs/gc",
  ],
  [
    "PyList_Append PyList_Insert PyList_GetItemRef PyList_AsTuple PyList_GetSlice PyList_Reverse PyDict_Copy PyDict_Keys PyDict_Values PyDict_Items PySet_Pop PySet_Clear",
    "suspends",
    "the container's own lock",
    "threadsafety",
  ],
  [
    "PyDict_Next _PyDict_Next _PySet_NextEntry PyList_Size PyList_GET_SIZE PyList_GET_ITEM PyList_GetItem PyList_SET_ITEM PyTuple_Size PyTuple_GET_SIZE PyTuple_GET_ITEM PyTuple_GetItem PyTuple_SET_ITEM PyDict_Size PyDict_GET_SIZE PySet_Size PySet_GET_SIZE PySequence_Fast_GET_ITEM PySequence_Fast_GET_SIZE PySequence_Fast_ITEMS PyStructSequence_GetItem PyStructSequence_GET_ITEM PyStructSequence_SetItem PyStructSequence_SET_ITEM PyTuple_GetSlice PyCell_GET PyCell_Get PySequence_ITEM PySequence_Check PyMapping_Check PyCallable_Check PyIter_Check",
    "neither",
    "reads or fills memory only",
    "docs/list",
  ],
  [
    "PyMem_* PyObject_Malloc PyObject_Calloc PyObject_Realloc PyObject_Free PyObject_MALLOC PyObject_REALLOC PyObject_FREE PyObject_Del PyObject_DEL PyObject_GC_Del PyObject_GC_Track PyObject_GC_UnTrack PyObject_Init* PyObject_INIT* PyObject_GC_Is* PyObject_IS_GC PyObject_CheckBuffer PyObject_GetTypeData PyObject_GetItemData",
    "neither",
    "memory only",
    "docs/memory",
  ],
  [
    "Py_INCREF Py_XINCREF Py_IncRef _Py_IncRef Py_NewRef Py_XNewRef _Py_NewRef _Py_XNewRef Py_TYPE Py_SIZE Py_SET_SIZE Py_SET_TYPE Py_REFCNT Py_SET_REFCNT Py_IS_TYPE Py_Is* Py_UNUSED Py_ARRAY_LENGTH Py_MIN Py_MAX Py_ABS Py_CHARMASK PyUnstable_* Py_GetConstant* PyFloat_AS_DOUBLE PyFloat_Check* PyComplex_Real* PyComplex_Imag* PyHash_* Py_Hash* PyOS_snprintf PyOS_vsnprintf PyOS_string_to_double PyOS_double_to_string PyOS_str* PyOS_my* Py_GetVersion Py_UNICODE_* Py_ISALPHA Py_TOLOWER Py_TOUPPER Py_ISDIGIT Py_ISSPACE Py_ISALNUM PyType_HasFeature PyType_GetFlags PyType_IsSubtype PyType_IS_GC PyType_GetSlot PyType_GetModule PyType_GetModuleState PyObject_TypeCheck PyExceptionInstance_Class PyExceptionClass_Check PyExceptionInstance_Check",
    "neither",
    "touches the object header or nothing",
    "docs/refcounting",
  ],
  [
    "PyModule_GetState PyModule_GetDict PyModule_GetDef PyState_FindModule PyModuleDef_Init PyCapsule_GetPointer PyCapsule_IsValid PyCapsule_GetName PyCapsule_GetContext PyCapsule_Set* PyCapsule_GetDestructor PyThreadState_Get PyThreadState_GetUnchecked PyThreadState_GetDict PyThreadState_GetID PyInterpreterState_Get PyInterpreterState_GetID PyInterpreterState_GetDict PyInterpreterState_Main PyEval_GetFrame PyEval_GetLocals PyEval_GetGlobals PyEval_GetBuiltins PyFrame_GetCode PyFrame_GetBack PyFrame_GetLineNumber PyFunction_Get* PyFunction_GET_* PyMethod_Function PyMethod_Self PyMethod_GET_* PyCFunction_Get* PyCFunction_GET_* PyInstanceMethod_* PySys_GetObject PySys_GetXOptions PyWeakref_GetObject PyWeakref_GET_OBJECT PyWeakref_Check* PyWeakref_IsDead PyDateTime_* PyDate_Check* PyTime_Check* PyDelta_Check* PyTZInfo_Check* PyMemoryView_GET_* PyMemoryView_Check PyBuffer_IsContiguous PyBuffer_GetPointer PyBuffer_FillInfo PyBuffer_FillContiguousStrides PyBuffer_SizeFromFormat PyGILState_Check PyThread_get_thread_ident PyThread_tss_* PyThread_allocate_lock PyThread_free_lock PyThread_acquire_lock* PyThread_release_lock PyThread_init_thread PyThread_start_new_thread PyMutex_IsLocked Py_AddPendingCall Py_AtExit Py_IsInitialized Py_IsFinalizing Py_EnterRecursiveCall Py_LeaveRecursiveCall Py_VISIT",
    "neither",
    "reads state that is there",
    "docs/init",
  ],
  ["PyDateTime_IMPORT PyCapsule_Import", "python", "imports a module", "docs/datetime"],
  [
    "Py_Finalize* Py_EndInterpreter Py_NewInterpreter* Py_Initialize*",
    "python",
    "starts or stops an interpreter",
    "docs/init",
  ],
];

function build(): { exact: Map<string, CallEffect>; prefixes: [string, CallEffect][] } {
  const exact = new Map<string, CallEffect>();
  const prefixes: [string, CallEffect][] = [];
  for (const [names, effect, why, source] of ROWS) {
    for (const name of names.split(" ")) {
      if (name.endsWith("*")) prefixes.push([name.slice(0, -1), { effect, why, source }]);
      else exact.set(name, { effect, why, source });
    }
  }
  for (const call of LOCK_CALLS.values()) {
    const suspends = call.action === "lock" && call.whileWaiting === "detaches";
    const why = suspends ? "waits for the lock" : "does not give the thread state up";
    exact.set(call.name, { effect: suspends ? "suspends" : "neither", why, source: call.source });
  }
  for (const call of THREAD_STATE_CALLS.values()) {
    exact.set(call.name, { effect: "suspends", why: "attaches or detaches the thread state", source: call.source });
  }
  prefixes.sort(([a], [b]) => b.length - a.length);
  return { exact, prefixes };
}

const TABLE = build();
const resolved = new Map<string, CallEffect | undefined>(TABLE.exact);

const TYPE_TEST: CallEffect = { effect: "neither", why: "looks at the type", source: "docs/object" };
const UNKNOWN_API: CallEffect = { effect: "python", why: "not known to be harmless", source: "headers" };

/**
 * What a call of this name can do; undefined if it is no function of CPython (then only the project can tell).
 * An API that no table knows counts as running Python code.
 */
export function callEffect(name: string): CallEffect | undefined {
  if (resolved.has(name)) return resolved.get(name);
  const found = lookUp(name);
  resolved.set(name, found);
  return found;
}

function lookUp(name: string): CallEffect | undefined {
  if (!name.startsWith("Py") && !name.startsWith("_Py")) return undefined;
  if (name.endsWith("_Check") || name.endsWith("_CheckExact")) return TYPE_TEST;
  for (const [prefix, effect] of TABLE.prefixes) if (name.startsWith(prefix)) return effect;
  return UNKNOWN_API;
}

/** True if the API may run Python code with ordinary arguments (`strict`: also with exact built-ins only). */
export function mayRunPython(name: string, strict = false): boolean {
  const effect = callEffect(name)?.effect;
  return effect === "python" || (!strict && effect === "python-if-custom");
}

/** True if the API may detach the thread state, so that a critical section held by the caller is suspended. */
export function maySuspend(name: string): boolean {
  const effect = callEffect(name)?.effect;
  return effect !== undefined && effect !== "neither";
}

/** Every name and prefix of the table, for the check against the reference data. */
export function effectNames(): { exact: string[]; prefixes: string[] } {
  return { exact: [...TABLE.exact.keys()], prefixes: TABLE.prefixes.map(([prefix]) => prefix) };
}
