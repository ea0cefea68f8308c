/** Calls that only C++ has: methods, casts in function form, templates. */
import { LOCK_METHODS, lockTypeKind } from "../../capi/locks.ts";
import { NO_VALUE, type ValueId } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { directCall, emitCall, receiverOf } from "./calls.ts";
import { castValue } from "./casts.ts";
import { declaredName } from "./declarator.ts";
import { sourceText } from "./env.ts";
import { effect, rvalue } from "./expressions.ts";
import { guardMethod } from "./guards.ts";
import { fieldName } from "./places.ts";
import { DROP, type Lowering } from "./state.ts";

const CASTS = new Set(["static_cast", "reinterpret_cast", "const_cast", "dynamic_cast", "std::bit_cast"]);

/** Lowers a C++ call; undefined if it is a call like any in C. */
export function cppCall(
  L: Lowering,
  node: SyntaxNode,
  callee: SyntaxNode,
  list: SyntaxNode | undefined,
  want: ValueId,
): ValueId | undefined {
  switch (callee.type) {
    case "template_function": {
      const plain = declaredName(L.env, callee);
      if (CASTS.has(plain) && list && list.children.length > 0) {
        const args = child(callee, "arguments");
        const type = args ? sourceText(L.env, args.start + 1, args.end - 1) : "";
        return castValue(L, node, type, rvalue(L, list.children[0]), want);
      }
      return directCall(L, node, callee, plain, list, want);
    }
    case "primitive_type":
    case "sized_type_specifier":
    case "placeholder_type_specifier": {
      const type = sourceText(L.env, callee.start, callee.end);
      const value = list?.children[0];
      if (!value) return L.constant("int", "0");
      if (type === "void") return effect(L, value);
      return castValue(L, node, type, rvalue(L, value), want);
    }
    case "type_identifier":
    case "template_type":
    case "dependent_type":
    case "decltype":
      return directCall(L, node, callee, declaredName(L.env, callee) || "?", list, want);
    case "field_expression":
      return methodCall(L, node, callee, list, want);
    default:
      return undefined;
  }
}

function methodCall(
  L: Lowering,
  node: SyntaxNode,
  callee: SyntaxNode,
  list: SyntaxNode | undefined,
  want: ValueId,
): ValueId | undefined {
  if (callee.operator !== "." && callee.operator !== "->") return undefined;
  const fieldNode = child(callee, "field");
  const method = fieldNode ? fieldName(L, fieldNode) : "?";
  const receiver = receiverOf(L, callee);
  const receiverType = L.typeOf(receiver);
  const member = L.ctx.types.field(receiverType, method);
  if (member?.type.includes("(*")) {
    const target = L.temp(member.type);
    L.emit(callee, { op: "load", dst: target, base: receiver, path: method, deref: callee.operator === "->" });
    return emitCall(L, node, callee, "", target, list, want);
  }
  if (guardMethod(L, node, receiver, method)) return NO_VALUE;
  const lockMethod = LOCK_METHODS.get(method);
  const kind = lockMethod ? lockTypeKind(receiverType) : undefined;
  if (lockMethod && kind) {
    const dst = want === DROP ? NO_VALUE : L.into(want);
    const base = { op: lockMethod.action, lock: kind, form: method, args: [receiver] } as const;
    L.emit(node, { ...base, args: [receiver], ...(dst === NO_VALUE ? {} : { dst }) });
    return dst;
  }
  return emitCall(L, node, fieldNode ?? callee, method || "?", NO_VALUE, list, want, receiver);
}
