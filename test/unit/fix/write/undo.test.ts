import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findJournal } from "../../../../src/fix/write/journal.ts";
import { undoLast } from "../../../../src/fix/write/undo.ts";
import { writeChanges } from "../../../../src/fix/write/write-changes.ts";
import { hasJournal, project, write } from "./project.ts";

const undo = (p: ReturnType<typeof project>, force = false) => undoLast(p.journal, { force });

describe("undo", () => {
  it("brings back bytes and mode, removes what the run made, and the journal with its last run", async () => {
    const p = project({ "a.c": "old a\r\n", "b.c": "old b" });
    chmodSync(p.path("b.c"), 0o755);
    const before = p.all();
    await write(
      p,
      [p.change("a.c", "old a\r\n", "new"), p.change("b.c", "old b", "new b"), p.change("x/y/n.h", undefined, "n")],
      true,
    );
    expect(Object.keys(p.all())).toContain("a.c.orig");
    const undone = await undo(p);
    expect(p.all()).toEqual(before);
    expect(statSync(p.path("b.c")).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o755);
    expect(undone).toMatchObject({ left: 0, restored: ["a.c", "b.c"] });
    expect(undone?.removed.sort()).toEqual(["a.c.orig", "b.c.orig", "x/y/n.h"]);
    expect(hasJournal(p)).toBe(false);
    expect(await undo(p)).toBeUndefined();
  });

  it("goes back run by run", async () => {
    const p = project({ "a.c": "1", "b.c": "1" });
    await write(p, [p.change("a.c", "1", "2")]);
    await write(p, [p.change("a.c", "2", "3"), p.change("b.c", "1", "2")]);
    expect((await undo(p))?.left).toBe(1);
    expect(p.all()).toEqual({ "a.c": "2", "b.c": "1" });
    expect((await undo(p))?.left).toBe(0);
    expect(p.all()).toEqual({ "a.c": "1", "b.c": "1" });
  });

  it("refuses files that changed since, unless forced", async () => {
    const p = project({ "a.c": "old a", "b.c": "old b", "c.c": "old c" });
    const changes = ["a", "b", "c"].map((n) => p.change(`${n}.c`, `old ${n}`, `new ${n}`));
    await write(p, [...changes, p.change("n.h", undefined, "n")]);
    writeFileSync(p.path("b.c"), "mine");
    writeFileSync(p.path("n.h"), "mine too");
    rmSync(p.path("c.c"));
    await expect(undo(p)).rejects.toMatchObject({
      name: "WriteRefused",
      files: [
        { file: "b.c", reason: "it changed since the run" },
        { file: "c.c", reason: "it is gone" },
        { file: "n.h", reason: "it changed since the run" },
      ],
    });
    expect(p.all()).toEqual({ "a.c": "new a", "b.c": "mine", "n.h": "mine too" });
    await undo(p, true);
    expect(p.all()).toEqual({ "a.c": "old a", "b.c": "old b", "c.c": "old c" });
  });

  it("keeps a folder that the run made and somebody uses", async () => {
    const p = project({});
    await write(p, [p.change("x/n.h", undefined, "n")]);
    writeFileSync(p.path("x/mine.h"), "mine");
    await undo(p);
    expect(p.all()).toEqual({ "x/mine.h": "mine" });
  });

  it("refuses a damaged journal and leaves the file", async () => {
    const p = project({ "a.c": "old a" });
    await write(p, [p.change("a.c", "old a", "new a")]);
    const [{ entries }] = p.journal.runs();
    writeFileSync(p.path(`.ungil/undo/000001/${entries[0].before!.copy}`), "damaged");
    await expect(undo(p, true)).rejects.toMatchObject({ files: [{ reason: expect.stringContaining("damaged") }] });
    expect(p.read("a.c")).toBe("new a");
  });

  it.skipIf(process.platform === "win32")("restores the target of a link", async () => {
    const p = project({ "real/a.c": "old a" });
    symlinkSync("real/a.c", p.path("link.c"));
    await write(p, [p.change("link.c", "old a", "new a")]);
    expect((await undo(p))?.restored).toEqual(["real/a.c"]);
    expect(p.read("link.c")).toBe("old a");
  });

  it("finishes what was begun: a run and an undo that stopped half-way", async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.c`, `old ${i}`]));
    const p = project({ ...files });
    const stopAfter = (turns: number) => {
      const stop = new AbortController();
      const count = () => (--turns === 0 ? stop.abort() : setImmediate(count));
      setImmediate(count);
      return stop.signal;
    };
    const changes = Object.entries(files).map(([name, text]) => p.change(name, text, `new ${name}`));
    const run = writeChanges(p.journal, changes, { tool: "t", backup: false, signal: stopAfter(50) });
    await expect(run).rejects.toMatchObject({ name: "WriteStopped" });
    const changed = () => Object.values(p.all()).filter((text) => text.startsWith("new")).length;
    const half = changed();
    expect(half).toBeGreaterThan(8);
    expect(half).toBeLessThan(30);
    const back = undoLast(p.journal, { force: false, signal: stopAfter(half + 5) });
    await expect(back).rejects.toMatchObject({ name: "WriteStopped" });
    expect(changed()).toBeLessThan(half);
    expect(changed()).toBeGreaterThan(0);
    await undo(p);
    expect(p.all()).toEqual(files);
    expect(hasJournal(p)).toBe(false);
  });

  it("knows of a run that was killed which files it had not written", async () => {
    const p = project({ "a.c": "old a", "b.c": "old b" });
    await write(p, [p.change("a.c", "old a", "new a"), p.change("b.c", "old b", "new b")]);
    const [{ entries }] = p.journal.runs();
    // As if it had ended between the two, and somebody had edited the second one then.
    rmSync(p.path(".ungil/undo/000001/complete"));
    writeFileSync(p.path(entries[1].temporary), "new b");
    writeFileSync(p.path("b.c"), "mine");
    await write(p, [p.change("a.c", "new a", "newer a")]);
    expect(p.all()).toEqual({ "a.c": "newer a", "b.c": "mine" });
    await undo(p);
    expect(await undo(p)).toMatchObject({ restored: ["a.c"], untouched: ["b.c"] });
    expect(p.all()).toEqual({ "a.c": "old a", "b.c": "mine" });
  });

  it("forgets a run that was killed before it wrote anything", async () => {
    const p = project({ "a.c": "old a" });
    await write(p, [p.change("a.c", "old a", "new a")]);
    const [{ entries }] = p.journal.runs();
    for (const mark of ["ready", "complete"]) rmSync(p.path(`.ungil/undo/000001/${mark}`));
    writeFileSync(p.path(entries[0].temporary), "half");
    expect(await undo(p)).toBeUndefined();
    expect(p.all()).toEqual({ "a.c": "new a" });
    expect(hasJournal(p)).toBe(false);
  });

  it("finds the journal from folders below", async () => {
    const p = project({ "a.c": "old a" });
    mkdirSync(p.path("deep/er"), { recursive: true });
    expect(findJournal(p.path("deep"))).toBeUndefined();
    await write(p, [p.change("a.c", "old a", "new a")]);
    expect(findJournal(p.path("deep/er"))?.folder).toBe(p.folder);
  });
});
