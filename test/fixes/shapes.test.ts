/**
 * Runs what `fix` makes of small extensions: compiled by the system's compiler for several Pythons, imported, exercised. Results and
 * exceptions are the same before and after, and no reference is left behind or given back once too often.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findDebugInterpreter, findInterpreters, hasCompiler, type Interpreter, nameOf } from "../samples/toolchain.ts";
import { build, inTurns } from "./build.ts";
import { type Driven, drive } from "./drive.ts";
import { type FixedTexts, fixTexts } from "./fix-text.ts";
import { findShapes, type Shape } from "./shape-files.ts";
import { outcomesOf, promisesOf } from "./shape-outcomes.ts";

const MINUTES = 60_000;
const only = process.env.UNGIL_SHAPE;
const shapes = findShapes().filter((s) => only === undefined || s.name.includes(only));
const canBuild = hasCompiler("cc") && hasCompiler("c++") && process.platform !== "win32";
const pythons = canBuild ? chosen() : [];
const folder = mkdtempSync(join(tmpdir(), "ungil-shapes-"));

const fixed = new Map<string, FixedTexts>();
/** Messages of the compiler by output file. */
const messages = new Map<string, string>();
const driven = new Map<string, Driven>();

/** The oldest, 3.9, 3.13, the newest, and the debug build. */
function chosen(): Interpreter[] {
  const all = findInterpreters(6);
  const ordinary = all.filter((p) => !p.freeThreaded);
  const wanted = [ordinary[0], ordinary.at(-1), ...ordinary.filter((p) => [9, 13].includes(p.version[1]))];
  return [...all.filter((p) => wanted.includes(p) || p.freeThreaded), findDebugInterpreter()].filter(
    (p) => p !== undefined,
  );
}

function suits(shape: Shape, python: Interpreter): boolean {
  return python.version[1] >= shape.options.minPython;
}

function placeOf(shape: Shape, when: string, name: string): string {
  return join(folder, shape.name, when, name);
}

function moduleOf(shape: Shape, when: string, python: Interpreter): string {
  return placeOf(shape, when, `shape-${nameOf(python)}.so`);
}

function write(shape: Shape, when: string, texts: Record<string, string>): string[] {
  return Object.entries(texts).map(([name, text]) => {
    const path = placeOf(shape, when, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
}

beforeAll(async () => {
  const builds: (() => Promise<void>)[] = [];
  for (const shape of shapes) {
    const { level, minPython, select, c89 } = shape.options;
    const result = await fixTexts(shape.files, { level, minPython, select });
    fixed.set(shape.name, result);
    for (const [when, texts] of Object.entries({ before: shape.files, after: result.texts })) {
      const sources = write(shape, when, texts).filter((path) => !path.endsWith(".h"));
      for (const python of pythons.filter((p) => suits(shape, p))) {
        const output = moduleOf(shape, when, python);
        const flags = c89 ? ["-Wdeclaration-after-statement"] : [];
        // What is deprecated is why there is a fix.
        if (when === "before") flags.push("-Wno-deprecated-declarations");
        builds.push(async () => void messages.set(output, await build({ sources, output, python, flags })));
        if (when === "after" && python.version[1] === 13) {
          const freeThreaded = ["-DPy_GIL_DISABLED=1", "-fsyntax-only"];
          builds.push(async () => {
            const own = await build({ sources, output: `${output}.none`, python, flags: freeThreaded });
            messages.set(placeOf(shape, when, "free-threaded"), own);
          });
        }
      }
    }
  }
  await inTurns(builds);
  const runs = pythons.map((python) => async () => {
    const own = shapes
      .filter((s) => suits(s, python))
      .map((s) => ({
        name: s.name,
        exercise: s.exercise,
        before: python.freeThreaded ? undefined : moduleOf(s, "before", python),
        after: moduleOf(s, "after", python),
      }));
    driven.set(nameOf(python), await drive(python, own, join(folder, `plan-${nameOf(python)}.json`)));
  });
  await inTurns(runs);
}, 5 * MINUTES);

afterAll(() => {
  if (process.env.UNGIL_KEEP === undefined) rmSync(folder, { recursive: true, force: true });
});

describe("every shape of a fix, run", () => {
  if (!canBuild) it.skip("not built: needs `cc` and `c++`", () => {});
  else if (!pythons.some((p) => p.version[1] === 13)) it.skip("not built for 3.13: needs its headers", () => {});
  if (canBuild && !pythons.some((p) => p.debug)) {
    it.skip("references in total are not counted: needs a debug build of Python, as Debian's python3-dbg", () => {});
  }
  if (canBuild && !pythons.some((p) => p.freeThreaded)) {
    it.skip("not run in threads: needs a free-threaded Python with headers, as python3.13t", () => {});
  }

  describe.each(shapes)("$name", (shape) => {
    it("is fixed as its marks say", () => {
      const result = fixed.get(shape.name)!;
      const reasons = result.left.map(({ finding, reason }) => `${finding.function} ${finding.symbol}: ${reason}`);
      expect(outcomesOf(result), reasons.join("\n")).toEqual(promisesOf(shape, result));
    });

    it.runIf(pythons.some((p) => p.version[1] === 13))("compiles without a warning for a free-threaded Python", () => {
      expect(messages.get(placeOf(shape, "after", "free-threaded"))).toBe("");
    });

    for (const python of pythons.filter((p) => suits(shape, p))) {
      it(`compiles without a warning for Python ${nameOf(python)}`, () => {
        expect(messages.get(moduleOf(shape, "before", python))).toBe("");
        expect(messages.get(moduleOf(shape, "after", python))).toBe("");
      });

      if (python.freeThreaded) {
        it(`survives threads in Python ${nameOf(python)}`, () => {
          expect(driven.get(nameOf(python))![shape.name].after.crash).toBeUndefined();
        });
        continue;
      }

      it(`does the same in Python ${nameOf(python)}`, () => {
        const { before, after } = driven.get(nameOf(python))![shape.name];
        expect(before?.crash).toBeUndefined();
        expect(after.crash).toBeUndefined();
        const expected = before?.results ?? {};
        for (const name of shape.options.differs) expect(expected, "a call that is named").toHaveProperty([name]);
        const same = (results: Record<string, unknown> = {}) =>
          Object.fromEntries(Object.entries(results).filter(([name]) => !shape.options.differs.includes(name)));
        expect(same(after.results)).toEqual(same(expected));
        expect(Object.keys(expected)).not.toEqual([]);
      });

      it(`leaves nothing behind in Python ${nameOf(python)}`, () => {
        const { before, after } = driven.get(nameOf(python))![shape.name];
        expect(before?.growth ?? {}, "before").toEqual({});
        expect(after.growth ?? {}, "after").toEqual({});
      });
    }
  });
});
