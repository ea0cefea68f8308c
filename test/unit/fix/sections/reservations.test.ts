import { describe, expect, it } from "vitest";
import rule from "../../../../rules/locking/unlocked-instance-state.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";
import { boxModule, functionIn } from "./project-text.ts";

const SETTER = `static PyObject *
box_set(Box *self, PyObject *arg)
{
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n = (int)PyLong_AsLong(arg);
    Py_XSETREF(self->value, Py_NewRef(arg));
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`;

/** A module with one more method that takes an argument, `name`, in a file of C, or of C++. */
async function fix(name: string, code: string, { file = "box.c", level = "safe" as "safe" | "review" } = {}) {
  const rows = [`{"set", (PyCFunction)box_set, METH_O, NULL},`, `{"${name}", (PyCFunction)${name}, METH_O, NULL},`];
  const text = boxModule(`${SETTER}\n${code}\n`, rows.join("\n    "));
  const result = await fixTexts({ [file]: text }, { rules: [rule], level, compat: "none", minPython: 13 });
  return { ...result, text: result.texts[file], reasons: result.left.map((l) => `${l.level}: ${l.reason}`).join("\n") };
}

describe("what a section over a method does not give", () => {
  it("is for review where a callable is called inside", async () => {
    const { reasons } = await fix(
      "box_call",
      `static PyObject *
box_call(Box *self, PyObject *arg)
{
    PyObject *value = Py_XNewRef(self->value);
    if (value == NULL)
        Py_RETURN_NONE;
    PyObject *made = PyObject_CallOneArg(value, arg);
    Py_DECREF(value);
    self->n++;
    return made;
}
`,
    );
    expect(reasons).toMatch(/^review: .*`PyObject_CallOneArg` runs whatever it is given inside of the section/);
  });

  it("is for review where the function has a section of its own", async () => {
    const { reasons } = await fix(
      "box_shift",
      `static PyObject *
box_shift(Box *self, PyObject *arg)
{
    if (self->n == 7) {
        PyErr_SetString(PyExc_ValueError, "fixed");
        return NULL;
    }
    if (self->n == 8) {
        return PyErr_Format(PyExc_ValueError, "fixed %R", arg);
    }
    Py_BEGIN_CRITICAL_SECTION(self);
    self->n = 3;
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
`,
    );
    expect(reasons).toContain("review: it takes a section on `self` itself");
  });

  it("is for review where a pointer may point into an object that is not locked", async () => {
    const { reasons } = await fix(
      "box_pick",
      `static PyObject *
box_pick(Box *self, PyObject *arg)
{
    int *n;
    if (arg == Py_None)
        n = &self->n;
    else
        n = &((Holder *)self)->box->n;
    return PyLong_FromLong(*n);
}
`,
    );
    expect(reasons).toContain("review: `n` points into one object or into another");
  });

  it("is for review where an object that is only borrowed is put into a tuple", async () => {
    const { reasons } = await fix(
      "box_fill",
      `static PyObject *
box_fill(Box *self, PyObject *arg)
{
    PyObject *tuple = PyTuple_New(1);
    if (tuple == NULL)
        return NULL;
    self->n++;
    PyTuple_SET_ITEM(tuple, 0, self->value);
    Py_XINCREF(PyTuple_GET_ITEM(tuple, 0));
    return tuple;
}
`,
    );
    expect(reasons).toContain("review: `PyTuple_SET_ITEM` keeps an object that is only borrowed from its field");
  });
});

describe("exceptions of C++", () => {
  it("does not let one that is caught in the function pass by the end of the section", async () => {
    const { text, left } = await fix(
      "box_try",
      `PyObject*
box_try(Box* self, PyObject* arg)
{
    try
    {
        self->n = convert(arg);
    }
    catch (const Failure&)
    {
        return 0;
    }
    Py_RETURN_NONE;
}
`,
      { file: "box.cpp" },
    );
    expect(left).toEqual([]);
    expect(functionIn(text, "box_try_lock_held")).not.toContain("CRITICAL_SECTION");
    expect(functionIn(text, "box_try")).toBe(`box_try(Box* self, PyObject* arg)
{
    PyObject* result;
    Py_BEGIN_CRITICAL_SECTION(self);
    result = box_try_lock_held(self, arg);
    Py_END_CRITICAL_SECTION();
    return result;
}`);
    expect(text).toContain("\nstatic PyObject*\nbox_try_lock_held(");
  });

  const HELPER = `static void
advance(Box* self)
{
    if (self->n > 3)
        self->n = next_of(self);
    else
        self->n = 0;
}

static PyObject*
box_next(Box* self, PyObject* arg)
{
    advance(self);
    Py_RETURN_NONE;
}
`;

  it("is for review where the function is called by C++ that may catch one", async () => {
    const { reasons } = await fix("box_next", HELPER, { file: "box.cpp" });
    expect(reasons).toContain("`next_of` may throw, and an exception that leaves `advance` does not end the section");
  });

  it("has no doubt of the kind in C", async () => {
    const { left } = await fix("box_next", HELPER);
    expect(left).toEqual([]);
  });
});

describe("the text of a section", () => {
  it("keeps the star of a parameter where it is when it takes a macro off the name", async () => {
    const { text } = await fix(
      "box_last",
      `static PyObject*
box_last(Box* self, PyObject* Py_UNUSED(arg))
{
    if (self->n == 0)
        Py_RETURN_NONE;
    if (self->n == 1)
        Py_RETURN_TRUE;
    return PyLong_FromLong(self->n);
}
`,
    );
    expect(text).toContain("\nbox_last(Box* self, PyObject* arg)\n");
  });

  it("needs no jump where the end follows anyway", async () => {
    const { text } = await fix(
      "box_add",
      `static PyObject *
box_add(Box *self, PyObject *arg)
{
    int n = (int)PyLong_AsLong(arg);
    if (add_to(&self->n, n) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static int
add_to(int *n, int more)
{
    *n += more;
    return *n > 100 ? -1 : 0;
}
`,
      { level: "review" },
    );
    expect(text).not.toContain("goto");
  });

  it("leaves a macro around the type of the result whole", async () => {
    const { text } = await fix(
      "box_clear",
      `Py_LOCAL_INLINE(int) drop(Box *self) {
    if (self->n == 0)
        return 0;
    self->n = 0;
    return 1;
}

static PyObject *
box_clear(Box *self, PyObject *arg)
{
    return PyLong_FromLong(drop(self));
}
`,
    );
    expect(text).toContain("Py_LOCAL_INLINE(int) drop_lock_held(Box *self) {\n");
    expect(text).toContain("Py_LOCAL_INLINE(int) drop(Box *self) {\n    int result;\n");
  });
});
