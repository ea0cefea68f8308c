import { describe, expect, it } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { fixTexts } from "../../fixes/fix-text.ts";

describe("recipes", () => {
  it("leave no rule without an answer", () => {
    expect(registry.filter((r) => r.fix === undefined).map((r) => r.name)).toEqual([]);
  });

  it("name what was found", async () => {
    const text = `#include <Python.h>
static PyTypeObject Point_Type = {PyVarObject_HEAD_INIT(NULL, 0) "m.Point", 16};
static PyObject *
f(PyObject *self, PyObject *unused)
{
    Py_BEGIN_ALLOW_THREADS
    PyErr_SetString(PyExc_OSError, "no");
    Py_END_ALLOW_THREADS
    return NULL;
}
static PyMethodDef methods[] = {{"f", f, METH_NOARGS, NULL}, {NULL}};
`;
    const { left } = await fixTexts(
      { "m.c": text },
      { level: "review", select: ["static-type", "api-while-detached"] },
    );
    expect(left.map(({ finding, recipe }) => [finding.rule, recipe.length])).toEqual([
      ["static-type", 4],
      ["api-while-detached", 4],
    ]);
    expect(left[0].recipe[0]).toContain("`Point_Type`");
    expect(left[1].recipe[0]).toContain("`PyErr_SetString`");
  });
});
