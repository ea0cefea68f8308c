import { describe, expect, it } from "vitest";
import { registry } from "../../../../rules/index.generated.ts";
import { configure } from "../../../../src/audit/config/configure.ts";
import { twinsOf } from "../../../../src/audit/init/lock-pairs.ts";
import { surveyProject } from "../../../../src/audit/init/survey.ts";
import { draftConfig } from "../../../../src/report/init-config.ts";
import { tree } from "../config-tree.ts";

async function survey(files: Record<string, string>) {
  const configured = await configure({ cwd: tree(files), config: false, cache: false, jobs: 1 }, registry);
  return surveyProject(configured, { registry });
}

describe("names of locks", () => {
  it.each([
    ["conn_lock", ["conn_unlock"]],
    ["SDL_LockMutex", ["SDL_UnlockMutex"]],
    ["MUTEX_LOCK", ["MUTEX_UNLOCK"]],
    ["lock_table", ["unlock_table"]],
    ["buf_acquire", ["buf_release"]],
    ["env_enter", ["env_leave", "env_exit"]],
  ])("%s has a counterpart", (name, twins) => {
    expect(twinsOf(name)).toEqual(twins);
  });

  it.each([
    "block_new",
    "clock",
    "CLOCKS",
    "conn_unlock",
    "lock",
    "PyThread_acquire_lock",
    "pthread_mutex_lock",
    "GlobalLock",
    "center",
    "a::lock",
  ])("%s says nothing", (name) => {
    expect(twinsOf(name)).toEqual([]);
  });
});

const USERS = `#include <Python.h>
static int one(void *c) { db_lock(c); db_unlock(c); return 1; }
static int two(void *c) { db_lock(c); db_unlock(c); seen_lock(c); seen_unlock(c); return 1; }
static int three(void *c) { seen_lock(c); seen_unlock(c); idle_lock(); idle_unlock(); return 1; }
`;

describe("a survey", () => {
  it("has pairs of locks that nobody sees through", async () => {
    const seen = `#include <pthread.h>
void seen_lock(pthread_mutex_t *m) { pthread_mutex_lock(m); }
void seen_unlock(pthread_mutex_t *m) { pthread_mutex_unlock(m); }
`;
    const { lockPairs } = await survey({ "a.c": USERS, "b.c": seen });
    expect(lockPairs).toEqual([{ lock: "db_lock", unlock: "db_unlock", argument: 0, functions: 2 }]);
  });

  it("has bundled folders with findings, but none that makes a module", async () => {
    const bad = "static char *last; char *next(char *s) { last = s; return strtok(s, 0); }\n";
    const module = "PyMODINIT_FUNC PyInit_m(void) { return PyModule_Create(&def); }\n";
    const { bundled } = await survey({
      "src/zip/COPYING": "",
      "src/zip/deep/a.c": bad,
      "src/zip/deep/LICENSE": "",
      "own/LICENSE.txt": "",
      "own/m.c": `#include <Python.h>\n${bad}${module}`,
      "deps/b.c": bad,
      "clean/NOTICE": "",
      "clean/c.c": "int c;",
    });
    expect(bundled.map((b) => [b.folder, b.mark])).toEqual([
      ["deps", "deps"],
      ["src/zip", "COPYING"],
    ]);
    expect(bundled[0].risks.medium).toBeGreaterThan(0);
  });

  it("has the compatibility header that is used, the compilation database and libraries", async () => {
    const { compatHeader, compileCommands, libraries } = await survey({
      "src/a.c": '#include "compat/pythoncapi_compat.h"\n#include <hdf5.h>\nint f(void) { return H5open(); }\n',
      "src/compat/pythoncapi_compat.h": "",
      "build/compile_commands.json": "[]",
    });
    expect({ compatHeader, compileCommands }).toEqual({
      compatHeader: "src/compat/pythoncapi_compat.h",
      compileCommands: "build/compile_commands.json",
    });
    expect(libraries).toEqual([{ library: "HDF5", prefix: "H5", functions: 1 }]);
  });

  it("has types that check their thread", async () => {
    const type = (field: string) => `#include <Python.h>
typedef struct { PyObject_HEAD unsigned long ${field}; } Conn;
static PyTypeObject Conn_Type = { PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "m.Conn", .tp_basicsize = sizeof(Conn) };
int check(Conn *c) { return c->${field} == PyThread_get_thread_ident(); }
`;
    expect((await survey({ "a.c": type("thread_ident") })).threadBound).toEqual([
      { type: "Conn_Type", field: "thread_ident" },
    ]);
    expect((await survey({ "a.c": type("count") })).threadBound).toEqual([]);
  });
});

describe("the text of a first configuration", () => {
  it("keeps what the project calls its files inside comments and strings", async () => {
    const bad = "static char *last; char *next(char *s) { last = s; return strtok(s, 0); }\n";
    const found = await survey({ 'deps"\x1b[x]/a.c': bad, 'deps"\x1b[x]/LICENSE': "", "b.c": bad });
    const text = draftConfig(found, "tool.ungil");
    expect(text).toContain('#   "deps\\"\\u001b\\\\[x\\\\]",  # LICENSE; ');
    for (const line of text.split("\n")) expect(line).toMatch(/^(#.*|\[tool\.ungil\]|[a-z-]+ = ".*"|)$/);
  });

  it("names what stands above the folder as seen from it", async () => {
    const cwd = tree({ "setup.py": 'setup(python_requires=">=3.11")', "native/a.c": "int a;" });
    const configured = await configure({ cwd, paths: ["native"], config: false, cache: false, jobs: 1 }, registry);
    const text = draftConfig(await surveyProject(configured, { registry }), "");
    expect(text).toContain("# Oldest supported Python: 3.11, from ../setup.py (>=3.11);");
    expect(text).not.toContain(cwd);
  });
});
