/**
 * The intermediate representation of one function: plain data, no syntax nodes, safe to cache and to send
 * between threads. All offsets are zero-based UTF-16 offsets into the original text of `FunctionIr.file`.
 */

/** Half-open range of UTF-16 offsets. */
export interface Span {
  start: number;
  end: number;
}

/** Index into `FunctionIr.values`. */
export type ValueId = number;
/** Index into `FunctionIr.blocks`. Block 0 is the entry. */
export type BlockId = number;
/** "No value": the destination of a call whose result is dropped, the operand of a bare `return`. */
export const NO_VALUE: ValueId = -1;

/** Something an instruction reads or writes. */
export type Value =
  /** A parameter; `index` counts from 0, `this` of a C++ method is `name: "this", index: -1`. */
  | { kind: "param"; name: string; type: string; index: number; start: number; end: number }
  /** An automatic variable. `start`/`end` span its name in the declaration. */
  | { kind: "local"; name: string; type: string; start: number; end: number }
  /** The result of a subexpression. `type` is set where the syntax gives it (a cast), else "". */
  | { kind: "temp"; type: string }
  /**
   * Any identifier that is not a parameter or automatic variable: static or external variable, function, enumerator,
   * object-like macro. The project index resolves it. `owner` is the qualified name of the function for a
   * function-scope static. Reading or writing the value as an operand is reading or writing the variable.
   */
  | { kind: "global"; name: string; owner?: string }
  /** A literal. `NULL`, `nullptr` and literal 0 are `null`/`int` as written; adjacent strings are joined in `text`. */
  | { kind: "const"; type: "null" | "int" | "float" | "string" | "char"; text: string };

/**
 * Common to all instructions. `start`/`end` span the source expression. `stmt` indexes `FunctionIr.statements`
 * (innermost statement). `via` indexes `FunctionIr.macroUses` when the instruction came out of a project macro;
 * the span is then the span of the macro's use.
 */
interface InstrBase {
  start: number;
  end: number;
  stmt: number;
  via?: number;
}

/**
 * A place in memory reached from `base`: `path` is the field path after it, `""` for the object itself, nested
 * members of an embedded struct joined by `.`, an array element written `[]` (`"buf.len"`, `"items[].key"`).
 * `deref` is true if `base` is a pointer (`p->x`, `*p`, `p[i]`), false if it is the aggregate itself (`s.x`, `a[i]` of an array).
 * `index` is the first index expression, if there is one.
 */
interface Place {
  base: ValueId;
  path: string;
  deref: boolean;
  index?: ValueId;
}

export type Instr =
  /** `dst = src`; `cast` is the type written in a cast between them. */
  | (InstrBase & { op: "copy"; dst: ValueId; src: ValueId; cast?: string })
  | (InstrBase & Place & { op: "load"; dst: ValueId })
  | (InstrBase & Place & { op: "store"; src: ValueId })
  /** `dst = &place`; with `path: ""` and `deref: false` it is the address of the variable `base`. */
  | (InstrBase & Place & { op: "addr"; dst: ValueId })
  | (InstrBase & { op: "unary"; dst: ValueId; operator: string; operand: ValueId })
  | (InstrBase & { op: "binary"; dst: ValueId; operator: string; left: ValueId; right: ValueId })
  /**
   * A call. `callee` is the name for a direct call (C++: as written, `ns::f` or the method name), `""` for a call through
   * a value, which is then `target`. `receiver` is the object of a C++ method call. `argSpans` holds start and end of
   * each argument, flattened. A function-like macro that is not expanded is a call too.
   */
  | (InstrBase & {
      op: "call";
      dst: ValueId;
      callee: string;
      target: ValueId;
      receiver?: ValueId;
      args: ValueId[];
      argSpans: number[];
      calleeStart: number;
      calleeEnd: number;
    })
  /** Taking (`lock`) or releasing (`unlock`) a lock; `form` is the API or type as written, `args` what is locked. */
  | (InstrBase & { op: "lock" | "unlock"; lock: LockKind; form: string; args: ValueId[]; dst?: ValueId })
  /** Detaching from (`detach`) or attaching to (`attach`) the interpreter; `form` is the API as written. */
  | (InstrBase & { op: "detach" | "attach"; form: string; dst?: ValueId; args: ValueId[] })
  /** Code that was not understood: analyses must assume that anything may happen to `args` and to shared state. */
  | (InstrBase & { op: "unknown"; reason: string; args: ValueId[] });

export type LockKind = "critical-section" | "critical-section2" | "pymutex" | "thread-lock" | "native" | "raii";

/** `start`/`end` span the condition, the switch value or the whole return statement. */
export type Terminator =
  | { op: "goto"; target: BlockId; start: number; end: number; label?: string }
  | { op: "branch"; cond: ValueId; then: BlockId; else: BlockId; start: number; end: number; stmt: number }
  /** `cases[].text` is the source of the label, `null` for default (always present, after normalisation). */
  | {
      op: "switch";
      value: ValueId;
      cases: { text: string | null; target: BlockId }[];
      start: number;
      end: number;
      stmt: number;
    }
  | { op: "return"; value: ValueId; start: number; end: number; stmt: number; via?: number }
  /** After a call that does not return, or a block no path leaves. */
  | { op: "unreachable"; start: number; end: number };

export interface Block {
  instrs: Instr[];
  term: Terminator;
}

/** `kind` is the syntactic kind (`if_statement`, ...), `parent` the index of the enclosing statement or -1. */
export interface Statement extends Span {
  kind: string;
  parent: number;
}

/** One expansion of a project macro: `start`/`end` span the use, `parent` is the enclosing expansion or -1. */
export interface MacroUse extends Span {
  name: string;
  defFile: string;
  defStart: number;
  parent: number;
}

export interface FunctionIr {
  /** Qualified name: `f`, C++ `ns::Class::method`, a lambda `outer::lambda#1`. */
  name: string;
  /** Path relative to the scanned root, forward slashes. */
  file: string;
  returnType: string;
  params: ValueId[];
  values: Value[];
  blocks: Block[];
  statements: Statement[];
  macroUses: MacroUse[];
}
