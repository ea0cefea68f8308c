/** What a static variable is for, as its type tells. */
import { lockTypeKind, ONCE_TYPES, THREAD_KEY_TYPES } from "../../capi/locks.ts";
import { classNameOf, lastComponent, pointerDepth } from "../../capi/type-names.ts";
import type { Init, StaticFacts } from "../../ir/facts.ts";
import type { StaticRole } from "../index-types.ts";

/** Tables hold no pointer to a struct but the struct itself, or an array of it. */
const TABLE_ROLES: ReadonlyMap<string, StaticRole> = new Map([
  ["PyTypeObject", "type-object"],
  ["PyHeapTypeObject", "type-object"],
  ["PyType_Spec", "type-spec"],
  ["PyType_Slot", "type-slots"],
  ["PyMethodDef", "method-table"],
  ["PyGetSetDef", "getset-table"],
  ["PyMemberDef", "member-table"],
  ["PyNumberMethods", "protocol-table"],
  ["PySequenceMethods", "protocol-table"],
  ["PyMappingMethods", "protocol-table"],
  ["PyAsyncMethods", "protocol-table"],
  ["PyBufferProcs", "protocol-table"],
  ["PyStructSequence_Desc", "protocol-table"],
  ["PyStructSequence_Field", "protocol-table"],
  ["PyModuleDef", "module-def"],
  ["PyModuleDef_Slot", "module-slots"],
  ["PySlot", "module-slots"],
  ["PyABIInfo", "module-slots"],
  ["_PyArg_Parser", "argument-parser"],
  ["_Py_Identifier", "argument-parser"],
] as const);

export function roleOf(facts: StaticFacts): StaticRole {
  const name = lastComponent(classNameOf(facts.type));
  const pointers = pointerDepth(facts.type);
  if (pointers === 0) {
    const table = TABLE_ROLES.get(name);
    if (table) return table;
    if (ONCE_TYPES.has(name)) return "once-flag";
    if (THREAD_KEY_TYPES.has(name)) return "thread-key";
  }
  if (lockTypeKind(facts.type) && (pointers === 0 || name === "PyThread_type_lock")) return "lock";
  if (isKeywordList(facts, pointers)) return "keyword-list";
  if (facts.type.includes("(*")) return "function-pointer";
  return "state";
}

/** `char *names[] = {"a", "b", NULL}`: what `PyArg_ParseTupleAndKeywords` wants. */
function isKeywordList(facts: StaticFacts, pointers: number): boolean {
  if (pointers !== 1 || classNameOf(facts.type) !== "char") return false;
  if (!facts.array && !facts.type.includes("[")) return false;
  const { init } = facts;
  if (init?.kind !== "list" || init.items.length === 0) return false;
  return isNull(init.items.at(-1)!.value) && init.items.slice(0, -1).every(({ value }) => isText(value));
}

function isText(value: Init): boolean {
  // A cast or a macro around the text leaves a name or an expression.
  return value.kind === "string" || value.kind === "name" || value.kind === "call" || value.kind === "other";
}

/** `NULL`, `nullptr`, `0` or an empty list, as an initialiser ends. */
export function isNull(value: Init): boolean {
  if (value.kind === "list") return value.items.every((item) => isNull(item.value));
  if (value.kind === "name") return value.name === "NULL" || value.name === "nullptr";
  return value.kind === "other" && (value.text === "0" || value.text === "NULL" || value.text === "nullptr");
}
