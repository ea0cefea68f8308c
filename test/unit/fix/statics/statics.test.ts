import { describe, expect, it } from "vitest";
import { fixTexts } from "../../../fixes/fix-text.ts";

const RULES = ["global-mutable", "global-object", "non-reentrant-call"];

/** The text of a module after fixing at level review: `functions` are module functions by name, `head` what stands before them. */
async function fixed(head: string, functions: readonly string[], name = "m.c") {
  const rows = functions.map((f) => `    {"${f}", ${f}, METH_O, NULL},`).join("\n");
  const text = `#include <Python.h>
#include <time.h>

${head}
static PyMethodDef methods[] = {
${rows}
    {NULL, NULL, 0, NULL}
};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "m", NULL, 0, methods};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&def); }
`;
  const result = await fixTexts({ [name]: text }, { level: "review", select: RULES, minPython: 13 });
  return { ...result, text: result.texts[name] };
}

describe("atomicFix", () => {
  const COUNTER = `static volatile unsigned long counter = 1;

static PyObject *
next(PyObject *self, PyObject *arg)
{
    return PyLong_FromUnsignedLong(counter++);
}
`;

  it("qualifies a counter in C", async () => {
    const { text, applied } = await fixed(COUNTER, ["next"]);
    expect(text).toContain("static _Atomic unsigned long counter = 1;");
    expect(applied.map((a) => a.level)).toEqual(["review"]);
  });

  it("writes `std::atomic` in C++ and loads it where it is an argument", async () => {
    const cpp = COUNTER.replace("volatile ", "").replace("counter++", "counter += 1");
    const reader = `static PyObject *
peek(PyObject *self, PyObject *arg)
{
    return PyLong_FromUnsignedLong(counter);
}
`;
    const { text } = await fixed(cpp + reader, ["next", "peek"], "m.cpp");
    expect(text).toContain("#include <time.h>\n#include <atomic>\n");
    expect(text).toContain("static std::atomic<unsigned long> counter{1};");
    expect(text).toContain("PyLong_FromUnsignedLong(counter.load())");
  });

  it("is not enough for a value that is looked at and then changed: a mutex covers both", async () => {
    const { text } = await fixed(
      `static int left = 10;

static PyObject *
take(PyObject *self, PyObject *arg)
{
    if (left > 0)
        left--;
    Py_RETURN_NONE;
}
`,
      ["take"],
    );
    expect(text).toContain(`static int left = 10;
static PyMutex left_mutex;`);
    expect(text).toContain(`    PyMutex_Lock(&left_mutex);
    if (left > 0)
        left--;
    PyMutex_Unlock(&left_mutex);
    Py_RETURN_NONE;`);
  });
});

describe("threadLocalFix", () => {
  const SCRATCH = `static PyObject *
describe(PyObject *self, PyObject *arg)
{
    static char text[32];
    sprintf(text, "%ld", PyLong_AsLong(arg));
    return PyUnicode_FromString(text);
}
`;

  it("gives every thread its scratch buffer", async () => {
    const { text } = await fixed(SCRATCH, ["describe"]);
    expect(text).toContain("    static THREAD_LOCAL char text[32];");
    expect(text).toContain("#  define THREAD_LOCAL _Thread_local");
  });

  it("uses the word that the file has", async () => {
    const { text } = await fixed(`#define PER_THREAD _Thread_local\n\n${SCRATCH}`, ["describe"]);
    expect(text).toContain("    static PER_THREAD char text[32];");
    expect(text).not.toContain("__declspec");
  });
});

describe("regionFix", () => {
  it("unlocks in each branch as soon as the free list is left alone", async () => {
    const { text, left } = await fixed(
      `static int numfree = 0;
static PyObject *list[8];

static PyObject *
put(PyObject *self, PyObject *arg)
{
    if (numfree < 8) {
        list[numfree++] = Py_NewRef(arg);
    }
    else {
        PyErr_NoMemory();
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
get(PyObject *self, PyObject *arg)
{
    PyObject *item = Py_None;
    if (numfree > 0)
        item = list[--numfree];
    return item;
}
`,
      ["put", "get"],
    );
    expect(left).toEqual([]);
    expect(text).toContain(`_mutex);
    if (numfree < 8) {
        list[numfree++] = Py_NewRef(arg);
        PyMutex_Unlock(&`);
    expect(text).toContain(`    else {
        PyMutex_Unlock(&`);
  });

  it("does not touch a list whose nodes are reached outside the lock", async () => {
    const { applied } = await fixed(
      `struct node { struct node *next; int n; };
static struct node *head;

static PyObject *
add(PyObject *self, PyObject *arg)
{
    struct node *n = PyLong_AsVoidPtr(arg);
    if (head)
        head->n = 1;
    n->next = head;
    head = n;
    Py_RETURN_NONE;
}
`,
      ["add"],
    );
    expect(applied).toEqual([]);
  });
});

describe("objectFixes", () => {
  const HOOK = `static PyObject *hook = NULL;

static PyObject *
set_hook(PyObject *self, PyObject *arg)
{
    Py_XDECREF(hook);
    Py_INCREF(arg);
    hook = arg;
    Py_RETURN_NONE;
}

static PyObject *
call_hook(PyObject *self, PyObject *arg)
{
    return PyObject_CallOneArg(hook, arg);
}
`;

  it("releases the old object after unlocking, and calls the new one by a reference of its own", async () => {
    const { text, left } = await fixed(HOOK, ["set_hook", "call_hook"]);
    expect(left).toEqual([]);
    expect(text).toContain(`    PyMutex_Lock(&hook_mutex);
    PyObject *old = hook;
    Py_INCREF(arg);
    hook = arg;
    PyMutex_Unlock(&hook_mutex);
    Py_XDECREF(old);
    Py_RETURN_NONE;`);
    expect(text).toContain(`    PyMutex_Lock(&hook_mutex);
    PyObject *own_hook = Py_XNewRef(hook);
    PyMutex_Unlock(&hook_mutex);
    PyObject *result = PyObject_CallOneArg(own_hook, arg);
    Py_XDECREF(own_hook);
    return result;`);
  });
});

describe("reentrantFixes", () => {
  it("gives the result memory of the function", async () => {
    const { text } = await fixed(
      `static PyObject *
hour(PyObject *self, PyObject *arg)
{
    time_t t = (time_t)PyLong_AsLong(arg);
    if (t > 0) {
        struct tm *fields = localtime(&t);
        return PyLong_FromLong(fields->tm_hour);
    }
    Py_RETURN_NONE;
}
`,
      ["hour"],
    );
    expect(text).toContain(`    struct tm tm_data;
    if (t > 0) {
        struct tm *fields = localtime_r(&t, &tm_data);`);
  });

  it("leaves a result alone that the function returns", async () => {
    const { applied } = await fixed(
      `static struct tm *split(time_t t) { return localtime(&t); }
static PyObject *
hour(PyObject *self, PyObject *arg)
{
    return PyLong_FromLong(split(PyLong_AsLong(arg))->tm_hour);
}
`,
      ["hour"],
    );
    expect(applied).toEqual([]);
  });
});

it("does not hold a mutex around a call that takes it", async () => {
  const { text, left } = await fixed(
    `static unsigned seed = 1;

static unsigned step(void)
{
    seed = seed * 5u + 3u;
    return seed >> 2;
}

static unsigned
twice(void)
{
    return step() + step();
}

static PyObject *
number(PyObject *self, PyObject *arg)
{
    return PyLong_FromUnsignedLong(twice() + (seed & 1));
}
`,
    ["number"],
  );
  expect(text).not.toContain("PyMutex");
  expect(left[0].reason).toContain("`twice`, which needs the same lock");
});
