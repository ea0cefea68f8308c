/**
 * What the per-file stage knows of one file: plain, compact data. Function bodies are kept encoded
 * (`FunctionFacts.code`) and decoded on demand, so that a whole source tree fits in memory.
 */
import type { Span } from "./types.ts";

export type Language = "c" | "cpp";

export interface FunctionFacts extends Span {
  name: string;
  file: string;
  returnType: string;
  params: { name: string; type: string }[];
  variadic: boolean;
  isStatic: boolean;
  isInline: boolean;
  nameStart: number;
  nameEnd: number;
  bodyStart: number;
  bodyEnd: number;
  /** Set if the function was made by a function-defining macro: the spans then point into its `#define`. */
  instantiated?: { macro: string; file: string; start: number; end: number };
  /** Unique names called directly, in order of first call; what attaches or detaches the thread state is among them. */
  calls: string[];
  /** Unique global names read or mentioned (also functions whose address is taken). Function-scope statics as `owner::name`. */
  reads: string[];
  /** Unique global names assigned, also through a member or an element. */
  writes: string[];
  /** `Type.tp_dealloc = dealloc` and the like: assignments of a global to a member of a global. */
  memberAssigns: { variable: string; path: string; value: string; start: number; end: number }[];
  /** Number of `unknown` instructions, and the first few reasons. */
  unknowns: number;
  unknownReasons: string[];
  /** Encoded FunctionIr (see codec.ts). */
  code: Uint8Array;
}

/** An initialiser as a tree. Expressions keep their text; identifiers and calls are taken apart. */
export type Init =
  | { kind: "list"; items: { designator?: string; value: Init }[]; start: number; end: number }
  /** `name`, `&name`, `(cast)name`. */
  | { kind: "name"; name: string; start: number; end: number }
  | { kind: "call"; callee: string; args: Init[]; start: number; end: number }
  | { kind: "string"; text: string; start: number; end: number }
  | { kind: "other"; text: string; start: number; end: number };

/** A variable with static storage: file or namespace scope, class static, or function-scope static. */
export interface StaticFacts extends Span {
  name: string;
  /** Qualified name of the function for a function-scope static. */
  owner?: string;
  type: string;
  isStatic: boolean;
  isExtern: boolean;
  isConst: boolean;
  threadLocal: boolean;
  atomic: boolean;
  array: boolean;
  nameStart: number;
  nameEnd: number;
  init?: Init;
}

export interface FieldFacts extends Span {
  name: string;
  type: string;
  array: boolean;
  isStatic?: boolean;
}

export interface StructFacts extends Span {
  /** Tag or class name, `""` if anonymous. */
  tag: string;
  typedefs: string[];
  isUnion: boolean;
  bases: string[];
  /** In order; nested anonymous structs are flattened, nested named ones have paths `a.b`. */
  fields: FieldFacts[];
  /** Starts with `PyObject_HEAD` / `PyObject_VAR_HEAD` / a `PyObject ob_base` member. */
  objectHead: "" | "PyObject_HEAD" | "PyObject_VAR_HEAD";
}

export interface MacroFacts extends Span {
  name: string;
  /** null for an object-like macro. */
  params: string[] | null;
  variadic: boolean;
  bodyStart: number;
  bodyEnd: number;
  body: string;
}

/** A use of a framework macro at file level: PYBIND11_MODULE, NB_MODULE, BOOST_PYTHON_MODULE, ... */
export interface FrameworkUse extends Span {
  macro: string;
  args: string[];
}

export interface Problem {
  file: string;
  /** Stable word for machines. */
  kind:
    | "unreadable"
    | "binary"
    | "encoding"
    | "too-large"
    | "unterminated"
    | "too-deep"
    | "parse-error"
    | "unknown-code"
    | "generated"
    | "crash"
    | "loop"
    /** A comment that suppresses findings is wrong, or suppresses nothing. */
    | "suppression"
    /** A configuration that does not count. */
    | "config";
  message: string;
  start?: number;
  end?: number;
  line?: number;
  /** True if the file (or function) was not analysed at all because of it. */
  skipped: boolean;
}

export interface MarkedComment extends Span {
  text: string;
  /** No code stands before it on its line. */
  alone: boolean;
  /** Of one that is alone: start of the next code or `#define`, or its own end; else its own start. */
  next: number;
  /**
   * What it is about: whole lines (its own, of one that is alone also that of `next`) and the statements that the code before it, or
   * the code on the line of `next`, belongs to, without blocks. A `#define` as a whole.
   */
  covers: Span;
  /** It stands in code that the target build does not compile; `covers` then says nothing. */
  isDead: boolean;
}

export interface FileFacts {
  file: string;
  language: Language;
  /** Hash of the bytes on disk. */
  hash: string;
  /** Start offset of every line. */
  lineStarts: number[];
  functions: FunctionFacts[];
  prototypes: { name: string; returnType: string; start: number; end: number; isStatic: boolean }[];
  statics: StaticFacts[];
  structs: StructFacts[];
  typedefs: { name: string; type: string }[];
  macros: MacroFacts[];
  includes: { path: string; system: boolean; start: number; end: number }[];
  frameworkUses: FrameworkUse[];
  /** Enumerator names (constants, never variables). */
  enumerators: string[];
  /** Identifiers written in the file's preprocessor-live text that name module declarations: `Py_mod_gil`, ... with places. */
  declarationTokens: {
    name: string;
    start: number;
    end: number;
    live: boolean;
    /** Conditions of the `#if` groups around it, outermost first, as written (`#ifdef X` as `defined(X)`). */
    guards?: string[];
  }[];
  /** Comments that contain the tool's name, for suppressions. */
  ungilComments: MarkedComment[];
  /** Names of project-defined macros that this file's lowering depended on. */
  problems: Problem[];
  bytes: number;
  errorBytes: number;
  deadBytes: number;
}
