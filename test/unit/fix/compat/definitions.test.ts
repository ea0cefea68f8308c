import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blockText } from "../../../../src/fix/compat/block.ts";
import { DEFINITIONS } from "../../../../src/fix/compat/definitions.ts";
import { findInterpreters, hasCompiler, type Interpreter, run } from "../../../samples/toolchain.ts";

const interpreters = findInterpreters(6);
const oldest = interpreters[0];
/** Has most of the API itself: what the definitions are measured by. */
const native = interpreters.find((i) => i.version[1] >= 13);
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ungil-compat-"));
  writeFileSync(join(folder, "block.h"), blockText(DEFINITIONS, { limited: false, python2: true }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TWICE = '#include <Python.h>\n#include "block.h"\n#include "block.h"\n';
const WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fPIC"];

describe.skipIf(!hasCompiler("cc") || oldest === undefined)("definitions compile without a warning, also twice", () => {
  for (const { version, include } of interpreters) {
    it(`as C for ${version.join(".")}`, () => {
      const file = join(folder, "twice.c");
      writeFileSync(file, TWICE);
      expect(run("cc", [...WARNINGS, "-fsyntax-only", "-isystem", include, file]).output).toBe("");
    });

    it.skipIf(!hasCompiler("c++"))(`as C++ for ${version.join(".")}`, () => {
      const file = join(folder, "twice.cpp");
      writeFileSync(file, TWICE);
      // The headers of older versions have deprecated members that the compiler reports even in system headers.
      const quiet = ["-Wno-deprecated-declarations", "-Wno-register"];
      expect(run("c++", [...WARNINGS, ...quiet, "-fsyntax-only", "-isystem", include, file]).output).toBe("");
    });
  }
});

const MODULE = `#include <Python.h>
#include "block.h"

/* The status, the object (a new reference) or None, and the exception's type. */
static PyObject *
answer(int status, PyObject *object)
{
    PyObject *type = NULL, *value = NULL, *trace = NULL;
    PyErr_Fetch(&type, &value, &trace);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    if (object == NULL) {
        object = Py_None;
        Py_INCREF(object);
    }
    if (type == NULL) {
        type = Py_None;
        Py_INCREF(type);
    }
    return Py_BuildValue("iNN", status, object, type);
}

static PyObject *
list_item(PyObject *m, PyObject *args)
{
    PyObject *list, *item;
    Py_ssize_t i;
    (void)m;
    if (!PyArg_ParseTuple(args, "On", &list, &i)) return NULL;
    item = PyList_GetItemRef(list, i);
    return answer(0, item);
}

static PyObject *
dict_item(PyObject *m, PyObject *args)
{
    PyObject *dict, *key, *item;
    int status;
    (void)m;
    if (!PyArg_ParseTuple(args, "OO", &dict, &key)) return NULL;
    status = PyDict_GetItemRef(dict, key, &item);
    return answer(status, item);
}

static PyObject *
dict_string(PyObject *m, PyObject *args)
{
    PyObject *dict, *item;
    const char *key;
    int status;
    (void)m;
    if (!PyArg_ParseTuple(args, "Oy", &dict, &key)) return NULL;
    status = PyDict_GetItemStringRef(dict, key, &item);
    return answer(status, item);
}

static PyObject *
set_default(PyObject *m, PyObject *args)
{
    PyObject *dict, *key, *value, *item;
    int status;
    (void)m;
    if (!PyArg_ParseTuple(args, "OOO", &dict, &key, &value)) return NULL;
    status = PyDict_SetDefaultRef(dict, key, value, &item);
    if (PyDict_SetDefaultRef(dict, key, value, NULL) < 0) PyErr_Clear(), status -= 10;
    return answer(status, item);
}

static PyObject *
referent(PyObject *m, PyObject *ref)
{
    PyObject *object;
    int status = PyWeakref_GetRef(ref, &object);
    (void)m;
    return answer(status, object);
}

static PyObject *
module(PyObject *m, PyObject *args)
{
    const char *name;
    (void)m;
    if (!PyArg_ParseTuple(args, "s", &name)) return NULL;
    return PyImport_AddModuleRef(name);
}

static PyObject *
frame(PyObject *m, PyObject *none)
{
    (void)m;
    (void)none;
    return Py_BuildValue("NNN", PyEval_GetFrameLocals(), PyEval_GetFrameGlobals(), PyEval_GetFrameBuiltins());
}

static PyObject *
sys_attribute(PyObject *m, PyObject *args)
{
    const char *name;
    PyObject *value;
    int status;
    (void)m;
    if (!PyArg_ParseTuple(args, "s", &name)) return NULL;
    status = PySys_GetOptionalAttrString(name, &value);
    Py_XDECREF(value);
    return answer(status, PySys_GetAttrString(name));
}

static PyObject *
unique(PyObject *m, PyObject *none)
{
    PyObject *list = PyList_New(0);
    int one = PyUnstable_Object_IsUniquelyReferenced(list);
    PyObject *other = Py_NewRef(list);
    int two = PyUnstable_Object_IsUniquelyReferenced(list);
    (void)m;
    (void)none;
    Py_DECREF(other);
    Py_DECREF(list);
    return Py_BuildValue("ii", one, two);
}

static PyObject *
locked(PyObject *m, PyObject *object)
{
    static PyMutex mutex;
    (void)m;
    PyMutex_Lock(&mutex);
    Py_BEGIN_CRITICAL_SECTION(object);
    Py_INCREF(object);
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION2(object, object);
    Py_DECREF(object);
    Py_END_CRITICAL_SECTION2();
    PyMutex_Unlock(&mutex);
    return PyType_GetDict(Py_TYPE(object));
}

static PyMethodDef methods[] = {
    {"list_item", list_item, METH_VARARGS, NULL},
    {"dict_item", dict_item, METH_VARARGS, NULL},
    {"dict_string", dict_string, METH_VARARGS, NULL},
    {"set_default", set_default, METH_VARARGS, NULL},
    {"referent", referent, METH_O, NULL},
    {"module", module, METH_VARARGS, NULL},
    {"frame", frame, METH_NOARGS, NULL},
    {"sys_attribute", sys_attribute, METH_VARARGS, NULL},
    {"unique", unique, METH_NOARGS, NULL},
    {"locked", locked, METH_O, NULL},
    {NULL, NULL, 0, NULL}
};

static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "compat_check", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_compat_check(void)
{
    return PyModule_Create(&def);
}
`;

/** What the API does, in every case that its documentation tells apart; and that no reference is lost over many calls. */
const SCRIPT = `
import sys, weakref
import compat_check as c

class Key:
    def __hash__(self):
        raise KeyError("hash")

class Thing(list):
    pass

item = object()
thing = Thing()
dead = weakref.ref(Thing())
alive = weakref.ref(thing)
values = [item]

def cases():
    yield c.list_item(values, 0)[1] is item
    yield c.list_item(values, 1)
    yield c.list_item((item,), 0)
    yield c.dict_item({"a": item}, "a")[0::2], c.dict_item({"a": item}, "a")[1] is item
    yield c.dict_item({}, "a")
    yield c.dict_item({}, Key())
    yield c.dict_item([], "a")
    yield c.dict_string({"a": item}, b"a")[0::2]
    yield c.dict_string({}, b"a")
    yield c.dict_string({}, b"\\xff")
    d = {}
    yield c.set_default(d, "a", item)[0::2], c.set_default(d, "a", 1)[1] is item, len(d)
    yield c.set_default(d, Key(), item)
    yield c.set_default([], "a", item)
    yield c.referent(alive)[1] is thing, c.referent(alive)[0::2]
    yield c.referent(dead)
    yield c.referent(item)
    yield c.module("compat_check") is c
    local = 1
    yield sorted(c.frame()[0]), c.frame()[1] is globals(), c.frame()[2]["len"] is len
    yield c.sys_attribute("path")[1] is sys.path, c.sys_attribute("path")[0::2]
    yield c.sys_attribute("no_such_thing")
    yield c.unique()
    yield type(c.locked(thing))

def counts():
    return [sys.getrefcount(x) for x in (item, thing, values, alive, c, cases)]

for case in cases():
    print(case)
before = counts()
for _ in range(100):
    for case in cases():
        pass
del case
print("references", [b - a for a, b in zip(before, counts())])
`;

function answers({ executable, include }: Interpreter): string {
  const source = join(folder, "compat_check.c");
  const name = executable.replaceAll(/\W/g, "_");
  const library = join(folder, name, "compat_check.so");
  writeFileSync(source, MODULE);
  run("mkdir", ["-p", join(folder, name)]);
  const built = run("cc", [...WARNINGS, "-Wno-error", "-shared", "-isystem", include, "-o", library, source]);
  expect(built.output).toBe("");
  const script = join(folder, "script.py");
  writeFileSync(script, SCRIPT);
  const done = run(executable, [script], { env: { PYTHONPATH: join(folder, name) } });
  return done.output.replaceAll(/0x[0-9a-f]+/g, "0x");
}

describe.skipIf(!hasCompiler("cc") || native === undefined || oldest === native)(
  "definitions for older Pythons",
  () => {
    it("do what the API of newer ones does", () => {
      const expected = answers(native as Interpreter);
      expect(expected).toContain("references [0, 0, 0, 0, 0, 0]");
      expect(answers(oldest)).toBe(expected);
    });
  },
);
