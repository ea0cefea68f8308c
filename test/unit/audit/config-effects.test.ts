import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { auditOf, brief, tree } from "./config-tree.ts";

/** A type whose methods replace a list in a field and look into it, without a lock. */
const SHELF = `#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *books;
    long used;
} ShelfObject;

#define SHELF_ENTER(s) { if (s == NULL) return NULL;
#define SHELF_LEAVE(s) }

static PyObject *shelf_first(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    ShelfObject *self = (ShelfObject *)op;
    BEGIN_SHELF
    PyObject *book = PyList_GET_ITEM(self->books, 0);
    PyObject *title = PyObject_Str(book);
    END_SHELF
    return title;
}

static PyObject *shelf_swap(PyObject *op, PyObject *books)
{
    ShelfObject *self = (ShelfObject *)op;
    PyObject *old;
    BEGIN_SHELF
    old = self->books;
    self->books = Py_NewRef(books);
    self->used++;
    PyList_Append(self->books, Py_None);
    END_SHELF
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyMethodDef shelf_methods[] = {
    {"first", shelf_first, METH_NOARGS, NULL},
    {"swap", shelf_swap, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Shelf_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shelf.Shelf",
    .tp_basicsize = sizeof(ShelfObject),
    .tp_methods = shelf_methods,
};
`;

const shelf = (begin = "", end = "") => SHELF.replaceAll("BEGIN_SHELF", begin).replaceAll("END_SHELF", end);
const LOCKING = ["borrowed-list-item", "unlocked-instance-state", "unlocked-field-ref", "lock-leak"];
const UNLOCKED = [
  "shelf_first borrowed-list-item PyList_GET_ITEM",
  "shelf_first unlocked-field-ref books",
  "shelf_swap unlocked-instance-state books",
];

/** What is found in one file with this configuration. */
async function found(code: string, config: string, rules: readonly string[], file = "a.c"): Promise<string[]> {
  return brief(await auditOf(tree({ [file]: code, "ungil.toml": config })), rules);
}

describe("not-shared-types", () => {
  it.each(["ShelfObject", "Shelf_Type"])("named as %s are silent, fields and containers", async (name) => {
    expect(await found(shelf(), "", LOCKING)).toEqual(UNLOCKED);
    expect(await found(shelf(), `not-shared-types = ["${name}"]`, LOCKING)).toEqual([]);
  });

  it("leave other types alone", async () => {
    expect(await found(shelf(), 'not-shared-types = ["Other"]', LOCKING)).toEqual(UNLOCKED);
  });
});

describe("lock-functions", () => {
  const config = (argument = "") => `lock-functions = [{ lock = "SHELF_ENTER", unlock = "SHELF_LEAVE"${argument} }]`;

  it("lock the object that they get, as macros with unbalanced bodies", async () => {
    const code = shelf("SHELF_ENTER(self)", "SHELF_LEAVE(self)");
    expect(await found(code, "", LOCKING)).toEqual(UNLOCKED);
    expect(await found(code, config(", argument = 0"), LOCKING)).toEqual([]);
  });

  it("lock that object and no other", async () => {
    const code = shelf("SHELF_ENTER(op2)", "SHELF_LEAVE(op2)").replaceAll(
      /(shelf_\w+)\(PyObject \*op, PyObject \*\w+(\(ignored\))?\)/g,
      "$1(PyObject *op, PyObject *op2)",
    );
    const both = code.replace("METH_NOARGS", "METH_O").replace("Py_NewRef(books)", "Py_NewRef(op2)");
    expect(await found(both, config(", argument = 0"), LOCKING.slice(1))).toEqual(UNLOCKED.slice(1));
    expect(await found(both, config(), LOCKING)).toEqual([]);
  });

  it("may be functions of a library, without parentheses too", async () => {
    const declared = 'lock-functions = [{ lock = "big_enter", unlock = "big_leave" }]';
    expect(await found(shelf("big_enter();", "big_leave();"), declared, LOCKING)).toEqual([]);
    const words = "#define BIG_ENTER acquire();\n#define BIG_LEAVE release();\n";
    const macros = declared.replace("big_enter", "BIG_ENTER").replace("big_leave", "BIG_LEAVE");
    expect(await found(words + shelf("BIG_ENTER;", "BIG_LEAVE;"), macros, LOCKING)).toEqual([]);
  });

  it("may be functions of the project", async () => {
    const helpers =
      "static void enter(ShelfObject *s) { s->used = 1; }\nstatic void leave(ShelfObject *s) { s->used = 0; }\n";
    const code = shelf("enter(self);", "leave(self);").replace("static PyObject *shelf_first", `${helpers}$&`);
    const declared = 'lock-functions = [{ lock = "enter", unlock = "leave", argument = 0 }]';
    expect(await found(code, "", LOCKING)).not.toEqual([]);
    expect(await found(code, declared, LOCKING)).toEqual([]);
  });

  it("that are not released on some path are reported", async () => {
    const code = shelf("big_enter();", "if (self->used > 3) Py_RETURN_NONE;\n    big_leave();");
    const declared = 'lock-functions = [{ lock = "big_enter", unlock = "big_leave" }]';
    expect(await found(code, declared, LOCKING)).toEqual([
      "shelf_first lock-leak big_enter",
      "shelf_swap lock-leak big_enter",
    ]);
  });

  it("guard statics too", async () => {
    const code = (begin: string, end: string) => `#include <Python.h>
static long served;
static PyObject *serve(PyObject *self, PyObject *arg)
{
    ${begin}
    served++;
    ${end}
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"serve", serve, METH_O, NULL}, {NULL, NULL, 0, NULL}};
`;
    const rules = ["global-mutable"];
    const declared = 'lock-functions = [{ lock = "big_enter", unlock = "big_leave" }]';
    expect(await found(code("big_enter();", "big_leave();"), "", rules)).toEqual([" global-mutable served"]);
    expect(await found(code("big_enter();", "big_leave();"), declared, rules)).toEqual([]);
    expect(await found(code("big_enter(); big_leave();", ""), declared, rules)).toEqual([" global-mutable served"]);
  });
});

describe("borrowed-functions", () => {
  const code = (get: string, define = "") => `#include <Python.h>
${define}
static PyObject *cache;
static PyObject *title(PyObject *self, PyObject *key)
{
    PyObject *book = ${get};
    if (book == NULL)
        return NULL;
    return PyObject_Str(book);
}
static PyMethodDef methods[] = {{"title", title, METH_O, NULL}, {NULL, NULL, 0, NULL}};
`;
  const declare = (row: string) => `borrowed-functions = [{ name = "lookup", ${row} }]`;

  it.each([
    ['kind = "dict"', "borrowed-dict-item"],
    ['kind = "list"', "borrowed-list-item"],
    ["container = 0", "borrowed-other"],
  ])("of %s are reported by %s", async (row, rule) => {
    const rules = ["borrowed-dict-item", "borrowed-list-item", "borrowed-other"];
    expect(await found(code("lookup(self, key)"), "", rules)).toEqual([]);
    expect(await found(code("lookup(self, key)"), declare(row), rules)).toEqual([`title ${rule} lookup`]);
  });

  it("are judged by the container that is named", async () => {
    const rules = ["borrowed-dict-item"];
    const fresh = code("lookup(key, PyDict_New())");
    expect(await found(fresh, declare('kind = "dict", container = 1'), rules)).toEqual([]);
    expect(await found(fresh, declare('kind = "dict", container = 0'), rules)).toEqual([
      "title borrowed-dict-item lookup",
    ]);
  });

  it("may be macros, and have no container", async () => {
    const macro = code("lookup(key)", "#define lookup(k) (find_in_table(k)->object)");
    expect(await found(macro, "", ["borrowed-other"])).toEqual([]);
    expect(await found(macro, declare("container = -1"), ["borrowed-other"])).toEqual(["title borrowed-other lookup"]);
  });

  it("make functions that hand the reference on findings", async () => {
    const helper = code("held(key)", "static PyObject *held(PyObject *key) { return lookup(key); }");
    expect(await found(helper, declare("container = -1"), ["borrowed-return"])).toEqual([
      "held borrowed-return lookup",
    ]);
  });
});

describe("not-thread-safe", () => {
  const code = (begin = "", end = "") => `#include <Python.h>
static PyMutex lock;
static PyObject *read(PyObject *self, PyObject *arg)
{
    ${begin}
    NC_open(1);
    NC_get(2);
    other_open();
    ${end}
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"read", read, METH_O, NULL}, {NULL, NULL, 0, NULL}};
`;
  const rules = ["non-reentrant-call"];

  it("names libraries by prefix, one finding each", async () => {
    expect(await found(code(), "", rules)).toEqual([]);
    expect(await found(code(), 'not-thread-safe = ["NC_"]', rules)).toEqual(["read non-reentrant-call NC_open"]);
    expect(await found(code(), 'not-thread-safe = ["NC_", "other_"]', rules)).toEqual([
      "read non-reentrant-call NC_open",
      "read non-reentrant-call other_open",
    ]);
  });

  it("is silent under a lock, but not in a critical section", async () => {
    const config = 'not-thread-safe = ["NC_"]';
    expect(await found(code("PyMutex_Lock(&lock);", "PyMutex_Unlock(&lock);"), config, rules)).toEqual([]);
    const section = code("Py_BEGIN_CRITICAL_SECTION(self);", "Py_END_CRITICAL_SECTION();");
    expect(await found(section, config, rules)).toHaveLength(1);
    const locks = '\n[[lock-functions]]\nlock = "nc_enter"\nunlock = "nc_leave"\n';
    expect(await found(code("nc_enter();", "nc_leave();"), config + locks, rules)).toEqual([]);
  });

  it("means the library's functions, not the project's", async () => {
    const own = "static int NC_open(int n) { return n; }\nstatic int NC_get(int n) { return n; }\n";
    expect(await found(own + code(), 'not-thread-safe = ["NC_"]', rules)).toEqual([]);
  });
});

describe("entry-points", () => {
  const code = SHELF.replace(/static PyMethodDef[\s\S]*$/, "").replaceAll(/(BEGIN|END)_SHELF/g, "");
  const rules = ["unlocked-instance-state", "unlocked-field-ref"];

  it("are reached by any thread, with the instance that is named", async () => {
    const config = 'entry-points = [{ function = "shelf_first" }, { function = "shelf_swap", self = 0 }]';
    expect(await found(code, "", rules)).toEqual([]);
    expect(await found(code, config, rules)).toEqual([
      "shelf_first unlocked-field-ref books",
      "shelf_swap unlocked-instance-state books",
    ]);
  });
});

describe("select, ignore, include, exclude, target, min-python", () => {
  const TOK = "#include <string.h>\nchar *next(char *s) { return strtok(s, 0); }\n";

  it("select and ignore choose rules", async () => {
    const config = (text: string) => found(shelf(), text, LOCKING);
    expect(await config('select = ["borrowed"]')).toEqual(UNLOCKED.slice(0, 1));
    expect(await config('ignore = ["borrowed", "unlocked-field-ref"]')).toEqual(UNLOCKED.slice(2));
  });

  it("globs start from the folder of the file, whatever is scanned", async () => {
    const files = {
      "src/a.c": TOK,
      "src/legacy/b.c": TOK,
      "lib/legacy/c.c": TOK,
      "src/tests/d.c": TOK,
      "ungil.toml": 'exclude = ["src/legacy/**"]\ninclude = ["*/tests/*.c"]',
    };
    const cwd = tree(files);
    const scanned = async (paths: string[]) => {
      const { root, findings } = await auditOf(cwd, { paths });
      return findings.map((f) => `${root.slice(cwd.length)}/${f.file}`).sort();
    };
    expect(await scanned(["."])).toEqual(["/lib/legacy/c.c", "/src/a.c", "/src/tests/d.c"]);
    expect(await scanned(["src"])).toEqual(["/src/a.c", "/src/tests/d.c"]);
    expect(await scanned(["src", "lib/legacy"])).toEqual(["/lib/legacy/c.c", "/src/a.c", "/src/tests/d.c"]);
    expect(await scanned(["src/legacy"])).toEqual([]);
  });

  it("what the user gives wins", async () => {
    const cwd = tree({ "a.c": shelf(), "ungil.toml": 'select = ["borrowed"]\nexclude = ["*.c"]\ntarget = "3.14"' });
    expect(brief(await auditOf(cwd), LOCKING)).toEqual([]);
    const result = await auditOf(cwd, { exclude: [], select: ["locking"], target: 15 });
    expect(brief(result, LOCKING)).toEqual(UNLOCKED.slice(1));
    expect(result.summary).toMatchObject({ target: "3.15", config: "ungil.toml" });
  });

  it("min-python decides whether a slot must be guarded", async () => {
    const code = `#include <Python.h>
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
`;
    const risk = async (files: Record<string, string>) => {
      const { findings, summary } = await auditOf(tree({ "m.c": code, ...files }), { select: ["gil-slot-unguarded"] });
      return `${findings.map((f) => f.risk).join()} ${summary.minPython} ${summary.minPythonKnown}`;
    };
    expect(await risk({})).toBe("low 3.9 false");
    expect(await risk({ "pyproject.toml": '[project]\nrequires-python = ">=3.10"' })).toBe("medium 3.10 true");
    expect(await risk({ "ungil.toml": 'min-python = "3.13"' })).toBe(" 3.13 true");
  });

  it("the target decides which code is there", async () => {
    const code = `#if PY_VERSION_HEX < 0x030E0000\n${TOK}#endif\n`;
    expect(await found(code, "", ["non-reentrant-call"])).toHaveLength(1);
    expect(await found(code, 'target = "3.14"', ["non-reentrant-call"])).toEqual([]);
  });
});

describe("the cache", () => {
  it("never answers for another configuration", async () => {
    const cacheDir = tree({});
    const code = { "a.c": shelf("SHELF_ENTER(self)", "SHELF_LEAVE(self)") };
    const cwd = tree(code);
    const run = async (config: string) => {
      writeFileSync(`${cwd}/ungil.toml`, config);
      const result = await auditOf(cwd, { cache: true, cacheDir });
      return { state: result.timing.cache, findings: brief(result, LOCKING) };
    };
    const locks = 'lock-functions = [{ lock = "SHELF_ENTER", unlock = "SHELF_LEAVE", argument = 0 }]';
    expect(await run("")).toEqual({ state: "cold", findings: UNLOCKED });
    expect((await run(locks)).findings).toEqual([]);
    expect(await run(locks)).toEqual({ state: "warm", findings: [] });
    expect((await run('not-shared-types = ["ShelfObject"]')).findings).toEqual([]);
    expect(await run("")).toEqual({ state: "warm", findings: UNLOCKED });
  });
});
