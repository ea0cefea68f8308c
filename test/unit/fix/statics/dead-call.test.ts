import { describe, expect, it } from "vitest";
import { fixTexts } from "../../../fixes/fix-text.ts";

async function fixed(statement: string, minPython: number) {
  const text = `#include <Python.h>

PyMODINIT_FUNC
PyInit_m(void)
{
    ${statement}
    return PyModule_Create(&def);
}
`;
  const { texts, applied, left } = await fixTexts({ "m.c": text }, { minPython, select: ["gil-as-lock"] });
  return { text: texts["m.c"], applied, left };
}

describe("removeCall", () => {
  it("deletes a call that does nothing, with its line", async () => {
    const { text, left } = await fixed("PyEval_InitThreads();", 9);
    expect(left).toEqual([]);
    expect(text).toContain("{\n    return PyModule_Create(&def);");
  });

  it("deletes the comment and the conditional that go with it", async () => {
    const { text } = await fixed("PyEval_InitThreads();  /* for our threads */", 9);
    expect(text).toContain("{\n    return");
    const { text: other } = await fixed("\n#ifdef Py_PYTHON_H\n    PyEval_InitThreads();\n#endif", 9);
    expect(other).not.toContain("#ifdef");
  });

  it("keeps it at level safe where a supported Python needs it", async () => {
    const { applied, left } = await fixed("PyEval_InitThreads();", 6);
    expect(applied).toEqual([]);
    expect(left).toMatchObject([{ level: "review", reason: "Pythons before 3.7 need the call" }]);
  });

  it("keeps a call that is all that a condition leads to", async () => {
    const { applied, left } = await fixed("if (threads)\n        PyEval_InitThreads();", 9);
    expect(applied).toEqual([]);
    expect(left).toMatchObject([{ level: "manual" }]);
  });
});
