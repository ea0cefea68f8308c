/**
 * The project index: what the files of a scan say together. Arrays and ids are plain data; the methods answer in O(1)
 * or from a memo. Ids index the array of the same name and are the same for the same set of files, whatever order or
 * number of workers read them. All offsets are zero-based UTF-16 offsets into the file named beside them.
 */
import type {
  FieldFacts,
  FileFacts,
  FunctionFacts,
  MacroFacts,
  Problem,
  StaticFacts,
  StructFacts,
} from "../ir/facts.ts";

/** Index into `ProjectIndex.functions`. */
export type FunctionId = number;
/** Index into `ProjectIndex.statics`. */
export type StaticId = number;
/** Index into `ProjectIndex.structs`. */
export type StructId = number;
/** Index into `ProjectIndex.types`. */
export type TypeId = number;

export interface SourcePlace {
  file: string;
  start: number;
  end: number;
}

/** When a function can run. `unknown`: nothing in the scan calls it or takes its address (exported, or dead code). */
export type Concurrency = "init-only" | "concurrent" | "unknown";

export interface IndexedFunction {
  id: FunctionId;
  file: string;
  name: string;
  facts: FunctionFacts;
  concurrency: Concurrency;
  /** Its name is used as a value somewhere (table, callback, assignment). */
  addressTaken: boolean;
}

/** What a static is for, where its type says so: such statics are tables, not state. */
export type StaticRole =
  | "type-object"
  | "type-spec"
  | "type-slots"
  | "method-table"
  | "getset-table"
  | "member-table"
  | "protocol-table"
  | "module-def"
  | "module-slots"
  | "argument-parser"
  | "keyword-list"
  | "lock"
  | "once-flag"
  | "thread-key"
  | "function-pointer"
  | "state";

export interface IndexedStatic {
  id: StaticId;
  file: string;
  /** The definition that stands for the variable; further declarations (`extern`, tentative) are in `declarations`. */
  facts: StaticFacts;
  role: StaticRole;
  declarations: { file: string; facts: StaticFacts }[];
  /** Functions that read or mention it / assign it or something inside it; sorted. */
  readers: FunctionId[];
  writers: FunctionId[];
}

export interface IndexedStruct {
  id: StructId;
  file: string;
  facts: StructFacts;
  /** Best name: typedef, else tag. */
  name: string;
  /** Begins, directly or through an embedded or base struct, with the object header. */
  isObject: boolean;
}

export type EntryKind =
  | "method"
  | "class-method"
  | "static-method"
  | "module-method"
  | "slot"
  | "getter"
  | "setter"
  | "module-init"
  | "module-exec"
  | "module-create"
  /** m_traverse, m_clear, m_free. */
  | "module-gc"
  | "capsule-destructor"
  /** Address handed to an API that calls back: `PyArg_*` converters, thread functions, pending calls, watchers, ... */
  | "callback"
  /** Bound by a C++ framework (`m.def(...)`, `.def_property(...)`). */
  | "framework";

/**
 * How arguments arrive. `clinic-impl` is the `_impl` function behind an Argument Clinic wrapper: every argument is
 * already converted.
 */
export type Convention =
  | "noargs"
  | "o"
  | "varargs"
  | "keywords"
  | "fastcall"
  | "fastcall-keywords"
  | "method-fastcall-keywords"
  | "slot"
  | "clinic-impl"
  | "other";

/**
 * Who else can have the instance while the function runs. `fresh`: makes it (tp_new, tp_alloc); `dying`: destroys it
 * (tp_dealloc, tp_free, tp_finalize, tp_del); `collector`: runs for the garbage collector (tp_traverse, tp_clear).
 */
export type Exclusivity = "shared" | "fresh" | "dying" | "collector";

/** One way in which the interpreter calls a function. Parameter numbers count from 0; -1: there is no such parameter. */
export interface Entry extends SourcePlace {
  function: FunctionId;
  kind: EntryKind;
  /** Name as Python sees it (`append`), the slot's field name (`tp_iternext`), or the function that registers it. */
  name: string;
  /** For kind `slot` (and slot-like module functions): canonical field name, `tp_dealloc`, `nb_add`, `m_free`. */
  slot?: string;
  convention: Convention;
  selfParam: number;
  /** The private argument tuple of METH_VARARGS, or the argument array of METH_FASTCALL. */
  argsParam: number;
  /** The private keyword dict of METH_KEYWORDS, or the names tuple of METH_FASTCALL | METH_KEYWORDS. */
  kwargsParam: number;
  /** Further parameters that are objects which the caller also has (METH_O argument, second operand, value to set). */
  objectParams: number[];
  exclusivity: Exclusivity;
  /** Instance type of `selfParam`, where it is known. */
  type?: TypeId;
  /** The instance is the `this` of a C++ method (`selfParam` is -1); `struct` is its class, where it is known. */
  thisIsSelf?: boolean;
  struct?: StructId;
  /** Index into `ProjectIndex.modules`, where it is known. */
  module?: number;
  /** Set on an Argument Clinic wrapper: the function that does the work; and back. */
  impl?: FunctionId;
  wrapper?: FunctionId;
}

export interface SlotRef extends SourcePlace {
  /** Text of the value: a function or table name. */
  name: string;
  function?: FunctionId;
}

/** A Python type made by the project: static `PyTypeObject`, `PyType_Spec` or 3.15 slots. */
export interface InstanceType extends SourcePlace {
  id: TypeId;
  /** Name of the C variable that holds the type object or its spec. */
  variable: string;
  /** `tp_name` as written, "" if unknown. */
  pythonName: string;
  isHeap: boolean;
  typeObject?: StaticId;
  spec?: StaticId;
  /** Struct of the instance, from sizeof in basicsize, or from what its methods cast `self` to. */
  struct?: StructId;
  /** Canonical slot name (`tp_init`, `sq_item`, `bf_getbuffer`) to its function. */
  slots: Map<string, SlotRef>;
  /** Tables of methods, getters/setters and members. */
  methods: StaticId[];
  getset: StaticId[];
  members: MemberRow[];
  /** Base as written (`&Base_Type`), and resolved if it is a type of the project. */
  baseName: string;
  base?: TypeId;
  /** Flag names of `tp_flags`, sorted. */
  flags: string[];
}

/** One row of a PyMemberDef table: Python code reads (and unless `readonly` writes) the field without any function. */
export interface MemberRow extends SourcePlace {
  name: string;
  /** `T_OBJECT_EX`, `Py_T_INT`, ... as written. */
  memberType: string;
  struct: string;
  field: string;
  readonly: boolean;
}

export type ModulePhase = "single" | "multi" | "export" | "framework";
/** Does the module declare that it runs without the GIL: says not used, says nothing, says used, cannot be told. */
export type GilDeclaration = "yes" | "no" | "used" | "unknown";

export interface ModuleInfo extends SourcePlace {
  /** Last part of the import name, as in `PyInit_<name>`. */
  name: string;
  phase: ModulePhase;
  /** PyInit_x / PyModExport_x; undefined for a framework macro or the source of a generator. */
  init?: FunctionId;
  def?: StaticId;
  /** The array of PyModuleDef_Slot (or PySlot). */
  slots?: StaticId;
  /** Rows of the slots array: slot name and value as written. */
  slotRows: { slot: string; value: string; function?: FunctionId; start: number; end: number; file: string }[];
  methods: StaticId[];
  /** `m_size` as written, "" if not given. */
  stateSize: string;
  /** Where the module object is made: the PyModule_Create or PyModuleDef_Init call. */
  createCall?: SourcePlace & { api: string; function: FunctionId };
  declared: GilDeclaration;
  /** Places that declare (or, for `declared: "no"`, none). */
  evidence: (SourcePlace & { text: string })[];
  /** `pybind11`, `nanobind`, `cython`, `f2py`, `boost-python`, `swig`, `sip`, `pyo3`, `pyo3-ffi` (by hand, in Rust), "" for hand-written C. */
  framework: string;
  /** Files whose functions the module reaches, sorted; the file of the init function is among them. */
  files: string[];
}

export interface CallEdge {
  function: FunctionId;
  /** `direct` by name, `table` through a slot or method table, `pointer` through a variable or field, `callback` handed to an API. */
  via: "direct" | "table" | "pointer" | "callback";
}

export type GlobalResolution =
  | { kind: "static"; id: StaticId }
  | { kind: "function"; id: FunctionId }
  | { kind: "enumerator" }
  | { kind: "macro"; macro: MacroFacts; file: string }
  | { kind: "external" };

export interface ResolvedField {
  struct: StructId;
  /** Path inside `struct`, normalised: leading embedded object headers and bases removed where the owner is known. */
  path: string;
  facts: FieldFacts;
}

/** What is known of a build file or of a framework's source. */
export interface MetadataFile {
  /** Start offset of every line. */
  lineStarts: readonly number[];
  /** As `SourceText.hash` and `SourceText.encoding`. */
  hash: string;
  encoding: string;
}

export interface ProjectIndex {
  readonly files: readonly FileFacts[];
  readonly functions: readonly IndexedFunction[];
  readonly statics: readonly IndexedStatic[];
  readonly structs: readonly IndexedStruct[];
  readonly types: readonly InstanceType[];
  readonly modules: readonly ModuleInfo[];
  /** Build options that ask for the limited API without a look at the free-threaded build. */
  readonly limitedApi: readonly SourcePlace[];
  readonly entries: readonly Entry[];
  /** Strongly connected components of the call graph, callees before callers. */
  readonly bottomUp: readonly (readonly FunctionId[])[];
  /** Build files and sources of frameworks that could not be read. */
  readonly problems: readonly Problem[];

  file(path: string): FileFacts | undefined;
  /** A file that is no C or C++, where a module is made or declared: a Cython, Rust or interface file, a build file. */
  metadataFile(path: string): MetadataFile | undefined;
  /** The function record for the facts of one function. */
  functionOf(facts: FunctionFacts): IndexedFunction;
  /** Functions with this qualified (or, C++, simple) name in any file, in file order. */
  functionsNamed(name: string): readonly FunctionId[];
  /** The function that `name` means in `file`: own static, then external or header; undefined if the project has none. */
  resolveFunction(file: string, name: string): FunctionId | undefined;
  /** As `resolveFunction`, but for a C++ method name gives every candidate. */
  resolveCall(file: string, callee: string): readonly FunctionId[];
  /** What a `global` value of the IR means. `owner` is the function of a function-scope static. */
  resolveGlobal(file: string, name: string, owner?: string): GlobalResolution;
  static(id: StaticId): IndexedStatic;

  /** Struct for a tag, class or typedef name, seen from `file`. */
  structNamed(file: string, name: string): StructId | undefined;
  /** What a type means behind the project's typedefs, as written there (`hash_t` gives `unsigned long`). */
  underlyingType(file: string, type: string): string;
  /** Struct for a type as written: `const struct foo *`, `Foo **` (pointers are ignored), through typedefs. */
  structOfType(file: string, type: string): StructId | undefined;
  /** Field at `path` (see `Place.path` of the IR) of a struct, through embedded and base structs. */
  field(struct: StructId, path: string): ResolvedField | undefined;
  /** Type of the field as written, "" if unknown. */
  fieldType(struct: StructId, path: string): string;
  /** Instance types whose struct is `struct`. */
  typesOfStruct(struct: StructId): readonly TypeId[];

  /** How the interpreter calls this function; empty for a helper. */
  entriesOf(fn: FunctionId): readonly Entry[];
  callers(fn: FunctionId): readonly CallEdge[];
  callees(fn: FunctionId): readonly CallEdge[];
  /** Entry functions from which `fn` is reached (itself included), nearest first. */
  entryFunctionsReaching(fn: FunctionId): readonly FunctionId[];
  /** A shortest call path `[from, ..., to]`, or empty if there is none. */
  callPath(from: FunctionId, to: FunctionId): readonly FunctionId[];
  isInitOnly(fn: FunctionId): boolean;

  /** Modules whose code reaches this file, in order. */
  modulesOfFile(file: string): readonly ModuleInfo[];
}
