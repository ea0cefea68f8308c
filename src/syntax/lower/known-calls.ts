/** Calls and macros whose meaning is known by name: locks, thread state, and CPython's macros with hidden effects. */
import { type LockCall, lockCall } from "../../capi/locks.ts";
import { type ThreadStateCall, threadStateCall } from "../../capi/thread-state.ts";
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import { isApiName } from "./api-names.ts";
import { directCall, lowerArguments } from "./calls.ts";
import { castValue } from "./casts.ts";
import { effect, rvalue } from "./expressions.ts";
import { enterMacro, tokenBody } from "./macros.ts";
import { boundArgument, calledName, resolveText } from "./names.ts";
import { load, placeOf, store, strip, variablePlace } from "./places.ts";
import {
  ASSERT_MACROS,
  CAST_MACROS,
  HINT_MACROS,
  RETURN_CALL_MACROS,
  RETURN_MACROS,
  SET_MACROS,
} from "./special-names.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatements } from "./statements.ts";

/**
 * Lowers a call whose name has a meaning of its own. Returns its value (`NO_VALUE` if none), undefined if the name is
 * an ordinary one.
 */
export function knownCall(
  L: Lowering,
  node: SyntaxNode,
  callee: SyntaxNode,
  name: string,
  list: SyntaxNode | undefined,
  want: ValueId,
): ValueId | undefined {
  const lock = lockCall(name);
  if (lock) return emitLock(L, node, lock, name, lowerArguments(L, list).args, want);
  const state = threadStateCall(name);
  if (state) return emitThreadState(L, node, state, name, lowerArguments(L, list).args, want);
  const args = (list?.children ?? []).filter((c) => c.type !== "comment");
  const returned = RETURN_MACROS.get(name);
  if (returned !== undefined) {
    L.returnValue(node, L.global(returned));
    return NO_VALUE;
  }
  if (RETURN_CALL_MACROS.has(name)) {
    L.returnValue(node, directCall(L, node, callee, name, list, NO_VALUE));
    return NO_VALUE;
  }
  if (HINT_MACROS.has(name) && args.length > 0) return want === DROP ? effect(L, args[0]) : rvalue(L, args[0], want);
  const set = SET_MACROS.get(name);
  if (set !== undefined && args.length >= (set === "null" ? 1 : 2)) return setMacro(L, node, callee, name, args, set);
  if (ASSERT_MACROS.has(name)) {
    const { start, end } = L.span(callee);
    const call = { op: "call", dst: NO_VALUE, callee: name, target: NO_VALUE, args: [], argSpans: [] } as const;
    L.emit(node, { ...call, args: [], argSpans: [], calleeStart: start, calleeEnd: end });
    return NO_VALUE;
  }
  if (name === "Py_VISIT" && args.length === 1) return visit(L, node, callee, name, list);
  const cast = CAST_MACROS.get(name);
  if (cast !== undefined && args.length === (cast === "" ? 2 : 1)) {
    const type = cast === "" ? typeArgument(L, args[0]) : cast;
    return castValue(L, node, type, rvalue(L, args[args.length - 1]), want);
  }
  if (name === "offsetof") return L.constant("int", typeArgument(L, node));
  return undefined;
}

function typeArgument(L: Lowering, node: SyntaxNode): string {
  const bound = boundArgument(L, node);
  if (bound?.kind === "node") return L.within(bound.env, () => typeArgument(L, bound.node));
  return L.text(node);
}

function emitLock(
  L: Lowering,
  node: SyntaxNode,
  call: LockCall,
  form: string,
  args: ValueId[],
  want: ValueId,
): ValueId {
  const named = call.args.filter((i) => i < args.length).map((i) => args[i]);
  const locked = call.args.length > 0 ? named : args;
  const dst = want === DROP ? NO_VALUE : L.into(want);
  const base = { op: call.action, lock: call.kind, form, args: locked } as const;
  L.emit(node, { ...base, args: locked, ...(dst === NO_VALUE ? {} : { dst }) });
  return dst;
}

function emitThreadState(
  L: Lowering,
  node: SyntaxNode,
  call: ThreadStateCall,
  form: string,
  args: ValueId[],
  want: ValueId,
): ValueId {
  const dst = want === DROP ? NO_VALUE : L.into(want);
  let op: "attach" | "detach" = call.effect === "attach" ? "attach" : "detach";
  if (call.effect === "swap") {
    const value = L.values[args[0]];
    const isNull = value?.kind === "const" && (value.type === "null" || value.text === "0");
    op = isNull ? "detach" : "attach";
  }
  L.emit(node, { op, form, args, ...(dst === NO_VALUE ? {} : { dst }) });
  return dst;
}

/** `Py_CLEAR(p)`, `Py_SETREF(p, v)`: the old value is taken out and replaced before the call releases it. */
function setMacro(
  L: Lowering,
  node: SyntaxNode,
  callee: SyntaxNode,
  name: string,
  args: SyntaxNode[],
  set: "null" | "argument",
): ValueId {
  const place = placeOf(L, strip(args[0]));
  let old = load(L, args[0], place);
  if (place.kind === "value") {
    const copy = L.temp(place.type);
    L.emit(args[0], { op: "copy", dst: copy, src: old });
    old = copy;
  }
  const value = set === "null" ? L.constant("null", "NULL") : rvalue(L, args[1]);
  store(L, node, place, value);
  const argSpans = [L.span(args[0]).start, L.span(args[0]).end];
  const values = [old];
  if (set === "argument") {
    values.push(value);
    argSpans.push(L.span(args[1]).start, L.span(args[1]).end);
  }
  const { start, end } = L.span(callee);
  L.emit(node, {
    op: "call",
    dst: NO_VALUE,
    callee: name,
    target: NO_VALUE,
    args: values,
    argSpans,
    calleeStart: start,
    calleeEnd: end,
  });
  return NO_VALUE;
}

/** `Py_VISIT(p)`: calls the visitor and returns its result if it is not 0. */
function visit(L: Lowering, node: SyntaxNode, callee: SyntaxNode, name: string, list: SyntaxNode | undefined): ValueId {
  const result = directCall(L, node, callee, name, list, NO_VALUE);
  const stop = L.newBlock();
  const next = L.newBlock();
  L.branch(node, result, stop, next);
  L.start(stop);
  L.returnValue(node, result);
  L.start(next);
  return NO_VALUE;
}

/** An identifier that stands as a statement of its own: `Py_BEGIN_ALLOW_THREADS`, `Py_RETURN_NONE`, a project macro. */
export function flowName(L: Lowering, node: SyntaxNode): boolean {
  if (node.type !== "identifier") return false;
  const name = calledName(L, node);
  if (name === null) return false;
  if (knownCall(L, node, node, name, undefined, DROP) !== undefined) return true;
  if (L.ctx.macros?.isCall?.(name)) {
    directCall(L, node, node, name, undefined, DROP);
    return true;
  }
  if (isApiName(name)) return false;
  const macro = L.ctx.macros?.resolve(name, L.span(node).start);
  if (!macro || macro.facts.params !== null) return false;
  if (macro.facts.body.trim() === "") return true;
  const body = L.ctx.macros?.body(macro);
  if (body?.form === "expression") return false;
  const entered = enterMacro(L, node, macro, null);
  if (!entered) return false;
  if (entered.body.form === "tokens") tokenBody(L, node, macro, entered.env);
  else L.within(entered.env, () => lowerStatements(L, entered.body.root, false));
  return true;
}

/** A lock or thread-state name met in a macro body that is no syntax; arguments are variables by name. */
export function tokenCall(L: Lowering, node: SyntaxNode, name: string, argTexts: string[]): boolean {
  const lock = lockCall(name);
  const state = threadStateCall(name);
  if (!lock && !state) return false;
  const args = argTexts
    .filter((text) => text !== "")
    .map((text) => {
      const found = L.ctx.macros?.parse(text);
      if (found && found.form === "expression") {
        const env = { ...L.env, text, original: text, base: 0, bindings: null };
        return L.within(env, () => rvalue(L, found.root));
      }
      const name = resolveText(L, node, text);
      if (name.kind === "value") return load(L, node, variablePlace(L, name.id));
      return name.kind === "place" ? load(L, node, name.place) : L.global(text);
    });
  if (lock) emitLock(L, node, lock, name, args, DROP);
  else if (state) emitThreadState(L, node, state, name, args, DROP);
  return true;
}
