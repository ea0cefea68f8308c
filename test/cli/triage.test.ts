import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ungil } from "./ungil.ts";

const TEXT = `#include <Python.h>
static PyObject *names;
PyObject *set_names(PyObject *self, PyObject *value) { Py_XSETREF(names, Py_NewRef(value)); return names; }
PyObject *first(void) { return PyObject_Str(PyList_GetItem(names, 0)); }
`;

describe("findings that the triage file dismisses", () => {
  let folder: string;
  const write = (text: string) => writeFileSync(join(folder, ".ungil", "triage.json"), text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ungil-triage-"));
    mkdirSync(join(folder, ".ungil"));
    writeFileSync(join(folder, "m.c"), TEXT);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are neither reported nor fixed, and are counted", () => {
    const args = ["--select", "borrowed-list-item", "--no-cache"];
    const before = ungil(["scan", ".", "--format", "json", ...args], folder);
    expect(before.code).toBe(1);
    const [{ fingerprint }] = JSON.parse(before.stdout).findings;
    write(`[\n{"fingerprint":"${fingerprint}","state":"suppressed","reason":"known"},\n{}\n]\n`);
    const after = ungil(["scan", ".", "--format", "json", ...args], folder);
    expect(after.code).toBe(0);
    const { findings, summary } = JSON.parse(after.stdout);
    expect(findings).toEqual([]);
    expect(summary).toMatchObject({ suppressed: 1, rules: {}, risks: { high: 0, medium: 0, low: 0, info: 0 } });
    const text = ungil(["scan", ".", ...args], folder);
    expect(text.stdout).toContain("1 suppressed by comments or in .ungil/triage.json.");
    const fix = ungil(["fix", ".", "--dry-run", "--level", "review", ...args], folder);
    expect(fix.code).toBe(0);
  });

  it("come from a file that can be read, or from none at all", () => {
    write("[\n<<<<<<< mine\n");
    const { code, stderr } = ungil(["scan", "."], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("line 2: a merge conflict is not resolved");
  });
});
