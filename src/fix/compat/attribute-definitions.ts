/** Definitions for modules, attributes, frames and types. */
import type { CompatDefinition } from "./definitions.ts";

export const ATTRIBUTES: CompatDefinition[] = [
  {
    name: "PyImport_AddModuleRef",
    names: ["PyImport_AddModuleRef"],
    since: "3.13",
    limitedSince: "3.13",
    inHeader: true,
    text: `static inline PyObject *
PyImport_AddModuleRef(const char *name)
{
    PyObject *module = PyImport_AddModule(name);
    Py_XINCREF(module);
    return module;
}`,
  },
  ...(["Locals", "Globals", "Builtins"] as const).map(
    (what): CompatDefinition => ({
      name: `PyEval_GetFrame${what}`,
      names: [`PyEval_GetFrame${what}`],
      since: "3.13",
      limitedSince: "3.13",
      // The headers of 3.13 declare it for every limited API.
      alwaysDeclared: true,
      inHeader: false,
      text: `static inline PyObject *
PyEval_GetFrame${what}(void)
{
    PyObject *dict = PyEval_Get${what}();
    Py_XINCREF(dict);
    return dict;
}`,
    }),
  ),
  {
    name: "PySys_GetAttrString",
    names: ["PySys_GetAttrString"],
    since: "3.15",
    limitedSince: "3.15",
    inHeader: true,
    text: sysAttribute(
      "PyObject *\nPySys_GetAttrString(const char *name)",
      `    if (value == NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_RuntimeError, "lost sys.%s", name);
    }
    return value;`,
      "NULL",
    ),
  },
  {
    name: "PySys_GetOptionalAttrString",
    names: ["PySys_GetOptionalAttrString"],
    since: "3.15",
    limitedSince: "3.15",
    inHeader: true,
    text: sysAttribute(
      "int\nPySys_GetOptionalAttrString(const char *name, PyObject **result)",
      `    *result = value;
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return 1;`,
      "-1",
      "        *result = NULL;\n",
    ),
  },
  {
    name: "PyType_GetDict",
    names: ["PyType_GetDict"],
    since: "3.12",
    inHeader: false,
    text: `static inline PyObject *
PyType_GetDict(PyTypeObject *type)
{
    Py_XINCREF(type->tp_dict);
    return type->tp_dict;
}`,
  },
  ...sizes(),
  {
    name: "PyThreadState_GetFrame",
    names: ["PyThreadState_GetFrame"],
    since: "3.9",
    limitedSince: "3.10",
    inHeader: true,
    text: `#include <frameobject.h>

static inline PyFrameObject *
PyThreadState_GetFrame(PyThreadState *tstate)
{
    Py_XINCREF(tstate->frame);
    return tstate->frame;
}`,
  },
  {
    name: "PyFrame_GetCode",
    names: ["PyFrame_GetCode"],
    since: "3.9",
    limitedSince: "3.9",
    inHeader: true,
    text: `#include <frameobject.h>

static inline PyCodeObject *
PyFrame_GetCode(PyFrameObject *frame)
{
    PyCodeObject *code = frame->f_code;
    Py_INCREF(code);
    return code;
}`,
  },
];

/** `sys` keeps what it holds only while nobody replaces it: with the GIL the borrowed lookup is enough, without it is not. */
function sysAttribute(head: string, end: string, failure: string, onFailure = ""): string {
  return `static inline ${head}
{
    PyObject *value;
#ifdef Py_GIL_DISABLED
    PyObject *sys = PyImport_ImportModule("sys");
    if (sys == NULL) {
${onFailure}        return ${failure};
    }
    value = PyObject_GetAttrString(sys, name);
    Py_DECREF(sys);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
    }
#else
    value = PySys_GetObject((char *)name);
    Py_XINCREF(value);
#endif
${end}
}`;
}

function sizes(): CompatDefinition[] {
  const rows = [
    ["Py_SET_REFCNT", "PyObject *", "Py_ssize_t", "Py_REFCNT(op) = value"],
    ["Py_SET_TYPE", "PyObject *", "PyTypeObject *", "Py_TYPE(op) = value"],
    ["Py_SET_SIZE", "PyVarObject *", "Py_ssize_t", "Py_SIZE(op) = value"],
  ];
  return rows.map(([name, object, value, assign]) => ({
    name,
    names: [name],
    since: "3.9",
    inHeader: true,
    isMacro: true,
    text: `#define ${name}(op, value) ${name}((${object})(op), value)
static inline void
(${name})(${object}op, ${value.endsWith("*") ? value : `${value} `}value)
{
    ${assign};
}`,
  }));
}
