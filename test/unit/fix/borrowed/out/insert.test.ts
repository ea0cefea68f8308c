import { describe, expect, it } from "vitest";
import globalContainer from "../../../../../rules/globals/global-container.ts";
import checkThenAct from "../../../../../rules/locking/check-then-act.ts";
import type { AnyRule } from "../../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../../fixes/fix-text.ts";
import { fixBody } from "./helpers.ts";

const RULES = [checkThenAct, globalContainer] as readonly AnyRule[];

const INSERTING = `    int known = PyDict_Contains(self->map, key);
    if (known < 0) {
        return NULL;
    }
    if (known == 0 && PyDict_SetItem(self->map, key, Py_None) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
`;

describe("lookup, then insertion", () => {
  it("inserts only what is still missing, for a person to look at", async () => {
    const { body, applied } = await fixBody(INSERTING, { rules: RULES, level: "review" });
    expect(body).toBe(
      INSERTING.replace("PyDict_SetItem", "PyDict_SetDefaultRef").replace("Py_None)", "Py_None, NULL)"),
    );
    expect(applied.map((a) => [a.level, a.review])).toEqual([
      ["review", ["if another thread was first, its value stays in the dict"]],
    ]);
  });

  it("is not written without being asked for", async () => {
    const { files, left } = await fixBody(INSERTING, { rules: RULES });
    expect(files).toEqual([]);
    expect(left.map((l) => l.level)).toEqual(["review"]);
  });

  it("says when another object is used", async () => {
    const { applied } = await fixBody(
      `    PyObject *v;
    if (PyDict_GetItemRef(self->map, key, &v) != 0) {
        return v;
    }
    v = PyObject_Repr(key);
    if (v == NULL) {
        return NULL;
    }
    if (PyDict_SetItem(self->map, key, v) < 0) {
        Py_DECREF(v);
        return NULL;
    }
    return v;
`,
      { rules: RULES, level: "review" },
    );
    expect(applied[0]?.review[0]).toContain("another object");
  });

  it("answers nothing but 0 and -1 to what looks at more than errors", async () => {
    const asked = async (statement: string) => {
      const { body } = await fixBody(
        INSERTING.replace("    if (known == 0 && PyDict_SetItem(self->map, key, Py_None) < 0) {", statement),
        { rules: RULES, level: "review" },
      );
      return body;
    };
    const call = "PyDict_SetItem(self->map, key, Py_None)";
    const now = "PyDict_SetDefaultRef(self->map, key, Py_None, NULL) < 0";
    expect(await asked(`    if (!known && ${call} != 0) {`)).toContain(`if (!known && (${now} ? -1 : 0) != 0) {`);
    expect(
      await asked(`    int rc = known ? 0 : -1;\n    if (!known)\n        rc = ${call};\n    if (rc) {`),
    ).toContain(`rc = ${now} ? -1 : 0;`);
    expect(await asked(`    if (known)\n        Py_RETURN_NONE;\n    if (${call}) {`)).toContain(`    if (${now}) {`);
  });

  it("leaves alone what changes a key that is there", async () => {
    const { files, left } = await fixBody(
      `    PyObject *v;
    if (PyDict_GetItemRef(self->map, key, &v) < 0) {
        return NULL;
    }
    if (v == NULL) {
        v = PyLong_FromLong(0);
    }
    PyObject *sum = PyNumber_Add(v, key);
    Py_XDECREF(v);
    if (sum == NULL || PyDict_SetItem(self->map, key, sum) < 0) {
        Py_XDECREF(sum);
        return NULL;
    }
    return sum;
`,
      { rules: RULES, level: "review" },
    );
    expect(files).toEqual([]);
    expect(left.map((l) => [l.level, l.reason])).toEqual([["manual", "it changes a key that is there, too"]]);
    expect(left[0].recipe.length).toBeGreaterThan(0);
  });

  it("works for a dict in a static variable", async () => {
    const code = `#include <Python.h>

static PyObject *cache;

static PyObject *
get(PyObject *self, PyObject *key)
{
    PyObject *v;
    if (PyDict_GetItemRef(cache, key, &v) != 0) {
        return v;
    }
    v = PyObject_Repr(key);
    if (v != NULL && PyDict_SetItem(cache, key, v) < 0) {
        Py_CLEAR(v);
    }
    return v;
}

static PyMethodDef methods[] = {
    {"get", get, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", NULL, -1, methods};

PyMODINIT_FUNC
PyInit_m(void)
{
    cache = PyDict_New();
    return PyModule_Create(&definition);
}
`;
    const { texts } = await fixTexts({ "m.c": code }, { rules: RULES, level: "review", minPython: 13 });
    expect(texts["m.c"]).toContain("PyDict_SetDefaultRef(cache, key, v, NULL) < 0");
  });
});
