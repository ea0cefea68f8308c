import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ReviewState } from "../../../../../cli/tui/model/types.ts";
import { Controller } from "../../../../../cli/tui/session/controller.ts";
import type { Terminal } from "../../../../../cli/tui/session/terminal.ts";
import { TriageStore } from "../../../../../cli/tui/session/triage-store.ts";
import { registry } from "../../../../../rules/index.generated.ts";
import { defaultOptions } from "../../../../../src/audit/options.ts";
import { ReviewSession } from "../../../../../src/audit/review/review-session.ts";

const folders: string[] = [];
const controllers: Controller[] = [];
afterAll(() => {
  for (const controller of controllers) controller.stop();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Three findings of one rule: a safe fix, and two that one comment would hide together. */
const TEXT = `#include <Python.h>

static PyObject *
first(PyObject *self, PyObject *list)
{
    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    return PyObject_Repr(item);
}

static PyObject *
both(PyObject *self, PyObject *list)
{
    PyObject *item = PyList_GetItem(list, 0); PyObject *two = PyList_GetItem(list, 1); PyObject_Repr(two);
    return PyObject_Repr(item);
}

static PyMethodDef methods[] = {
    {"first", first, METH_O, "First item."},
    {"both", both, METH_O, "Two items."},
    {NULL, NULL, 0, NULL}
};
`;

async function reviewing(open?: () => Promise<ReviewSession>) {
  const folder = mkdtempSync(join(tmpdir(), "ungil-controller-"));
  folders.push(folder);
  mkdirSync(join(folder, ".git"));
  const path = join(folder, "m.c");
  writeFileSync(path, TEXT);
  const options = { ...defaultOptions(), cwd: folder, cache: false, jobs: 1, minPython: 13, minPythonKnown: true };
  const select = ["borrowed-list-item"];
  const terminal = { run: () => 3, suspend: () => {} } as unknown as Terminal;
  const controller = new Controller({
    open: open ?? (() => ReviewSession.open({ ...options, select }, {}, { registry })),
    triage: new TriageStore(folder),
    terminal,
    quit: () => {},
    initial: {},
    env: { EDITOR: "ed" },
  });
  controllers.push(controller);
  await controller.start();
  controller.stop();
  const { store } = controller;
  const state = (): ReviewState => store.state();
  const find = (name: string) => state().items.filter((i) => i.finding.function === name);
  const perform = async (key: string, answer?: string) => {
    store.dispatch({ type: "key", command: key });
    if (answer !== undefined) store.dispatch({ type: "text", text: answer });
    if (answer !== undefined) store.dispatch({ type: "key", command: "return" });
    await controller.idle();
  };
  const go = (name: string, i = 0) => store.dispatch({ type: "select", key: find(name)[i].finding.fingerprint });
  return { folder, path, state, find, perform, go, store, controller };
}

const states = (items: { state: string }[]) => items.map((i) => i.state);

describe("the controller of a review", () => {
  it("shows an error of the scan", async () => {
    const { state } = await reviewing(() => Promise.reject(new Error("the disk is gone")));
    expect(state()).toMatchObject({ phase: "failed", failure: "the disk is gone" });
  });

  it("fixes, and shows what is fixed until it is undone", async () => {
    const { go, perform, find, state, path } = await reviewing();
    go("first");
    await perform("a");
    expect(states(find("first"))).toEqual(["fixed"]);
    expect(state()).toMatchObject({ undo: 1, redo: 0, done: { fixed: 1 }, message: { text: "fixed 1" } });
    await perform("u");
    expect(states(find("first"))).toEqual(["open"]);
    expect(state()).toMatchObject({ undo: 0, redo: 1, done: { fixed: 0 } });
    expect(readFileSync(path, "utf8")).toBe(TEXT);
  });

  it("does not fix what changed outside, and reads it again", async () => {
    const { go, perform, find, state, path } = await reviewing();
    go("first");
    const changed = TEXT.replace("PyList_GetItem(list, 0);\n    if", "PyList_GetItem(list, 9);\n    if");
    writeFileSync(path, changed);
    await perform("a");
    expect(state().message).toEqual({
      text: "nothing was written: changed outside, scanned again: m.c",
      tone: "bad",
    });
    expect(readFileSync(path, "utf8")).toBe(changed);
    expect(states(find("first"))).toEqual(["open"]);
  });

  it("says why an undo is refused, and keeps it for later", async () => {
    const { go, perform, state, path } = await reviewing();
    go("first");
    await perform("a");
    const fixed = readFileSync(path, "utf8");
    writeFileSync(path, `${fixed}\n`);
    await perform("u");
    expect(state()).toMatchObject({ undo: 1, message: { tone: "bad" } });
    expect(state().message?.text).toMatch(/m\.c: it changed since the run; scanned again/);
    writeFileSync(path, fixed);
    await perform("u");
    expect(readFileSync(path, "utf8")).toBe(TEXT);
  });

  it("puts a suppression into the triage file where no comment works, and takes it back", async () => {
    const { go, perform, find, state, folder, path } = await reviewing();
    go("both");
    await perform("s");
    await perform("return", "known");
    expect(state().message?.text).toBe("1 in triage.json: no comment works there");
    expect(states(find("both"))).toEqual(["suppressed", "open"]);
    expect(readFileSync(path, "utf8")).toBe(TEXT);
    expect(readFileSync(join(folder, ".ungil/triage.json"), "utf8")).toContain('"reason":"known"');
    expect(state()).toMatchObject({ undo: 1, done: { triaged: 1 } });
    await perform("u");
    expect(states(find("both"))).toEqual(["open", "open"]);
    expect(readFileSync(join(folder, ".ungil/triage.json"), "utf8")).toBe("[\n{}\n]\n");
    await perform("U");
    expect(states(find("both"))).toEqual(["suppressed", "open"]);
  });

  it("shows what a comment suppressed until it is undone", async () => {
    const { go, perform, find, path } = await reviewing();
    go("first");
    await perform("s");
    await perform("return", "private list");
    expect(find("first")).toMatchObject([{ state: "suppressed", triage: { reason: "private list" } }]);
    await perform("u");
    expect(states(find("first"))).toEqual(["open"]);
    expect(readFileSync(path, "utf8")).toBe(TEXT);
  });

  it("does not lose a decision in silence", async () => {
    const { go, perform, state, folder } = await reviewing();
    writeFileSync(join(folder, ".ungil"), "not a folder");
    go("first");
    await perform("f", "held by the caller");
    expect(state()).toMatchObject({ unsaved: true, undo: 0, message: { tone: "bad" } });
    rmSync(join(folder, ".ungil"));
    await perform("f", "held by the caller");
    expect(state()).toMatchObject({ unsaved: false, undo: 1 });
    expect(existsSync(join(folder, ".ungil/triage.json"))).toBe(true);
  });

  it("says that the editor failed", async () => {
    const { go, perform, state } = await reviewing();
    go("first");
    await perform("e");
    expect(state().message).toEqual({ text: "ed ended with status 3", tone: "bad" });
  });
});
