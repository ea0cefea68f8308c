/**
 * The definitions of newer API for Pythons that lack it, as C89-friendly C that is valid C++ too. Semantics are those of the first
 * version that has the API (CPython's sources of 3.13 to 3.15); before 3.13 there is only the GIL build.
 */
import { type ApiVersion, minorOf } from "../../capi/versions.ts";
import { ATTRIBUTES } from "./attribute-definitions.ts";

/** One or several names that are defined together. */
export interface CompatDefinition {
  /** What guards the definition against being there twice; the first of `names`. */
  name: string;
  /** Every API and macro that the definition brings. */
  names: readonly string[];
  since: ApiVersion;
  /** First version whose limited API has it; undefined: none. */
  limitedSince?: ApiVersion;
  /** True if pythoncapi_compat.h has it. */
  inHeader: boolean;
  /** True for macros, which need no definition of their own name to be recognised. */
  isMacro?: boolean;
  /** True if newer headers declare it whatever limited API is asked for. */
  alwaysDeclared?: boolean;
  /** C text without a guard, `\n` line breaks, no line break at the end. */
  text: string;
  /** What builds under the limited API of older versions, where `text` does not. */
  limitedText?: string;
}

const LOCKS: CompatDefinition[] = [
  {
    name: "Py_BEGIN_CRITICAL_SECTION",
    names: [
      "Py_BEGIN_CRITICAL_SECTION",
      "Py_END_CRITICAL_SECTION",
      "Py_BEGIN_CRITICAL_SECTION2",
      "Py_END_CRITICAL_SECTION2",
    ],
    since: "3.13",
    inHeader: true,
    isMacro: true,
    text: `#define Py_BEGIN_CRITICAL_SECTION(op) {
#define Py_END_CRITICAL_SECTION() }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#define Py_END_CRITICAL_SECTION2() }`,
  },
  {
    name: "PyMutex",
    names: ["PyMutex", "PyMutex_Lock", "PyMutex_Unlock"],
    since: "3.13",
    inHeader: false,
    text: `/* The GIL does the work of the lock. */
typedef struct { unsigned char _bits; } PyMutex;

static inline void
PyMutex_Lock(PyMutex *m)
{
    (void)m;
}

static inline void
PyMutex_Unlock(PyMutex *m)
{
    (void)m;
}`,
  },
];

const REFERENCES: CompatDefinition[] = [
  {
    name: "Py_NewRef",
    names: ["Py_NewRef"],
    since: "3.10",
    limitedSince: "3.10",
    inHeader: true,
    text: `static inline PyObject *
Py_NewRef(PyObject *obj)
{
    Py_INCREF(obj);
    return obj;
}`,
  },
  {
    name: "Py_XNewRef",
    names: ["Py_XNewRef"],
    since: "3.10",
    limitedSince: "3.10",
    inHeader: true,
    text: `static inline PyObject *
Py_XNewRef(PyObject *obj)
{
    Py_XINCREF(obj);
    return obj;
}`,
  },
  {
    name: "PyUnstable_Object_IsUniquelyReferenced",
    names: ["PyUnstable_Object_IsUniquelyReferenced"],
    since: "3.14",
    inHeader: true,
    text: uniqueness("PyUnstable_Object_IsUniquelyReferenced"),
  },
  {
    name: "PyUnstable_Object_IsUniqueReferencedTemporary",
    names: ["PyUnstable_Object_IsUniqueReferencedTemporary"],
    since: "3.14",
    inHeader: false,
    text: uniqueness("PyUnstable_Object_IsUniqueReferencedTemporary"),
  },
];

/** Before 3.14 the interpreter counts every argument, so that one test serves temporaries too. */
function uniqueness(name: string): string {
  return `static inline int
${name}(PyObject *op)
{
#ifdef Py_GIL_DISABLED
    return _Py_IsOwnedByCurrentThread(op)
        && _Py_atomic_load_uint32_relaxed(&op->ob_ref_local) == 1
        && _Py_atomic_load_ssize_relaxed(&op->ob_ref_shared) == 0;
#else
    return Py_REFCNT(op) == 1;
#endif
}`;
}

/** The second half of `PyDict_SetDefault`, where the call itself is not there. */
const SET_ITEM = "PyDict_SetItem(dict, key, default_value) < 0 ? NULL : default_value";

const CONTAINERS: CompatDefinition[] = [
  {
    name: "PyList_GetItemRef",
    names: ["PyList_GetItemRef"],
    since: "3.13",
    limitedSince: "3.13",
    inHeader: true,
    text: `static inline PyObject *
PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    PyObject *item;
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "expected a list");
        return NULL;
    }
    item = PyList_GetItem(list, index);
    Py_XINCREF(item);
    return item;
}`,
  },
  {
    name: "PyDict_GetItemRef",
    names: ["PyDict_GetItemRef"],
    since: "3.13",
    limitedSince: "3.13",
    inHeader: true,
    text: `static inline int
PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    Py_INCREF(item);
    return 1;
}`,
  },
  {
    name: "PyDict_GetItemStringRef",
    names: ["PyDict_GetItemStringRef"],
    since: "3.13",
    limitedSince: "3.13",
    inHeader: true,
    text: `static inline int
PyDict_GetItemStringRef(PyObject *dict, const char *key, PyObject **result)
{
    PyObject *item, *name = PyUnicode_FromString(key);
    if (name == NULL) {
        *result = NULL;
        return -1;
    }
    item = PyDict_GetItemWithError(dict, name);
    Py_XINCREF(item);
    Py_DECREF(name);
    *result = item;
    if (item == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return 1;
}`,
  },
  {
    name: "PyDict_SetDefaultRef",
    names: ["PyDict_SetDefaultRef"],
    since: "3.13",
    limitedSince: "3.15",
    inHeader: true,
    text: setDefaultRef("item = PyDict_SetDefault(dict, key, default_value);"),
    limitedText: setDefaultRef(`item = ${SET_ITEM};`),
  },
  {
    name: "PyWeakref_GetRef",
    names: ["PyWeakref_GetRef"],
    since: "3.13",
    limitedSince: "3.13",
    inHeader: true,
    text: `static inline int
PyWeakref_GetRef(PyObject *ref, PyObject **result)
{
    PyObject *object;
    *result = NULL;
    if (ref != NULL && !PyWeakref_Check(ref)) {
        PyErr_SetString(PyExc_TypeError, "expected a weakref");
        return -1;
    }
    object = PyWeakref_GetObject(ref);
    if (object == NULL) {
        return -1;
    }
    if (object == Py_None) {
        return 0;
    }
    Py_INCREF(object);
    *result = object;
    return 1;
}`,
  },
];

function setDefaultRef(insert: string): string {
  return `static inline int
PyDict_SetDefaultRef(PyObject *dict, PyObject *key, PyObject *default_value, PyObject **result)
{
    PyObject *item = PyDict_GetItemWithError(dict, key);
    int status = item != NULL;
    if (item == NULL && !PyErr_Occurred()) {
        ${insert}
    }
    if (item == NULL) {
        status = -1;
    }
    if (result != NULL) {
        Py_XINCREF(item);
        *result = item;
    }
    return status;
}`;
}

export const DEFINITIONS: readonly CompatDefinition[] = [...LOCKS, ...REFERENCES, ...CONTAINERS, ...ATTRIBUTES];

const BY_NAME: ReadonlyMap<string, CompatDefinition> = new Map(
  DEFINITIONS.flatMap((d) => d.names.map((name) => [name, d] as const)),
);

/** What brings `name` to Pythons that lack it; undefined if nothing here does. */
export function definitionOf(name: string): CompatDefinition | undefined {
  return BY_NAME.get(name);
}

/** `PY_VERSION_HEX` of the first pre-release that counts as the version. */
export function versionHex(version: ApiVersion): string {
  return `0x03${minorOf(version).toString(16).toUpperCase().padStart(2, "0")}0000`;
}

/** Which builds a definition must be right in, beyond those of Python 3. */
export interface Builds {
  /** The limited API of an older version may be asked for. */
  limited: boolean;
  /** The file is built for Python 2 as well. */
  python2: boolean;
}

/** The definition with its guard. Ends with a line break. */
export function guardedText(definition: CompatDefinition, { limited, python2 }: Builds): string {
  const { name, since, limitedSince, text, limitedText, isMacro, alwaysDeclared } = definition;
  const old = `PY_VERSION_HEX < ${versionHex(since)}`;
  const hidden = limitedSince
    ? `(defined(Py_LIMITED_API) && Py_LIMITED_API + 0 < ${versionHex(limitedSince)})`
    : "defined(Py_LIMITED_API)";
  const condition = limited && !alwaysDeclared ? `(${old} || ${hidden})` : old;
  const body = limited ? (limitedText ?? text) : text;
  // The macro of the same name tells other copies of the block, and the preprocessor, that it is there.
  const mark = isMacro ? "" : `#define ${name} ${name}\n`;
  return `#if ${condition} && !defined(${name})\n${python2 ? forPython2(body) : body}\n${mark}#endif\n`;
}

/** What Python 2.7 calls otherwise: keys of its dicts are byte strings. */
const IN_PYTHON_2: readonly (readonly [string, string])[] = [
  ["PyDict_GetItemWithError(", "_PyDict_GetItemWithError("],
  ["PyUnicode_FromString(", "PyString_FromString("],
  ["PyDict_SetDefault(dict, key, default_value)", SET_ITEM],
];

/** Lines that Python 2 needs in other words, in both. */
function forPython2(text: string): string {
  const lines = text.split("\n").map((line) => {
    const other = IN_PYTHON_2.reduce((l, [now, then]) => l.replace(now, then), line);
    return other === line ? line : `#if PY_MAJOR_VERSION >= 3\n${line}\n#else\n${other}\n#endif`;
  });
  return lines.join("\n");
}
