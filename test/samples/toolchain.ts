/** The C compilers and Python interpreters of this machine, for tests that build C. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Interpreter {
  executable: string;
  /** `[3, 13]` */
  version: [number, number];
  /** Folder of `Python.h`. */
  include: string;
  freeThreaded: boolean;
  /** Counts all references: has `sys.gettotalrefcount`. */
  debug: boolean;
}

const PROBE = [
  "import json, sys, sysconfig",
  "print(json.dumps([list(sys.version_info[:2]), sysconfig.get_paths()['include'],",
  " bool(sysconfig.get_config_var('Py_GIL_DISABLED')), hasattr(sys, 'gettotalrefcount'), sys.implementation.name]))",
].join("\n");

/** True if `command` can be started and answers `--version`. */
export function hasCompiler(command: string): boolean {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/**
 * CPython 3.`oldest` and later with headers, one for each minor version and build: `python3` of the PATH first, then pyenv's.
 * Debug builds are not among them.
 */
export function findInterpreters(oldest = 9): Interpreter[] {
  const names = ["python3", "python3.13t", "python3.14t"];
  return probed([...names, ...pyenvs()]).filter((p) => !p.debug && p.version[1] >= oldest);
}

/** The first debug build with headers: Debian's `python3-dbg`, or one of pyenv's. */
export function findDebugInterpreter(): Interpreter | undefined {
  return probed(["python3-dbg", "python3d", ...pyenvs()]).find((p) => p.debug);
}

function probed(executables: readonly string[]): Interpreter[] {
  const found = new Map<string, Interpreter>();
  for (const executable of executables) {
    const probe = spawnSync(executable, ["-c", PROBE], { encoding: "utf8", timeout: 30_000 });
    if (probe.status !== 0) continue;
    const [version, include, freeThreaded, debug, implementation] = JSON.parse(probe.stdout);
    const key = `${version.join(".")}${freeThreaded ? "t" : ""}${debug ? "d" : ""}`;
    if (implementation !== "cpython" || version[0] !== 3 || found.has(key)) continue;
    if (existsSync(join(include, "Python.h"))) found.set(key, { executable, version, include, freeThreaded, debug });
  }
  return [...found.values()].sort((a, b) => a.version[1] - b.version[1]);
}

/** "3.13", "3.14t", "3.11d" */
export function nameOf({ version, freeThreaded, debug }: Interpreter): string {
  return `${version.join(".")}${freeThreaded ? "t" : ""}${debug ? "d" : ""}`;
}

function pyenvs(): string[] {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const names = existsSync(versions) ? readdirSync(versions).sort() : [];
  return names.map((name) => join(versions, name, "bin", "python")).filter((path) => existsSync(path));
}

/** Runs a command; the answer joins both streams for messages. `status` is null if it could not start or was killed. */
export function run(command: string, args: string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const done = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status: done.status, output: `${done.stdout ?? ""}${done.stderr ?? ""}` };
}
