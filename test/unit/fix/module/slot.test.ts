import { describe, expect, it } from "vitest";
import missing from "../../../../rules/module/gil-slot-missing.ts";
import unguarded from "../../../../rules/module/gil-slot-unguarded.ts";
import { type FixTextOptions, fixText, fixTexts } from "../../../fixes/fix-text.ts";

const rules = [missing, unguarded];

function moduleWith(slots: string, def = '{PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = m_slots}') {
  return `#include <Python.h>

${slots}
static struct PyModuleDef m_def = ${def};

PyMODINIT_FUNC
PyInit_m(void)
{
    return PyModuleDef_Init(&m_def);
}
`;
}

/** The slots after the fix, of a module with these. */
async function fixedSlots(slots: string, options: FixTextOptions = {}) {
  const text = moduleWith(slots);
  const head = text.indexOf(slots);
  const fixed = await fixText(text, { rules, minPython: 9, ...options });
  return fixed.slice(head, fixed.length - (text.length - head - slots.length));
}

const ROWS = `static PyModuleDef_Slot m_slots[] = {
    {Py_mod_exec, m_exec},
    {0, NULL}
};
`;

describe("addGilSlot", () => {
  it("adds a guarded row before the last", async () => {
    expect(await fixedSlots(ROWS)).toBe(`static PyModuleDef_Slot m_slots[] = {
    {Py_mod_exec, m_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}
};
`);
  });

  it("needs no guard from 3.13 on", async () => {
    expect(await fixedSlots(ROWS, { minPython: 13 })).toBe(
      ROWS.replace("    {0, NULL}", "    {Py_mod_gil, Py_MOD_GIL_NOT_USED},\n    {0, NULL}"),
    );
  });

  it("writes designated rows where the others are", async () => {
    const slots = `static PyModuleDef_Slot m_slots[] = {
\t{ .slot = Py_mod_exec, .value = (void *)m_exec },
\t{ 0 },
};
`;
    expect(await fixedSlots(slots)).toContain(
      "#ifdef Py_GIL_DISABLED\n\t{ .slot = Py_mod_gil, .value = Py_MOD_GIL_NOT_USED },\n#endif\n\t{ 0 },\n",
    );
  });

  it("keeps a column of values", async () => {
    const slots = ROWS.replace("{Py_mod_exec, m_exec}", "{Py_mod_exec,    m_exec}");
    expect(await fixedSlots(slots)).toContain("    {Py_mod_gil,     Py_MOD_GIL_NOT_USED},\n");
  });

  it("breaks an array on one line, but only for the guard", async () => {
    const slots = "static PyModuleDef_Slot m_slots[] = {{Py_mod_exec, m_exec}, {0, NULL}};\n";
    expect(await fixedSlots(slots)).toBe(`static PyModuleDef_Slot m_slots[] = {
    {Py_mod_exec, m_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}
};
`);
    expect(await fixedSlots(slots, { minPython: 13 })).toBe(
      slots.replace("{0, NULL}", "{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}"),
    );
  });

  it("guards as the other rows are guarded", async () => {
    const other = `#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
`;
    const slots = ROWS.replace("    {0, NULL}", `${other}    {0, NULL}`);
    const row = "#if PY_VERSION_HEX >= 0x030D0000\n    {Py_mod_gil, Py_MOD_GIL_NOT_USED},\n#endif\n";
    expect(await fixedSlots(slots)).toBe(slots.replace("    {0, NULL}", `${row}    {0, NULL}`));
  });

  it("leaves what it does not understand", async () => {
    const macro =
      "#define LAST {0, NULL}\nstatic PyModuleDef_Slot m_slots[] = {\n    {Py_mod_exec, m_exec},\n    LAST\n};\n";
    const { files, left } = await fixTexts({ "m.c": moduleWith(macro) }, { rules, minPython: 9 });
    expect(files).toEqual([]);
    expect(left[0]).toMatchObject({ level: "manual", reason: "the rows of the slots array are not understood" });
    expect(left[0].recipe).not.toEqual([]);
  });

  it("makes the array where there is none", async () => {
    const array = `static PyModuleDef_Slot m_slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}
};

static struct PyModuleDef`;
    const designated = '{\n    PyModuleDef_HEAD_INIT,\n    .m_name = "m",\n    .m_size = 0,\n}';
    expect(await fixText(moduleWith("", designated), { rules, minPython: 9 })).toBe(
      moduleWith("", designated.replace(".m_size = 0", ".m_size = 0,\n    .m_slots = m_slots")).replace(
        "static struct PyModuleDef",
        array,
      ),
    );
    const positional = '{PyModuleDef_HEAD_INIT, "m", NULL, 0, NULL, NULL, NULL}';
    expect(await fixText(moduleWith("", positional), { rules, minPython: 9 })).toBe(
      moduleWith("", '{PyModuleDef_HEAD_INIT, "m", NULL, 0, NULL, m_slots, NULL}').replace(
        "static struct PyModuleDef",
        array,
      ),
    );
  });
});

describe("guardDeclaration", () => {
  const row = "    {Py_mod_gil, Py_MOD_GIL_NOT_USED},\n";

  it("guards a slot on a line of its own", async () => {
    const slots = ROWS.replace("    {0, NULL}", `${row}    {0, NULL}`);
    expect(await fixedSlots(slots)).toBe(slots.replace(row, `#ifdef Py_GIL_DISABLED\n${row}#endif\n`));
  });

  it("replaces a condition that is always true from 3.15 on", async () => {
    const slots = ROWS.replace("    {0, NULL}", `#ifdef Py_mod_gil\n${row}#endif\n    {0, NULL}`);
    expect(await fixedSlots(slots, { target: 15 })).toBe(slots.replace("ifdef Py_mod_gil", "ifdef Py_GIL_DISABLED"));
  });

  it("guards a call with what it does when it fails", async () => {
    const text = `#include <Python.h>

PyObject *
make(PyObject *m)
{
    if (PyUnstable_Module_SetGIL(m, Py_MOD_GIL_NOT_USED) < 0) {
        return NULL;
    }
    return m;
}
`;
    expect(await fixText(text, { rules, minPython: 13 })).toBe(
      text.replace("    if", "#ifdef Py_GIL_DISABLED\n    if").replace("    return m;", "#endif\n    return m;"),
    );
  });

  it("leaves a row that shares its line", async () => {
    const slots = "static PyModuleDef_Slot m_slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};\n";
    const { files, left } = await fixTexts({ "m.c": moduleWith(slots) }, { rules, minPython: 9 });
    expect(files).toEqual([]);
    expect(left[0].reason).toContain("lines of its own");
  });
});
