/** How modules are made, where they say that they run without the GIL, and the frameworks that make them. */
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

/** Calls that make or define the module object of an extension. */
export interface ModuleCall {
  name: string;
  phase: "single" | "multi" | "export";
  /** Argument with the definition or the slots. */
  defArg: number;
  since?: ApiVersion;
  source: Source;
}

export const MODULE_CALLS: ReadonlyMap<string, ModuleCall> = new Map(
  (
    [
      { name: "PyModule_Create", phase: "single", defArg: 0, source: "docs/module" },
      { name: "PyModule_Create2", phase: "single", defArg: 0, source: "docs/module" },
      { name: "PyModuleDef_Init", phase: "multi", defArg: 0, source: "docs/module" },
      { name: "PyModule_FromDefAndSpec", phase: "multi", defArg: 0, source: "docs/module" },
      { name: "PyModule_FromDefAndSpec2", phase: "multi", defArg: 0, source: "docs/module" },
      { name: "PyModule_FromSlotsAndSpec", phase: "export", defArg: 0, since: "3.15", source: "pep-793" },
    ] satisfies ModuleCall[]
  ).map((call) => [call.name, call]),
);

export function moduleCall(name: string): ModuleCall | undefined {
  return MODULE_CALLS.get(name);
}

/** Prefixes of the functions that the import machinery looks up in an extension. */
export const INIT_PREFIXES: readonly { prefix: string; phase: "init" | "export" }[] = [
  { prefix: "PyModExportU_", phase: "export" },
  { prefix: "PyModExport_", phase: "export" },
  { prefix: "PyInitU_", phase: "init" },
  { prefix: "PyInit_", phase: "init" },
];

/** Module name in `PyInit_name` and `PyModExport_name`; undefined for any other function. */
export function moduleOfInit(name: string): { module: string; phase: "init" | "export" } | undefined {
  for (const { prefix, phase } of INIT_PREFIXES) {
    if (name.startsWith(prefix) && name.length > prefix.length) return { module: name.slice(prefix.length), phase };
  }
  return undefined;
}

/** The slot, its values and the call by which a module declares. */
export const GIL_SLOT = "Py_mod_gil";
export const GIL_NOT_USED = "Py_MOD_GIL_NOT_USED";
export const GIL_USED = "Py_MOD_GIL_USED";
export const GIL_CALL = "PyUnstable_Module_SetGIL";

/** Text of a slot value that says not used (`1`), used (`0`); undefined if it cannot be told. */
export function gilValue(text: string): "yes" | "used" | undefined {
  if (text.includes(GIL_NOT_USED)) return "yes";
  if (text.includes(GIL_USED)) return "used";
  const bare = text.replaceAll(" ", "").replaceAll("(void*)", "").replaceAll("(", "").replaceAll(")", "");
  if (bare === "1") return "yes";
  if (bare === "0" || bare === "NULL") return "used";
  return undefined;
}

/** Functions that run while the module object is filled and nobody else has it. */
export const MODULE_SLOTS: ReadonlyMap<
  string,
  { kind: "exec" | "create" | "data"; since: ApiVersion; source: Source }
> = new Map([
  ["mod_exec", { kind: "exec", since: "3.5", source: "docs/module" }],
  ["mod_create", { kind: "create", since: "3.5", source: "docs/module" }],
  ["mod_multiple_interpreters", { kind: "data", since: "3.12", source: "docs/module" }],
  ["mod_gil", { kind: "data", since: "3.13", source: "docs/module" }],
  ["mod_abi", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_name", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_doc", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_methods", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_state_size", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_state_traverse", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_state_clear", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_state_free", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_token", { kind: "data", since: "3.15", source: "pep-793" }],
  ["mod_slots", { kind: "data", since: "3.15", source: "pep-793" }],
] as const);

/** Macros of `PySlot` rows: argument with the slot number, argument with the value. */
export const SLOT_MACROS: ReadonlyMap<string, { id: number; value: number }> = new Map([
  ["PySlot_DATA", { id: 0, value: 1 }],
  ["PySlot_FUNC", { id: 0, value: 1 }],
  ["PySlot_SIZE", { id: 0, value: 1 }],
  ["PySlot_INT64", { id: 0, value: 1 }],
  ["PySlot_UINT64", { id: 0, value: 1 }],
  ["PySlot_STATIC_DATA", { id: 0, value: 1 }],
  ["PySlot_PTR", { id: 0, value: 1 }],
  ["PySlot_PTR_STATIC", { id: 0, value: 1 }],
]);

export interface Framework {
  name: string;
  /** Macros at file level that make a module; the first argument is its name. */
  macros: readonly string[];
  /** Text that declares the module free of the GIL, and where it stands. */
  declares: string;
  where: "macro-argument" | "build-file" | "source-directive" | "command-line" | "always" | "never";
  since: string;
  source: Source;
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: "pybind11",
    macros: ["PYBIND11_MODULE", "PYBIND11_EMBEDDED_MODULE", "PYBIND11_PLUGIN", "TORCH_LIBRARY_PYBIND"],
    declares: "mod_gil_not_used",
    where: "macro-argument",
    since: "2.13",
    source: "pybind11",
  },
  {
    name: "nanobind",
    macros: ["NB_MODULE"],
    declares: "FREE_THREADED",
    where: "build-file",
    since: "2.2",
    source: "nanobind",
  },
  {
    name: "cython",
    macros: [],
    declares: "freethreading_compatible",
    where: "source-directive",
    since: "3.1",
    source: "cython",
  },
  {
    name: "boost-python",
    macros: ["BOOST_PYTHON_MODULE", "BOOST_PYTHON_MODULE_INIT"],
    declares: "mod_gil_not_used",
    where: "macro-argument",
    since: "",
    source: "boost",
  },
  {
    name: "f2py",
    macros: [],
    declares: "--freethreading-compatible",
    where: "command-line",
    since: "NumPy 2.1",
    source: "f2py",
  },
  { name: "swig", macros: [], declares: "-nogil", where: "command-line", since: "4.4", source: "swig" },
  { name: "sip", macros: [], declares: "", where: "never", since: "", source: "sip" },
  { name: "cffi", macros: [], declares: "", where: "always", since: "2.0", source: "cffi" },
  { name: "pyo3", macros: [], declares: "gil_used = false", where: "source-directive", since: "0.23", source: "pyo3" },
];

const byMacro = new Map(FRAMEWORKS.flatMap((f) => f.macros.map((macro) => [macro, f] as const)));

/** The framework whose macro makes a module; undefined for any other macro. */
export function frameworkOfMacro(macro: string): Framework | undefined {
  return byMacro.get(macro);
}
