import { describe, expect, it } from "vitest";
import { fn, indexOf, ways } from "./index-of.ts";

const HEAD = `
#include <Python.h>
typedef struct { PyObject_HEAD int level; PyObject *items; struct { char *data; int size; } buf; } TankObject;
`;

const METHODS = `
static PyObject *tank_fill(TankObject *self, PyObject *args) { self->level++; Py_RETURN_NONE; }
static PyObject *tank_drain(PyObject *self, PyObject *Py_UNUSED(ignored)) { Py_RETURN_NONE; }
static PyObject *tank_make(PyObject *cls, PyObject *args, PyObject *kw) { Py_RETURN_NONE; }
static PyObject *tank_level(PyObject *self, void *closure) { Py_RETURN_NONE; }
static int tank_set_level(PyObject *self, PyObject *value, void *closure) { return 0; }
static void tank_dealloc(TankObject *self) { }
static PyObject *tank_next(TankObject *self) { return NULL; }
static PyObject *tank_new(PyTypeObject *type, PyObject *args, PyObject *kwds) { return NULL; }
static PyObject *tank_add(PyObject *a, PyObject *b) { return NULL; }
static Py_ssize_t tank_len(PyObject *self) { return 0; }
static PyMethodDef tank_methods[] = {
  {"fill", (PyCFunction)tank_fill, METH_VARARGS, "doc"},
  {"drain", tank_drain, METH_NOARGS},
  {.ml_name = "make", .ml_meth = _PyCFunction_CAST(tank_make), .ml_flags = METH_VARARGS | METH_KEYWORDS | METH_CLASS},
  {NULL, NULL, 0, NULL}
};
static PyGetSetDef tank_getset[] = { {"level", tank_level, tank_set_level, NULL, NULL}, {NULL} };
static PyMemberDef tank_members[] = {
  {"raw_level", T_INT, offsetof(TankObject, level), READONLY, NULL},
  {"items", T_OBJECT_EX, offsetof(TankObject, items), 0},
  {NULL}
};
static PyNumberMethods tank_number = { .nb_add = tank_add };
static PySequenceMethods tank_sequence = { tank_len };
`;

const EXPECTED = {
  tank_fill: ["method fill"],
  tank_drain: ["method drain"],
  tank_make: ["class-method make"],
  tank_level: ["getter level"],
  tank_set_level: ["setter level"],
  tank_dealloc: ["slot tp_dealloc"],
  tank_next: ["slot tp_iternext"],
  tank_new: ["slot tp_new"],
  tank_add: ["slot nb_add"],
  tank_len: ["slot sq_length"],
};

const STYLES: Record<string, string> = {
  designated: `static PyTypeObject Tank_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "plumbing.Tank", .tp_basicsize = sizeof(TankObject), .tp_dealloc = (destructor)tank_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .tp_iternext = (iternextfunc)tank_next,
    .tp_methods = tank_methods, .tp_getset = tank_getset, .tp_members = tank_members, .tp_new = tank_new,
    .tp_as_number = &tank_number, .tp_as_sequence = &tank_sequence,
  };`,
  positional: `static PyTypeObject Tank_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    "plumbing.Tank", sizeof(TankObject), 0, (destructor)tank_dealloc, 0, 0, 0, 0, 0, &tank_number, &tank_sequence, 0, 0, 0, 0, 0, 0, 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, "doc", 0, 0, 0, 0, 0, (iternextfunc)tank_next, tank_methods, tank_members, tank_getset,
    0, 0, 0, 0, 0, 0, 0, tank_new
  };`,
  "by assignment": `static PyTypeObject Tank_Type = { PyVarObject_HEAD_INIT(NULL, 0) "plumbing.Tank", sizeof(TankObject) };
  int ready_types(void) {
    Tank_Type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
    Tank_Type.tp_dealloc = (destructor)tank_dealloc;
    Tank_Type.tp_iternext = (iternextfunc)tank_next;
    Tank_Type.tp_methods = tank_methods;
    Tank_Type.tp_getset = tank_getset;
    Tank_Type.tp_members = tank_members;
    Tank_Type.tp_new = tank_new;
    Tank_Type.tp_as_number = &tank_number;
    Tank_Type.tp_as_sequence = &tank_sequence;
    return PyType_Ready(&Tank_Type);
  }`,
  spec: `static PyType_Slot tank_slots[] = {
    {Py_tp_dealloc, tank_dealloc}, {Py_tp_iternext, (void *)tank_next}, {Py_tp_methods, tank_methods}, {Py_tp_getset, tank_getset},
    {Py_tp_members, tank_members}, {Py_tp_new, tank_new}, {Py_nb_add, tank_add}, {Py_sq_length, tank_len}, {0, NULL},
  };
  static PyType_Spec tank_spec = {
    .name = "plumbing.Tank", .basicsize = sizeof(TankObject), .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .slots = tank_slots,
  };`,
};

describe("types", () => {
  for (const [style, definition] of Object.entries(STYLES)) {
    it(`written ${style}`, async () => {
      const index = await indexOf({ "tank.c": HEAD + METHODS + definition });
      expect(index.types).toHaveLength(1);
      const [type] = index.types;
      expect(type).toMatchObject({ pythonName: "plumbing.Tank", isHeap: style === "spec" });
      expect(index.structs[type.struct!].name).toBe("TankObject");
      expect(Object.fromEntries(Object.keys(EXPECTED).map((name) => [name, ways(index, name)]))).toEqual(EXPECTED);
      expect(index.entries.every((entry) => entry.type === 0)).toBe(true);
      expect(type.members.map(({ name, field, readonly }) => [name, field, readonly])).toEqual([
        ["raw_level", "level", true],
        ["items", "items", false],
      ]);
      // Flags that are assigned at run time are expressions, not names.
      if (style !== "by assignment") expect(type.flags).toEqual(["Py_TPFLAGS_BASETYPE", "Py_TPFLAGS_DEFAULT"]);
    });
  }

  it("says how arguments arrive and who else has the instance", async () => {
    const index = await indexOf({ "tank.c": HEAD + METHODS + STYLES.designated });
    const entry = (name: string) => index.entriesOf(fn(index, name))[0];
    expect(entry("tank_fill")).toMatchObject({ convention: "varargs", selfParam: 0, argsParam: 1, kwargsParam: -1 });
    expect(entry("tank_make")).toMatchObject({ convention: "keywords", selfParam: -1, argsParam: 1, kwargsParam: 2 });
    expect(entry("tank_new")).toMatchObject({ exclusivity: "fresh", selfParam: -1, argsParam: 1, kwargsParam: 2 });
    expect(entry("tank_dealloc")).toMatchObject({ exclusivity: "dying", selfParam: 0 });
    expect(entry("tank_add")).toMatchObject({ selfParam: 0, objectParams: [1], exclusivity: "shared" });
    expect(entry("tank_set_level")).toMatchObject({ selfParam: 0, objectParams: [1] });
  });

  it("finds fields through casts, nested and embedded structs", async () => {
    const index = await indexOf({
      "tank.c": `${HEAD}
        typedef struct { TankObject base; long extra; } BigTank;
        struct plain { int n; };
        typedef struct plain *PlainPtr;`,
    });
    const tank = index.structOfType("tank.c", "const TankObject *")!;
    const big = index.structOfType("tank.c", "BigTank *")!;
    expect(index.structs[big].isObject).toBe(true);
    expect(index.field(big, "base.level")).toMatchObject({ struct: tank, path: "level" });
    expect(index.field(big, "extra")).toMatchObject({ struct: big, path: "extra" });
    expect(index.fieldType(tank, "buf.data")).toBe("char *");
    expect(index.field(tank, "nothing")).toBeUndefined();
    expect(index.structs[index.structOfType("tank.c", "PlainPtr")!].isObject).toBe(false);
  });

  it("takes the struct from casts where no size names it", async () => {
    const index = await indexOf({
      "tank.c": `${HEAD}
        static PyObject *tank_get(PyObject *op, PyObject *unused) { TankObject *self = (TankObject *)op; return self->items; }
        static PyMethodDef methods[] = {{"get", tank_get, METH_NOARGS}, {NULL}};
        static PyType_Slot slots[] = {{Py_tp_methods, methods}, {0, NULL}};`,
    });
    expect(index.types).toHaveLength(1);
    expect(index.structs[index.types[0].struct!].name).toBe("TankObject");
  });

  it("follows Argument Clinic from the wrapper in a header to the implementation in the includer", async () => {
    const index = await indexOf({
      "clinic/tank.c.h": `
        #define TANK_POUR_METHODDEF {"pour", (PyCFunction)tank_pour, METH_O, tank_pour__doc__},
        static PyObject *tank_pour_impl(TankObject *self, PyObject *into, int amount);
        static PyObject *tank_pour(TankObject *self, PyObject *arg) { return tank_pour_impl(self, arg, 1); }`,
      "tank.c": `${HEAD}
        #include "clinic/tank.c.h"
        static PyObject *tank_pour_impl(TankObject *self, PyObject *into, int amount) { return NULL; }
        static PyMethodDef methods[] = { TANK_POUR_METHODDEF {NULL, NULL} };
        static PyTypeObject Tank_Type = { PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "Tank", .tp_methods = methods };`,
    });
    const impl = fn(index, "tank_pour_impl");
    const wrapper = fn(index, "tank_pour");
    expect(index.entriesOf(wrapper)).toMatchObject([{ kind: "method", name: "pour", convention: "o", impl }]);
    expect(index.entriesOf(impl)).toMatchObject([
      { kind: "method", name: "pour", convention: "clinic-impl", wrapper, selfParam: 0, objectParams: [1] },
    ]);
  });

  it("reads slots and specs that are built in a function", async () => {
    const index = await indexOf({
      "tank.c": `${HEAD}
        static void tank_dealloc(TankObject *self) { }
        static PyObject *tank_get(PyObject *self, void *closure) { return NULL; }
        static PyGetSetDef getset[] = {{"level", tank_get}, {NULL}};
        PyObject *make_tank(void) {
          PyType_Slot slots[] = { {Py_tp_dealloc, (void *)tank_dealloc}, {Py_tp_getset, getset}, {0, NULL} };
          PyType_Spec spec = { "plumbing.Tank", sizeof(TankObject), 0, Py_TPFLAGS_DEFAULT, slots };
          return PyType_FromSpec(&spec);
        }
        static int lid_init(PyObject *self, PyObject *args, PyObject *kwds) { return 0; }
        static PyType_Slot lid_slots[] = { {Py_tp_init, lid_init}, {0, NULL} };
        PyObject *make_lid(void) {
          PyType_Spec spec = { .name = "plumbing.Lid", .basicsize = sizeof(TankObject), .slots = lid_slots };
          return PyType_FromSpec(&spec);
        }`,
    });
    const names = index.types.map((type) => [
      type.pythonName,
      type.struct === undefined ? "" : index.structs[type.struct].name,
    ]);
    expect(names).toEqual([
      ["plumbing.Lid", "TankObject"],
      ["plumbing.Tank", "TankObject"],
    ]);
    expect(ways(index, "tank_dealloc")).toEqual(["slot tp_dealloc"]);
    expect(ways(index, "tank_get")).toEqual(["getter level"]);
    expect(ways(index, "lid_init")).toEqual(["slot tp_init"]);
  });

  it("positions go on behind a designator", async () => {
    const index = await indexOf({
      "t.c": `#include <Python.h>
        static PyObject *go(PyObject *m, PyObject *a) { return NULL; }
        static PyMethodDef methods[] = { {.ml_meth = go, METH_O, "doc", .ml_name = "go"}, {NULL} };`,
    });
    expect(index.entriesOf(fn(index, "go"))).toMatchObject([{ name: "go", convention: "o" }]);
  });

  it("reads rows that macros of the project write", async () => {
    const index = await indexOf({
      "t.c": `
        #include <Python.h>
        #define ROW(name, flags) {#name, (PyCFunction)do_ ## name, flags, NULL}
        #define ALIAS do_stop
        #define MY_FLAGS (METH_VARARGS | METH_KEYWORDS)
        static PyObject *do_start(PyObject *m, PyObject *a, PyObject *k) { return NULL; }
        static PyObject *do_stop(PyObject *m, PyObject *a) { return NULL; }
        static PyMethodDef methods[] = { ROW(start, MY_FLAGS), {"stop", ALIAS, METH_O}, {NULL} };
        static struct PyModuleDef def = { PyModuleDef_HEAD_INIT, "t", NULL, -1, methods };
        PyMODINIT_FUNC PyInit_t(void) { return PyModule_Create(&def); }`,
    });
    expect(index.entriesOf(fn(index, "do_start"))).toMatchObject([
      { kind: "module-method", name: "start", convention: "keywords", kwargsParam: 2 },
    ]);
    expect(index.entriesOf(fn(index, "do_stop"))).toMatchObject([{ name: "stop", convention: "o", objectParams: [1] }]);
  });
});
