import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { registry } from "../../../../rules/index.generated.ts";
import { defaultOptions } from "../../../../src/audit/options.ts";
import { ReviewSession } from "../../../../src/audit/review/review-session.ts";
import type { FixSettings } from "../../../../src/fix/types.ts";
import { WriteRefused } from "../../../../src/fix/write/refused.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A borrowed item, with a safe fix, in a function of this name. */
const lending = (name: string, statement = "    PyObject *item = PyList_GetItem(list, 0);") => `
static PyObject *
${name}(PyObject *self, PyObject *list)
{
${statement}
    if (item == NULL)
        return NULL;
    return PyObject_Repr(item);
}

static PyMethodDef ${name}_methods[] = {
    {"${name}", ${name}, METH_O, "First item."},
    {NULL, NULL, 0, NULL}
};
`;
const ONE = `#include <Python.h>\n${lending("first")}`;

interface Setup {
  settings?: FixSettings;
  minPython?: number;
}

async function review(files: Record<string, string | Buffer>, { settings = {}, minPython = 13 }: Setup = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ungil-review-"));
  folders.push(folder);
  mkdirSync(join(folder, ".git"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const options = {
    ...defaultOptions(),
    cwd: folder,
    cache: false,
    jobs: 1,
    minPython,
    minPythonKnown: true,
    select: ["borrowed-list-item"],
  };
  const session = await ReviewSession.open(options, settings, { registry });
  const prints = () => session.findings().map((f) => f.fingerprint);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
  return { session, folder, prints, read, write };
}

describe("a review session", () => {
  it("shows what a fix would change, applies it, undoes it and does it again", async () => {
    const { session, prints, read } = await review({ "m.c": ONE });
    const [answer] = session.answers(prints()[0]);
    expect(answer).toMatchObject({ level: "safe", files: [{ file: "m.c", before: ONE }] });
    const { applied, left } = await session.apply(prints(), "safe");
    expect(applied).toHaveLength(1);
    expect(left).toEqual([]);
    expect(read("m.c")).toBe(answer.files[0].after);
    expect(session.findings()).toEqual([]);
    expect(session.fixed()).toHaveLength(1);
    expect(session.history).toEqual({ undo: 1, redo: 0 });

    expect(await session.undo()).toBe(true);
    expect(read("m.c")).toBe(ONE);
    expect(session.findings()).toHaveLength(1);
    expect(session.fixed()).toEqual([]);
    expect(await session.undo()).toBe(false);

    expect(await session.redo()).toBe(true);
    expect(read("m.c")).toBe(answer.files[0].after);
    expect(await session.redo()).toBe(false);
  });

  it("undoes more changes than the journal remembers", async () => {
    const count = 23;
    const text = `#include <Python.h>\n${Array.from({ length: count }, (_, i) => lending(`get${i}`)).join("")}`;
    const { session, prints, read } = await review({ "m.c": text });
    for (let i = 0; i < count; i++) await session.apply([prints()[0]], "safe");
    expect(session.findings()).toEqual([]);
    const fixed = read("m.c");
    for (let i = 0; i < count; i++) expect(await session.undo()).toBe(true);
    expect(read("m.c")).toBe(text);
    for (let i = 0; i < count; i++) expect(await session.redo()).toBe(true);
    expect(read("m.c")).toBe(fixed);
  });

  it("removes on undo what a fix has made, and makes it again", async () => {
    const { session, prints, read, folder } = await review(
      { "m.c": ONE },
      { settings: { compat: "inline", compatHeader: "compat.h" }, minPython: 9 },
    );
    await session.apply(prints(), "review");
    const made = read("compat.h");
    expect(made).toContain("PyList_GetItemRef");
    await session.undo();
    expect(existsSync(join(folder, "compat.h"))).toBe(false);
    expect(read("m.c")).toBe(ONE);
    await session.redo();
    expect(read("compat.h")).toBe(made);
    await session.undo();
    await session.apply(prints(), "review");
    expect(read("compat.h")).toBe(made);
  });

  it("writes nothing over what changed outside, and goes on once it is read", async () => {
    const { session, prints, read, write } = await review({ "m.c": ONE, "n.c": ONE.replaceAll("first", "second") });
    const mine = `/* mine */\n${ONE}`;
    write("m.c", mine);
    const { applied, left } = await session.apply([prints()[0]], "safe");
    expect(applied).toEqual([]);
    expect(left.map((l) => l.reason)).toEqual(["the file has changed since the scan"]);
    expect(read("m.c")).toBe(mine);
    expect(session.changedOutside()).toEqual(["m.c"]);
    await session.reload(["m.c"]);
    expect(session.changedOutside()).toEqual([]);
    expect(session.findings()[0].line).toBe(7);
    await session.apply(prints(), "safe");
    expect(read("m.c")).toMatch(/^\/\* mine \*\/\n[\s\S]*PyList_GetItemRef/);

    const other = `/* other */\n${ONE}`;
    write("m.c", other);
    await expect(session.undo()).rejects.toThrow(WriteRefused);
    expect(read("m.c")).toBe(other);
    expect(session.history.undo).toBe(1);
  });

  it("knows a file that only its time says is new from one that changed, and one that is gone", async () => {
    const { session, folder, write } = await review({ "m.c": ONE, "n.c": ONE.replaceAll("first", "second") });
    utimesSync(join(folder, "m.c"), new Date(), new Date());
    expect(session.changedOutside()).toEqual([]);
    rmSync(join(folder, "n.c"));
    expect(session.changedOutside()).toEqual(["n.c"]);
    await session.reload(["n.c"]);
    expect(session.findings().map((f) => f.file)).toEqual(["m.c"]);
    expect(session.changedOutside()).toEqual([]);
    write("n.c", ONE.replaceAll("first", "third"));
    expect(session.changedOutside()).toEqual(["n.c"]);
    await session.reload(["n.c"]);
    expect(session.findings().map((f) => f.function)).toEqual(["first", "third"]);
  });

  it("finds new files when all is scanned anew", async () => {
    const { session, write } = await review({ "m.c": ONE });
    write("new.c", ONE.replaceAll("first", "newest"));
    await session.rescan();
    expect(session.findings().map((f) => f.file)).toEqual(["m.c", "new.c"]);
  });
});

describe("suppressing by a comment", () => {
  const comment = "/* ungil: ignore[borrowed-list-item] private list */";

  it("writes it above the statement, in its indentation and with the file's line breaks", async () => {
    const { session, prints, read } = await review({ "m.c": ONE.replaceAll("\n", "\r\n") });
    const { suppressed, left } = await session.suppress(prints(), "private list");
    expect([suppressed.length, left.length]).toEqual([1, 0]);
    expect(read("m.c")).toContain(`{\r\n    ${comment}\r\n    PyObject *item`);
    expect(session.findings()).toEqual([]);
    expect(session.suppressed()).toMatchObject([{ reason: "private list", finding: { rule: "borrowed-list-item" } }]);
    await session.undo();
    expect(read("m.c")).toBe(ONE.replaceAll("\n", "\r\n"));
    expect(session.suppressed()).toEqual([]);
    expect(session.findings()).toHaveLength(1);
  });

  it("writes it above the statement, not between its lines", async () => {
    const statement =
      "    PyObject *item;\n    if (self != NULL &&\n        (item = PyList_GetItem(list, 0)) != NULL)\n        PyObject_Repr(item);";
    const { session, prints, read } = await review({ "m.c": `#include <Python.h>\n${lending("first", statement)}` });
    const { suppressed } = await session.suppress(prints(), "private list");
    expect(suppressed).toHaveLength(1);
    expect(read("m.c")).toContain(`    ${comment}\n    if (self != NULL &&\n`);
    expect(session.findings()).toEqual([]);
  });

  it("leaves alone what it cannot suppress without suppressing more", async () => {
    const statement =
      "    PyObject *item = PyList_GetItem(list, 0); PyObject *two = PyList_GetItem(list, 1); PyObject_Repr(two);";
    const text = `#include <Python.h>\n${lending("first", statement)}`;
    const { session, prints, read } = await review({ "m.c": text });
    expect(prints()).toHaveLength(2);
    const { suppressed, left } = await session.suppress([prints()[0]], "private list");
    expect([suppressed.length, left.length]).toEqual([0, 1]);
    expect(read("m.c")).toBe(text);
    expect(session.history.undo).toBe(0);
  });

  it("does not touch the lines of a macro", async () => {
    const macro = "#define FIRST(l) \\\n    do_nothing(l); \\\n    PyObject *item = PyList_GetItem(l, 0)\n";
    const text = `#include <Python.h>\n${macro}${lending("first", "    FIRST(list);")}`;
    const { session, prints, read } = await review({ "m.c": text });
    await session.suppress(prints(), "private list");
    expect(read("m.c")).toContain(macro);
  });

  it("keeps a reason from ending the comment, and does without one that the file cannot express", async () => {
    const { session, prints, read } = await review({ "m.c": ONE });
    await session.suppress(prints(), "safe */ exit(1); /* \\");
    expect(read("m.c")).toContain("    /* ungil: ignore[borrowed-list-item] safe * / exit(1); / */\n");
    expect(session.findings()).toEqual([]);

    const latin = Buffer.from(`/* caf\u00e9 */\n${ONE}`, "latin1");
    const other = await review({ "m.c": latin });
    const { left } = await other.session.suppress(other.prints(), "\u8b58\u5225\u6e08\u307f");
    expect(left).toHaveLength(1);
    expect(readFileSync(join(other.folder, "m.c"))).toEqual(latin);
  });
});
