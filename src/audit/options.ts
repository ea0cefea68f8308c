/** What an audit does unless told otherwise; the command line has the same defaults. */
import type { AuditOptions } from "./types.ts";

/** The first Python with a free-threaded build. */
export const DEFAULT_TARGET = 13;
export const DEFAULT_MIN_PYTHON = 9;
export const DEFAULT_FAIL_ON = "medium";

export function defaultOptions(): AuditOptions {
  return {
    paths: ["."],
    cwd: process.cwd(),
    target: DEFAULT_TARGET,
    minPython: DEFAULT_MIN_PYTHON,
    minPythonKnown: false,
    include: [],
    exclude: [],
    select: [],
    ignore: [],
    jobs: 0,
    cache: true,
  };
}
