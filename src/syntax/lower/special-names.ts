/** Macros of CPython and of compilers whose effect a plain call would hide. */

/** Macros that return from the function, with what they return. */
export const RETURN_MACROS: ReadonlyMap<string, string> = new Map([
  ["Py_RETURN_NONE", "Py_None"],
  ["Py_RETURN_TRUE", "Py_True"],
  ["Py_RETURN_FALSE", "Py_False"],
  ["Py_RETURN_NOTIMPLEMENTED", "Py_NotImplemented"],
]);

/** Macros that return the new object of a call. */
export const RETURN_CALL_MACROS: ReadonlySet<string> = new Set([
  "Py_RETURN_NAN",
  "Py_RETURN_INF",
  "Py_RETURN_RICHCOMPARE",
]);

/** Macros that replace the object in their first argument: by the second argument, or by NULL. */
export const SET_MACROS: ReadonlyMap<string, "null" | "argument"> = new Map([
  ["Py_CLEAR", "null"],
  ["Py_SETREF", "argument"],
  ["Py_XSETREF", "argument"],
] as const);

/** Hints to the compiler: the value is that of the first argument. */
export const HINT_MACROS: ReadonlySet<string> = new Set([
  "__builtin_expect",
  "__builtin_expect_with_probability",
  "Py_LIKELY",
  "Py_UNLIKELY",
  "likely",
  "unlikely",
  "NPY_LIKELY",
  "NPY_UNLIKELY",
]);

/** Checks that release builds leave out: their argument is not evaluated. */
export const ASSERT_MACROS: ReadonlySet<string> = new Set([
  "assert",
  "static_assert",
  "_Static_assert",
  "Py_BUILD_ASSERT",
]);

/** Casts written as macros, with the type; "" if the type is the first argument. */
export const CAST_MACROS: ReadonlyMap<string, string> = new Map([
  ["_PyObject_CAST", "PyObject *"],
  ["_PyObject_CAST_CONST", "const PyObject *"],
  ["_PyVarObject_CAST", "PyVarObject *"],
  ["_PyCFunction_CAST", "PyCFunction"],
  ["_PyType_CAST", "PyTypeObject *"],
  ["_Py_CAST", ""],
  ["_Py_STATIC_CAST", ""],
  ["Py_CAST", ""],
  ["_Py_FUNC_CAST", ""],
  ["_Py_CONSTANT_CAST", ""],
]);

/** True for a macro that the lowering gives a meaning of its own. */
export function isSpecialMacro(name: string): boolean {
  return (
    RETURN_MACROS.has(name) ||
    RETURN_CALL_MACROS.has(name) ||
    SET_MACROS.has(name) ||
    HINT_MACROS.has(name) ||
    ASSERT_MACROS.has(name) ||
    CAST_MACROS.has(name) ||
    name === "Py_VISIT" ||
    name === "offsetof"
  );
}
