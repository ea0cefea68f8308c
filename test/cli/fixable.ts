/** Modules with findings that `fix` fixes at level safe, and questions about what is on disk. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One fix at level safe: a borrowed item of the caller's list. Needs no definitions for older Pythons with `NEWEST`. */
export const LENDING = `#include <Python.h>

static PyObject *
lamp_first(PyObject *self, PyObject *list)
{
    /* caf\u00e9 */
    PyObject *item = PyList_GetItem(list, 0);
    if (item == NULL)
        return NULL;
    return PyObject_Repr(item);
}

static PyMethodDef lamp_methods[] = {
    {"first", lamp_first, METH_O, "First item."},
    {NULL, NULL, 0, NULL}
};
`;

/** Options that make the fixes small and alike. */
export const NEWEST = ["--min-python", "3.13", "--select", "borrowed", "--no-config"];

/** The bytes of every file below a folder, without the journal and git's own. */
export function bytesIn(folder: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isDirectory() || name.startsWith(".ungil") || name.startsWith(".git/")) continue;
    found.set(name, readFileSync(path));
  }
  return found;
}

/** `count` modules, each with one fix, in folders of twenty. */
export function manyModules(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i++) files[`part${i % 20}/lamp${i}.c`] = LENDING.replaceAll("lamp", `lamp${i}`);
  return files;
}
