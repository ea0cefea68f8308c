import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evict, openCache } from "../../../src/audit/cache.ts";
import { cacheFolder } from "../../../src/audit/cache-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ungil-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entries = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name));

describe("cache", () => {
  it("gives back what was put, by kind, key and build", () => {
    const cache = openCache(folder, "b1");
    const value = { code: new Uint8Array([1, 2, 3]), list: ["x"], map: new Map([[1, "y"]]) };
    cache.put("facts", "k", value);
    expect(openCache(folder, "b1").get("facts", "k")).toEqual(value);
    expect(cache.get("macros", "k")).toBeUndefined();
    expect(cache.get("facts", "k2")).toBeUndefined();
    expect(openCache(folder, "b2").get("facts", "k")).toBeUndefined();
  });

  it.each([
    ["a flipped byte", (b: Buffer) => b.fill(b[20] ^ 1, 20, 21)],
    ["a cut file", (b: Buffer) => b.subarray(0, b.length - 3)],
    ["an empty file", () => Buffer.alloc(0)],
    ["rubbish", () => Buffer.from("not what was written")],
  ])("takes %s for a miss and forgets it", (_, damage) => {
    const cache = openCache(folder, "b");
    cache.put("facts", "k", { text: "a value of some length" });
    const [path] = entries();
    writeFileSync(path, damage(readFileSync(path)));
    expect(cache.get("facts", "k")).toBeUndefined();
    expect(entries()).toEqual([]);
    cache.put("facts", "k", 5);
    expect(cache.get("facts", "k")).toBe(5);
  });

  it("leaves no temporary files and survives a folder that cannot be made", () => {
    openCache(folder, "b").put("facts", "k", 1);
    expect(entries().filter((e) => e.endsWith(".tmp"))).toEqual([]);
    const file = join(folder, "file");
    writeFileSync(file, "");
    const cache = openCache(file, "b");
    cache.put("facts", "k", 1);
    expect(cache.get("facts", "k")).toBeUndefined();
  });

  it("drops the oldest entries when it grows too large", () => {
    const cache = openCache(folder, "b");
    for (let i = 0; i < 10; i++) cache.put("facts", `k${i}`, Buffer.alloc(1000));
    const paths = entries();
    for (const [i, path] of paths.entries()) utimesSync(path, 1000 + i, 1000 + i);
    expect(evict(folder, 1_000_000)).toBe(0);
    expect(evict(folder, 5000)).toBeGreaterThan(5000);
    const left = entries();
    expect(left).toEqual(paths.slice(-left.length));
    expect(left.reduce((n, p) => n + statSync(p).size, 0)).toBeLessThanOrEqual(3500);
    expect(evict(join(folder, "missing"))).toBe(0);
  });
});

describe("cache folder", () => {
  it("follows the platform and the environment", () => {
    expect(cacheFolder({}, "linux", "/h")).toBe(join("/h", ".cache", "ungil"));
    expect(cacheFolder({ XDG_CACHE_HOME: "/x" }, "linux", "/h")).toBe(join("/x", "ungil"));
    expect(cacheFolder({}, "darwin", "/h")).toBe(join("/h", "Library", "Caches", "ungil"));
    expect(cacheFolder({ LOCALAPPDATA: "/l" }, "win32", "/h")).toBe(join("/l", "ungil", "Cache"));
    expect(cacheFolder({ UNGIL_CACHE_DIR: "/u", XDG_CACHE_HOME: "/x" }, "linux", "/h")).toBe("/u");
  });
});
