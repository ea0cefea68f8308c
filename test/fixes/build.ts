/** Compiles extensions, a few at a time. */
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Interpreter } from "../samples/toolchain.ts";

export interface Build {
  /** Absolute paths. */
  sources: string[];
  output: string;
  python: Interpreter;
  flags?: string[];
}

const WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-missing-field-initializers"];

/** The compiler's messages; empty if there is nothing to say. */
export function build({ sources, output, python, flags = [] }: Build): Promise<string> {
  const isCpp = sources.some((s) => s.endsWith(".cpp"));
  const command = isCpp ? "c++" : "cc";
  const standard = isCpp ? "-std=c++17" : "-std=gnu11";
  const link = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const args = [standard, "-O0", ...WARNINGS, "-shared", "-fPIC", `-I${python.include}`, ...flags];
  return new Promise((resolve) => {
    execFile(command, [...args, ...sources, ...link, "-o", output], { timeout: 60_000 }, (error, stdout, stderr) => {
      const messages = `${stdout}${stderr}`;
      resolve(error !== null && messages === "" ? error.message : messages);
    });
  });
}

/** Runs `jobs`, as many at a time as there are processors; the answers are in their order. @throws as the first job that fails. */
export async function inTurns<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const own = next++;
      results[own] = await jobs[own]();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, worker));
  return results;
}
