/**
 * What only the whole project knows of types, put into the IR of one function. Lowering sees one file; a class or struct
 * declared in a header it does not see, so there
 * - a data member named without `this->` is a global, and
 * - a field that is an array looks like a pointer that is loaded.
 */
import { LOCK_METHODS, lockTypeKind } from "../../capi/locks.ts";
import { type FunctionIr, type Instr, NO_VALUE, type Terminator, type ValueId } from "../../ir/types.ts";
import { destination } from "../../ir/visit.ts";

/** Answers about types by name; qualifiers, pointers and template arguments of `type` are to be ignored. */
export interface ProjectTypes {
  /** A non-static data member of the class or one of its bases; undefined if there is none. */
  member(type: string, name: string): { type: string; array: boolean } | undefined;
}

/**
 * Completes a freshly decoded function in place and returns it. Reads of members become loads from `this`, writes stores;
 * loads of arrays become addresses, calls of a mutex's methods locks.
 */
export function withProjectTypes(ir: FunctionIr, types: ProjectTypes): FunctionIr {
  const members = membersOf(ir, types);
  if (members.size > 0) bindMembers(ir, members);
  arrayAddresses(ir, types);
  lockMethods(ir, types);
  return ir;
}

interface Member {
  name: string;
  type: string;
  array: boolean;
  self: ValueId;
}

function membersOf(ir: FunctionIr, types: ProjectTypes): Map<ValueId, Member> {
  const members = new Map<ValueId, Member>();
  const self = ir.params.find((id) => isThis(ir, id));
  if (self === undefined) return members;
  const type = typeOf(ir, self);
  if (type === "") return members;
  ir.values.forEach((value, id) => {
    if (value.kind !== "global" || value.owner !== undefined || value.name.includes("::")) return;
    const found = types.member(type, value.name);
    if (found) members.set(id, { name: value.name, ...found, self });
  });
  return members;
}

function isThis(ir: FunctionIr, id: ValueId): boolean {
  const value = ir.values[id];
  return value.kind === "param" && value.name === "this" && value.index === -1;
}

function typeOf(ir: FunctionIr, id: ValueId): string {
  const value = ir.values[id];
  return value && (value.kind === "param" || value.kind === "local" || value.kind === "temp") ? value.type : "";
}

/** A place of an instruction, to be rewritten. */
type Placed = Extract<Instr, { op: "load" | "store" | "addr" }>;

function bindMembers(ir: FunctionIr, members: Map<ValueId, Member>): void {
  for (const block of ir.blocks) {
    const out: Instr[] = [];
    const before = (at: { start: number; end: number; stmt?: number; via?: number }, id: ValueId): ValueId => {
      const member = members.get(id);
      if (!member) return id;
      const dst = ir.values.push({ kind: "temp", type: "" }) - 1;
      out.push(access(member.array ? "addr" : "load", member, dst, at));
      return dst;
    };
    const address = (member: Member, at: Instr): ValueId => {
      const dst = ir.values.push({ kind: "temp", type: "" }) - 1;
      out.push(access("addr", member, dst, at));
      return dst;
    };
    for (const instr of block.instrs) {
      const target = members.get(destination(instr));
      if (instr.op === "call" && instr.receiver !== undefined) {
        // The object itself, not a copy of it.
        const object = members.get(instr.receiver);
        if (object && !object.type.endsWith("*")) instr.receiver = address(object, instr);
      }
      rewriteOperands(instr, members, (id) => before(instr, id));
      if (target) {
        const temp = ir.values.push({ kind: "temp", type: "" }) - 1;
        (instr as { dst: ValueId }).dst = temp;
        out.push(instr, storeTo(target, temp, instr));
      } else out.push(instr);
    }
    block.term = rewriteTerminator(block.term, (id) => before(block.term, id));
    block.instrs = out;
  }
}

function access(
  op: "load" | "addr",
  member: Member,
  dst: ValueId,
  at: { start: number; end: number; stmt?: number; via?: number },
): Instr {
  const { start, end } = at;
  const stmt = at.stmt ?? -1;
  const via = at.via === undefined ? {} : { via: at.via };
  return { op, dst, base: member.self, path: member.name, deref: true, start, end, stmt, ...via };
}

function storeTo(member: Member, src: ValueId, at: Instr): Instr {
  const { start, end, stmt } = at;
  const via = at.via === undefined ? {} : { via: at.via };
  return { op: "store", base: member.self, path: member.name, deref: true, src, start, end, stmt, ...via };
}

function rewriteOperands(instr: Instr, members: Map<ValueId, Member>, read: (id: ValueId) => ValueId): void {
  switch (instr.op) {
    case "copy":
      instr.src = read(instr.src);
      return;
    case "load":
    case "addr":
      rewritePlace(instr, members, read);
      return;
    case "store":
      rewritePlace(instr, members, read);
      instr.src = read(instr.src);
      return;
    case "unary":
      instr.operand = read(instr.operand);
      return;
    case "binary":
      instr.left = read(instr.left);
      instr.right = read(instr.right);
      return;
    case "call":
      if (instr.target !== NO_VALUE) instr.target = read(instr.target);
      if (instr.receiver !== undefined) instr.receiver = read(instr.receiver);
      instr.args = instr.args.map(read);
      return;
    default:
      instr.args = instr.args.map(read);
  }
}

/** `m.x` and `m[i]` of an embedded member stay one place; through a pointer the member is loaded first. */
function rewritePlace(instr: Placed, members: Map<ValueId, Member>, read: (id: ValueId) => ValueId): void {
  if (instr.index !== undefined) instr.index = read(instr.index);
  const member = members.get(instr.base);
  if (!member) return;
  if (instr.deref && !member.array) {
    instr.base = read(instr.base);
    return;
  }
  const joint = instr.path === "" || instr.path.startsWith("[") ? "" : ".";
  instr.path = `${member.name}${joint}${instr.path}`;
  instr.base = member.self;
  instr.deref = true;
}

function rewriteTerminator(term: Terminator, read: (id: ValueId) => ValueId): Terminator {
  switch (term.op) {
    case "branch":
      return { ...term, cond: read(term.cond) };
    case "switch":
      return { ...term, value: read(term.value) };
    case "return":
      return term.value === NO_VALUE ? term : { ...term, value: read(term.value) };
    default:
      return term;
  }
}

/** The load of a field that is an array gives no value of its own but the place of the array. */
function arrayAddresses(ir: FunctionIr, types: ProjectTypes): void {
  for (const block of ir.blocks) {
    block.instrs.forEach((instr, i) => {
      if (instr.op !== "load" || instr.path === "" || instr.path.endsWith("]")) return;
      const type = typeOf(ir, instr.base);
      if (type === "" || !types.member(type, instr.path)?.array) return;
      block.instrs[i] = { ...instr, op: "addr" };
    });
  }
}

/** `mutex_.lock()`: a lock if the member is a mutex. */
function lockMethods(ir: FunctionIr, types: ProjectTypes): void {
  const memberTypes = new Map<ValueId, string>();
  for (const block of ir.blocks) {
    block.instrs.forEach((instr, i) => {
      if (instr.op === "load" || instr.op === "addr") {
        const found = types.member(typeOf(ir, instr.base), instr.path);
        if (found) memberTypes.set(instr.dst, found.type);
      }
      if (instr.op !== "call" || instr.receiver === undefined) return;
      const method = LOCK_METHODS.get(instr.callee);
      const kind = method ? lockTypeKind(memberTypes.get(instr.receiver) ?? "") : undefined;
      if (!method || !kind) return;
      const { dst, callee, receiver, start, end, stmt, via } = instr;
      const result = { ...(dst === NO_VALUE ? {} : { dst }), ...(via === undefined ? {} : { via }) };
      block.instrs[i] = { op: method.action, lock: kind, form: callee, args: [receiver], start, end, stmt, ...result };
    });
  }
}
