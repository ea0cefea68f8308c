/** C++ objects whose lifetime is the time a lock is held or the interpreter is left. */
import { lockGuard } from "../../capi/locks.ts";
import { threadStateGuard } from "../../capi/thread-state.ts";
import type { ValueId } from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import { rvalue } from "./expressions.ts";
import { addressOf, placeOf, strip } from "./places.ts";
import type { Cleanup, Lowering, NewInstr } from "./state.ts";

/** Emits what the guard's constructor does and notes what every exit of the scope must do. False if it is no guard. */
export function takeGuard(
  L: Lowering,
  at: SyntaxNode,
  variable: ValueId,
  type: string,
  init: SyntaxNode | undefined,
): boolean {
  const lock = lockGuard(type);
  const state = lock ? undefined : threadStateGuard(type);
  if (!lock && !state) return false;
  const nodes = init && (init.type === "argument_list" || init.type === "initializer_list") ? init.children : [];
  const args: ValueId[] = [];
  let deferred = false;
  for (const node of nodes) {
    if (node.type === "comment") continue;
    const word = L.env.text.slice(node.start - L.env.base, node.end - L.env.base);
    const tag = word.slice(word.lastIndexOf(":") + 1);
    if (lock?.deferTags.includes(tag)) {
      // An adopted lock is held already; trying may fail, so it is not taken for held.
      if (tag !== "adopt_lock") deferred = true;
      continue;
    }
    if (tag === "adopt_lock") continue;
    args.push(state || lock?.kind.startsWith("critical") ? rvalue(L, node) : lockAddress(L, node));
  }
  const span = L.span(at);
  const last = { start: Math.max(span.end - 1, span.start), end: span.end };
  let release: NewInstr;
  if (lock) {
    if (!deferred) L.emit(at, { op: "lock", lock: lock.kind, form: lock.name, args });
    release = { op: "unlock", lock: lock.kind, form: lock.name, args };
  } else {
    const attach = state!.effect === "attach";
    L.emit(at, { op: attach ? "attach" : "detach", form: state!.name, args: [] });
    release = { op: attach ? "detach" : "attach", form: state!.name, args: [] };
  }
  const cleanup: Cleanup = { variable, instr: release, span: last, active: !deferred };
  L.scope?.cleanups.push(cleanup);
  L.guards.set(variable, cleanup);
  return true;
}

/** The mutex of a guard: its address, so that `m` and `this->m` are the same place in every function. */
function lockAddress(L: Lowering, node: SyntaxNode): ValueId {
  const inner = strip(node);
  if (inner.type === "pointer_expression" && inner.operator === "*") {
    const place = placeOf(L, inner);
    return addressOf(L, node, place);
  }
  const place = placeOf(L, inner);
  if (place.kind === "value") {
    const type = L.typeOf(place.id);
    return L.values[place.id].kind === "temp" || type.endsWith("*") ? place.id : addressOf(L, node, place);
  }
  return addressOf(L, node, place);
}

/** `guard.unlock()` and `guard.lock()` on a guard of this function. False if the receiver is no such guard. */
export function guardMethod(L: Lowering, node: SyntaxNode, receiver: ValueId, method: string): boolean {
  const cleanup = L.guards.get(receiver);
  if (!cleanup || (cleanup.instr.op !== "unlock" && cleanup.instr.op !== "attach" && cleanup.instr.op !== "detach")) {
    return false;
  }
  if (cleanup.instr.op !== "unlock") {
    if (method !== "disarm") return false;
    cleanup.active = false;
    return true;
  }
  const { lock, form, args } = cleanup.instr;
  if (method === "unlock" || method === "release") {
    if (method === "unlock") L.emit(node, { op: "unlock", lock, form, args });
    cleanup.active = false;
    return true;
  }
  if (method === "lock" || method === "try_lock") {
    L.emit(node, { op: "lock", lock, form, args });
    cleanup.active = true;
    return true;
  }
  return false;
}
