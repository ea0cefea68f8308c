/** Names of objects and tests that tell that an object cannot change. */
import type { ObjectType } from "./provenance.ts";

/** Objects of the interpreter that are named, not called for: immortal and the same for every thread. */
export const CONSTANT_OBJECTS: ReadonlySet<string> = new Set([
  "Py_None",
  "Py_True",
  "Py_False",
  "Py_Ellipsis",
  "Py_NotImplemented",
  "_Py_NoneStruct",
  "_Py_TrueStruct",
  "_Py_FalseStruct",
  "_Py_EllipsisObject",
  "_Py_NotImplementedStruct",
]);

/** True for `Py_None` and its like, `PyExc_*` and the built-in `Py*_Type` objects. */
export function isConstantObject(name: string): boolean {
  if (CONSTANT_OBJECTS.has(name)) return true;
  if (name.startsWith("PyExc_")) return true;
  return name.startsWith("Py") && name.endsWith("_Type");
}

/**
 * Type tests: what an object is after `X_Check(o)` answered yes. `exact` tests exclude subclasses, whose methods could
 * run Python code.
 */
export interface TypeTest {
  type: ObjectType;
  exact: boolean;
  immutable: boolean;
}

const TESTS: readonly (readonly [string, ObjectType, boolean])[] = [
  ["PyList", "list", false],
  ["PyDict", "dict", false],
  ["PySet", "set", false],
  ["PyFrozenSet", "frozenset", true],
  ["PyTuple", "tuple", true],
  ["PyUnicode", "str", true],
  ["PyBytes", "bytes", true],
  ["PyByteArray", "bytearray", false],
  ["PyLong", "int", true],
  ["PyFloat", "float", true],
  ["PyComplex", "complex", true],
  ["PyBool", "bool", true],
  ["PySlice", "slice", true],
  ["PyRange", "range", true],
  ["PyModule", "module", false],
  ["PyType", "type", false],
  ["PyCapsule", "capsule", false],
  ["PyCell", "cell", false],
  ["PyMemoryView", "memoryview", false],
  ["PyFunction", "function", false],
  ["PyCFunction", "function", true],
  ["PyCode", "code", true],
  ["PyWeakref", "weakref", false],
];

export const TYPE_TESTS: ReadonlyMap<string, TypeTest> = new Map<string, TypeTest>(
  TESTS.flatMap(([prefix, type, immutable]): [string, TypeTest][] => [
    [`${prefix}_Check`, { type, exact: false, immutable }],
    [`${prefix}_CheckExact`, { type, exact: true, immutable }],
  ]),
);

/** What the test of this name tells about its first argument. */
export function typeTest(name: string): TypeTest | undefined {
  return TYPE_TESTS.get(name);
}
