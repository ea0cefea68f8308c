import { describe, expect, it } from "vitest";
import { changeableFacts } from "../../../src/rule-api/changeable.ts";
import { containerFacts } from "../../../src/rule-api/container.ts";
import { callIn, functions, HEAD, methods, projectOf } from "./project-of.ts";

/** Exposure of the first argument of the first call of `callee`. */
async function exposure(source: string, name: string, callee: string): Promise<string> {
  const project = await projectOf(HEAD + source);
  const { id, call, point } = callIn(project, name, callee);
  return containerFacts(project, id, call.args[0], point).exposure;
}

describe("who else can have a container", () => {
  it("knows what the function made, was given, and read from its instance", async () => {
    const source = `
static PyObject *made(PyObject *m, PyObject *arg) { PyObject *d = PyDict_New(); return PyDict_GetItem(d, arg); }
static PyObject *given(PyObject *m, PyObject *arg) { return PyDict_GetItem(arg, arg); }
static PyObject *read(Box *self, PyObject *arg) { return PyDict_GetItem(self->table, arg); }
${functions("made", "given")}${methods("read")}`;
    expect(await exposure(source, "made", "PyDict_GetItem")).toBe("private");
    expect(await exposure(source, "given", "PyDict_GetItem")).toBe("caller");
    expect(await exposure(source, "read", "PyDict_GetItem")).toBe("shared");
  });

  it("follows a helper's parameter to what all callers pass", async () => {
    const helper = "static PyObject *look(PyObject *d, PyObject *k) { return PyDict_GetItem(d, k); }\n";
    const fresh = `
static PyObject *one(PyObject *m, PyObject *arg) { return look(PyDict_New(), arg); }
static PyObject *two(PyObject *m, PyObject *arg) { PyObject *d = PyDict_Copy(arg); return look(d, arg); }
${functions("one", "two")}`;
    const shared = `
static PyObject *one(PyObject *m, PyObject *arg) { return look(PyDict_New(), arg); }
static PyObject *three(Box *self, PyObject *arg) { return look(self->table, arg); }
${functions("one")}${methods("three")}`;
    expect(await exposure(helper + fresh, "look", "PyDict_GetItem")).toBe("private");
    expect(await exposure(helper + shared, "look", "PyDict_GetItem")).toBe("shared");
  });

  it("does not follow a helper that more than calls can reach", async () => {
    const source = `
static PyObject *look(PyObject *d, PyObject *k) { return PyDict_GetItem(d, k); }
static PyObject *one(PyObject *m, PyObject *arg) { return look(PyDict_New(), arg); }
PyObject *(*hook)(PyObject *, PyObject *) = look;
${functions("one")}`;
    expect(await exposure(source, "look", "PyDict_GetItem")).toBe("caller");
  });

  it("ends in a cycle of calls", async () => {
    const source = `
static PyObject *b(PyObject *d, PyObject *k);
static PyObject *a(PyObject *d, PyObject *k) { return k ? b(d, k) : PyDict_GetItem(d, k); }
static PyObject *b(PyObject *d, PyObject *k) { return a(d, k); }
static PyObject *one(PyObject *m, PyObject *arg) { return a(arg, arg); }
${functions("one")}`;
    expect(await exposure(source, "a", "PyDict_GetItem")).toBe("caller");
  });

  it("looks into structures on the stack", async () => {
    const source = (stored: string) => `
struct walk { PyObject *seen; };
static PyObject *step(struct walk *w, PyObject *k) { return PyDict_GetItem(w->seen, k); }
static PyObject *one(Box *self, PyObject *arg) { struct walk w; w.seen = ${stored}; return step(&w, arg); }
${methods("one")}`;
    expect(await exposure(source("PyDict_New()"), "step", "PyDict_GetItem")).toBe("private");
    expect(await exposure(source("self->table"), "step", "PyDict_GetItem")).toBe("shared");
  });

  it("takes a static that is only looked up after initialisation for constant", async () => {
    const source = (extra: string, names: string) => `
static PyObject *known;
static PyObject *find(PyObject *m, PyObject *arg) { return PyDict_GetItem(known, arg); }
${extra}
${functions(...names.split(" "))}
PyMODINIT_FUNC PyInit_m(void) { known = PyDict_New(); PyDict_SetItemString(known, "a", Py_None); return PyModule_Create(&m_def); }`;
    const adds = "static PyObject *add(PyObject *m, PyObject *arg) { PyDict_SetItem(known, arg, arg); return NULL; }";
    const gives = "static PyObject *give(PyObject *m, PyObject *arg) { return Py_NewRef(known); }";
    const looks = `
static int has(PyObject *d, PyObject *k) { return PyDict_Contains(d, k); }
static PyObject *test(PyObject *m, PyObject *arg) { return has(known, arg) ? arg : NULL; }`;
    expect(await exposure(source("", "find"), "find", "PyDict_GetItem")).toBe("private");
    expect(await exposure(source(looks, "find test"), "find", "PyDict_GetItem")).toBe("private");
    expect(await exposure(source(adds, "find add"), "find", "PyDict_GetItem")).toBe("shared");
    expect(await exposure(source(gives, "find give"), "find", "PyDict_GetItem")).toBe("shared");
  });
});

describe("who changes the container in a field", () => {
  const read = "static PyObject *read(Box *self, PyObject *arg) { return PyList_GetItem(self->rows, 0); }\n";

  async function facts(extra: string, ...names: string[]) {
    const project = await projectOf(HEAD + read + extra + methods("read", ...names));
    const { id, call, point } = callIn(project, "read", "PyList_GetItem");
    return changeableFacts(project, id, call.args[0], point);
  }

  it("is unlikely if nobody does", async () => {
    expect((await facts("")).exposure).toBe("unlikely");
  });

  it("finds a call that changes it, also in a helper", async () => {
    const direct = "static PyObject *add(Box *self, PyObject *arg) { PyList_Append(self->rows, arg); return NULL; }";
    const helped = `
static void push(PyObject *list, PyObject *item) { PyList_Append(list, item); }
static PyObject *add(Box *self, PyObject *arg) { push(self->rows, arg); return NULL; }`;
    for (const extra of [direct, helped]) {
      const { exposure: found, steps } = await facts(extra, "add");
      expect(found).toBe("shared");
      expect(steps.at(-1)?.text).toContain("changes it with PyList_Append");
    }
  });

  it("finds a getter that hands it out, and code that replaces it", async () => {
    const getter = "static PyObject *get(Box *self, PyObject *arg) { return Py_NewRef(self->rows); }";
    const setter = "static PyObject *set(Box *self, PyObject *arg) { self->rows = PyList_New(0); return NULL; }";
    expect((await facts(getter, "get")).steps.at(-1)?.text).toContain("hands it to Python code");
    expect((await facts(setter, "set")).steps.at(-1)?.text).toContain("puts another object into `rows`");
  });

  it("does not take the first store of a lazy field for a replacement", async () => {
    const lazy = `
static PyObject *make(Box *self, PyObject *arg) { if (self->rows == NULL) { self->rows = PyList_New(0); } return NULL; }`;
    expect((await facts(lazy, "make")).exposure).toBe("unlikely");
  });

  it("finds a list that the caller has too", async () => {
    const keeps = "static PyObject *keep(Box *self, PyObject *arg) { self->rows = Py_NewRef(arg); return NULL; }";
    expect((await facts(keeps, "keep")).steps.at(-1)?.text).toContain("its caller has too");
  });
});
