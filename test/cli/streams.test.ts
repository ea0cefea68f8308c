import { describe, expect, it } from "vitest";
import { wantsColor } from "../../cli/output.ts";
import { progressLine } from "../../cli/progress.ts";
import { MODULE, tree, ungilAsync } from "./ungil.ts";

describe("streams", () => {
  it("a reader that goes away ends the program without a word", async () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 60; i++) files[`file${i}.c`] = MODULE.replaceAll("lamp", `lamp${i}`);
    const run = await ungilAsync(["--format", "sarif"], tree(files), {}, (child) => child.stdout!.destroy());
    expect(run.stderr).toBe("");
    expect(run.code).toBe(1);
  });

  it.skipIf(process.platform === "win32")("an interrupt ends it with 130 and one line", async () => {
    const files: Record<string, string> = {};
    const body = "int f(int x) { if (x) { return g(x, 1 + 2 * x); } return h(x ? x : 2); }\n".repeat(400);
    for (let i = 0; i < 120; i++) files[`file${i}.c`] = body;
    const folder = tree(files);
    let run = { code: null as number | null, stdout: "", stderr: "" };
    // Before the program has started, an interrupt ends Node.js itself: wait longer on a slow machine.
    for (let delay = 300; run.code === null && delay < 10_000; delay *= 2) {
      run = await ungilAsync(["--no-cache", "--jobs", "1"], folder, {}, (child) => {
        setTimeout(() => child.kill("SIGINT"), delay);
      });
    }
    expect(run).toEqual({ code: 130, stdout: "", stderr: "ungil: interrupted\n" });
  });
});

describe("colours", () => {
  it.each([
    [undefined, true, {}, true],
    [undefined, false, {}, false],
    [undefined, true, { NO_COLOR: "1" }, false],
    [undefined, true, { NO_COLOR: "" }, true],
    [undefined, true, { TERM: "dumb" }, false],
    [undefined, false, { FORCE_COLOR: "1" }, true],
    [undefined, false, { FORCE_COLOR: "0" }, false],
    [true, false, { NO_COLOR: "1" }, true],
    [false, true, { FORCE_COLOR: "1" }, false],
  ])("asked %s, terminal %s, environment %j: %s", (asked, isTTY, env, expected) => {
    expect(wantsColor(asked, { isTTY }, env as NodeJS.ProcessEnv)).toBe(expected);
  });
});

describe("progress line", () => {
  const event = {
    phase: "analyse" as const,
    done: 5,
    total: 20,
    functions: 321,
    findings: 0,
    file: "src/deep/folder/a.c",
  };

  it("shows files, functions and the current file", () => {
    const line = progressLine(event, 79);
    expect(line).toMatch(/^━{5}╌{15} Analysing 5\/20 files, 321 functions {2}src\/deep\/folder\/a\.c$/);
  });

  it("never exceeds the terminal", () => {
    for (const columns of [10, 40, 60, 79]) expect(progressLine(event, columns).length).toBeLessThanOrEqual(columns);
    expect(progressLine({ ...event, file: "a\x1b[31m/b.c" }, 79)).not.toContain("\x1b");
  });
});
