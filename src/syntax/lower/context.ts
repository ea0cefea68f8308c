/** What the lowering of a function needs to know of the file and the project around it. */
import type { Language, MacroFacts, StaticFacts } from "../../ir/facts.ts";
import type { FunctionIr, Span } from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import type { Env } from "./env.ts";

/** A macro definition with the file it is in. */
export interface MacroDef {
  file: string;
  facts: MacroFacts;
}

/** A macro's body as syntax. Offsets are offsets into the file of the `#define`. */
export interface MacroBody {
  /** `head`: a loop or condition, `function-head`: a function, both without the block that follows the use. */
  form: "toplevel" | "statements" | "expression" | "head" | "function-head" | "tokens";
  root: SyntaxNode;
}

/** Finds and parses the project's macros as one file sees them. */
export interface MacroScope {
  /** The definition that a use of `name` at `offset` of the file refers to, or null if it is no macro of the project. */
  resolve(name: string, offset: number): MacroDef | null;
  /** True for a name that is a call whatever its definition; written without parentheses it is one without arguments. */
  isCall?(name: string): boolean;
  /** The parsed body, or null if there is none. */
  body(macro: MacroDef): MacroBody | null;
  /** Parses a piece of code with the view's rules, e.g. a macro argument that is no expression. */
  parse(text: string): MacroBody | null;
}

/** A field as the lowering needs it. */
export interface FieldType {
  type: string;
  array: boolean;
}

/** Types and variables declared in the file itself. Nothing is known of other files at this stage. */
export interface FileTypes {
  /** Type of a field of the struct, union or class that `type` names (pointers and qualifiers are ignored). */
  field(type: string, name: string): FieldType | undefined;
  /** Names of the fields in order, for positional initialisers. */
  fieldNames(type: string): string[] | undefined;
  /** Type of a variable of file or namespace scope. */
  variable(name: string): FieldType | undefined;
  /** True if the name is declared as a type in this file. */
  isType(name: string): boolean;
  /** True if the file defines or declares a function of this name. */
  isFunction(name: string): boolean;
  /** Type of a non-static data member of the class or one of its bases known in this file. */
  member(className: string, name: string): FieldType | undefined;
  /** True if the class, known in this file, has a base of this name. */
  isBase(className: string, name: string): boolean;
  /** Notes a struct, union or enum declared inside a function; returns its enumerators. */
  declareLocal(env: Env, node: SyntaxNode): string[];
}

export interface LowerContext {
  file: string;
  /** Text of the preprocessor view, and as written. */
  text: string;
  original: string;
  language: Language;
  macros: MacroScope | null;
  /** Conditional groups of which the view kept several branches, by start. */
  alternatives: readonly Span[];
  types: FileTypes;
}

/** A function and what was declared inside it. */
export interface LoweredFunction {
  ir: FunctionIr;
  /** The node of the definition or lambda. */
  node: SyntaxNode;
  /** Function-scope statics. */
  statics: StaticFacts[];
  /** Lambdas, in source order, nested ones included. */
  lambdas: LoweredFunction[];
  /** Enumerators declared in the body. */
  enumerators: string[];
}
