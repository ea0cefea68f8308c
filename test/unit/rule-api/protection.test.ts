import { describe, expect, it } from "vitest";
import { protectedBy } from "../../../src/rule-api/protection.ts";
import { callIn, HEAD, methods, projectOf } from "./project-of.ts";

/** The lock that protects the list read by the first `PyList_GET_ITEM` of `name`. */
async function lockOf(source: string, name = "get", loop = false): Promise<string | undefined> {
  const project = await projectOf(HEAD + source);
  const { id, call, point } = callIn(project, name, "PyList_GET_ITEM");
  return protectedBy(project, id, [{ value: call.args[0], point }], [point], loop ? point : undefined);
}

const body = (text: string) => `
static PyMutex lock;
static PyObject *get(Box *self, PyObject *arg)
{
    PyObject *item = NULL;
    ${text}
    return item;
}
${methods("get")}`;

describe("protection of a container", () => {
  it("is a section on it, or on the object that holds it", async () => {
    const read = "item = PyList_GET_ITEM(self->rows, 0);";
    const section = (on: string) => `Py_BEGIN_CRITICAL_SECTION(${on}); ${read} Py_END_CRITICAL_SECTION();`;
    expect(await lockOf(body(section("self->rows")))).toBe("`Py_BEGIN_CRITICAL_SECTION`");
    expect(await lockOf(body(section("self")))).toBe("`Py_BEGIN_CRITICAL_SECTION`");
    expect(await lockOf(body(section("arg")))).toBeUndefined();
    expect(await lockOf(body(section("self->table")))).toBeUndefined();
    expect(await lockOf(body(read))).toBeUndefined();
  });

  it("is any other lock", async () => {
    const locked = "PyMutex_Lock(&lock); item = PyList_GET_ITEM(self->rows, 0); PyMutex_Unlock(&lock);";
    const late = "PyMutex_Lock(&lock); PyMutex_Unlock(&lock); item = PyList_GET_ITEM(self->rows, 0);";
    expect(await lockOf(body(locked))).toBe("`PyMutex_Lock`");
    expect(await lockOf(body(late))).toBeUndefined();
  });

  it("may be taken and released on one condition", async () => {
    const guarded = `
    int needed = PyList_CheckExact(self->rows);
    if (needed) { PyMutex_Lock(&lock); }
    item = PyList_GET_ITEM(self->rows, 0);
    if (needed) { PyMutex_Unlock(&lock); }`;
    const other = guarded.replace("if (needed) { PyMutex_Unlock", "if (arg) { PyMutex_Unlock");
    expect(await lockOf(body(guarded))).toBe("`PyMutex_Lock`");
    expect(await lockOf(body(other))).toBeUndefined();
  });

  it("must last from one round of a loop to the next", async () => {
    const loop = (inside: boolean) => {
      const begin = "Py_BEGIN_CRITICAL_SECTION(self);";
      const end = "Py_END_CRITICAL_SECTION();";
      const read = "item = PyList_GET_ITEM(self->rows, i);";
      const round = `for (int i = 0; i < 9; i++) { ${inside ? begin + read + end : read} }`;
      return body(inside ? round : begin + round + end);
    };
    expect(await lockOf(loop(false), "get", true)).toBe("`Py_BEGIN_CRITICAL_SECTION`");
    expect(await lockOf(loop(true), "get", true)).toBeUndefined();
    expect(await lockOf(loop(true), "get", false)).toBe("`Py_BEGIN_CRITICAL_SECTION`");
  });

  it("may be every caller's", async () => {
    const helper = "static PyObject *first_lock_held(Box *box) { return PyList_GET_ITEM(box->rows, 0); }\n";
    const locked = `
static PyObject *get(Box *self, PyObject *arg)
{
    PyObject *item;
    Py_BEGIN_CRITICAL_SECTION(self);
    item = first_lock_held(self);
    Py_END_CRITICAL_SECTION();
    return item;
}
`;
    const unlocked = "static PyObject *peek(Box *self, PyObject *arg) { return first_lock_held(self); }\n";
    expect(await lockOf(helper + locked + methods("get"), "first_lock_held")).toBe("a lock that every caller holds");
    expect(await lockOf(helper + locked + unlocked + methods("get", "peek"), "first_lock_held")).toBeUndefined();
  });
});
