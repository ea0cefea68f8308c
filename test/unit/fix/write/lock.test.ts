import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { LockHeld, takeLock } from "../../../../src/fix/write/lock.ts";
import { hasJournal, project, write } from "./project.ts";

/** More than any system gives out. */
const NOBODY = 2 ** 22 + 1;

describe("the lock", () => {
  it("is held by one, also inside of a process, and can be taken again", async () => {
    const folder = project({}).path("locks");
    const lock = await takeLock(folder);
    await expect(takeLock(folder)).rejects.toBeInstanceOf(LockHeld);
    lock.release();
    (await takeLock(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that is no more, or of another one with its number, is nobody's", async () => {
    const folder = project({}).path("locks");
    mkdirSync(folder);
    writeFileSync(`${folder}/${NOBODY}~1~${encodeURIComponent(hostname())}`, "");
    if (existsSync("/proc/self/stat")) writeFileSync(`${folder}/1~999999999~${encodeURIComponent(hostname())}`, "");
    const lock = await takeLock(folder);
    expect(readdirSync(folder)).toHaveLength(1);
    lock.release();
  });

  it("of another machine counts, and the message names its file", async () => {
    const folder = project({}).path("locks");
    mkdirSync(folder);
    const path = `${folder}/${NOBODY}~1~elsewhere`;
    writeFileSync(path, "");
    await expect(takeLock(folder)).rejects.toMatchObject({ message: expect.stringContaining("elsewhere"), path });
    expect(existsSync(path)).toBe(true);
  });

  it("keeps a second run out without harm to the first", async () => {
    const p = project({ "a.c": "old" });
    const lock = await takeLock(p.path(".ungil/locks"));
    await expect(write(p, [p.change("a.c", "old", "new")])).rejects.toBeInstanceOf(LockHeld);
    expect(p.all()).toEqual({ "a.c": "old" });
    lock.release();
    await write(p, [p.change("a.c", "old", "new")]);
    expect(p.read("a.c")).toBe("new");
    expect(hasJournal(p)).toBe(true);
  });
});
