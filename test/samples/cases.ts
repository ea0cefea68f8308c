/** The cases under `samples/rules`: a file or a folder each, with the options that its first line gives. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join, relative } from "node:path";
import fg from "fast-glob";
import { defaultOptions } from "../../src/audit/options.ts";
import type { AuditOptions } from "../../src/audit/types.ts";
import { readOptions, type SampleOptions } from "./annotations.ts";

export const SAMPLES = join(import.meta.dirname, "../../samples/rules");

export interface Case {
  /** `rule/entry` */
  name: string;
  /** File or folder. */
  path: string;
  /** Absolute paths. */
  files: string[];
  options: SampleOptions;
}

/** True for what `fix` makes of a sample, `name.fixed.c` or a file in `name.fixed/`; the path is relative to the samples. */
export function isFixed(path: string): boolean {
  return path.split(/[\\/]/).some((part) => /\.fixed(?:\.|$)/.test(part));
}

/** The sample of a fixed text; both absolute. */
export function sampleOf(fixed: string): string {
  return join(SAMPLES, relative(SAMPLES, fixed).replace(/\.fixed(?=[./\\])/, ""));
}

/** The cases of a rule, in order. */
export function casesOf(rule: string): Case[] {
  const folder = join(SAMPLES, rule);
  return readdirSync(folder)
    .sort()
    .filter((entry) => !isFixed(entry))
    .map((entry) => {
      const path = join(folder, entry);
      const files = statSync(path).isDirectory()
        ? fg.sync("**/*", { cwd: path, absolute: true, dot: true }).sort()
        : [path];
      return { name: `${rule}/${entry}`, path, files, options: optionsOf(files) };
    });
}

function optionsOf(files: readonly string[]): SampleOptions {
  const withOptions = files
    .map((file) => readFileSync(file, "utf8"))
    .filter((text) => /^(?:\/\*|\/\/|#)\s*ungil-sample:/.test(text));
  return readOptions(withOptions.at(-1) ?? "");
}

/** What the audit of a case is asked for. */
export function auditOptions({ path, options }: Case): AuditOptions {
  const minPython =
    options.minPython === "unknown" ? {} : { minPython: Number(options.minPython.split(".")[1]), minPythonKnown: true };
  return {
    ...defaultOptions(),
    cwd: SAMPLES,
    paths: [relative(SAMPLES, path)],
    target: Number(options.target.split(".")[1]),
    ...minPython,
    cache: false,
    jobs: 1,
  };
}

/** Where the fixed text of a file of a case belongs: beside a file, or in a folder beside a folder. */
export function fixedPath({ path }: Case, file: string): string {
  if (path === file) {
    const extension = extname(file);
    return join(path, "..", `${basename(file, extension)}.fixed${extension}`);
  }
  return join(`${path}.fixed`, relative(path, file));
}

/** The fixed texts of a case that are there, absolute. */
export function fixedFilesOf(testCase: Case): string[] {
  if (testCase.files.length === 1 && testCase.files[0] === testCase.path) {
    const path = fixedPath(testCase, testCase.path);
    return existsSync(path) ? [path] : [];
  }
  const folder = `${testCase.path}.fixed`;
  return existsSync(folder) ? fg.sync("**/*", { cwd: folder, absolute: true, dot: true }).sort() : [];
}
