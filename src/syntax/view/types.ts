/** What the preprocessor view tells the rest of `src/syntax` about a source text. */
import type { FileFacts, Language, MacroFacts, Problem } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";

export type TargetVersion = "3.13" | "3.14" | "3.15";

export interface ViewOptions {
  language: Language;
  target: TargetVersion;
  /** The text is a NumPy `.src` template: `@name@` becomes an identifier of the same length. */
  template?: boolean;
}

/** What is known of a condition: constant, or unknown because it depends on the platform or the build. */
export type Truth = "true" | "false" | "unknown";

/** One branch of a conditional group: `#if`, `#ifdef`, `#elif`, `#else` up to the next directive of the group. */
export interface Branch extends Span {
  /** The directive's word. */
  directive: string;
  /** The condition as written, comments and continuations removed; `""` for `#else`. */
  condition: string;
  state: Truth;
  /** Whether the branch's code is kept in the view. */
  kept: boolean;
  /** Where the code starts: the offset after the directive's line. */
  bodyStart: number;
}

/** A conditional group from its `#if` to the end of its `#endif` line. */
export interface Conditional extends Span {
  branches: Branch[];
  /** Index of the enclosing group in `View.conditionals`, or -1. */
  parent: number;
}

/** `PyObject_HEAD` or `PyObject_VAR_HEAD` (also spelled through `_PyObject_HEAD_EXTRA`-like macros) in a struct. */
export interface ObjectHead {
  start: number;
  end: number;
  kind: "PyObject_HEAD" | "PyObject_VAR_HEAD";
}

/** A macro in attribute position (`NPY_INLINE`, `WINAPI`, `NPY_TLS`) that the view blanked. */
export interface AttributeUse extends Span {
  name: string;
}

/** A function definition as the token walk sees it; `start` is the first token of its head, `end` after its `}`. */
export interface FunctionSpan extends Span {
  nameStart: number;
  nameEnd: number;
  bodyStart: number;
}

export interface View {
  /** Same length as the original: every offset is an offset into the original too. Line numbers come from the original. */
  text: string;
  macros: MacroFacts[];
  includes: FileFacts["includes"];
  conditionals: Conditional[];
  /** Code that the target build does not compile, as sorted disjoint ranges. */
  dead: Span[];
  /** Code units in `dead`. */
  deadBytes: number;
  /** Alternatives under unknown conditions that could not stand beside the kept one: they are not in the view's text. */
  notTaken: Span[];
  /** Function definitions in live code. */
  functions: FunctionSpan[];
  /** Macros in attribute position that the view blanked, in order. */
  attributes: AttributeUse[];
  /** Comments that contain the tool's name. */
  comments: FileFacts["ungilComments"];
  objectHeads: ObjectHead[];
  /** `file` is empty: the caller knows it. */
  problems: Problem[];
}
