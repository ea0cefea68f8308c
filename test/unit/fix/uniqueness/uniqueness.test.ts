import { describe, expect, it } from "vitest";
import internals from "../../../../rules/locking/object-internals.ts";
import uniqueness from "../../../../rules/locking/refcount-uniqueness.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

const HEAD = "#include <Python.h>\n\n";
const UNIQUE = "PyUnstable_Object_IsUniquelyReferenced";

/** A method that changes the argument in place if `test` holds. */
function changing(test: string, object = "arg", before = "") {
  return `${HEAD}PyObject *
change(PyObject *self, PyObject *arg)
{
${before}    if (${test}) {
        PyList_Reverse((PyObject *)${object});
    }
    return Py_NewRef((PyObject *)${object});
}
`;
}

async function reviewed(test: string, expected: string, object = "arg", before = "") {
  const options = { rules: [uniqueness], minPython: 14, target: 14, level: "review" } as const;
  const { texts } = await fixTexts({ "m.c": changing(test, object, before) }, options);
  expect(texts["m.c"]).toBe(changing(expected, object, before));
}

describe("askForUniqueness", () => {
  it("understands the comparisons that ask for one owner", async () => {
    for (const test of ["Py_REFCNT(arg) == 1", "1 == Py_REFCNT(arg)", "Py_REFCNT(arg) < 2", "Py_REFCNT(arg) <= 1"]) {
      await reviewed(test, `${UNIQUE}(arg)`);
    }
    for (const test of ["Py_REFCNT(arg) > 1", "Py_REFCNT(arg) != 1", "1 < Py_REFCNT(arg)"]) {
      await reviewed(test, `!${UNIQUE}(arg)`);
    }
    await reviewed("arg != self && arg->ob_refcnt == 1", `arg != self && ${UNIQUE}(arg)`);
  });

  it("casts what is no `PyObject *`", async () => {
    const before = "    PyListObject *list = (PyListObject *)arg;\n";
    await reviewed("Py_REFCNT(list) == 1", `${UNIQUE}((PyObject *)list)`, "list", before);
    await reviewed("Py_REFCNT((PyObject *)list) == 1", `${UNIQUE}((PyObject *)list)`, "list", before);
  });

  it("brings the definition for older Pythons", async () => {
    const text = changing("Py_REFCNT(arg) == 1");
    const { texts } = await fixTexts({ "m.c": text }, { rules: [uniqueness], minPython: 9, level: "review" });
    expect(texts["m.c"]).toContain(
      "#if PY_VERSION_HEX < 0x030E0000 && !defined(PyUnstable_Object_IsUniquelyReferenced)\n",
    );
  });

  it("does not do it unread for an argument", async () => {
    const { files, left } = await fixTexts({ "m.c": changing("Py_REFCNT(arg) == 1") }, { rules: [uniqueness] });
    expect(files).toEqual([]);
    expect(left[0]).toMatchObject({ level: "review", reason: expect.stringContaining("IsUniqueReferencedTemporary") });
  });

  it("does it unread for an object that the function made", async () => {
    const made = (test: string) => `${HEAD}extern PyObject *published;

PyObject *
make(PyObject *self, PyObject *arg)
{
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    PyList_Append(arg, list);
    if (${test}) {
        PyList_Append(list, arg);
    }
    return list;
}
`;
    const { texts, applied } = await fixTexts(
      { "m.c": made("Py_REFCNT(list) == 1") },
      { rules: [uniqueness], minPython: 14, target: 14 },
    );
    expect(applied.map((a) => a.level)).toEqual(["safe"]);
    expect(texts["m.c"]).toBe(made(`${UNIQUE}(list)`));
  });

  it("withholds other numbers and macros", async () => {
    const macro = changing("LONELY(arg)").replace(HEAD, `${HEAD}#define LONELY(o) (Py_REFCNT(o) == 1)\n`);
    for (const text of [changing("Py_REFCNT(arg) == 2"), macro]) {
      const { files, left } = await fixTexts({ "m.c": text }, { rules: [uniqueness], level: "review" });
      expect(files).toEqual([]);
      expect(left[0]).toMatchObject({
        level: "manual",
        recipe: expect.arrayContaining([expect.stringContaining("copy")]),
      });
    }
  });
});

describe("useAccessor", () => {
  const reading = (expression: string, statement = "") => `${HEAD}PyObject *
count(PyObject *self, PyObject *arg)
{
    PyDictObject *dict = (PyDictObject *)arg;
${statement}    return Py_BuildValue("nO", ${expression}, dict);
}
`;

  async function check(before: string, after: string) {
    const { texts, applied } = await fixTexts({ "m.c": before }, { rules: [internals], minPython: 9 });
    expect(texts["m.c"]).toBe(after);
    expect(applied.every((a) => a.level === "safe")).toBe(true);
  }

  it("reads and writes counts by their accessors", async () => {
    await check(reading("arg->ob_refcnt"), reading("Py_REFCNT(arg)"));
    await check(reading("((PyObject *)dict)->ob_refcnt"), reading("Py_REFCNT((PyObject *)dict)"));
    await check(reading("0", "    arg->ob_refcnt++;\n"), reading("0", "    Py_INCREF(arg);\n"));
  });

  it("asks for sizes", async () => {
    await check(reading("dict->ma_used"), reading("PyDict_Size((PyObject *)dict)"));
  });

  it("says what to do where there is no accessor", async () => {
    const text = reading("Py_TYPE(arg)->tp_dict");
    const { files, left } = await fixTexts({ "m.c": text }, { rules: [internals] });
    expect(files).toEqual([]);
    expect(left[0].recipe.join()).toContain("PyType_GetDict");
  });
});
