/** Reads the text form of the IR (see print.ts for the grammar), so that tests can be written in it. */

import { LineCursor } from "./line-cursor.ts";
import type { Block, FunctionIr, Instr, LockKind, MacroUse, Statement, Terminator, Value, ValueId } from "./types.ts";
import { NO_VALUE } from "./types.ts";

/**
 * Reads one function. Where the text gives no span, an instruction gets the span of its own line in `text`, and a statement
 * of its own. Lines that are empty or start with `//` are skipped.
 * @throws SyntaxError with the one-based line number of what it cannot read.
 */
export function parseFunctionText(text: string): FunctionIr {
  const functions = parseFunctionsText(text);
  if (functions.length !== 1) throw new SyntaxError(`expected one function, found ${functions.length}`);
  return functions[0];
}

/** Reads any number of functions. @throws SyntaxError as `parseFunctionText` does. */
export function parseFunctionsText(text: string): FunctionIr[] {
  const functions: FunctionIr[] = [];
  let reader: FunctionReader | undefined;
  let offset = 0;
  text.split("\n").forEach((raw, index) => {
    const start = offset + (raw.length - raw.trimStart().length);
    offset += raw.length + 1;
    const line = raw.trim();
    if (line === "" || line.startsWith("//")) return;
    const cursor = new LineCursor(line, start, index + 1);
    if (reader === undefined) {
      reader = new FunctionReader(cursor);
    } else if (line === "}") {
      functions.push(reader.finish(cursor));
      reader = undefined;
    } else {
      reader.line(cursor);
    }
  });
  if (reader !== undefined) throw new SyntaxError("the last function has no closing brace");
  return functions;
}

const LOCK_KINDS: readonly string[] = [
  "critical-section",
  "critical-section2",
  "pymutex",
  "thread-lock",
  "native",
  "raii",
];

class FunctionReader {
  private readonly fn: FunctionIr;
  private readonly ids = new Map<string, ValueId>();
  private block: Block | undefined;
  private terminated = false;

  constructor(cursor: LineCursor) {
    cursor.expect("fn ");
    const name = cursor.name();
    this.fn = {
      name,
      file: "",
      returnType: "",
      params: [],
      values: [],
      blocks: [],
      statements: [],
      macroUses: [],
    };
    cursor.expect("(");
    let index = 0;
    while (!cursor.take(")")) {
      if (this.fn.params.length > 0) cursor.expect(",");
      const key = this.variableKey(cursor);
      cursor.expect(":");
      const plain = plainName(key);
      this.fn.params.push(
        this.define(key, {
          kind: "param",
          name: plain,
          type: cursor.type(),
          index: plain === "this" ? -1 : index++,
          ...span(cursor),
        }),
      );
    }
    cursor.expect("->");
    this.fn.returnType = cursor.type();
    cursor.expect("{");
  }

  line(cursor: LineCursor): void {
    const header = cursor.match(/bb[0-9]+:/y);
    if (header !== undefined) {
      if (this.block !== undefined && !this.terminated) cursor.fail("a terminator before the next block");
      if (header !== `bb${this.fn.blocks.length}:`) cursor.fail(`bb${this.fn.blocks.length}`);
      this.block = { instrs: [], term: { op: "unreachable", ...span(cursor) } };
      this.terminated = false;
      this.fn.blocks.push(this.block);
      return;
    }
    if (this.block === undefined) this.declaration(cursor);
    else if (this.terminated) cursor.fail("a new block after a terminator");
    else this.instruction(cursor, this.block);
  }

  finish(cursor: LineCursor): FunctionIr {
    if (this.block === undefined) cursor.fail("at least one block");
    if (!this.terminated) cursor.fail("a terminator at the end of the last block");
    return this.fn;
  }

  private declaration(cursor: LineCursor): void {
    if (cursor.word("file")) this.fn.file = cursor.quoted() ?? cursor.fail("a quoted path");
    else if (cursor.word("local")) {
      const key = this.variableKey(cursor);
      cursor.expect(":");
      this.define(key, { kind: "local", name: plainName(key), type: cursor.type(), ...span(cursor) });
    } else if (cursor.word("temp")) {
      const key = this.variableKey(cursor);
      cursor.expect(":");
      this.define(key, { kind: "temp", type: cursor.type() });
    } else if (cursor.word("stmt")) {
      const kind = cursor.name();
      const parent = cursor.integer();
      const { start, end } = this.trailer(cursor) ?? span(cursor);
      const statement: Statement = { start, end, kind, parent };
      this.fn.statements.push(statement);
    } else if (cursor.word("macro")) {
      const name = cursor.name();
      const defFile = cursor.quoted() ?? cursor.fail("a quoted path");
      const defStart = cursor.integer();
      const parent = cursor.integer();
      const { start, end } = this.trailer(cursor) ?? span(cursor);
      const use: MacroUse = { start, end, name, defFile, defStart, parent };
      this.fn.macroUses.push(use);
    } else cursor.fail("file, local, temp, stmt, macro or a block");
  }

  /** `; start..end sN mN`, if it is there. */
  private trailer(cursor: LineCursor): { start: number; end: number; stmt?: number; via?: number } | undefined {
    if (!cursor.take(";")) return undefined;
    const start = cursor.integer();
    cursor.expect("..");
    const end = cursor.integer();
    const stmt = cursor.take("s") ? cursor.integer() : undefined;
    const via = cursor.take("m") ? cursor.integer() : undefined;
    return { start, end, ...(stmt === undefined ? {} : { stmt }), ...(via === undefined ? {} : { via }) };
  }

  /** The places of a line: as written after `;`, else the line itself and a statement of its own. */
  private places(
    cursor: LineCursor,
    hasStatement: boolean,
  ): { start: number; end: number; stmt: number; via?: number } {
    const written = this.trailer(cursor);
    if (!cursor.atEnd()) cursor.fail("the end of the line");
    const own = written ?? span(cursor);
    const stmt =
      written?.stmt ??
      (hasStatement ? this.fn.statements.push({ kind: "expression_statement", parent: -1, ...span(cursor) }) - 1 : -1);
    return { start: own.start, end: own.end, stmt, ...(written?.via === undefined ? {} : { via: written.via }) };
  }

  private instruction(cursor: LineCursor, block: Block): void {
    const term = this.terminator(cursor);
    if (term !== undefined) {
      block.term = term;
      this.terminated = true;
      return;
    }
    if (cursor.word("store")) {
      const place = this.place(cursor);
      cursor.expect(",");
      const src = this.value(cursor);
      block.instrs.push({ op: "store", ...place, src, ...this.places(cursor, true) });
      return;
    }
    if (cursor.word("unknown")) {
      const reason = cursor.quoted() ?? cursor.fail("a quoted reason");
      const args = this.args(cursor).ids;
      block.instrs.push({ op: "unknown", reason, args, ...this.places(cursor, true) });
      return;
    }
    const before = cursor.at;
    let dst = NO_VALUE;
    if (cursor.match(/[%@]/y) !== undefined) {
      cursor.at = before;
      dst = this.value(cursor);
      cursor.expect("=");
    }
    block.instrs.push(this.assignment(cursor, dst));
  }

  private assignment(cursor: LineCursor, dst: ValueId): Instr {
    if (cursor.word("load")) {
      const place = this.place(cursor);
      return { op: "load", dst, ...place, ...this.places(cursor, true) };
    }
    if (cursor.word("addr")) {
      const place = this.place(cursor);
      return { op: "addr", dst, ...place, ...this.places(cursor, true) };
    }
    if (cursor.word("call")) return this.call(cursor, dst);
    for (const op of ["lock", "unlock"] as const) {
      if (!cursor.word(op)) continue;
      const kind = cursor.match(/[a-z0-9-]+/y);
      if (kind === undefined || !LOCK_KINDS.includes(kind)) cursor.fail("a kind of lock");
      const form = cursor.name();
      const { ids } = this.args(cursor);
      const into = dst === NO_VALUE ? {} : { dst };
      return { op, lock: kind as LockKind, form, args: ids, ...into, ...this.places(cursor, true) };
    }
    for (const op of ["detach", "attach"] as const) {
      if (!cursor.word(op)) continue;
      const form = cursor.name();
      const { ids } = this.args(cursor);
      return { op, form, args: ids, ...(dst === NO_VALUE ? {} : { dst }), ...this.places(cursor, true) };
    }
    return this.computation(cursor, dst);
  }

  private computation(cursor: LineCursor, dst: ValueId): Instr {
    if (!this.atValue(cursor)) {
      const operator = cursor.match(/[^ ]+/y) ?? cursor.fail("an operator");
      const operand = this.value(cursor);
      return { op: "unary", dst, operator, operand, ...this.places(cursor, true) };
    }
    const left = this.value(cursor);
    if (cursor.word("as")) {
      const cast = cursor.type();
      return { op: "copy", dst, src: left, cast, ...this.places(cursor, true) };
    }
    if (cursor.atEnd()) return { op: "copy", dst, src: left, ...this.places(cursor, true) };
    const operator = cursor.match(/[^ ]+/y) ?? cursor.fail("an operator");
    const right = this.value(cursor);
    return { op: "binary", dst, operator, left, right, ...this.places(cursor, true) };
  }

  private call(cursor: LineCursor, dst: ValueId): Instr {
    cursor.skip();
    const calleeStart = cursor.offset + cursor.at;
    const target = cursor.take("*") ? this.value(cursor) : NO_VALUE;
    const callee = target === NO_VALUE ? cursor.name() : "";
    const calleeEnd = cursor.offset + cursor.at;
    const { ids, spans } = this.args(cursor);
    const receiver = cursor.word("on") ? { receiver: this.value(cursor) } : {};
    const common = { dst, callee, target, ...receiver, args: ids, argSpans: spans, calleeStart, calleeEnd };
    return { op: "call", ...common, ...this.places(cursor, true) };
  }

  private terminator(cursor: LineCursor): Terminator | undefined {
    if (cursor.word("goto")) {
      const target = cursor.block();
      const label = cursor.word("label") ? { label: cursor.name() } : {};
      const { start, end } = this.places(cursor, false);
      return { op: "goto", target, ...label, start, end };
    }
    if (cursor.word("branch")) {
      const cond = this.value(cursor);
      cursor.expect("?");
      const then = cursor.block();
      cursor.expect(":");
      const other = cursor.block();
      const { start, end, stmt } = this.places(cursor, true);
      return { op: "branch", cond, then, else: other, start, end, stmt };
    }
    if (cursor.word("switch")) {
      const value = this.value(cursor);
      const cases: { text: string | null; target: number }[] = [];
      cursor.expect("[");
      while (!cursor.take("]")) {
        if (cases.length > 0) cursor.expect(",");
        let text: string | null = null;
        if (cursor.word("case")) text = cursor.quoted() ?? cursor.fail("a quoted label");
        else cursor.expect("default");
        cursor.expect(":");
        cases.push({ text, target: cursor.block() });
      }
      const { start, end, stmt } = this.places(cursor, true);
      return { op: "switch", value, cases, start, end, stmt };
    }
    if (cursor.word("return")) {
      const value = cursor.atEnd() ? NO_VALUE : this.value(cursor);
      return { op: "return", value, ...this.places(cursor, true) };
    }
    if (cursor.word("unreachable")) {
      const { start, end } = this.places(cursor, false);
      return { op: "unreachable", start, end };
    }
    return undefined;
  }

  private args(cursor: LineCursor): { ids: ValueId[]; spans: number[] } {
    const ids: ValueId[] = [];
    const spans: number[] = [];
    cursor.expect("(");
    while (!cursor.take(")")) {
      if (ids.length > 0) cursor.expect(",");
      cursor.skip();
      spans.push(cursor.offset + cursor.at);
      ids.push(this.value(cursor));
      spans.push(cursor.offset + cursor.at);
    }
    return { ids, spans };
  }

  private place(cursor: LineCursor): { base: ValueId; path: string; deref: boolean; index?: ValueId } {
    const whole = cursor.take("*");
    const base = this.value(cursor);
    let path = "";
    let deref = whole;
    if (!whole) {
      const arrow = cursor.text.startsWith("->", cursor.at);
      const dot = cursor.text[cursor.at] === ".";
      if (arrow || dot) {
        cursor.at += arrow ? 2 : 1;
        path = cursor.quoted() ?? cursor.match(/[A-Za-z0-9_.[\]]+/y) ?? cursor.fail("a field path");
        deref = arrow;
      }
    }
    return { base, path, deref, ...(cursor.word("at") ? { index: this.value(cursor) } : {}) };
  }

  private atValue(cursor: LineCursor): boolean {
    const before = cursor.at;
    const found = cursor.match(/[%@]|-?[0-9]|_(?= |$)|(?:NULL|nullptr)(?= |$)|(?:str|null|int|float|char)"/y);
    cursor.at = before;
    return found !== undefined;
  }

  private value(cursor: LineCursor): ValueId {
    cursor.skip();
    if (cursor.text[cursor.at] === "%") {
      const key = this.variableKey(cursor);
      const known = this.ids.get(key);
      if (known !== undefined) return known;
      if (/^%t[0-9]+$/.test(key)) return this.define(key, { kind: "temp", type: "" });
      return cursor.fail(`a declaration of ${key}`);
    }
    if (cursor.take("@")) {
      const name = cursor.name();
      let owner: string | undefined;
      if (cursor.text[cursor.at] === "{") {
        cursor.at++;
        owner = cursor.name();
        cursor.expect("}");
      }
      return this.define(`@${name}{${owner ?? ""}}`, {
        kind: "global",
        name,
        ...(owner === undefined ? {} : { owner }),
      });
    }
    const plain = cursor.match(/NULL\b|nullptr\b|-?[0-9][0-9A-Za-z]*|_(?![A-Za-z0-9_])/y);
    if (plain === "_") return NO_VALUE;
    if (plain === "NULL" || plain === "nullptr")
      return this.define(plain, { kind: "const", type: "null", text: plain });
    if (plain !== undefined) return this.define(plain, { kind: "const", type: "int", text: plain });
    const tag = cursor.match(/(?:str|null|int|float|char)(?=")/y) ?? cursor.fail("a value");
    const type = tag === "str" ? "string" : (tag as "null" | "int" | "float" | "char");
    const text = cursor.quoted() ?? cursor.fail("quoted text");
    return this.define(`${tag}"${text}`, { kind: "const", type, text });
  }

  private variableKey(cursor: LineCursor): string {
    return cursor.match(/%[A-Za-z0-9_$]*(?:#[0-9]+)?/y) ?? cursor.fail("a variable");
  }

  private define(key: string, value: Value): ValueId {
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.fn.values.push(value) - 1;
    this.ids.set(key, id);
    return id;
  }
}

function plainName(key: string): string {
  const hash = key.indexOf("#");
  return key.slice(1, hash === -1 ? undefined : hash);
}

function span(cursor: LineCursor): { start: number; end: number } {
  return { start: cursor.offset, end: cursor.offset + cursor.text.length };
}
