/** A small extension around the functions of a test. */

/** The file with `functions` in it; `rows` are those of the method table of `Box`, which has an int `n` and an object `value`. */
export function boxModule(functions: string, rows: string): string {
  return `#include <Python.h>

typedef struct {
    PyObject_HEAD
    int n;
    PyObject *value;
} Box;

${functions}
static PyMethodDef box_methods[] = {
${rows}
    {NULL, NULL, 0, NULL},
};

static PyType_Slot box_slots[] = {
    {Py_tp_methods, box_methods},
    {0, NULL},
};

static PyType_Spec box_spec = {"box.Box", sizeof(Box), 0, Py_TPFLAGS_DEFAULT, box_slots};

PyObject *
make_type(PyObject *module)
{
    return PyType_FromModuleAndSpec(module, &box_spec, NULL);
}
`;
}

/** The code of one function of a text: from its name to its closing brace in the first column. */
export function functionIn(text: string, name: string): string {
  const at = text.indexOf(`\n${name}(`) + 1;
  return text.slice(at, text.indexOf("\n}", at) + 2);
}
