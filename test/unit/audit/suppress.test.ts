import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { defaultOptions } from "../../../src/audit/options.ts";
import { audit } from "../../../src/audit/session.ts";

const HEAD = `#include <Python.h>
static PyObject *names;
PyObject *set_names(PyObject *self, PyObject *value) { Py_XSETREF(names, Py_NewRef(value)); return names; }
`;

/** Lines with findings of borrowed-list-item, number of suppressed ones, and problems. */
async function audited(code: string, select = ["borrowed-list-item"], name = "m.c") {
  const folder = mkdtempSync(join(tmpdir(), "ungil-suppress-"));
  try {
    writeFileSync(join(folder, name), HEAD + code);
    const options = { ...defaultOptions(), cwd: folder, paths: ["."], select, cache: false, jobs: 1 };
    const { findings, summary, problems } = await audit(options, { registry });
    const own = problems.filter((p) => p.kind === "suppression");
    return {
      lines: findings.map((f) => f.line - 3),
      suppressed: summary.suppressed,
      problems: own.map((p) => `${p.line! - 3}: ${p.message}`),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const USE = "    Py_XDECREF(PyObject_Str(PyList_GetItem(names, 0)));";

describe("comments that suppress findings", () => {
  it("are about their line when code stands before them", async () => {
    const code = `PyObject *f(void)\n{\n${USE} /* ungil: ignore[borrowed-list-item] the list never shrinks */\n}\n`;
    expect(await audited(code)).toEqual({ lines: [], suppressed: 1, problems: [] });
  });

  it("are about the next line of code when they stand alone", async () => {
    const code = `PyObject *f(void)\n{\n    // ungil: ignore[borrowed] the list never shrinks\n\n${USE}\n${USE}\n}\n`;
    expect(await audited(code)).toEqual({ lines: [6], suppressed: 1, problems: [] });
  });

  it("are about a function when it begins on the next line", async () => {
    const code = `/* ungil: ignore[borrowed-list-item] start-up only */\nstatic PyObject *\nf(void)\n{\n${USE}\n${USE}\n}\nPyObject *g(void)\n{\n${USE}\n}\n`;
    expect(await audited(code)).toEqual({ lines: [10], suppressed: 2, problems: [] });
  });

  it("are about the whole file if they say so", async () => {
    const code = `PyObject *f(void)\n{\n${USE}\n}\n/* ungil: ignore-file[borrowed-list-item] generated */\n`;
    expect(await audited(code)).toEqual({ lines: [], suppressed: 1, problems: [] });
  });

  it("need a reason, and names that there are", async () => {
    const code = `PyObject *f(void)\n{\n${USE} /* ungil: ignore[borrowed-list-item] */\n}\nint a; /* ungil: ignore it */\nint b; /* ungil: ignore[lists] why */\n`;
    expect(await audited(code)).toEqual({
      lines: [3],
      suppressed: 0,
      problems: [
        "3: ignore[borrowed-list-item] needs a reason after it: nothing is suppressed",
        "5: a comment that ignores findings must name rules: `ignore[rule-name] reason`",
        "6: ignore[lists]: there is no such rule",
      ],
    });
  });

  it("are told when they suppress nothing, unless their rule did not run", async () => {
    const code = "int a; /* ungil: ignore[borrowed-list-item] why */\nint b; /* ungil: ignore[borrowed-cell] why */\n";
    const { problems } = await audited(code);
    expect(problems).toEqual(["1: ignore[borrowed-list-item] suppresses nothing: take it out"]);
  });

  it("leave findings of other rules", async () => {
    const code = `PyObject *f(void)\n{\n${USE} /* ungil: ignore[borrowed-cell] why */\n}\n`;
    expect((await audited(code)).lines).toEqual([3]);
  });

  it.each<[string, string]>([
    [
      "a statement over several lines",
      `void f(void)\n{\n    /* ungil: ignore[borrowed] why */\n    Py_XDECREF(\n        PyObject_Str(\n${USE.trim().slice(11).replace("PyObject_Str(", "").replace("))", ")\n)\n")}\n}\n`,
    ],
    [
      "a statement whose end it stands at",
      "void f(void)\n{\n    Py_XDECREF(PyObject_Str(\n        PyList_GetItem(names, 0)\n    )); // ungil: ignore[borrowed] why\n}\n",
    ],
    [
      "a statement that it stands in",
      "void f(void)\n{\n    Py_XDECREF(PyObject_Str( /* ungil: ignore[borrowed] why */\n        PyList_GetItem(names, 0)));\n}\n",
    ],
    [
      "a condition, not its block",
      `void f(void)\n{\n    /* ungil: ignore[borrowed] why */\n    if (names &&\n        PyObject_IsTrue(PyList_GetItem(names, 0)))\n        return;\n}\n`,
    ],
    [
      "an else-if",
      `void f(void)\n{\n    if (names) {\n    // ungil: ignore[borrowed] why\n    } else if (PyObject_IsTrue(PyList_GetItem(names, 0))) {\n    }\n}\n`,
    ],
    [
      "code behind a conditional",
      `void f(void)\n{\n    /* ungil: ignore[borrowed] why */\n#ifdef OTHER\n    int x;\n#endif\n${USE}\n}\n`.replace(
        "    int x;\n",
        "",
      ),
    ],
    [
      "code that other builds have in another way",
      `void f(void)\n{\n    /* ungil: ignore[borrowed] why */\n#ifndef Py_GIL_DISABLED\n    old();\n#else\n${USE}\n#endif\n}\n`,
    ],
    [
      "a macro as a whole",
      "/* ungil: ignore[borrowed] why */\n#define FIRST(name) \\\n    PyObject *name(void) { \\\n        return PyObject_Str(PyList_GetItem(names, 0)); \\\n    }\nFIRST(one)\n",
    ],
    [
      "a line of a macro",
      "#define FIRST(name) \\\n    PyObject *name(void) { \\\n        return PyObject_Str(PyList_GetItem(names, 0)); /* ungil: ignore[borrowed] why */ \\\n    }\nFIRST(one)\n",
    ],
    [
      "the next line of a macro",
      "#define FIRST(name) \\\n    PyObject *name(void) { \\\n        /* ungil: ignore[borrowed] why */ \\\n        return PyObject_Str(PyList_GetItem(names, 0)); \\\n    }\nFIRST(one)\n",
    ],
    [
      "a function under its documentation",
      `/* ungil: ignore[borrowed] why */\n/* Documentation. */\n\nstatic PyObject *\nf(void)\n{\n${USE}\n}\n`,
    ],
    [
      "a function under an attribute",
      `/* ungil: ignore[borrowed] why */\n__attribute__((noinline))\nstatic void\nf(void)\n{\n    int a;\n${USE}\n}\n`,
    ],
    [
      "a function under a conditional",
      `/* ungil: ignore[borrowed] why */\n#ifdef HAVE_X\nstatic\n#endif\nvoid f(void)\n{\n    int a;\n${USE}\n}\n`,
    ],
    [
      "a function whose head has several lines",
      `/* ungil: ignore[borrowed] why */\nstatic void f(\n    int a,\n    int b)\n{\n    a = b;\n${USE}\n}\n`,
    ],
    ["several rules", `void f(void)\n{\n${USE} /* ungil: ignore[ borrowed-list-item , global-object ] why */\n}\n`],
    [
      "lines that begin with stars",
      `void f(void)\n{\n    /*\n     * ungil: ignore[borrowed-list-item,\n     *               global-object] why,\n     * and so on\n     */\n${USE}\n}\n`,
    ],
    [
      "two in one comment",
      `void f(void)\n{\n${USE} /* ungil: ignore[borrowed] why; ungil: ignore[global-object] why not */\n}\n`,
    ],
    ["a reason of odd characters", `void f(void)\n{\n${USE} // ungil: ignore[borrowed] "]" \\o/ 名前 ; {} ??/ %s\n}\n`],
  ])("are about %s", async (_, code) => {
    expect(await audited(code)).toEqual({ lines: [], suppressed: 1, problems: [] });
  });

  it.each<[string, string, number]>([
    [
      "the block of a condition",
      `void f(void)\n{\n    /* ungil: ignore[borrowed] why */\n    if (PyList_GetItem(names, 0) == Py_None) {\n${USE}\n    }\n}\n`,
      5,
    ],
    ["the statement after", `void f(void)\n{\n    int a; /* ungil: ignore[borrowed] why */\n${USE}\n}\n`, 4],
    ["the rest of the function", `void f(void) {\n    /* ungil: ignore[borrowed] why */\n    int a;\n${USE}\n}\n`, 4],
    [
      "what is compiled, from code that is not",
      `void f(void)\n{\n#ifndef Py_GIL_DISABLED\n    /* ungil: ignore[borrowed] why */\n    old();\n#else\n${USE}\n#endif\n}\n`,
      7,
    ],
    ["the next function", `int a; /* ungil: ignore[borrowed] why */\nvoid f(void)\n{\n${USE}\n}\n`, 4],
  ])("are not about %s", async (_, code, line) => {
    expect((await audited(code)).lines).toEqual([line]);
  });

  it("suggest what may be meant by an unknown name", async () => {
    const code = "int b; /* ungil: ignore[borrowed-list-itm] why */\n";
    expect((await audited(code)).problems).toEqual([
      "1: ignore[borrowed-list-itm]: there is no such rule; did you mean borrowed-list-item?",
    ]);
  });

  it("are of use for a family as long as not all of its rules ran, and in code of other builds", async () => {
    const family = "int a; /* ungil: ignore[borrowed] why */\n";
    expect((await audited(family)).problems).toEqual([]);
    expect((await audited(family, ["borrowed"])).problems).toEqual([
      "1: ignore[borrowed] suppresses nothing: take it out",
    ]);
    const dead = "#ifndef Py_GIL_DISABLED\nint a; /* ungil: ignore[borrowed] why */\n#endif\n";
    expect((await audited(dead, ["borrowed"])).problems).toEqual([]);
  });

  it("know C++: templates, lambdas, attributes", async () => {
    const code = `template <typename T>\nstruct S { static PyObject *all() { return nullptr; } };\n/* ungil: ignore[borrowed] why */\ntemplate <typename T>\n[[nodiscard]] PyObject *f(T)\n{\n    int a;\n${USE}\n    return nullptr;\n}\ntemplate PyObject *f<int>(int);\n`;
    const { lines, problems, suppressed } = await audited(code, ["borrowed-list-item"], "m.cpp");
    expect({ lines, problems, suppressed }).toEqual({ lines: [], problems: [], suppressed: 1 });
  });
});
