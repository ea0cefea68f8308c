/** Starts `drive.py`, which exercises built extensions. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Interpreter } from "../samples/toolchain.ts";

const DRIVER = join(import.meta.dirname, "drive.py");

export interface Report {
  /** By the name of the call: what it returned or raised. */
  results?: Record<string, string[]>;
  /** By the name of the call: what many calls added, and how much. */
  growth?: Record<string, Record<string, number>>;
  /** How the interpreter ended, and in which call. */
  crash?: string;
}

/** By name of the shape. */
export type Driven = Record<string, { before?: Report; after: Report }>;

export interface Exercise {
  name: string;
  exercise: string;
  /** Built modules. The unfixed one is not for a free-threaded interpreter, which it may crash. */
  before?: string;
  after: string;
}

/** Exercises all of `shapes` with one interpreter; a free-threaded one calls from several threads at once. @throws if it cannot run. */
export function drive(python: Interpreter, shapes: readonly Exercise[], plan: string): Promise<Driven> {
  const threads = python.freeThreaded ? 8 : 0;
  const calls = threads > 0 ? 300 : python.debug ? 1500 : 10_000;
  writeFileSync(plan, JSON.stringify({ calls, threads, shapes }));
  return new Promise((resolve, reject) => {
    execFile(python.executable, [DRIVER, plan], { timeout: 240_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(JSON.parse(stdout));
    });
  });
}
