import { describe, expect, it } from "vitest";
import rule from "../../../../rules/locking/unlocked-instance-state.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";
import { boxModule, functionIn } from "./project-text.ts";

const SETTER = `static PyObject *
box_set(Box *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n = (int)PyLong_AsLong(arg);
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`;
const ROW = `    {"set", (PyCFunction)box_set, METH_O, NULL},`;

async function fix(code: string, row: string, level: "safe" | "review" = "safe") {
  const text = boxModule(`${SETTER}\n${code}\n`, `${ROW}\n    ${row}`);
  const result = await fixTexts({ "box.c": text }, { rules: [rule], level, compat: "none", minPython: 13 });
  return { ...result, text: result.texts["box.c"] };
}

const NOARGS = (name: string) => `{"${name}", (PyCFunction)${name}, METH_NOARGS, NULL},`;

describe("a section over what a method does", () => {
  it("surrounds one statement, and passes the result through a variable", async () => {
    const { text, left } = await fix(
      `static PyObject *
box_get(Box *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromLong(self->n);
}
`,
      NOARGS("box_get"),
    );
    expect(left).toEqual([]);
    expect(functionIn(text, "box_get")).toBe(`box_get(Box *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = PyLong_FromLong(self->n);
    Py_END_CRITICAL_SECTION();
    return result;
}`);
  });

  const TAKE = `static PyObject *
box_take(Box *self,
         PyObject *Py_UNUSED(ignored))  /* takes all */
{
    int old = self->n;

    if (old == 0) {
        PyErr_SetString(PyExc_ValueError, "empty");
        return NULL;
    }
    if (old > 100)
        old = 100;
    self->n -= old;
    return PyLong_FromLong(old);
}
`;

  it("moves a longer body to a function of its own, with the same signature", async () => {
    const { text, left } = await fix(TAKE, NOARGS("box_take"), "review");
    expect(left).toEqual([]);
    expect(text).toContain(`static PyObject *
box_take_lock_held(Box *self,
                   PyObject *Py_UNUSED(ignored))  /* takes all */
{
    int old = self->n;`);
    expect(text).toContain(`
static PyObject *
box_take(Box *self,
         PyObject *ignored)
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = box_take_lock_held(self, ignored);
    Py_END_CRITICAL_SECTION();
    return result;
}
`);
  });

  it("is for review where a call that may wait stands between accesses", async () => {
    const code = `static PyObject *
box_log(Box *self, PyObject *list)
{
    PyObject *n = PyLong_FromLong(self->n);
    if (n == NULL)
        return NULL;
    if (PyList_Append(list, n) < 0) {
        Py_DECREF(n);
        return NULL;
    }
    self->n = 0;
    Py_DECREF(n);
    Py_RETURN_NONE;
}
`;
    const { left } = await fix(code, `{"box_log", (PyCFunction)box_log, METH_O, NULL},`);
    expect(left.map((l) => [l.level, l.reason])).toEqual([
      ["review", "`PyList_Append` may wait, which suspends the section between two accesses of the object"],
    ]);
  });

  it("is for review where the thread state is detached", async () => {
    const code = `static PyObject *
box_wait(Box *self, PyObject *Py_UNUSED(ignored))
{
    int n = self->n;
    if (n < 0)
        Py_RETURN_NONE;
    Py_BEGIN_ALLOW_THREADS
    sleep(1);
    Py_END_ALLOW_THREADS
    self->n++;
    if (n > 3)
        Py_RETURN_NONE;
    return PyLong_FromLong(self->n);
}
`;
    const { left } = await fix(code, NOARGS("box_wait"));
    expect(left[0].level).toBe("review");
    expect(left[0].reason).toContain("detaches the thread state");
  });

  it("makes a section that is there lock the second object as well", async () => {
    const code = `static PyObject *
box_add(Box *self, PyObject *arg)
{
    if (!PyObject_TypeCheck(arg, Py_TYPE(self)))
        Py_RETURN_NOTIMPLEMENTED;
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n += ((Box *)arg)->n;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`;
    const { text } = await fix(code, `{"add", (PyCFunction)box_add, METH_O, NULL},`);
    expect(functionIn(text, "box_add")).toContain(`    Py_BEGIN_CRITICAL_SECTION2(self, arg);
    self->n += ((Box *)arg)->n;
    Py_END_CRITICAL_SECTION2();
`);
  });

  it("declares the function before a body that names it", async () => {
    const code = `static PyObject *
box_walk(Box *self, PyObject *arg)
{
    if (self->n == 0)
        Py_RETURN_NONE;
    if (self->n > 10)
        return NULL;
    self->n--;
    if (arg == Py_None)
        return PyLong_FromLong(self->n);
    return box_walk(self, arg);
}
`;
    const { text } = await fix(code, `{"walk", (PyCFunction)box_walk, METH_O, NULL},`, "review");
    expect(text).toContain(`static PyObject *
box_walk(Box *self, PyObject *arg);

static PyObject *
box_walk_lock_held(Box *self, PyObject *arg)
{`);
  });
});

describe("Argument Clinic", () => {
  it("keeps the generated head and gives the body one behind it", async () => {
    const code = `/*[clinic input]
box.Box.shrink
[clinic start generated code]*/

static PyObject *
box_shrink_impl(Box *self, int by)
/*[clinic end generated code: output=1 input=2]*/
{
    if (by < 0)
        return NULL;
    if (self->n < by)
        by = self->n;
    self->n -= by;
    if (by == 0)
        Py_RETURN_NONE;
    return PyLong_FromLong(self->n);
}

static PyObject *
box_shrink(Box *self, PyObject *arg)
{
    return box_shrink_impl(self, (int)PyLong_AsLong(arg));
}
`;
    const { text, left } = await fix(code, `{"shrink", (PyCFunction)box_shrink, METH_O, NULL},`, "review");
    expect(left).toEqual([]);
    expect(text).toContain(`static PyObject *
box_shrink_impl_lock_held(Box *self, int by);

/*[clinic input]`);
    expect(text).toContain(`box_shrink_impl(Box *self, int by)
/*[clinic end generated code: output=1 input=2]*/
{
    PyObject *result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = box_shrink_impl_lock_held(self, by);
    Py_END_CRITICAL_SECTION();
    return result;
}

static PyObject *
box_shrink_impl_lock_held(Box *self, int by)
{
    if (by < 0)`);
  });
});
