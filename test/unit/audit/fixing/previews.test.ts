import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { registry } from "../../../../rules/index.generated.ts";
import { fixProject } from "../../../../src/audit/fixing/fix-project.ts";
import { type FixPreview, fixPreviews } from "../../../../src/audit/fixing/previews.ts";
import { defaultOptions } from "../../../../src/audit/options.ts";
import { audit } from "../../../../src/audit/session.ts";
import type { ProgressEvent } from "../../../../src/audit/types.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Two borrowed items in one function: in one round only one of them can be fixed. */
const TWO = `#include <Python.h>
${"\n/* Far from the function. */\n".repeat(4)}
static PyObject *
pair(PyObject *self, PyObject *list)
{
    PyObject *one = PyList_GetItem(list, 0);
    if (one == NULL)
        return NULL;
    if (PyObject_Print(one, stdout, 0) < 0)
        return NULL;
    PyObject *two = PyList_GetItem(list, 1);
    if (two == NULL)
        return NULL;
    return PyObject_Repr(two);
}

static PyMethodDef methods[] = {
    {"pair", pair, METH_O, "Two items."},
    {NULL, NULL, 0, NULL}
};
`;

function project(text: string) {
  const cwd = mkdtempSync(join(tmpdir(), "ungil-previews-"));
  folders.push(cwd);
  mkdirSync(join(cwd, ".git"));
  writeFileSync(join(cwd, "a.c"), text);
  return { ...defaultOptions(), cwd, cache: false, jobs: 1, select: ["borrowed-list-item"], minPythonKnown: true };
}

const changes = ({ files }: FixPreview) =>
  files.flatMap((f) => f.hunks.filter((h) => !h.isCompat).flatMap((h) => h.lines.filter((l) => /^[+-]/.test(l))));

describe("previews", () => {
  it("are of each fix alone, also where the fixes exclude each other", async () => {
    const options = project(TWO);
    const { findings } = await audit(options, { registry });
    const events: ProgressEvent[] = [];
    const { byFingerprint, problem } = await fixPreviews(options, {}, findings, {
      registry,
      onProgress: (e) => events.push(e),
    });
    expect(problem).toBeUndefined();
    const [one, two] = findings.map((f) => byFingerprint.get(f.fingerprint)!);
    expect([one.level, two.level]).toEqual(["safe", "safe"]);
    expect(changes(one).join("\n")).toMatch(/PyList_GetItemRef\(list, 0\)/);
    expect(changes(one).join("\n")).not.toMatch(/list, 1/);
    expect(changes(two).join("\n")).toMatch(/PyList_GetItemRef\(list, 1\)/);
    expect(changes(two).join("\n")).not.toMatch(/list, 0/);
    // What older Pythons need comes with each, apart from the change.
    expect(one.files[0].hunks.map((h) => h.isCompat)).toContain(true);
    expect(readFileSync(join(options.cwd, "a.c"), "utf8")).toBe(TWO);
    expect(events.every((e) => e.phase === "fixes" && e.total === 2)).toBe(true);
    expect(events.at(-1)!.done).toBe(1);

    // The same as `fix` writes when it is asked for one of them.
    const { files } = await fixProject(
      options,
      { level: "safe", wanted: (f, applied) => applied.length === 0 && f.line === findings[1].line },
      { registry },
    );
    const added = changes(two).filter((l) => l.startsWith("+"));
    for (const line of added) expect(files[0].after.text).toContain(line.slice(1));
  });

  it("say why there is no rewrite", async () => {
    const options = project(TWO.replace("PyList_GetItem(list, 1)", "*PySequence_Fast_ITEMS(list)"));
    const { findings } = await audit({ ...options, select: [] }, { registry });
    const { byFingerprint } = await fixPreviews({ ...options, select: [] }, {}, findings, { registry });
    const manual = [...byFingerprint.values()].filter((p) => p.level === "manual");
    expect(manual.length).toBeGreaterThan(0);
    for (const { notes, files } of manual) {
      expect(notes[0]).not.toBe("");
      expect(files).toEqual([]);
    }
    expect(byFingerprint.size).toBe(findings.length);
  });

  it("say what is missing if a file changed since the audit", async () => {
    const options = project(TWO);
    const { findings } = await audit(options, { registry });
    writeFileSync(join(options.cwd, "a.c"), TWO.replace("(list, 1)", "(list, 7)"));
    const { byFingerprint, problem } = await fixPreviews(options, {}, findings, { registry });
    expect(problem).toBe("1 of 2 findings changed while the fixes were worked out");
    expect([...byFingerprint.keys()]).toEqual([findings[0].fingerprint]);
    rmSync(join(options.cwd, "a.c"));
    const gone = await fixPreviews({ ...options, paths: ["a.c"] }, {}, findings, { registry });
    expect(gone).toEqual({ byFingerprint: new Map(), problem: "no such file or folder: a.c" });
  });

  it("end when they are interrupted", async () => {
    const options = project(TWO);
    const { findings } = await audit(options, { registry });
    const signal = AbortSignal.abort();
    await expect(fixPreviews(options, {}, findings, { registry, signal })).rejects.toBe(signal.reason);
  });
});
