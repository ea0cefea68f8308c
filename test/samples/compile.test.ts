import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { readExpectations, readOptions } from "./annotations.ts";
import { isFixed, SAMPLES, sampleOf } from "./cases.ts";
import { findInterpreters, hasCompiler, type Interpreter, run } from "./toolchain.ts";

const STUBS = join(import.meta.dirname, "stubs");
const COMPILERS: Record<string, string[]> = { c: ["cc", "-std=c11"], cpp: ["c++", "-std=c++17"] };

const files = readdirSync(SAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(c|cpp)$/.test(file))
  .map((file) => join(SAMPLES, file))
  .sort();
const interpreters = findInterpreters().filter((candidate) => !candidate.freeThreaded);
const python = interpreters.find((candidate) => candidate.version[1] === 13);
const oldest = interpreters.find((candidate) => candidate.version[1] === 9);

/** Compiles for one build; returns the compiler's messages. */
function compile(file: string, freeThreaded: boolean, { include }: Interpreter = python!): string {
  const [command, standard] = COMPILERS[file.slice(file.lastIndexOf(".") + 1)];
  const flags = [standard, "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wno-unused", "-Wno-deprecated-declarations"];
  flags.push("-Wno-unknown-warning-option", "-Wno-maybe-uninitialized", "-Wno-attributes");
  if (freeThreaded) flags.push("-DPy_GIL_DISABLED=1");
  // Headers of a sample that do not change have no fixed text.
  flags.push(`-I${include}`, `-I${STUBS}`, `-iquote${dirname(sampleOf(file))}`);
  return run(command, [...flags, file]).output;
}

describe("rule samples compile", () => {
  for (const [extension, [command]] of Object.entries(COMPILERS)) {
    const own = files.filter((file) => file.endsWith(`.${extension}`));
    if (python === undefined || !hasCompiler(command)) {
      it.skip(`.${extension} not compiled: needs \`${command}\` and the headers of Python 3.13`, () => {});
      continue;
    }
    for (const file of own) {
      const { build } = readOptions(readFileSync(file, "utf8"));
      for (const freeThreaded of [false, true]) {
        if (build !== "both" && build !== (freeThreaded ? "ft" : "gil")) continue;
        it(`${relative(SAMPLES, file)} (${freeThreaded ? "free-threaded" : "with the GIL"})`, () => {
          expect(compile(file, freeThreaded)).toBe("");
        });
      }
    }
  }
});

describe("fixed rule samples", () => {
  const canCompile = oldest !== undefined && hasCompiler("cc") && hasCompiler("c++");
  it.skipIf(!canCompile)("compile for the oldest supported Python (needs `cc`, `c++` and the headers of 3.9)", () => {
    const isFixedSample = (file: string) => isFixed(relative(SAMPLES, file)) && isFor(file, oldest!);
    // A sample that itself uses newer API says nothing.
    const own = files.filter((file) => isFixedSample(file) && compile(sampleOf(file), false, oldest!) === "");
    const messages = own.map((file) => [relative(SAMPLES, file), compile(file, false, oldest!)]);
    expect(messages.filter(([, message]) => message !== "")).toEqual([]);
  });
});

/** True if the options of a sample say that it is for the ordinary build of this Python. */
function isFor(file: string, { version }: Interpreter): boolean {
  const { build, minPython } = readOptions(readFileSync(file, "utf8"));
  return build !== "ft" && (minPython === "unknown" || Number(minPython.split(".")[1]) <= version[1]);
}

describe("rule samples are annotated", () => {
  for (const rule of readdirSync(SAMPLES).sort()) {
    it(rule, () => {
      const own = files
        .filter((file) => relative(SAMPLES, file).startsWith(`${rule}/`))
        .filter((file) => !isFixed(relative(SAMPLES, file)));
      expect(own.length).toBeGreaterThan(0);
      for (const file of own) {
        const text = readFileSync(file, "utf8");
        expect(basename(file), "an unknown file name").toMatch(/^[a-z0-9_.-]+$/);
        expect(unannotated(text), file).toEqual([]);
      }
    });
  }
});

/**
 * Functions whose name and annotations contradict each other. A function is annotated by an annotation in it, or by one on
 * the declaration of a variable that it uses.
 */
function unannotated(text: string): string[] {
  const wrong: string[] = [];
  const lines = text.split("\n");
  const annotated = [...new Set(readExpectations(text).map((expectation) => expectation.line))];
  const variables = annotated.flatMap(
    (line) => /^[\w}][\w\s:*<>,]*?\b(\w+)[\w.]*(?:\[|;| =|\{)/.exec(lines[line - 1])?.[1] ?? [],
  );
  const heads = lines.flatMap((content, index) => {
    const match = /^[A-Za-z].*?\b(\w+_(?:bad|ok))\(/.exec(content);
    return match !== null && !content.trimEnd().endsWith(";") ? [{ name: match[1], line: index + 1 }] : [];
  });
  for (const head of heads) {
    const end = lines.findIndex((content, index) => index >= head.line && content.startsWith("}")) + 1;
    const body = lines.slice(head.line, end).join("\n");
    const has =
      annotated.some((line) => line >= head.line && line <= end) ||
      (head.name.endsWith("_bad") && variables.some((name) => new RegExp(`\\b${name}\\b`).test(body)));
    if (has !== head.name.endsWith("_bad")) wrong.push(`${head.name} (line ${head.line})`);
  }
  return wrong;
}
