/** The exercise tells the faults that it is there for. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findDebugInterpreter, findInterpreters, hasCompiler, nameOf } from "../samples/toolchain.ts";
import { build } from "./build.ts";
import { type Driven, drive } from "./drive.ts";

const FAULTY = join(import.meta.dirname, "faulty");
const folder = mkdtempSync(join(tmpdir(), "ungil-drive-"));
const canBuild = hasCompiler("cc") && process.platform !== "win32";
const ordinary = canBuild ? findInterpreters().find((p) => !p.freeThreaded) : undefined;
const pythons = canBuild ? [ordinary, findDebugInterpreter()].filter((p) => p !== undefined) : [];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the exercise of an extension", () => {
  if (pythons.length === 0) it.skip("not run: needs `cc` and a Python with headers", () => {});

  describe.each(pythons.map((p) => ({ name: nameOf(p), python: p })))("in Python $name", ({ name, python }) => {
    let driven: Driven;

    beforeAll(async () => {
      const [before, after] = [join(folder, `before-${name}.so`), join(folder, `after-${name}.so`)];
      const sources = [join(FAULTY, "faulty.c")];
      expect(await build({ sources, output: before, python })).toBe("");
      expect(await build({ sources, output: after, python, flags: ["-DAFTER"] })).toBe("");
      const shapes = ["faulty", "crash"].map((n) => ({ name: n, exercise: join(FAULTY, `${n}.py`), before, after }));
      driven = await drive(python, shapes, join(folder, `plan-${name}.json`));
    });

    it("tells what is left behind and what is given back too often", () => {
      const { growth } = driven.faulty.after;
      expect(Object.keys(growth!).sort()).toEqual(["leak", "new object", "too often"]);
      expect(growth!.leak["references to THING"]).toBeGreaterThan(1000);
      expect(growth!["too often"]["references to THING"]).toBeLessThan(-1000);
      expect(growth!["new object"]["memory blocks"]).toBeGreaterThan(1000);
    });

    it("tells another exception", () => {
      expect(driven.faulty.before!.results!.error).toEqual(["raised", "KeyError: 'before'"]);
      expect(driven.faulty.after.results!.error).toEqual(["raised", "ValueError: after"]);
    });

    it("tells a crash, and where", () => {
      expect(driven.crash.after.crash).toMatch(/in crash$/);
    });
  });
});
