/**
 * Functions as bytes, so that a whole source tree fits in memory and crosses threads without cloning objects.
 * Layout: version, string table (count, lengths in UTF-16 units, encoding flag, one blob), then the fields in the order of
 * `FunctionIr`, numbers as LEB128 varints, offsets as signed differences from the previous offset.
 */
import { Reader, Writer } from "./bytes.ts";
import { PRESET, PRESET_INDEX } from "./common-strings.ts";
import type { Block, FunctionIr, Instr, LockKind, MacroUse, Statement, Terminator, Value } from "./types.ts";

/** Raised whenever the layout or `PRESET` (common-strings.ts) changes; part of every cache key. */
export const CODEC_VERSION = 1;

const VALUE_KINDS = ["param", "local", "temp", "global", "const"] as const;
const CONST_TYPES = ["null", "int", "float", "string", "char"] as const;
const OPS = [
  "copy",
  "load",
  "store",
  "addr",
  "unary",
  "binary",
  "call",
  "lock",
  "unlock",
  "detach",
  "attach",
  "unknown",
] as const;
const LOCKS: readonly LockKind[] = [
  "critical-section",
  "critical-section2",
  "pymutex",
  "thread-lock",
  "native",
  "raii",
];
const TERMS = ["goto", "branch", "switch", "return", "unreachable"] as const;

const OP_INDEX = new Map<string, number>(OPS.map((op, index) => [op, index]));
const HAS_VIA = 16;
const HAS_INDEX = 32;
const DEREF = 64;
const HAS_EXTRA = 128;

/** Bytes that `decodeFunction` turns back into an equal function. Key order of objects is not kept. */
export function encodeFunction(fn: FunctionIr): Uint8Array {
  const out = new Writer(CODEC_VERSION, PRESET_INDEX);
  out.string(fn.name);
  out.string(fn.file);
  out.string(fn.returnType);
  out.ids(fn.params);
  out.uint(fn.values.length);
  for (const value of fn.values) writeValue(out, value);
  out.uint(fn.statements.length);
  for (const s of fn.statements) {
    out.span(s);
    out.string(s.kind);
    out.uint(s.parent + 1);
  }
  out.uint(fn.macroUses.length);
  for (const m of fn.macroUses) {
    out.span(m);
    out.string(m.name);
    out.string(m.defFile);
    out.uint(m.defStart);
    out.uint(m.parent + 1);
  }
  out.uint(fn.blocks.length);
  for (const block of fn.blocks) {
    out.uint(block.instrs.length);
    for (const instr of block.instrs) writeInstr(out, instr);
    writeTerminator(out, block.term);
  }
  return out.finish();
}

/** The function that `encodeFunction` was given. @throws RangeError if the bytes are of another version or damaged. */
export function decodeFunction(bytes: Uint8Array): FunctionIr {
  const input = new Reader(bytes, CODEC_VERSION, PRESET);
  const name = input.string();
  const file = input.string();
  const returnType = input.string();
  const params = input.ids();
  const values = input.list(readValue);
  const statements = input.list(readStatement);
  const macroUses = input.list(readMacroUse);
  const blocks = input.list(readBlock);
  return { name, file, returnType, params, values, blocks, statements, macroUses };
}

function writeValue(out: Writer, value: Value): void {
  out.byte(VALUE_KINDS.indexOf(value.kind));
  switch (value.kind) {
    case "param":
      out.string(value.name);
      out.string(value.type);
      out.uint(value.index + 1);
      out.span(value);
      return;
    case "local":
      out.string(value.name);
      out.string(value.type);
      out.span(value);
      return;
    case "temp":
      out.string(value.type);
      return;
    case "global":
      out.string(value.name);
      out.optionalString(value.owner);
      return;
    case "const":
      out.byte(CONST_TYPES.indexOf(value.type));
      out.string(value.text);
  }
}

function readValue(input: Reader): Value {
  const kind = VALUE_KINDS[input.byte()];
  switch (kind) {
    case "param": {
      const name = input.string();
      const type = input.string();
      const index = input.uint() - 1;
      const start = input.offset();
      return { kind, name, type, index, start, end: start + input.uint() };
    }
    case "local": {
      const name = input.string();
      const type = input.string();
      const start = input.offset();
      return { kind, name, type, start, end: start + input.uint() };
    }
    case "temp":
      return { kind, type: input.string() };
    case "global": {
      const name = input.string();
      const owner = input.optionalString();
      return owner === undefined ? { kind, name } : { kind, name, owner };
    }
    case "const": {
      const type = CONST_TYPES[input.byte()];
      return { kind, type, text: input.string() };
    }
    default:
      throw new RangeError("damaged function record: kind of value");
  }
}

function readStatement(input: Reader): Statement {
  const start = input.offset();
  const end = start + input.uint();
  const kind = input.string();
  return { start, end, kind, parent: input.uint() - 1 };
}

function readMacroUse(input: Reader): MacroUse {
  const start = input.offset();
  const end = start + input.uint();
  const name = input.string();
  const defFile = input.string();
  const defStart = input.uint();
  return { start, end, name, defFile, defStart, parent: input.uint() - 1 };
}

function writeInstr(out: Writer, instr: Instr): void {
  let head = OP_INDEX.get(instr.op)!;
  if (instr.via !== undefined) head |= HAS_VIA;
  if (instr.op === "load" || instr.op === "store" || instr.op === "addr") {
    if (instr.index !== undefined) head |= HAS_INDEX;
    if (instr.deref) head |= DEREF;
  } else if (instr.op === "copy") {
    if (instr.cast !== undefined) head |= HAS_EXTRA;
  } else if (instr.op === "call") {
    if (instr.receiver !== undefined) head |= HAS_EXTRA;
  } else if (instr.op !== "unary" && instr.op !== "binary" && instr.op !== "unknown" && instr.dst !== undefined) {
    head |= HAS_EXTRA;
  }
  out.byte(head);
  out.span(instr);
  out.uint(instr.stmt + 1);
  if (instr.via !== undefined) out.uint(instr.via);
  switch (instr.op) {
    case "copy":
      out.id(instr.dst);
      out.id(instr.src);
      if (instr.cast !== undefined) out.string(instr.cast);
      return;
    case "load":
    case "addr":
    case "store":
      out.id(instr.op === "store" ? instr.src : instr.dst);
      out.id(instr.base);
      out.string(instr.path);
      if (instr.index !== undefined) out.id(instr.index);
      return;
    case "unary":
      out.id(instr.dst);
      out.string(instr.operator);
      out.id(instr.operand);
      return;
    case "binary":
      out.id(instr.dst);
      out.string(instr.operator);
      out.id(instr.left);
      out.id(instr.right);
      return;
    case "call":
      out.id(instr.dst);
      out.string(instr.callee);
      out.id(instr.target);
      if (instr.receiver !== undefined) out.id(instr.receiver);
      out.ids(instr.args);
      out.relative(instr.calleeStart, instr.start);
      out.uint(instr.calleeEnd - instr.calleeStart);
      out.uint(instr.argSpans.length);
      for (let i = 0, previous = instr.calleeEnd; i < instr.argSpans.length; i++) {
        out.relative(instr.argSpans[i], previous);
        previous = instr.argSpans[i];
      }
      return;
    case "lock":
    case "unlock":
      out.byte(LOCKS.indexOf(instr.lock));
      out.string(instr.form);
      out.ids(instr.args);
      if (instr.dst !== undefined) out.id(instr.dst);
      return;
    case "detach":
    case "attach":
      out.string(instr.form);
      out.ids(instr.args);
      if (instr.dst !== undefined) out.id(instr.dst);
      return;
    case "unknown":
      out.string(instr.reason);
      out.ids(instr.args);
  }
}

function readInstr(input: Reader): Instr {
  const head = input.byte();
  const op = OPS[head & 15];
  const start = input.offset();
  const end = start + input.uint();
  const stmt = input.uint() - 1;
  const via = (head & HAS_VIA) !== 0 ? input.uint() : undefined;
  const instr = readBody(input, op, head, start, end, stmt);
  if (via !== undefined) instr.via = via;
  return instr;
}

function readBody(input: Reader, op: Instr["op"], head: number, start: number, end: number, stmt: number): Instr {
  const extra = (head & HAS_EXTRA) !== 0;
  switch (op) {
    case "copy": {
      const dst = input.id();
      const src = input.id();
      return extra ? { op, start, end, stmt, dst, src, cast: input.string() } : { op, start, end, stmt, dst, src };
    }
    case "load":
    case "addr":
    case "store": {
      const value = input.id();
      const base = input.id();
      const path = input.string();
      const deref = (head & DEREF) !== 0;
      const place: { base: number; path: string; deref: boolean; index?: number } = { base, path, deref };
      if ((head & HAS_INDEX) !== 0) place.index = input.id();
      if (op === "store") return { op, start, end, stmt, src: value, ...place };
      return { op, start, end, stmt, dst: value, ...place };
    }
    case "unary": {
      const dst = input.id();
      const operator = input.string();
      return { op, start, end, stmt, dst, operator, operand: input.id() };
    }
    case "binary": {
      const dst = input.id();
      const operator = input.string();
      const left = input.id();
      return { op, start, end, stmt, dst, operator, left, right: input.id() };
    }
    case "call":
      return readCall(input, extra, start, end, stmt);
    case "lock":
    case "unlock": {
      const lock = LOCKS[input.byte()];
      const form = input.string();
      const args = input.ids();
      return extra
        ? { op, start, end, stmt, lock, form, args, dst: input.id() }
        : { op, start, end, stmt, lock, form, args };
    }
    case "detach":
    case "attach": {
      const form = input.string();
      const args = input.ids();
      return extra ? { op, start, end, stmt, form, args, dst: input.id() } : { op, start, end, stmt, form, args };
    }
    case "unknown": {
      const reason = input.string();
      return { op, start, end, stmt, reason, args: input.ids() };
    }
    default:
      throw new RangeError("damaged function record: instruction");
  }
}

function readCall(input: Reader, hasReceiver: boolean, start: number, end: number, stmt: number): Instr {
  const dst = input.id();
  const callee = input.string();
  const target = input.id();
  const receiver = hasReceiver ? input.id() : undefined;
  const args = input.ids();
  const calleeStart = input.relative(start);
  const calleeEnd = calleeStart + input.uint();
  const argSpans = new Array<number>(input.count());
  for (let i = 0, previous = calleeEnd; i < argSpans.length; i++) {
    previous = input.relative(previous);
    argSpans[i] = previous;
  }
  const call: Instr = { op: "call", start, end, stmt, dst, callee, target, args, argSpans, calleeStart, calleeEnd };
  if (receiver !== undefined) call.receiver = receiver;
  return call;
}

function writeTerminator(out: Writer, term: Terminator): void {
  const via = term.op === "return" && term.via !== undefined;
  const label = term.op === "goto" && term.label !== undefined;
  out.byte(TERMS.indexOf(term.op) | (via ? HAS_VIA : 0) | (label ? HAS_EXTRA : 0));
  out.span(term);
  if (term.op === "branch" || term.op === "switch" || term.op === "return") out.uint(term.stmt + 1);
  switch (term.op) {
    case "goto":
      out.uint(term.target);
      if (term.label !== undefined) out.string(term.label);
      return;
    case "branch":
      out.id(term.cond);
      out.uint(term.then);
      out.uint(term.else);
      return;
    case "switch":
      out.id(term.value);
      out.uint(term.cases.length);
      for (const c of term.cases) {
        out.optionalString(c.text ?? undefined);
        out.uint(c.target);
      }
      return;
    case "return":
      out.id(term.value);
      if (term.via !== undefined) out.uint(term.via);
  }
}

function readTerminator(input: Reader): Terminator {
  const head = input.byte();
  const op = TERMS[head & 15];
  const start = input.offset();
  const end = start + input.uint();
  const stmt = op === "branch" || op === "switch" || op === "return" ? input.uint() - 1 : -1;
  switch (op) {
    case "goto": {
      const target = input.uint();
      return (head & HAS_EXTRA) !== 0 ? { op, start, end, target, label: input.string() } : { op, start, end, target };
    }
    case "branch": {
      const cond = input.id();
      const then = input.uint();
      return { op, start, end, stmt, cond, then, else: input.uint() };
    }
    case "switch": {
      const value = input.id();
      const cases = input.list((r) => ({ text: r.optionalString() ?? null, target: r.uint() }));
      return { op, start, end, stmt, value, cases };
    }
    case "return": {
      const value = input.id();
      return (head & HAS_VIA) !== 0
        ? { op, start, end, stmt, value, via: input.uint() }
        : { op, start, end, stmt, value };
    }
    case "unreachable":
      return { op, start, end };
    default:
      throw new RangeError("damaged function record: terminator");
  }
}

function readBlock(input: Reader): Block {
  const instrs = input.list(readInstr);
  return { instrs, term: readTerminator(input) };
}
