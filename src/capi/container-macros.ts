/** Accessors that neither lock nor check, and fields of interpreter structs that no extension should touch. */
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

export interface Accessor {
  name: string;
  /** `read`, `write`: of an item; `size`; `array`: gives the raw array; `iterate`. */
  does: "read" | "write" | "size" | "array" | "iterate";
  container:
    | "list"
    | "tuple"
    | "dict"
    | "set"
    | "sequence-fast"
    | "struct-sequence"
    | "cell"
    | "bytearray"
    | "bytes"
    | "str"
    | "weakref";
  containerArg: number;
  /** What is missing: nothing is locked, the item is borrowed, bounds or type are not checked, the old item is leaked. */
  lacks: readonly ("lock" | "reference" | "bounds" | "type" | "release-of-old")[];
  /** Only right while nobody else has the container. */
  freshOnly?: boolean;
  /** Size readers: a single atomic read, but stale at once. */
  atomicSince?: ApiVersion;
  safe: string;
  source: Source;
}

const ROWS: Accessor[] = [
  {
    name: "PyList_GET_ITEM",
    does: "read",
    container: "list",
    containerArg: 0,
    lacks: ["lock", "reference", "bounds", "type"],
    safe: "PyList_GetItemRef",
    source: "docs/list",
  },
  {
    name: "PyList_SET_ITEM",
    does: "write",
    container: "list",
    containerArg: 0,
    lacks: ["lock", "bounds", "type", "release-of-old"],
    freshOnly: true,
    safe: "PyList_SetItem",
    source: "docs/list",
  },
  {
    name: "PyTuple_SET_ITEM",
    does: "write",
    container: "tuple",
    containerArg: 0,
    lacks: ["lock", "bounds", "type", "release-of-old"],
    freshOnly: true,
    safe: "PyTuple_Pack",
    source: "docs/tuple",
  },
  {
    name: "PyTuple_SetItem",
    does: "write",
    container: "tuple",
    containerArg: 0,
    lacks: ["lock"],
    freshOnly: true,
    safe: "PyTuple_Pack",
    source: "docs/tuple",
  },
  {
    name: "PyStructSequence_SET_ITEM",
    does: "write",
    container: "struct-sequence",
    containerArg: 0,
    lacks: ["lock", "bounds", "type", "release-of-old"],
    freshOnly: true,
    safe: "PyStructSequence_New",
    source: "docs/tuple",
  },
  {
    name: "PyStructSequence_SetItem",
    does: "write",
    container: "struct-sequence",
    containerArg: 0,
    lacks: ["lock", "bounds", "release-of-old"],
    freshOnly: true,
    safe: "PyStructSequence_New",
    source: "docs/tuple",
  },
  {
    name: "PySequence_Fast_GET_ITEM",
    does: "read",
    container: "sequence-fast",
    containerArg: 0,
    lacks: ["lock", "reference", "bounds", "type"],
    safe: "PySequence_Tuple",
    source: "docs/sequence",
  },
  {
    name: "PySequence_Fast_ITEMS",
    does: "array",
    container: "sequence-fast",
    containerArg: 0,
    lacks: ["lock", "reference", "type"],
    safe: "PySequence_Tuple",
    source: "docs/sequence",
  },
  {
    name: "PySequence_Fast_GET_SIZE",
    does: "size",
    container: "sequence-fast",
    containerArg: 0,
    lacks: ["lock", "type"],
    atomicSince: "3.13",
    safe: "PySequence_Tuple",
    source: "docs/sequence",
  },
  {
    name: "PyDict_Next",
    does: "iterate",
    container: "dict",
    containerArg: 0,
    lacks: ["lock", "reference"],
    safe: "Py_BEGIN_CRITICAL_SECTION",
    source: "docs/dict",
  },
  {
    name: "_PyDict_Next",
    does: "iterate",
    container: "dict",
    containerArg: 0,
    lacks: ["lock", "reference"],
    safe: "Py_BEGIN_CRITICAL_SECTION",
    source: "headers",
  },
  {
    name: "_PySet_NextEntry",
    does: "iterate",
    container: "set",
    containerArg: 0,
    lacks: ["lock", "reference"],
    safe: "PyObject_GetIter",
    source: "headers",
  },
  {
    name: "PyList_GET_SIZE",
    does: "size",
    container: "list",
    containerArg: 0,
    lacks: ["type"],
    atomicSince: "3.13",
    safe: "PyList_Size",
    source: "docs/list",
  },
  {
    name: "PyDict_GET_SIZE",
    does: "size",
    container: "dict",
    containerArg: 0,
    lacks: ["type"],
    atomicSince: "3.13",
    safe: "PyDict_Size",
    source: "docs/dict",
  },
  {
    name: "PySet_GET_SIZE",
    does: "size",
    container: "set",
    containerArg: 0,
    lacks: ["type"],
    atomicSince: "3.13",
    safe: "PySet_Size",
    source: "docs/set",
  },
  {
    name: "PyByteArray_GET_SIZE",
    does: "size",
    container: "bytearray",
    containerArg: 0,
    lacks: ["type"],
    atomicSince: "3.14",
    safe: "PyByteArray_Size",
    source: "docs/bytearray",
  },
  {
    name: "PyByteArray_AS_STRING",
    does: "array",
    container: "bytearray",
    containerArg: 0,
    lacks: ["lock", "type"],
    safe: "PyObject_GetBuffer",
    source: "docs/bytearray",
  },
  {
    name: "PyByteArray_AsString",
    does: "array",
    container: "bytearray",
    containerArg: 0,
    lacks: ["lock"],
    safe: "PyObject_GetBuffer",
    source: "docs/bytearray",
  },
  {
    name: "PyCell_GET",
    does: "read",
    container: "cell",
    containerArg: 0,
    lacks: ["lock", "reference", "type"],
    safe: "PyCell_Get",
    source: "docs/cell",
  },
  {
    name: "PyCell_SET",
    does: "write",
    container: "cell",
    containerArg: 0,
    lacks: ["lock", "type", "release-of-old"],
    safe: "PyCell_Set",
    source: "docs/cell",
  },
  {
    name: "PyWeakref_GET_OBJECT",
    does: "read",
    container: "weakref",
    containerArg: 0,
    lacks: ["lock", "reference", "type"],
    safe: "PyWeakref_GetRef",
    source: "docs/weakref",
  },
  {
    name: "_PyTuple_Resize",
    does: "write",
    container: "tuple",
    containerArg: 0,
    lacks: ["lock"],
    freshOnly: true,
    safe: "PyList_AsTuple",
    source: "docs/tuple",
  },
  {
    name: "_PyBytes_Resize",
    does: "write",
    container: "bytes",
    containerArg: 0,
    lacks: ["lock"],
    freshOnly: true,
    safe: "PyBytesWriter_Create",
    source: "docs/bytes",
  },
  ...(
    [
      "PyUnicode_WRITE",
      "PyUnicode_WriteChar",
      "PyUnicode_CopyCharacters",
      "PyUnicode_Fill",
      "PyUnicode_Resize",
    ] as const
  ).map(
    (name): Accessor => ({
      name,
      does: "write",
      container: "str",
      containerArg: 0,
      lacks: ["lock"],
      freshOnly: true,
      safe: "PyUnicodeWriter_Create",
      source: "docs/unicode",
    }),
  ),
];

export const ACCESSORS: ReadonlyMap<string, Accessor> = new Map(ROWS.map((row) => [row.name, row]));

/** The unlocked accessor of this name; undefined if there is none. */
export function accessor(name: string): Accessor | undefined {
  return ACCESSORS.get(name);
}

/** A field of an interpreter struct. */
export interface InternalField {
  field: string;
  /** Structs that have it. */
  structs: readonly string[];
  /** What goes wrong in the free-threaded build. */
  state: "does-not-compile" | "unlocked" | "private" | "opaque" | "removed";
  /** Reading the field of one's own, not yet shared object is ordinary (`ob_item` of an own tuple). */
  use: string;
  source: Source;
}

const OBJECT = ["PyObject", "PyVarObject", "_object"];
const FIELDS: readonly InternalField[] = [
  { field: "ob_refcnt", structs: OBJECT, state: "does-not-compile", use: "Py_REFCNT", source: "docs/structures" },
  { field: "ob_type", structs: OBJECT, state: "unlocked", use: "Py_TYPE", source: "docs/structures" },
  { field: "ob_size", structs: ["PyVarObject"], state: "unlocked", use: "Py_SIZE", source: "docs/structures" },
  { field: "ob_mutex", structs: OBJECT, state: "private", use: "Py_BEGIN_CRITICAL_SECTION", source: "headers" },
  { field: "ob_ref_local", structs: OBJECT, state: "private", use: "", source: "headers" },
  { field: "ob_ref_shared", structs: OBJECT, state: "private", use: "", source: "headers" },
  { field: "ob_tid", structs: OBJECT, state: "private", use: "", source: "headers" },
  { field: "ob_item", structs: ["PyListObject"], state: "unlocked", use: "PyList_GetItemRef", source: "docs/list" },
  { field: "allocated", structs: ["PyListObject"], state: "unlocked", use: "", source: "docs/list" },
  { field: "ma_keys", structs: ["PyDictObject"], state: "unlocked", use: "PyDict_GetItemRef", source: "docs/dict" },
  { field: "ma_values", structs: ["PyDictObject"], state: "unlocked", use: "PyDict_GetItemRef", source: "docs/dict" },
  { field: "ma_used", structs: ["PyDictObject"], state: "unlocked", use: "PyDict_Size", source: "docs/dict" },
  { field: "ma_version_tag", structs: ["PyDictObject"], state: "removed", use: "", source: "docs/whatsnew-3.14" },
  { field: "tp_dict", structs: ["PyTypeObject"], state: "unlocked", use: "PyType_GetDict", source: "docs/typeobj" },
  {
    field: "tp_mro",
    structs: ["PyTypeObject"],
    state: "unlocked",
    use: "PyObject_GetAttrString",
    source: "docs/typeobj",
  },
  {
    field: "tp_bases",
    structs: ["PyTypeObject"],
    state: "unlocked",
    use: "PyObject_GetAttrString",
    source: "docs/typeobj",
  },
  { field: "tp_subclasses", structs: ["PyTypeObject"], state: "private", use: "", source: "docs/typeobj" },
  { field: "table", structs: ["PySetObject"], state: "unlocked", use: "PyObject_GetIter", source: "docs/set" },
  { field: "fill", structs: ["PySetObject"], state: "unlocked", use: "PySet_Size", source: "docs/set" },
  { field: "used", structs: ["PySetObject"], state: "unlocked", use: "PySet_Size", source: "docs/set" },
  { field: "mask", structs: ["PySetObject"], state: "unlocked", use: "PySet_Size", source: "docs/set" },
  {
    field: "ob_start",
    structs: ["PyByteArrayObject"],
    state: "unlocked",
    use: "PyObject_GetBuffer",
    source: "docs/bytearray",
  },
  {
    field: "ob_alloc",
    structs: ["PyByteArrayObject"],
    state: "unlocked",
    use: "PyObject_GetBuffer",
    source: "docs/bytearray",
  },
  {
    field: "tb_frame",
    structs: ["PyTracebackObject"],
    state: "unlocked",
    use: "PyObject_GetAttrString",
    source: "docs/frame",
  },
  {
    field: "tb_next",
    structs: ["PyTracebackObject"],
    state: "unlocked",
    use: "PyObject_GetAttrString",
    source: "docs/frame",
  },
  ...[
    "func_code",
    "func_globals",
    "func_defaults",
    "func_kwdefaults",
    "func_closure",
    "func_dict",
    "func_annotations",
  ].map(
    (field): InternalField => ({
      field,
      structs: ["PyFunctionObject"],
      state: "unlocked",
      use: "PyObject_GetAttrString",
      source: "docs/function",
    }),
  ),
  ...["f_back", "f_code", "f_locals", "f_globals", "f_builtins", "f_lineno", "f_lasti"].map(
    (field): InternalField => ({
      field,
      structs: ["PyFrameObject"],
      state: "opaque",
      use: "PyFrame_GetCode",
      source: "docs/frame",
    }),
  ),
  {
    field: "wr_object",
    structs: ["PyWeakReference"],
    state: "unlocked",
    use: "PyWeakref_GetRef",
    source: "docs/weakref",
  },
  { field: "ob_ref", structs: ["PyCellObject"], state: "unlocked", use: "PyCell_Get", source: "docs/cell" },
];

/** Rows by field name; several structs can have a field of the same name, then the struct decides. */
export const INTERNAL_FIELDS: ReadonlyMap<string, readonly InternalField[]> = (() => {
  const table = new Map<string, InternalField[]>();
  for (const row of FIELDS) {
    const known = table.get(row.field);
    if (known) known.push(row);
    else table.set(row.field, [row]);
  }
  return table;
})();

/**
 * What is known of `field` of an interpreter struct. `struct` is the type name (`PyListObject`), `""` if it is not
 * known: then only fields whose name says enough (`ob_*`, `ma_*`, `tp_*`, `func_*`, `f_*`) are answered.
 */
export function internalField(struct: string, field: string): InternalField | undefined {
  const rows = INTERNAL_FIELDS.get(field);
  if (!rows) return undefined;
  const exact = rows.find((row) => row.structs.includes(struct));
  if (exact || struct !== "") return exact;
  return TELLING.some((prefix) => field.startsWith(prefix)) ? rows[0] : undefined;
}

const TELLING: readonly string[] = ["ob_", "ma_", "tp_", "func_", "wr_"];
