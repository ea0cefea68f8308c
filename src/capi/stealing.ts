/** Calls that take over the caller's reference to an argument. */
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

export interface StealingCall {
  name: string;
  /** Arguments whose reference is taken over. */
  args: readonly number[];
  /** `success`: on failure the caller still owns it. */
  when: "always" | "success";
  /** The old item is leaked (macros that fill fresh containers), released, or there is none. */
  oldItem: "leaked" | "released" | "none";
  /** Container that keeps the stolen reference, -1 if none. */
  keptBy: number;
  since?: ApiVersion;
  source: Source;
}

const ROWS: StealingCall[] = [
  { name: "PyList_SetItem", args: [2], when: "always", oldItem: "released", keptBy: 0, source: "docs/list" },
  { name: "PyList_SET_ITEM", args: [2], when: "always", oldItem: "leaked", keptBy: 0, source: "docs/list" },
  { name: "PyTuple_SetItem", args: [2], when: "always", oldItem: "released", keptBy: 0, source: "docs/tuple" },
  { name: "PyTuple_SET_ITEM", args: [2], when: "always", oldItem: "leaked", keptBy: 0, source: "docs/tuple" },
  { name: "PyStructSequence_SetItem", args: [2], when: "always", oldItem: "leaked", keptBy: 0, source: "docs/tuple" },
  { name: "PyStructSequence_SET_ITEM", args: [2], when: "always", oldItem: "leaked", keptBy: 0, source: "docs/tuple" },
  { name: "PyModule_AddObject", args: [2], when: "success", oldItem: "released", keptBy: 0, source: "docs/module" },
  {
    name: "PyModule_Add",
    args: [2],
    when: "always",
    oldItem: "released",
    keptBy: 0,
    since: "3.13",
    source: "docs/module",
  },
  {
    name: "PyErr_Restore",
    args: [0, 1, 2],
    when: "always",
    oldItem: "released",
    keptBy: -1,
    source: "docs/exceptions",
  },
  {
    name: "PyErr_SetRaisedException",
    args: [0],
    when: "always",
    oldItem: "released",
    keptBy: -1,
    since: "3.12",
    source: "docs/exceptions",
  },
  {
    name: "PyErr_SetExcInfo",
    args: [0, 1, 2],
    when: "always",
    oldItem: "released",
    keptBy: -1,
    source: "docs/exceptions",
  },
  {
    name: "PyException_SetCause",
    args: [1],
    when: "always",
    oldItem: "released",
    keptBy: 0,
    source: "docs/exceptions",
  },
  {
    name: "PyException_SetContext",
    args: [1],
    when: "always",
    oldItem: "released",
    keptBy: 0,
    source: "docs/exceptions",
  },
  { name: "PyCell_SET", args: [1], when: "always", oldItem: "leaked", keptBy: 0, source: "docs/cell" },
  { name: "Py_SETREF", args: [1], when: "always", oldItem: "released", keptBy: -1, source: "docs/refcounting" },
  { name: "Py_XSETREF", args: [1], when: "always", oldItem: "released", keptBy: -1, source: "docs/refcounting" },
];

export const STEALING: ReadonlyMap<string, StealingCall> = new Map(ROWS.map((row) => [row.name, row]));

export function stealingCall(name: string): StealingCall | undefined {
  return STEALING.get(name);
}

/** When the call takes over the reference passed as argument `arg` (from 0); undefined: it does not. */
export function stealsArg(name: string, arg: number): "always" | "success" | undefined {
  const row = STEALING.get(name);
  return row?.args.includes(arg) ? row.when : undefined;
}

/**
 * Calls that take the address of a variable with a reference and may put another object into it; the reference given
 * in is consumed.
 */
export const IN_OUT: ReadonlyMap<string, { arg: number; also?: number; source: Source }> = new Map([
  ["PyUnicode_InternInPlace", { arg: 0, source: "docs/unicode" }],
  ["PyUnicode_Append", { arg: 0, source: "docs/unicode" }],
  ["PyUnicode_AppendAndDel", { arg: 0, also: 1, source: "docs/unicode" }],
  ["PyUnicode_Resize", { arg: 0, source: "docs/unicode" }],
  ["PyBytes_Concat", { arg: 0, source: "docs/bytes" }],
  ["PyBytes_ConcatAndDel", { arg: 0, also: 1, source: "docs/bytes" }],
  ["_PyBytes_Resize", { arg: 0, source: "docs/bytes" }],
  ["_PyTuple_Resize", { arg: 0, source: "docs/tuple" }],
  ["Py_CLEAR", { arg: 0, source: "docs/refcounting" }],
] as const);

/** Calls that put an object into a container, which then holds its own reference. */
export const STORING: ReadonlyMap<string, { container: number; items: readonly number[]; source: Source }> = new Map([
  ["PyList_Append", { container: 0, items: [1], source: "docs/list" }],
  ["PyList_Insert", { container: 0, items: [2], source: "docs/list" }],
  ["PyList_SetSlice", { container: 0, items: [3], source: "docs/list" }],
  ["PyDict_SetItem", { container: 0, items: [1, 2], source: "docs/dict" }],
  ["PyDict_SetItemString", { container: 0, items: [2], source: "docs/dict" }],
  ["PyDict_SetDefault", { container: 0, items: [1, 2], source: "docs/dict" }],
  ["PyDict_SetDefaultRef", { container: 0, items: [1, 2], source: "docs/dict" }],
  ["PySet_Add", { container: 0, items: [1], source: "docs/set" }],
  ["PyObject_SetAttr", { container: 0, items: [2], source: "docs/object" }],
  ["PyObject_SetAttrString", { container: 0, items: [2], source: "docs/object" }],
  ["PyObject_GenericSetAttr", { container: 0, items: [2], source: "docs/object" }],
  ["PyObject_SetItem", { container: 0, items: [1, 2], source: "docs/object" }],
  ["PySequence_SetItem", { container: 0, items: [2], source: "docs/sequence" }],
  ["PyMapping_SetItemString", { container: 0, items: [2], source: "docs/mapping" }],
  ["PyModule_AddObjectRef", { container: 0, items: [2], source: "docs/module" }],
  ["PyModule_AddType", { container: 0, items: [1], source: "docs/module" }],
  ["PyCell_Set", { container: 0, items: [1], source: "docs/cell" }],
  ["PySys_SetObject", { container: -1, items: [1], source: "docs/sys" }],
  ["PyContextVar_Set", { container: 0, items: [1], source: "docs/object" }],
] as const);
