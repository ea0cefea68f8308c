/** Runs the built command line as a user would, in folders made for one test. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

const root = join(import.meta.dirname, "../..");
export const MAIN = join(root, "dist/cli/ungil.js");
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ungil-cli-"));
  folders.push(folder);
  return folder;
}

/** A folder with these files in it. */
export function tree(files: Record<string, string | Uint8Array>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

const cache = () => join(folders[0] ?? temporaryFolder(), ".ungil-cache");

function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  return { ...env, UNGIL_CACHE_DIR: cache(), ...extra };
}

/** `ungil args...` in `cwd`. */
export function ungil(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Run {
  ensureBuilt();
  return run(process.execPath, [MAIN, ...args], cwd, env);
}

/** Another program, to its end. */
export function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Run {
  const done = spawnSync(program, args, {
    cwd,
    env: environment(env),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 110_000,
  });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** The same without waiting; `onStart` gets the process. */
export function ungilAsync(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  onStart: (child: ReturnType<typeof spawn>) => void = () => {},
): Promise<Run> {
  ensureBuilt();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: environment(env) });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    onStart(child);
  });
}

let built = false;

/** `npm test` builds first; when a single file is run by hand, a stale build would test yesterday's code. */
function ensureBuilt(): void {
  if (built) return;
  built = true;
  const stamp = existsSync(MAIN) ? statSync(join(root, "dist/.tsbuildinfo")).mtimeMs : 0;
  if (["src", "cli", "rules"].every((part) => newest(join(root, part)) <= stamp)) return;
  const lock = join(root, "node_modules/.cache/building");
  try {
    mkdirSync(lock);
  } catch {
    // Another test file builds: wait for it, but not for one that died.
    for (let i = 0; i < 600 && existsSync(lock); i++) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    return;
  }
  try {
    spawnSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
  } finally {
    rmSync(lock, { recursive: true });
  }
}

function newest(folder: string): number {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

/** A module without `Py_mod_gil`: one high finding of gil-slot-missing. */
export const MODULE = `#include <Python.h>

static PyObject *
lamp_on(PyObject *self, PyObject *args)
{
    Py_RETURN_TRUE;
}

static PyMethodDef lamp_methods[] = {
    {"on", lamp_on, METH_VARARGS, "Switch it on."},
    {NULL, NULL, 0, NULL}
};

static PyModuleDef_Slot lamp_slots[] = {
    {0, NULL}
};

static struct PyModuleDef lamp_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lamp",
    .m_size = 0,
    .m_methods = lamp_methods,
    .m_slots = lamp_slots,
};

PyMODINIT_FUNC
PyInit_lamp(void)
{
    return PyModuleDef_Init(&lamp_module);
}
`;

/** The same, declared: nothing to find. */
export const DECLARED = MODULE.replace(
  "    {0, NULL}\n};\n\nstatic struct",
  "    {Py_mod_gil, Py_MOD_GIL_NOT_USED},\n    {0, NULL}\n};\n\nstatic struct",
);
