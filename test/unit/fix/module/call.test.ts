import { describe, expect, it } from "vitest";
import missing from "../../../../rules/module/gil-call-missing.ts";
import { fixText, fixTexts } from "../../../fixes/fix-text.ts";

const CALL = "#ifdef Py_GIL_DISABLED\n    PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED);\n#endif\n";
const TESTED =
  "#ifdef Py_GIL_DISABLED\n    if (m != NULL) {\n        PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED);\n    }\n#endif\n";

function init(body: string, head = "") {
  return `#include <Python.h>

${head}static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "m", NULL, -1, NULL};

PyMODINIT_FUNC
PyInit_m(void)
{
${body}}
`;
}

async function check(before: string, after: string, head = "") {
  expect(await fixText(init(before, head), { rules: [missing] })).toBe(init(after, head));
}

describe("addGilCall", () => {
  it("goes after the test of a declared variable", async () => {
    const start = "    PyObject *m = PyModule_Create(&def);\n    if (m == NULL) {\n        return NULL;\n    }\n";
    await check(`${start}    return m;\n`, `${start}${CALL}    return m;\n`);
  });

  it("goes after a test with a jump, of an assigned variable", async () => {
    const start =
      "    PyObject *m, *d;\n    m = PyModule_Create(&def);\n    if (!m)\n        goto fail; /* no memory */\n";
    const end = "    return m;\nfail:\n    return NULL;\n";
    await check(start + end, start + CALL + end);
  });

  it("goes after a condition that makes the module", async () => {
    const start = "    PyObject *m;\n    if ((m = PyModule_Create(&def)) == NULL)\n        return NULL;\n";
    await check(`${start}    return m;\n`, `${start}${CALL}    return m;\n`);
  });

  it("knows a macro that returns", async () => {
    const start = "    PyObject *m = PyModule_Create(&def);\n    if (m == NULL)\n        INITERROR;\n";
    await check(`${start}    return m;\n`, `${start}${CALL}    return m;\n`, "#define INITERROR return NULL\n\n");
  });

  it("tests by itself where nothing does, or where the test goes on", async () => {
    const start = "    PyObject *m = PyModule_Create(&def);\n";
    await check(`${start}    return m;\n`, `${start}${TESTED}    return m;\n`);
    const positive = '    if (m) {\n        PyModule_AddIntConstant(m, "x", 1);\n    }\n    return m;\n';
    await check(start + positive, start + TESTED + positive);
    const other = "    if (m == NULL) {\n        PyErr_Print();\n    }\n    return m;\n";
    await check(start + other, start + TESTED + other);
  });

  it("keeps declarations together", async () => {
    const start = "    PyObject *m = PyModule_Create(&def);\n    int n;\n    n = 1;\n";
    await check(
      `${start}    return n ? m : NULL;\n`,
      `${start.replace("    n = 1;\n", "")}${TESTED}    n = 1;\n    return n ? m : NULL;\n`,
    );
  });

  it("knows `auto`", async () => {
    const start = "    auto m = PyModule_Create(&def);\n    if (m == nullptr) {\n        return nullptr;\n    }\n";
    const text = init(`${start}    return m;\n`);
    const fixed = await fixText(text, { rules: [missing], name: "m.cpp" });
    expect(fixed).toBe(init(`${start}${CALL}    return m;\n`));
  });

  it("makes a variable of what is returned, by a name that is free", async () => {
    await check(
      "    return PyModule_Create(&def);\n",
      `    PyObject *module = PyModule_Create(&def);\n${TESTED.replaceAll(/\bm\b/g, "module")}    return module;\n`,
    );
    await check(
      "    int module = 0;\n    (void)module;\n    return PyModule_Create(&def);\n",
      `    int module = 0;\n    (void)module;\n    PyObject *m = PyModule_Create(&def);\n${TESTED}    return m;\n`,
    );
  });

  it("stands after the alternatives for other Pythons", async () => {
    const start = `    PyObject *m;
#if PY_MAJOR_VERSION >= 3
    m = PyModule_Create(&def);
#else
    m = Py_InitModule("m", NULL);
#endif
    if (m == NULL)
        return NULL;
`;
    await check(`${start}    return m;\n`, `${start}${CALL}    return m;\n`);
  });

  it("withholds what it cannot place", async () => {
    for (const body of [
      "    return wrap(PyModule_Create(&def));\n",
      "    PyObject *m;\n    if (1)\n        m = PyModule_Create(&def);\n    return m;\n",
      "    if (1)\n        return PyModule_Create(&def);\n    return NULL;\n",
    ]) {
      const { files, left } = await fixTexts({ "m.c": init(body) }, { rules: [missing] });
      expect(files).toEqual([]);
      expect(left[0].level).toBe("manual");
      expect(left[0].recipe).not.toEqual([]);
    }
  });
});
