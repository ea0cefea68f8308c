import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesIn, manyModules, NEWEST } from "./fixable.ts";
import { tree, ungil, ungilAsync } from "./ungil.ts";

const FILES = 60;
const fixed = (() => {
  let texts: Map<string, Buffer> | undefined;
  return () => {
    if (texts === undefined) {
      const folder = tree(manyModules(FILES));
      expect(ungil(["fix", ...NEWEST], folder).code).toBe(0);
      texts = bytesIn(folder);
    }
    return texts;
  };
})();

/** Sends a signal as soon as something has happened. */
function killWhen(child: ChildProcess, signal: NodeJS.Signals, happened: () => boolean): void {
  const look = () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (happened()) child.kill(signal);
    else setImmediate(look);
  };
  look();
}

const journalOf = (folder: string) => join(folder, ".ungil/undo/000001/journal.json");

/** How many of the files are new; fails for one that is neither old nor new. */
function countNew(folder: string, before: Map<string, Buffer>): number {
  let changed = 0;
  for (const [name, bytes] of bytesIn(folder)) {
    if (name.endsWith(".tmp")) continue;
    const isNew = bytes.equals(fixed().get(name)!);
    expect(isNew || bytes.equals(before.get(name)!), `${name} is old or new`).toBe(true);
    if (isNew) changed++;
  }
  return changed;
}

describe.skipIf(process.platform === "win32")("a fix that is ended", () => {
  it("by SIGKILL at any moment leaves each file old or new, and undo brings all back", async () => {
    const counts: number[] = [];
    for (let i = 0; i < 5; i++) {
      const folder = tree(manyModules(FILES));
      const before = bytesIn(folder);
      // Files are written in order of their names: one of them, chosen by chance, is the sign to strike.
      const names = [...before.keys()].sort();
      const mark = join(folder, names[Math.floor(Math.random() * FILES)]);
      const size = statSync(mark).size;
      const isTime = i < 1 ? () => existsSync(journalOf(folder)) : () => statSync(mark).size !== size;
      await ungilAsync(["fix", ...NEWEST], folder, {}, (child) => killWhen(child, "SIGKILL", isTime));
      counts.push(countNew(folder, before));
      const undo = ungil(["undo"], folder);
      if (counts.at(-1) !== 0) expect(undo).toMatchObject({ code: 0, stderr: "" });
      expect(bytesIn(folder)).toEqual(before);
    }
    expect(counts.some((n) => n < FILES)).toBe(true);
  }, 240_000);

  it("by SIGKILL while the journal is being written leaves everything as it was", async () => {
    const folder = tree(manyModules(FILES));
    const before = bytesIn(folder);
    await ungilAsync(["fix", ...NEWEST], folder, {}, (child) =>
      killWhen(child, "SIGKILL", () => existsSync(join(folder, ".ungil"))),
    );
    if (existsSync(join(folder, ".ungil/undo/000001/journal.json"))) return;
    expect(bytesIn(folder)).toEqual(before);
    expect(ungil(["undo"], folder)).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing to undo") });
    // What the killed one left behind is in nobody's way.
    expect(ungil(["fix", ...NEWEST], folder).code).toBe(0);
    expect(bytesIn(folder)).toEqual(fixed());
  });

  it("goes on after SIGKILL", async () => {
    const folder = tree(manyModules(FILES));
    const before = bytesIn(folder);
    await ungilAsync(["fix", ...NEWEST], folder, {}, (child) =>
      killWhen(
        child,
        "SIGKILL",
        () => !readFileSync(join(folder, "part0/lamp0.c")).equals(before.get("part0/lamp0.c")!),
      ),
    );
    expect(ungil(["fix", ...NEWEST], folder).code).toBe(0);
    expect(bytesIn(folder)).toEqual(fixed());
    while (existsSync(join(folder, ".ungil"))) expect(ungil(["undo"], folder).code).toBe(0);
    expect(bytesIn(folder)).toEqual(before);
  });

  it("by SIGINT stops between two files with 130", async () => {
    const folder = tree(manyModules(FILES));
    const before = bytesIn(folder);
    const run = await ungilAsync(["fix", ...NEWEST], folder, {}, (child) =>
      killWhen(
        child,
        "SIGINT",
        () => !readFileSync(join(folder, "part0/lamp0.c")).equals(before.get("part0/lamp0.c")!),
      ),
    );
    const done = countNew(folder, before);
    if (done < FILES) expect(run.code).toBe(130);
    if (done > 0 && done < FILES) expect(run.stdout).toContain(`Interrupted: ${done} of ${FILES} files written`);
    if (done === 0) expect(run.stderr).toBe("ungil: interrupted\n");
    expect([...bytesIn(folder).keys()].filter((name) => name.endsWith(".tmp"))).toEqual([]);
    if (done > 0) expect(ungil(["undo"], folder).code).toBe(0);
    expect(bytesIn(folder)).toEqual(before);
  });

  it("by SIGINT during the scan has written nothing", async () => {
    const folder = tree(manyModules(FILES));
    const before = bytesIn(folder);
    let run = { code: null as number | null, stdout: "", stderr: "" };
    // Before the program has started, an interrupt ends Node.js itself: wait longer on a slow machine.
    for (let delay = 300; run.code === null && delay < 10_000; delay *= 2) {
      run = await ungilAsync(["fix", ...NEWEST, "--no-cache", "--jobs", "1"], folder, {}, (child) => {
        setTimeout(() => child.kill("SIGINT"), delay);
      });
    }
    if (run.code !== 0) {
      expect(run).toEqual({ code: 130, stdout: "", stderr: "ungil: interrupted\n" });
      expect(bytesIn(folder)).toEqual(before);
    }
  });
});

describe("two runs at once", () => {
  it("do each file once: the later one gives way or finds it changed", async () => {
    const folder = tree(manyModules(40));
    const runs = await Promise.all([1, 2, 3].map(() => ungilAsync(["fix", ...NEWEST], folder)));
    expect(runs.filter((r) => r.code === 0).length).toBeGreaterThan(0);
    for (const run of runs.filter((r) => r.code !== 0)) {
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/another ungil \(process \d+\) is writing here|it changed since it was scanned/);
    }
    for (const [name, bytes] of bytesIn(folder)) expect(bytes.equals(fixed().get(name)!), name).toBe(true);
    expect(readdirSync(join(folder, ".ungil/locks"))).toEqual([]);
  });
});
