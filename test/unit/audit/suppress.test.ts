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
async function audited(code: string, select = ["borrowed-list-item"]) {
  const folder = mkdtempSync(join(tmpdir(), "ungil-suppress-"));
  try {
    writeFileSync(join(folder, "m.c"), HEAD + code);
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
});
