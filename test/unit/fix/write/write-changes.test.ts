import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { WriteRefused, WriteStopped } from "../../../../src/fix/write/refused.ts";
import { undoLast } from "../../../../src/fix/write/undo.ts";
import { writeChanges } from "../../../../src/fix/write/write-changes.ts";
import { hasJournal, project, write } from "./project.ts";

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(WriteRefused);
  return (error as WriteRefused).files;
};

describe("writing changes", () => {
  it("replaces and makes files, and leaves nothing else but the journal", async () => {
    const p = project({ "a.c": "old a", "src/b.c": "old b", "c.c": "c" });
    const written = await write(p, [
      p.change("a.c", "old a", "new a"),
      p.change("src/b.c", "old b", "new b"),
      p.change("new/deep/d.h", undefined, "d"),
    ]);
    expect(written.files).toEqual(["a.c", "src/b.c", "new/deep/d.h"]);
    expect(p.all()).toEqual({ "a.c": "new a", "src/b.c": "new b", "c.c": "c", "new/deep/d.h": "d" });
    expect(p.read(".ungil/.gitignore")).toBe("*\n!baseline.json\n!triage.json\n!.gitattributes\n");
    expect(p.journal.runs()).toMatchObject([{ number: 1, complete: true, folders: ["new", "new/deep"] }]);
  });

  it("writes none if one changed since, is gone, or is there although it should be new", async () => {
    const p = project({ "a.c": "old a", "b.c": "edited meanwhile", "d.h": "somebody's" });
    const files = await refusal(
      write(p, [
        p.change("a.c", "old a", "new a"),
        p.change("b.c", "old b", "new b"),
        p.change("c.c", "old c", "new c"),
        p.change("d.h", undefined, "d"),
      ]),
    );
    expect(files).toEqual([
      { file: "b.c", reason: "it changed since it was scanned" },
      { file: "c.c", reason: "it is gone" },
      { file: "d.h", reason: "it exists already" },
    ]);
    expect(p.all()).toEqual({ "a.c": "old a", "b.c": "edited meanwhile", "d.h": "somebody's" });
    expect(hasJournal(p)).toBe(false);
  });

  it("leaves read-only files alone, also for root", async () => {
    const p = project({ "a.c": "old a", "b.c": "old b" });
    chmodSync(p.path("b.c"), 0o444);
    const files = await refusal(write(p, [p.change("a.c", "old a", "new a"), p.change("b.c", "old b", "new b")]));
    expect(files).toEqual([{ file: "b.c", reason: "it is read-only" }]);
    expect(p.read("a.c")).toBe("old a");
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "refuses folders that cannot be written to (root can: skipped)",
    async () => {
      const p = project({ "src/a.c": "old a" });
      chmodSync(p.path("src"), 0o555);
      const files = await refusal(
        write(p, [p.change("src/a.c", "old a", "new"), p.change("src/sub/b.h", undefined, "new")]),
      );
      chmodSync(p.path("src"), 0o755);
      expect(files.map((f) => f.reason)).toEqual([
        "its folder cannot be written to",
        "its folder cannot be written to",
      ]);
    },
  );

  it.skipIf(process.platform === "win32")("keeps the mode", async () => {
    const p = project({ "a.c": "old a", "b.c": "old b" });
    chmodSync(p.path("a.c"), 0o640);
    chmodSync(p.path("b.c"), 0o755);
    await write(p, [p.change("a.c", "old a", "new a"), p.change("b.c", "old b", "new b")]);
    expect(["a.c", "b.c"].map((f) => statSync(p.path(f)).mode & 0o777)).toEqual([0o640, 0o755]);
  });

  it.skipIf(process.platform === "win32")("writes the target of a link, once, and keeps the link", async () => {
    const p = project({ "real/a.c": "old a" });
    mkdirSync(p.path("src"));
    symlinkSync("../real/a.c", p.path("src/link.c"));
    symlinkSync("../real/a.c", p.path("src/other.c"));
    const { files } = await write(p, [
      p.change("src/link.c", "old a", "new a"),
      p.change("src/other.c", "old a", "new a"),
    ]);
    expect(files).toEqual(["src/link.c"]);
    expect(readlinkSync(p.path("src/link.c"))).toBe("../real/a.c");
    expect(lstatSync(p.path("real/a.c")).isFile()).toBe(true);
    expect(p.read("real/a.c")).toBe("new a");
  });

  it.skipIf(process.platform === "win32")("refuses two contents for one file", async () => {
    const p = project({ "a.c": "old a" });
    symlinkSync("a.c", p.path("link.c"));
    const files = await refusal(write(p, [p.change("a.c", "old a", "one"), p.change("link.c", "old a", "two")]));
    expect(files).toEqual([{ file: "link.c", reason: "the same file as a.c, with another content" }]);
  });

  it.skipIf(process.platform === "win32")("does not change what a hard link elsewhere shows", async () => {
    const p = project({ "a.c": "old a" });
    linkSync(p.path("a.c"), p.path("kept"));
    await write(p, [p.change("a.c", "old a", "new a")]);
    expect(p.all()).toEqual({ "a.c": "new a", kept: "old a" });
  });

  it("keeps backups, never over an older one, and not the same twice", async () => {
    const p = project({ "a.c": "one", "a.c.orig": "somebody's", "b.c": "b" });
    const first = await write(p, [p.change("a.c", "one", "two"), p.change("b.c", "b", "c")], true);
    expect(first.backups).toEqual([p.path("a.c.orig.1"), p.path("b.c.orig")]);
    expect(first.files).toEqual(["a.c", "b.c"]);
    expect(p.all()).toEqual({
      "a.c": "two",
      "a.c.orig": "somebody's",
      "a.c.orig.1": "one",
      "b.c": "c",
      "b.c.orig": "b",
    });
    writeFileSync(p.path("a.c"), "one");
    expect((await write(p, [p.change("a.c", "one", "two")], true)).backups).toEqual([]);
  });

  it("stopped before the first file changes, leaves all as it was", async () => {
    const p = project({ "a.c": "old a", "b.c": "old b" });
    const stop = new AbortController();
    stop.abort();
    const changes = [p.change("a.c", "old a", "new a"), p.change("new/b.h", undefined, "new b")];
    const work = writeChanges(p.journal, changes, { tool: "t", backup: true, signal: stop.signal });
    await expect(work).rejects.toMatchObject({ name: "WriteStopped", done: [], open: ["a.c.orig", "a.c", "new/b.h"] });
    expect(p.all()).toEqual({ "a.c": "old a", "b.c": "old b" });
    expect(hasJournal(p)).toBe(false);
  });

  it("stopped between two files, tells which are done, and the journal knows both", async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}.c`, `old ${i}`]));
    const p = project(files);
    const changes = Object.entries(files).map(([name, text]) => p.change(name, text, `new ${name}`));
    const stop = new AbortController();
    const work = writeChanges(p.journal, changes, { tool: "t", backup: false, signal: stop.signal });
    // Every file takes a turn of the loop for its temporary file, and one for its place.
    let turns = 0;
    const count = () => (++turns === 60 ? stop.abort() : setImmediate(count));
    setImmediate(count);
    const error = (await work.catch((e: unknown) => e)) as WriteStopped;
    expect(error).toBeInstanceOf(WriteStopped);
    expect(error.done.length).toBeGreaterThan(0);
    expect(error.open.length).toBeGreaterThan(0);
    for (const name of error.done) expect(p.read(name)).toBe(`new ${name}`);
    for (const name of error.open) expect(p.read(name)).toBe(files[name]);
    expect(Object.keys(p.all())).toHaveLength(40);
    expect(p.journal.runs()).toMatchObject([{ complete: false }]);
  });

  it("does not write over a file that somebody saves meanwhile", async () => {
    const p = project({ "a.c": "old a", "b.c": "old b" });
    let turns = 0;
    const save = () => (++turns === 3 ? writeFileSync(p.path("b.c"), "mine") : setImmediate(save));
    setImmediate(save);
    const changes = [p.change("a.c", "old a", "new a"), p.change("b.c", "old b", "new b")];
    await expect(write(p, changes)).rejects.toMatchObject({
      name: "WriteStopped",
      message: "b.c changed while the files were being written",
      done: ["a.c"],
      open: ["b.c"],
    });
    expect(p.all()).toEqual({ "a.c": "new a", "b.c": "mine" });
    // What the run did not come to is none of the undo's business.
    expect(await undoLast(p.journal, { force: false })).toMatchObject({ restored: ["a.c"], untouched: ["b.c"] });
    expect(p.all()).toEqual({ "a.c": "old a", "b.c": "mine" });
  });

  it("has the bytes of before on disk before anything changes", async () => {
    const p = project({ "a.c": "old a\r\n\xff" });
    const before = readFileSync(p.path("a.c"));
    await writeChanges(p.journal, [{ ...p.change("a.c", "", "new"), before }], { tool: "t", backup: false });
    const [run] = p.journal.runs();
    expect(p.journal.before(1, run.entries[0])).toEqual(before);
    writeFileSync(p.path(`.ungil/undo/000001/${run.entries[0].before!.copy}`), "damaged");
    expect(() => p.journal.before(1, run.entries[0])).toThrow("damaged");
  });

  it("forgets the oldest of very many runs", async () => {
    const p = project({ "a.c": "0" });
    for (let i = 0; i < 23; i++) await write(p, [p.change("a.c", `${i}`, `${i + 1}`)]);
    const numbers = p.journal.runs().map((r) => r.number);
    expect(numbers).toHaveLength(20);
    expect(numbers.at(-1)).toBe(23);
  });
});
