import { describe, expect, it } from "vitest";
import { parseIndex } from "../../../src/project/discover/git-index.ts";
import { indexBytes } from "./git-index-bytes.ts";

const PATHS = [`${"deep/".repeat(40)}a.c`, "lib/a.c", "lib/ab.c", "müll/x.c", "z"];

describe("git index", () => {
  it.each([2, 3, 4])("version %i", (version) => {
    expect([...parseIndex(indexBytes(version, PATHS))]).toEqual(PATHS);
  });

  it("entries with extended flags", () => {
    expect([...parseIndex(indexBytes(3, PATHS, true))]).toEqual(PATHS);
  });

  it("refuses what is no index", () => {
    expect(() => parseIndex(Buffer.from("not an index at all"))).toThrow();
    expect(() => parseIndex(indexBytes(2, PATHS).subarray(0, 90))).toThrow();
    expect(() => parseIndex(indexBytes(9, []))).toThrow("unknown version 9");
  });
});
