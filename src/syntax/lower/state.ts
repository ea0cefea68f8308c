/** The state of lowering one function: values, blocks, scopes, and the place in the source. */
import type { StaticFacts } from "../../ir/facts.ts";
import {
  type Block,
  type BlockId,
  type FunctionIr,
  type Instr,
  type MacroUse,
  NO_VALUE,
  type Span,
  type Statement,
  type Terminator,
  type Value,
  type ValueId,
} from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import { compact } from "./compact.ts";
import type { FieldType, LowerContext, LoweredFunction } from "./context.ts";
import { type Env, fileEnv, isSpace, nameText } from "./env.ts";

/** Wanted destination of an expression whose result is not needed. */
export const DROP: ValueId = -2;

type WithoutBase<T> = T extends unknown ? Omit<T, "start" | "end" | "stmt" | "via"> : never;
/** An instruction before it gets its place. */
export type NewInstr = WithoutBase<Instr>;

interface OpenBlock {
  instrs: Instr[];
  term: Terminator | null;
}

/** What has to be done when a scope is left. */
export interface Cleanup {
  /** The guard variable. */
  variable: ValueId;
  instr: NewInstr;
  span: Span;
  /** False while a `unique_lock` is released by hand. */
  active: boolean;
}

export interface Scope {
  names: Map<string, ValueId>;
  cleanups: Cleanup[];
  parent: Scope | null;
}

/** Where `break` or `continue` goes, and how far scopes are left on the way. */
export interface JumpTarget {
  block: BlockId;
  scope: Scope | null;
}

/** A name of the function around a lambda: an automatic variable with its type, or a static one. */
export type Captured =
  | { kind: "variable"; type: string; reference: boolean }
  | { kind: "global"; name: string; owner?: string };

export interface SwitchFrame {
  cases: { text: string | null; target: BlockId }[];
  hasDefault: boolean;
}

interface PendingGoto {
  block: BlockId;
  label: string;
  scope: Scope | null;
  span: Span;
  stmt: number;
}

/** Instructions that macro expansion may add to one function before further uses stay calls. */
const EXPANSION_BUDGET = 60_000;

export class Lowering {
  readonly ctx: LowerContext;
  /** Qualified name of the function. */
  readonly name: string;
  /** Class of a C++ method, "" otherwise. */
  readonly className: string;
  readonly values: Value[] = [];
  readonly statements: Statement[] = [];
  readonly macroUses: MacroUse[] = [];
  readonly statics: StaticFacts[] = [];
  readonly lambdas: LoweredFunction[] = [];
  readonly enumerators: string[] = [];
  readonly params: ValueId[] = [];
  /** Types of temporaries where they are known; parameters and locals carry theirs. */
  readonly tempTypes: string[] = [];
  /** Reference variables: holding an address, used like the object. */
  readonly references = new Set<ValueId>();
  /** Guard variables that hold a lock or a thread state. */
  readonly guards = new Map<ValueId, Cleanup>();
  /** Names visible in an enclosing function, for lambdas. */
  outer: ((name: string) => Captured | undefined) | null = null;
  closure: ValueId = NO_VALUE;
  thisValue: ValueId = NO_VALUE;
  /** Types of function-scope statics. */
  readonly staticTypes = new Map<ValueId, FieldType>();
  env: Env;
  stmt = -1;
  scope: Scope | null = null;
  breakTarget: JumpTarget | null = null;
  continueTarget: JumpTarget | null = null;
  switchFrame: SwitchFrame | null = null;
  /** Blocks that handle exceptions of the code being lowered. */
  handlers: JumpTarget[] = [];
  /** Instructions that macro expansions have added. */
  expanded = 0;
  private readonly blocks: OpenBlock[] = [];
  private readonly order: BlockId[] = [];
  private current: BlockId = -1;
  private readonly globals = new Map<string, ValueId>();
  private readonly constants = new Map<string, ValueId>();
  private readonly labels = new Map<string, { block: BlockId; scope: Scope | null; defined: boolean }>();
  private readonly gotos: PendingGoto[] = [];
  /** Labels whose address was taken (`&&label`), and blocks that jump to any of them. */
  readonly takenLabels = new Set<string>();
  private readonly computedGotos: { block: BlockId; value: ValueId; span: Span; stmt: number }[] = [];

  constructor(ctx: LowerContext, name: string, className: string, env?: Env) {
    this.ctx = ctx;
    this.name = name;
    this.className = className;
    this.env = env ?? fileEnv(ctx.file, ctx.text, ctx.original);
    this.start(this.newBlock());
  }

  // Values

  addValue(value: Value): ValueId {
    return this.values.push(value) - 1;
  }

  temp(type = "", written = false): ValueId {
    const id = this.addValue({ kind: "temp", type: written ? type : "" });
    if (type !== "") this.tempTypes[id] = type;
    return id;
  }

  /** `want` if it is a variable to write to, else a new temporary. */
  into(want: ValueId, type = ""): ValueId {
    return want >= 0 ? want : this.temp(type);
  }

  constant(type: "null" | "int" | "float" | "string" | "char", text: string): ValueId {
    const key = `${type} ${text}`;
    let id = this.constants.get(key);
    if (id === undefined) {
      id = this.addValue({ kind: "const", type, text });
      this.constants.set(key, id);
    }
    return id;
  }

  global(name: string, owner?: string): ValueId {
    const key = owner === undefined ? name : `${owner} ${name}`;
    let id = this.globals.get(key);
    if (id === undefined) {
      id = this.addValue(owner === undefined ? { kind: "global", name } : { kind: "global", name, owner });
      this.globals.set(key, id);
    }
    return id;
  }

  /** Type of a value where the file tells it, else "". */
  typeOf(id: ValueId): string {
    const value = this.values[id];
    if (!value) return "";
    if (value.kind === "param" || value.kind === "local") return value.type;
    if (value.kind === "temp") return this.tempTypes[id] ?? "";
    return this.variableType(id)?.type ?? "";
  }

  /** What is known of a static or global variable. */
  variableType(id: ValueId): FieldType | undefined {
    const value = this.values[id];
    if (value.kind !== "global") return undefined;
    return value.owner === undefined ? this.ctx.types.variable(value.name) : this.staticTypes.get(id);
  }

  isVariable(id: ValueId): boolean {
    const kind = this.values[id]?.kind;
    return kind === "param" || kind === "local";
  }

  // Scopes

  pushScope(): Scope {
    this.scope = { names: new Map(), cleanups: [], parent: this.scope };
    return this.scope;
  }

  /** Leaves the innermost scope at the end of its code. */
  popScope(): void {
    if (!this.scope) return;
    if (this.reachable()) this.runCleanups(this.scope, this.scope.parent);
    this.scope = this.scope.parent;
  }

  declare(name: string, id: ValueId): void {
    this.scope?.names.set(name, id);
  }

  lookup(name: string): ValueId | undefined {
    for (let s = this.scope; s; s = s.parent) {
      const id = s.names.get(name);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  /** Emits what leaving the scopes from `from` up to, not including, `to` does. */
  runCleanups(from: Scope | null, to: Scope | null): void {
    for (let s = from; s && s !== to; s = s.parent) {
      for (let i = s.cleanups.length - 1; i >= 0; i--) {
        const cleanup = s.cleanups[i];
        if (cleanup.active) this.emit(cleanup.span, { ...cleanup.instr } as NewInstr);
      }
    }
  }

  /** Which guards hold, before a branch; given to `restoreGuards` if the branch does not come back. */
  guardState(): boolean[] {
    return [...this.guards.values()].map((g) => g.active);
  }

  restoreGuards(state: boolean[]): void {
    let i = 0;
    for (const guard of this.guards.values()) if (i < state.length) guard.active = state[i++];
  }

  // Source

  span(node: Span): Span {
    return this.env.use ?? node;
  }

  text(node: SyntaxNode): string {
    return nameText(this.env, node);
  }

  /** Runs `body` with nodes of another environment. */
  within<T>(env: Env, body: () => T): T {
    const before = this.env;
    this.env = env;
    try {
      return body();
    } finally {
      this.env = before;
    }
  }

  /** Runs `body` as the statement `node`; statements inside macros belong to the statement of the use. */
  asStatement(node: SyntaxNode, body: () => void): void {
    if (this.env.use) {
      body();
      return;
    }
    const before = this.stmt;
    const { original, base } = this.env;
    let end = node.end;
    // A `;` that the view put in stands over white space that is no part of the statement.
    while (end > node.start && isSpace(original.charCodeAt(end - 1 - base))) end--;
    this.stmt = this.statements.push({ kind: node.type, parent: before, start: node.start, end }) - 1;
    try {
      body();
    } finally {
      this.stmt = before;
    }
  }

  // Blocks

  newBlock(): BlockId {
    return this.blocks.push({ instrs: [], term: null }) - 1;
  }

  start(block: BlockId): void {
    this.current = block;
    this.order.push(block);
  }

  reachable(): boolean {
    return this.current >= 0;
  }

  emit(at: Span, instr: NewInstr): void {
    if (this.current < 0) this.start(this.newBlock());
    const span = this.env.use ?? at;
    const full = instr as Instr;
    full.start = span.start;
    full.end = span.end;
    full.stmt = this.stmt;
    if (this.env.via >= 0) {
      full.via = this.env.via;
      this.expanded++;
    }
    this.blocks[this.current].instrs.push(full);
  }

  unknown(at: Span, reason: string, args: ValueId[] = []): void {
    this.emit(at, { op: "unknown", reason, args });
  }

  mayExpand(): boolean {
    return this.expanded < EXPANSION_BUDGET;
  }

  terminate(term: Terminator): void {
    if (this.current < 0) return;
    this.blocks[this.current].term = term;
    this.current = -1;
  }

  jump(at: Span, target: BlockId, label?: string): void {
    const { start, end } = this.span(at);
    this.terminate(
      label === undefined ? { op: "goto", target, start, end } : { op: "goto", target, start, end, label },
    );
  }

  branch(at: Span, cond: ValueId, then: BlockId, otherwise: BlockId): void {
    const { start, end } = this.span(at);
    this.terminate({ op: "branch", cond, then, else: otherwise, start, end, stmt: this.stmt });
  }

  returnValue(at: Span, value: ValueId): void {
    this.runCleanups(this.scope, null);
    const { start, end } = this.span(at);
    const via = this.env.via;
    this.terminate(
      via >= 0
        ? { op: "return", value, start, end, stmt: this.stmt, via }
        : { op: "return", value, start, end, stmt: this.stmt },
    );
  }

  unreachable(at: Span): void {
    const { start, end } = this.span(at);
    this.terminate({ op: "unreachable", start, end });
  }

  /** Goes to a jump target, leaving the scopes between. */
  leaveTo(at: Span, target: JumpTarget): void {
    this.runCleanups(this.scope, target.scope);
    this.jump(at, target.block);
  }

  // Labels

  label(name: string): BlockId {
    let entry = this.labels.get(name);
    if (!entry) {
      entry = { block: this.newBlock(), scope: null, defined: false };
      this.labels.set(name, entry);
    }
    return entry.block;
  }

  defineLabel(name: string): BlockId {
    const block = this.label(name);
    const entry = this.labels.get(name)!;
    entry.defined = true;
    entry.scope = this.scope;
    return block;
  }

  /** The scopes left by a `goto` are known only when its label has been seen; `finish` fills the block in between. */
  goto(at: Span, name: string): void {
    const target = this.label(name);
    if (!this.hasCleanups()) {
      this.jump(at, target, name);
      return;
    }
    const between = this.newBlock();
    this.order.push(between);
    this.gotos.push({ block: between, label: name, scope: this.scope, span: this.span(at), stmt: this.stmt });
    this.jump(at, between, name);
  }

  computedGoto(at: Span, value: ValueId): void {
    if (this.current < 0) return;
    this.unknown(at, "computed goto", [value]);
    this.computedGotos.push({ block: this.current, value, span: this.span(at), stmt: this.stmt });
    this.current = -1;
  }

  private hasCleanups(): boolean {
    for (let s = this.scope; s; s = s.parent) if (s.cleanups.length > 0) return true;
    return false;
  }

  private resolveJumps(): void {
    for (const [name, entry] of this.labels) {
      if (entry.defined) continue;
      // A label that a macro or a broken statement hides: where it leads is not known.
      this.start(entry.block);
      this.unknown({ start: 0, end: 0 }, `label ${name} not found`);
      this.returnValue({ start: 0, end: 0 }, NO_VALUE);
    }
    for (const g of this.gotos) {
      const entry = this.labels.get(g.label)!;
      let common = entry.scope;
      const chain = new Set<Scope | null>([null]);
      for (let s = g.scope; s; s = s.parent) chain.add(s);
      while (!chain.has(common)) common = common!.parent;
      this.current = g.block;
      this.stmt = g.stmt;
      this.runCleanups(g.scope, common);
      this.terminate({ op: "goto", target: entry.block, start: g.span.start, end: g.span.end });
    }
    const taken = [...this.takenLabels].filter((name) => this.labels.get(name)?.defined);
    for (const g of this.computedGotos) {
      const cases: { text: string | null; target: BlockId }[] = taken.map((name) => ({
        text: name,
        target: this.labels.get(name)!.block,
      }));
      const block = this.blocks[g.block];
      const { start, end } = g.span;
      if (cases.length === 0) block.term = { op: "unreachable", start, end };
      else {
        cases.push({ text: null, target: cases[0].target });
        block.term = { op: "switch", value: g.value, cases, start, end, stmt: g.stmt };
      }
    }
  }

  /** Closes the function: ends open blocks, drops unreachable ones and numbers the rest in source order. */
  finish(returnType: string, end: number): FunctionIr {
    this.env = fileEnv(this.ctx.file, this.ctx.text, this.ctx.original);
    if (this.current >= 0) this.returnValue({ start: end, end }, NO_VALUE);
    this.resolveJumps();
    for (const block of this.blocks) block.term ??= { op: "return", value: NO_VALUE, start: end, end, stmt: -1 };
    const blocks = compact(this.blocks as Block[], this.order);
    return {
      name: this.name,
      file: this.ctx.file,
      returnType,
      params: this.params,
      values: this.values,
      blocks,
      statements: this.statements,
      macroUses: this.macroUses,
    };
  }
}
