import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fg from "fast-glob";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const sources = fg
  .sync(["src/**/*.{ts,tsx}", "cli/**/*.{ts,tsx}", "rules/**/*.ts", "test/**/*.{ts,tsx}"], { cwd: root })
  .sort();

/** Longest allowed file in lines; generated tables and tables of facts are data, not code. */
const MAX_LINES = 450;
const isData = (file: string) => file.includes(".generated.") || file.startsWith("src/capi/");

describe("house rules", () => {
  it.each(sources)("%s has a kebab-case name", (file) => {
    expect(basename(file)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/);
  });

  it.each(sources.filter((f) => !isData(f)))("%s has one subject", (file) => {
    expect(readFileSync(join(root, file), "utf8").split("\n").length).toBeLessThanOrEqual(MAX_LINES);
  });
});
