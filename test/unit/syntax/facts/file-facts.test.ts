/** Facts of files: variables, layouts, tables, functions made by macros. */
import { beforeAll, describe, expect, it } from "vitest";
import { decodeFunction } from "../../../../src/ir/codec.ts";
import { printFunction } from "../../../../src/ir/print.ts";
import { initGrammar } from "../../../../src/syntax/grammar.ts";
import { analyseText } from "../analyse-text.ts";

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

/** The variable with only its flags that are set. */
function variables(text: string, name = "a.c") {
  return analyseText(text, name).statics.map((s) => {
    const flags = (["isStatic", "isExtern", "isConst", "threadLocal", "atomic", "array"] as const).filter((k) => s[k]);
    return `${s.owner ? `${s.owner}::` : ""}${s.name}: ${s.type} [${flags.join(" ")}]`;
  });
}

describe("variables", () => {
  it("tells a constant variable from a pointer to something constant", () => {
    expect(
      variables(`
static const char *kwlist[] = {"a", NULL};
static const char *const names[] = {"a", NULL};
const int limit = 3;
static char *const fixed = 0;`),
    ).toEqual([
      "kwlist: const char *[] [isStatic array]",
      "names: const char *const [] [isStatic isConst array]",
      "limit: const int [isConst]",
      "fixed: char *const [isStatic isConst]",
    ]);
  });

  it("sees storage that macros hide", () => {
    expect(
      variables(`
#define PER_THREAD __thread
#define LOCAL(type) static type
static PER_THREAD int a;
static _Atomic int b;
static atomic_int c;
LOCAL(int) d;
extern PyObject *e;
int f, *g, h[3];`),
    ).toEqual([
      "a: int [isStatic threadLocal]",
      "b: _Atomic int [isStatic atomic]",
      "c: atomic_int [isStatic atomic]",
      "d: int [isStatic]",
      "e: PyObject * [isExtern]",
      "f: int []",
      "g: int * []",
      "h: int [3] [array]",
    ]);
  });

  it("finds statics of functions, classes and namespaces", () => {
    const text = `
namespace box { int total; namespace { int hidden; } struct Item { static int made; int kept; }; }
int box::Item::made = 0;
thread_local int here;
int f() { static int calls; return calls++; }`;
    expect(variables(text, "a.cpp")).toEqual([
      "box::total: int []",
      "box::hidden: int [isStatic]",
      "box::Item::made: int [isExtern]",
      "box::Item::made: int []",
      "here: int [threadLocal]",
      "f::calls: int [isStatic]",
    ]);
  });

  it("names the type of a struct that only a variable has", () => {
    const facts = analyseText("static struct { PyObject *cache; int n; } state;", "a.c");
    expect(facts.statics[0].type).toBe("struct state::anonymous");
    expect(facts.structs[0].typedefs).toEqual(["state::anonymous"]);
    expect(facts.structs[0].fields.map((f) => f.name)).toEqual(["cache", "n"]);
  });
});

describe("layouts", () => {
  it("flattens what is nested and knows object heads", () => {
    const facts = analyseText(
      `
typedef struct _box { PyObject_HEAD PyObject *items[4]; struct { int x, y; } at; union { int i; float f; }; int (*cb)(int); struct _box *next; } Box;
typedef struct {
    PyObject_VAR_HEAD
    Py_ssize_t len;
} Vec;
struct node { PyObject ob_base; int k; };
enum colour { RED, GREEN = 2 };`,
      "a.c",
    );
    const shape = facts.structs.map((s) => [
      s.tag,
      s.typedefs.join(),
      s.objectHead,
      s.fields.map((f) => `${f.name}: ${f.type}`),
    ]);
    expect(shape).toEqual([
      [
        "_box",
        "Box",
        "PyObject_HEAD",
        [
          "items: PyObject *[4]",
          "at: struct",
          "at.x: int",
          "at.y: int",
          "i: int",
          "f: float",
          "cb: int (*)(int)",
          "next: struct _box *",
        ],
      ],
      ["", "Vec", "PyObject_VAR_HEAD", ["len: Py_ssize_t"]],
      ["node", "", "PyObject_HEAD", ["ob_base: PyObject", "k: int"]],
    ]);
    expect(facts.enumerators).toEqual(["RED", "GREEN"]);
  });
});

describe("initialisers", () => {
  it("takes tables apart", () => {
    const facts = analyseText(
      `static PyMethodDef methods[] = {
    {"get", (PyCFunction)(void (*)(void))get, METH_FASTCALL | METH_KEYWORDS, PyDoc_STR("doc")},
    GET_METHODDEF
    {NULL}
};
static PyTypeObject T = { PyVarObject_HEAD_INIT(NULL, 0)
    .tp_new = make, .tp_as_number = &(PyNumberMethods){ .nb_add = add } };`,
      "a.c",
    );
    const strip = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, v) => (key === "start" || key === "end" ? undefined : v)));
    const [methods, type] = facts.statics.map(
      (s) => strip(s.init) as { items: { designator?: string; value: unknown }[] },
    );
    expect(methods.items[0].value).toEqual({
      kind: "list",
      items: [
        { value: { kind: "string", text: "get" } },
        { value: { kind: "name", name: "get" } },
        { value: { kind: "other", text: "METH_FASTCALL | METH_KEYWORDS" } },
        { value: { kind: "call", callee: "PyDoc_STR", args: [{ kind: "string", text: "doc" }] } },
      ],
    });
    expect(methods.items[1].value).toEqual({ kind: "name", name: "GET_METHODDEF" });
    expect(type.items.map((i) => i.designator)).toEqual([undefined, "tp_new", "tp_as_number"]);
    expect(type.items[2].value).toEqual({
      kind: "list",
      items: [{ designator: "nb_add", value: { kind: "name", name: "add" } }],
    });
  });
});

describe("functions", () => {
  it("lists calls, reads, writes and members that are assigned", () => {
    const facts = analyseText(
      `static PyObject *cache; static PyTypeObject T; static int table[4];
PyMODINIT_FUNC PyInit_m(void)
{
    static int ready;
    PyTypeObject *type = &T;
    T.tp_dealloc = (destructor)dealloc;
    type->tp_new = make;
    T.tp_as_number->nb_add = add;
    if (ready++ || table[0])
        return use(cache, make);
    table[1] = 2;
    cache = PyDict_New();
    return PyModule_Create(&module);
}`,
      "a.c",
    );
    const [f] = facts.functions;
    expect(f.calls).toEqual(["use", "PyDict_New", "PyModule_Create"]);
    expect(f.reads).toEqual(["T", "dealloc", "make", "add", "PyInit_m::ready", "table", "cache", "module"]);
    expect(f.writes).toEqual(["T", "PyInit_m::ready", "table", "cache"]);
    expect(f.memberAssigns.map((m) => `${m.variable}.${m.path} = ${m.value}`)).toEqual([
      "T.tp_dealloc = dealloc",
      "T.tp_new = make",
      "T.tp_as_number.nb_add = add",
    ]);
  });

  it("instantiates macros that define functions, with the place of their use", () => {
    const text = `#define GETTER(field) \\
static PyObject *get_##field(Box *self, void *c) \\
{ \\
    return Py_NewRef(self->field); \\
}
GETTER(items)
GETTER(owner)
`;
    const { functions } = analyseText(text, "a.c");
    expect(functions.map((f) => [f.name, f.instantiated?.macro, f.isStatic])).toEqual([
      ["get_items", "GETTER", true],
      ["get_owner", "GETTER", true],
    ]);
    const [first, second] = functions;
    expect(text.slice(first.instantiated!.start, first.instantiated!.end)).toContain("GETTER(items)");
    // Both bodies are in the #define, which they share.
    expect(text.slice(first.bodyStart, first.bodyEnd)).toContain("Py_NewRef(self->field)");
    expect(first.bodyStart).toBe(second.bodyStart);
    expect(printFunction(decodeFunction(second.code))).toContain("load %self->owner");
  });

  it("takes macros from headers that are included, and the nearest definition of the file itself", () => {
    const header = `#define ITEM(o, i) PyList_GET_ITEM((o)->items, i)\n#define VALUE 1\n`;
    const other = `#define ITEM(o, i) wrong(o, i)\n`;
    const text = `#include "sub/own.h"
#define VALUE 2
PyObject *f(Box *b) { return ITEM(b, VALUE); }
#undef VALUE
#define VALUE 3
int g(void) { return VALUE; }`;
    const { functions } = analyseText(text, "a.c", { "sub/own.h": header, "zz/own2.h": other });
    expect(functions[0].calls).toEqual(["PyList_GET_ITEM"]);
    expect(printFunction(decodeFunction(functions[0].code))).toContain("PyList_GET_ITEM(%t0, 2)");
    expect(printFunction(decodeFunction(functions[1].code))).toContain("return 3");
    const ir = decodeFunction(functions[0].code);
    expect(ir.macroUses.map((m) => [m.name, m.defFile])).toContainEqual(["ITEM", "sub/own.h"]);
    expect(ir.blocks[0].instrs.every((i) => text.slice(i.start, i.end) === "ITEM(b, VALUE)")).toBe(true);
  });

  it("prefers the definition that does something", () => {
    const text = `#ifdef WITH_THREADS
#define LOCK(b) PyThread_acquire_lock((b)->lock, 1)
#else
#define LOCK(b)
#endif
void f(Box *b) { LOCK(b); }`;
    expect(printFunction(decodeFunction(analyseText(text, "a.c").functions[0].code))).toContain("lock thread-lock");
  });

  it("sees macros of the file that includes this one", () => {
    const module = `#define UNLESS(e) if (!(e))\n#include "part.c"\n`;
    const text = `int f(Box *b)
{
    UNLESS (ready(b))
        return -1;
    return go(b);
}`;
    expect(analyseText(text, "part.c", { "module.c": module }).functions[0].calls).toEqual(["ready", "go"]);
    // Without it, what follows is not lost.
    expect(analyseText(text, "part.c").functions[0].calls).toEqual(["ready", "UNLESS", "go"]);
  });

  it("never looks into macros that carry a name of the C API", () => {
    const text = `#define PyList_GET_ITEM(l, i) (((PyListObject *)(l))->ob_item[i])
#define Py_BEGIN_CRITICAL_SECTION(o) {
PyObject *f(PyObject *l) { Py_BEGIN_CRITICAL_SECTION(l); Py_END_CRITICAL_SECTION(); return PyList_GET_ITEM(l, 0); }`;
    const ir = printFunction(decodeFunction(analyseText(text, "a.c").functions[0].code));
    expect(ir).toContain("lock critical-section Py_BEGIN_CRITICAL_SECTION(%l)");
    expect(ir).toContain("call PyList_GET_ITEM(%l, 0)");
  });

  it("goes on when a macro cannot be understood, and says so", () => {
    const text = `#define ODD(x) if (x) else }
int f(int a) { ODD(a); return 1; }
int g(int a) { return 2; }`;
    const { functions } = analyseText(text, "a.c");
    expect(functions.map((f) => [f.name, f.unknownReasons])).toEqual([
      ["f", ["macro ODD not understood"]],
      ["g", []],
    ]);
  });

  it("knows frameworks and the variable of their module", () => {
    const text = `PYBIND11_MODULE(shapes, m, py::mod_gil_not_used()) { m.def("area", &area); }`;
    const facts = analyseText(text, "a.cpp");
    expect(facts.frameworkUses.map((f) => [f.macro, f.args])).toEqual([
      ["PYBIND11_MODULE", ["shapes", "m", "py::mod_gil_not_used()"]],
    ]);
    expect(facts.functions[0].params).toEqual([{ name: "m", type: "module" }]);
    expect(facts.declarationTokens.map((t) => [t.name, t.live])).toEqual([["mod_gil_not_used", true]]);
  });

  it("finds declarations also in dead code and macros, not in comments", () => {
    const text = `#if PY_VERSION_HEX < 0x03000000
#define OLD {Py_mod_gil, Py_MOD_GIL_USED}
#endif
/* Py_mod_gil */
#define NEW {Py_mod_gil, Py_MOD_GIL_NOT_USED}
`;
    const tokens = analyseText(text, "a.c").declarationTokens.map((t) => [t.name, t.live]);
    expect(tokens).toEqual([
      ["Py_mod_gil", false],
      ["Py_MOD_GIL_USED", false],
      ["Py_mod_gil", true],
      ["Py_MOD_GIL_NOT_USED", true],
    ]);
  });
});
