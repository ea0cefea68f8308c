/**
 * Where the object comes from that an API gives: made by the call, taken out of something shared, passed through,
 * constant. Analyses ask this to know who else can have the object.
 */
import { BORROWED, type Owner } from "./borrowed.ts";
import { REFCOUNTS } from "./data/refcounts.generated.ts";
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

export type ObjectType =
  | "list"
  | "dict"
  | "set"
  | "frozenset"
  | "tuple"
  | "str"
  | "bytes"
  | "bytearray"
  | "int"
  | "float"
  | "complex"
  | "bool"
  | "slice"
  | "range"
  | "module"
  | "type"
  | "capsule"
  | "weakref"
  | "cell"
  | "iterator"
  | "memoryview"
  | "function"
  | "code"
  | "exception"
  | "instance"
  | "lock"
  | "any";

export type Origin =
  /** Nobody else has it when the call returns. */
  | "fresh"
  /** Either a fresh private copy or argument `fromArg` itself. */
  | "fresh-or-argument"
  /** Argument `fromArg` itself. */
  | "argument"
  /** Value of an attribute of `fromArg`. */
  | "attribute"
  /** Item of the container `fromArg`. */
  | "item"
  | "module"
  | "module-dict"
  | "type-dict"
  | "sys"
  | "interpreter"
  /** Belongs to the thread that calls. */
  | "own-thread"
  | "own-frame"
  | "weakref-target"
  /** Cannot change once made: str, int, tuple, constants, ... */
  | "immutable"
  | "type-object"
  /** Result of Python code: anything. */
  | "call-result";

export interface ApiResult {
  name: string;
  origin: Origin;
  /** Type of the object, `any` if it is not fixed. */
  type: ObjectType;
  /** `new`: the caller owns a reference; `borrowed`: it does not. */
  reference: "new" | "borrowed";
  /** Argument it comes from, -1 if none. */
  fromArg: number;
  /** Parameters through which the object comes out; empty: it is the result. */
  outArgs: readonly number[];
  since?: ApiVersion;
  source: Source;
}

type Group = readonly [
  names: string,
  origin: Origin,
  type: ObjectType,
  source: Source,
  fromArg?: number,
  outArg?: number,
];

/** All of these give new references. */
const NEW: readonly Group[] = [
  [
    "PyList_New PyList_GetSlice PySequence_List PyMapping_Keys PyMapping_Values PyMapping_Items",
    "fresh",
    "list",
    "docs/list",
  ],
  ["PyDict_Keys PyDict_Values PyDict_Items", "fresh", "list", "docs/dict"],
  ["PyUnicode_Split PyUnicode_RSplit PyUnicode_Splitlines", "fresh", "list", "docs/unicode"],
  ["PyDict_New PyDict_Copy _PyDict_NewPresized PyODict_New PyEval_GetFrameLocals", "fresh", "dict", "docs/dict"],
  ["PyDictProxy_New", "fresh", "instance", "docs/dict", 0],
  ["PySet_New", "fresh", "set", "docs/set"],
  ["PyFrozenSet_New", "immutable", "frozenset", "docs/set"],
  ["PyTuple_New PyStructSequence_New", "fresh", "tuple", "docs/tuple"],
  [
    "PyTuple_Pack PyTuple_GetSlice PyTuple_FromArray PyList_AsTuple PySequence_Tuple PyUnicode_Partition PyUnicode_RPartition",
    "immutable",
    "tuple",
    "docs/tuple",
  ],
  ["PySequence_Fast", "fresh-or-argument", "any", "docs/sequence", 0],
  ["PyByteArray_FromObject PyByteArray_FromStringAndSize PyByteArray_Concat", "fresh", "bytearray", "docs/bytearray"],
  [
    "PyObject_New PyObject_NewVar PyObject_NEW PyObject_NEW_VAR PyObject_GC_New PyObject_GC_NewVar _PyObject_New _PyObject_NewVar _PyObject_GC_New _PyObject_GC_NewVar PyUnstable_Object_GC_NewWithExtraData PyType_GenericAlloc PyType_GenericNew tp_alloc",
    "fresh",
    "instance",
    "docs/allocation",
  ],
  [
    "PyModule_Create PyModule_Create2 PyModule_New PyModule_NewObject PyModule_FromDefAndSpec PyModule_FromDefAndSpec2 PyModule_FromSlotsAndSpec",
    "fresh",
    "module",
    "docs/module",
  ],
  [
    "PyType_FromSpec PyType_FromSpecWithBases PyType_FromModuleAndSpec PyType_FromMetaclass PyType_FromSlots PyStructSequence_NewType PyErr_NewException PyErr_NewExceptionWithDoc",
    "fresh",
    "type",
    "docs/type",
  ],
  ["PyCapsule_New", "fresh", "capsule", "docs/capsule"],
  ["PyWeakref_NewRef PyWeakref_NewProxy", "fresh", "weakref", "docs/weakref"],
  ["PyCell_New", "fresh", "cell", "docs/cell"],
  ["PyObject_GetIter PyObject_GetAIter PySeqIter_New PyCallIter_New", "fresh", "iterator", "docs/iter"],
  [
    "PyMemoryView_FromObject PyMemoryView_FromMemory PyMemoryView_FromBuffer PyMemoryView_GetContiguous",
    "fresh",
    "memoryview",
    "docs/memoryview",
  ],
  [
    "PyCFunction_New PyCFunction_NewEx PyCMethod_New PyMethod_New PyInstanceMethod_New PyFunction_New PyFunction_NewWithQualName PyDescr_NewMethod PyDescr_NewClassMethod PyDescr_NewGetSet PyDescr_NewMember PyStaticMethod_New PyClassMethod_New PyWrapper_New",
    "fresh",
    "function",
    "docs/function",
  ],
  [
    "PyContext_New PyContext_Copy PyContext_CopyCurrent PyContextVar_New PyGen_New PyGen_NewWithQualName PyCoro_New Py_GenericAlias",
    "fresh",
    "instance",
    "docs/object",
  ],

  [
    "PyUnicode_New PyUnicode_FromString PyUnicode_FromStringAndSize PyUnicode_FromFormat PyUnicode_FromFormatV PyUnicode_FromKindAndData PyUnicode_FromObject PyUnicode_FromEncodedObject PyUnicode_FromWideChar PyUnicode_FromOrdinal PyUnicode_InternFromString PyUnicode_Concat PyUnicode_Join PyUnicode_Substring PyUnicode_Replace PyUnicode_Format PyUnicode_Translate PyUnicode_Decode PyUnicode_DecodeUTF8 PyUnicode_DecodeUTF8Stateful PyUnicode_DecodeUTF16 PyUnicode_DecodeUTF32 PyUnicode_DecodeASCII PyUnicode_DecodeLatin1 PyUnicode_DecodeFSDefault PyUnicode_DecodeFSDefaultAndSize PyUnicode_DecodeLocale PyUnicode_DecodeLocaleAndSize PyUnicode_DecodeUnicodeEscape PyUnicode_DecodeRawUnicodeEscape PyUnicode_DecodeMBCS PyUnicodeWriter_Finish",
    "immutable",
    "str",
    "docs/unicode",
  ],
  [
    "PyObject_Str PyObject_Repr PyObject_ASCII PyObject_Format PyType_GetName PyType_GetQualName PyType_GetModuleName PyType_GetFullyQualifiedName PyModule_GetNameObject PyModule_GetFilenameObject PyNumber_ToBase",
    "immutable",
    "str",
    "docs/object",
  ],
  [
    "PyBytes_FromString PyBytes_FromStringAndSize PyBytes_FromFormat PyBytes_FromFormatV PyBytes_FromObject PyBytes_Repr PyBytes_DecodeEscape PyBytes_Join PyObject_Bytes PyUnicode_AsEncodedString PyUnicode_AsUTF8String PyUnicode_AsUTF16String PyUnicode_AsUTF32String PyUnicode_AsASCIIString PyUnicode_AsLatin1String PyUnicode_AsUnicodeEscapeString PyUnicode_AsRawUnicodeEscapeString PyUnicode_EncodeFSDefault PyUnicode_EncodeLocale PyBytesWriter_Finish",
    "immutable",
    "bytes",
    "docs/bytes",
  ],
  [
    "PyLong_FromLong PyLong_FromUnsignedLong PyLong_FromLongLong PyLong_FromUnsignedLongLong PyLong_FromSsize_t PyLong_FromSize_t PyLong_FromDouble PyLong_FromString PyLong_FromUnicodeObject PyLong_FromVoidPtr PyLong_FromInt32 PyLong_FromUInt32 PyLong_FromInt64 PyLong_FromUInt64 PyLong_FromNativeBytes PyLong_FromUnsignedNativeBytes PyNumber_Index PyNumber_Long _PyLong_FromByteArray",
    "immutable",
    "int",
    "docs/long",
  ],
  ["PyFloat_FromDouble PyFloat_FromString PyFloat_GetInfo PyNumber_Float", "immutable", "float", "docs/number"],
  ["PyComplex_FromDoubles PyComplex_FromCComplex", "immutable", "complex", "docs/number"],
  ["PyBool_FromLong", "immutable", "bool", "docs/object"],
  ["PySlice_New", "immutable", "slice", "docs/concrete"],
  ["Py_GetConstant", "immutable", "any", "docs/object"],
  [
    "PyDate_FromDate PyDateTime_FromDateAndTime PyDateTime_FromDateAndTimeAndFold PyTime_FromTime PyTime_FromTimeAndFold PyDelta_FromDSU PyTimeZone_FromOffset PyTimeZone_FromOffsetAndName PyDateTime_FromTimestamp PyDate_FromTimestamp",
    "immutable",
    "instance",
    "docs/datetime",
  ],

  ["Py_NewRef Py_XNewRef _Py_NewRef _Py_XNewRef", "argument", "any", "docs/refcounting", 0],
  ["cppy::incref cppy::xincref", "argument", "any", "cppy", 0],
  ["PyObject_SelfIter", "argument", "iterator", "docs/object", 0],
  ["PyObject_Type", "type-object", "type", "docs/object", 0],

  [
    "PyObject_GetAttr PyObject_GetAttrString PyObject_GenericGetAttr _PyObject_GetAttrId _PyObject_LookupSpecial PyObject_GenericGetDict PyException_GetTraceback PyException_GetCause PyException_GetContext PyException_GetArgs",
    "attribute",
    "any",
    "docs/object",
    0,
  ],
  [
    "PyObject_GetOptionalAttr PyObject_GetOptionalAttrString _PyObject_LookupAttr _PyObject_LookupAttrId",
    "attribute",
    "any",
    "docs/object",
    0,
    2,
  ],
  [
    "PyObject_GetItem PySequence_GetItem PySequence_ITEM PyMapping_GetItemString PyList_GetItemRef PyCell_Get _PyType_LookupRef",
    "item",
    "any",
    "docs/object",
    0,
  ],
  ["PySequence_GetSlice", "call-result", "any", "docs/sequence", 0],
  [
    "PyDict_GetItemRef PyDict_GetItemStringRef PyDict_Pop PyDict_PopString PyMapping_GetOptionalItem PyMapping_GetOptionalItemString",
    "item",
    "any",
    "docs/dict",
    0,
    2,
  ],
  ["PyDict_SetDefaultRef", "item", "any", "docs/dict", 0, 3],
  ["PySet_Pop _PyDict_Pop", "item", "any", "docs/set", 0],
  ["PyIter_Next PyIter_Send", "item", "any", "docs/iter", 0],
  ["PyIter_NextItem", "item", "any", "docs/iter", 0, 1],
  ["PyWeakref_GetRef", "weakref-target", "any", "docs/weakref", 0, 1],
  [
    "PyImport_ImportModule PyImport_Import PyImport_ImportModuleNoBlock PyImport_ImportModuleEx PyImport_ImportModuleLevel PyImport_ImportModuleLevelObject PyImport_AddModuleRef PyImport_GetModule PyImport_ReloadModule PyImport_ExecCodeModule",
    "module",
    "module",
    "docs/import",
  ],
  ["PyType_GetModuleByToken", "module", "module", "docs/type", 0],
  ["PyType_GetDict", "type-dict", "dict", "docs/type", 0],
  ["PySys_GetAttr PySys_GetAttrString", "sys", "any", "docs/sys"],
  ["PySys_GetOptionalAttr PySys_GetOptionalAttrString", "sys", "any", "docs/sys", -1, 1],
  ["PyEval_GetFrameGlobals PyEval_GetFrameBuiltins", "own-frame", "dict", "docs/reflection"],
  ["PyThreadState_GetFrame", "own-thread", "any", "docs/init", 0],
  ["PyErr_GetRaisedException PyErr_GetHandledException", "own-thread", "exception", "docs/exceptions"],
  ["PyContextVar_Get", "own-thread", "any", "docs/object", 0, 2],
  [
    "PyObject_Call PyObject_CallObject PyObject_CallFunction PyObject_CallFunctionObjArgs PyObject_CallMethod PyObject_CallMethodObjArgs PyObject_CallMethodNoArgs PyObject_CallMethodOneArg PyObject_CallNoArgs PyObject_CallOneArg PyObject_Vectorcall PyObject_VectorcallDict PyObject_VectorcallMethod PyVectorcall_Call _PyObject_CallMethodId _PyObject_CallNoArg _PyObject_CallOneArg PyEval_CallObject PyEval_CallObjectWithKeywords PyEval_CallFunction PyEval_CallMethod PyEval_EvalCode PyEval_EvalCodeEx PyEval_EvalFrame PyEval_EvalFrameEx PyRun_String PyRun_StringFlags PyRun_File PyRun_FileFlags PyRun_FileEx PyRun_FileExFlags PyFile_FromFd PyCodec_Encode PyCodec_Decode PyCodec_Encoder PyCodec_Decoder PyMarshal_ReadObjectFromString PyMarshal_ReadObjectFromFile PyObject_Dir PyOS_FSPath",
    "call-result",
    "any",
    "docs/call",
  ],
  [
    "PyNumber_Add PyNumber_Subtract PyNumber_Multiply PyNumber_MatrixMultiply PyNumber_FloorDivide PyNumber_TrueDivide PyNumber_Remainder PyNumber_Divmod PyNumber_Power PyNumber_Negative PyNumber_Positive PyNumber_Absolute PyNumber_Invert PyNumber_Lshift PyNumber_Rshift PyNumber_And PyNumber_Xor PyNumber_Or PyNumber_InPlaceAdd PyNumber_InPlaceSubtract PyNumber_InPlaceMultiply PyNumber_InPlaceOr PyNumber_InPlaceAnd PyNumber_InPlaceXor PySequence_Concat PySequence_Repeat PySequence_InPlaceConcat PySequence_InPlaceRepeat PyObject_RichCompare",
    "call-result",
    "any",
    "docs/number",
  ],
  ["Py_BuildValue Py_VaBuildValue _Py_BuildValue_SizeT", "fresh", "any", "docs/arg"],
];

/** Who owns a borrowed result, said as an origin. */
const OWNER_ORIGIN: Readonly<Record<Owner, Origin>> = {
  list: "item",
  "list-or-tuple": "item",
  tuple: "item",
  dict: "item",
  set: "item",
  weakref: "weakref-target",
  cell: "item",
  "sys-modules": "module",
  module: "module-dict",
  sys: "sys",
  frame: "own-frame",
  interpreter: "interpreter",
  "interpreter-list": "interpreter",
  "own-thread": "own-thread",
  function: "attribute",
  method: "attribute",
  descriptor: "attribute",
  type: "module",
  "type-cache": "attribute",
  "object-header": "attribute",
  memoryview: "attribute",
  static: "immutable",
  constant: "immutable",
  argument: "argument",
  collector: "attribute",
};

const OWNER_EXCEPTIONS: Readonly<Record<string, Origin>> = {
  Py_TYPE: "type-object",
  PyExceptionInstance_Class: "type-object",
  PyImport_GetModuleDict: "sys",
  PyState_FindModule: "module",
  _PyUnicode_FromId: "immutable",
};

const BORROWED_TYPES: Readonly<Record<string, ObjectType>> = {
  PyModule_GetDict: "dict",
  PyImport_GetModuleDict: "dict",
  PyImport_AddModule: "module",
  PyImport_AddModuleObject: "module",
  PyState_FindModule: "module",
  PyType_GetModule: "module",
  PyType_GetModuleByDef: "module",
  PyEval_GetLocals: "dict",
  PyEval_GetGlobals: "dict",
  PyEval_GetBuiltins: "dict",
  PyThreadState_GetDict: "dict",
  PyInterpreterState_GetDict: "dict",
  PySys_GetXOptions: "dict",
  Py_TYPE: "type",
  PyErr_Occurred: "type",
  PyFunction_GetGlobals: "dict",
  PyFunction_GET_GLOBALS: "dict",
};

function build(): ReadonlyMap<string, ApiResult> {
  const table = new Map<string, ApiResult>();
  for (const [names, origin, type, source, fromArg = -1, outArg = -1] of NEW) {
    for (const name of names.split(" ")) {
      table.set(name, {
        name,
        origin,
        type,
        reference: "new",
        fromArg,
        outArgs: outArg < 0 ? [] : [outArg],
        source,
      });
    }
  }
  for (const api of BORROWED.values()) {
    table.set(api.name, {
      name: api.name,
      origin: OWNER_EXCEPTIONS[api.name] ?? OWNER_ORIGIN[api.owner],
      type: BORROWED_TYPES[api.name] ?? "any",
      reference: "borrowed",
      fromArg: api.containerArg,
      outArgs: api.outArgs,
      source: api.source,
    });
  }
  for (const [name, [, result]] of Object.entries(REFCOUNTS)) {
    if (result !== "new" || table.has(name)) continue;
    table.set(name, {
      name,
      origin: "call-result",
      type: "any",
      reference: "new",
      fromArg: -1,
      outArgs: [],
      source: "refcounts",
    });
  }
  return table;
}

export const RESULTS: ReadonlyMap<string, ApiResult> = build();

/** What the API of this name gives; undefined if it gives no object or is not known. */
export function resultOf(name: string): ApiResult | undefined {
  return RESULTS.get(name);
}

/** True if the API makes a new container or instance that nobody else has. */
export function isFresh(name: string): boolean {
  return RESULTS.get(name)?.origin === "fresh";
}

const IMMUTABLE_TYPES: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "str",
  "bytes",
  "int",
  "float",
  "complex",
  "bool",
  "frozenset",
  "slice",
  "range",
  "code",
]);

/** True if the result of the API is an object that cannot change, or a tuple that nobody fills any more. */
export function givesImmutable(name: string): boolean {
  const result = RESULTS.get(name);
  return result !== undefined && (result.origin === "immutable" || IMMUTABLE_TYPES.has(result.type));
}
