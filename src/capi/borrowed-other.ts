/** Borrowed references out of the interpreter, threads, frames, functions, types and other single objects. */
import type { BorrowedApi, Owner, Replacement } from "./borrowed.ts";
import type { Source } from "./sources.ts";

type Common = Omit<BorrowedApi, "name">;

function ref(api: string, extra: Partial<Replacement> = {}): Replacement {
  return { api, gives: "reference", differences: [], ...extra };
}

function lent(owner: Owner, containerArg: number, why: string, source: Source, extra: Partial<Common>): Common {
  return {
    owner,
    containerArg,
    outArgs: [],
    hazard: "if-shared",
    why,
    rule: "borrowed-other",
    replacements: [],
    onNull: "exception",
    source,
    ...extra,
  };
}

function named(names: readonly string[], common: Common): BorrowedApi[] {
  return names.map((name) => ({ name, ...common }));
}

/** Like `lent`, for what cannot dangle. */
function harmless(
  owner: Owner,
  containerArg: number,
  why: string,
  source: Source,
  extra: Partial<Common> = {},
): Common {
  return lent(owner, containerArg, why, source, { hazard: "none", rule: null, ...extra });
}

const SYS_ATTR: Replacement[] = [
  ref("PySys_GetAttrString", {
    since: "3.15",
    compatBefore: "3.15",
    differences: ["missing-raises", "shim-still-races"],
  }),
  {
    api: "PySys_GetOptionalAttrString",
    since: "3.15",
    compatBefore: "3.15",
    gives: "status",
    outArg: 1,
    differences: ["missing-is-status", "errors-now-raised", "shim-still-races"],
  },
  {
    api: "PyObject_GetAttrString",
    gives: "idiom",
    differences: ["missing-raises"],
    note: "on the imported sys module; free of the race on every version",
  },
];

export const BORROWED_INTERPRETER: readonly BorrowedApi[] = [
  ...named(
    ["PySys_GetObject", "_PySys_GetObjectId"],
    lent("sys", -1, "another thread can rebind the attribute of sys", "docs/sys", {
      onNull: "absent-or-swallowed",
      replacements: SYS_ATTR,
    }),
  ),
  {
    name: "PyEval_GetLocals",
    ...lent(
      "frame",
      -1,
      "the dict of the current frame is cached on the frame and updated by later calls",
      "docs/reflection",
      {
        onNull: "exception",
        replacements: [ref("PyEval_GetFrameLocals", { since: "3.13", differences: ["snapshot"] })],
      },
    ),
  },
  {
    name: "PyEval_GetGlobals",
    ...harmless("frame", -1, "the running frame keeps its globals", "docs/reflection", {
      onNull: "absent",
      replacements: [ref("PyEval_GetFrameGlobals", { since: "3.13" })],
    }),
  },
  {
    name: "PyEval_GetBuiltins",
    ...harmless("frame", -1, "the running frame or the interpreter keeps its builtins", "docs/reflection", {
      replacements: [ref("PyEval_GetFrameBuiltins", { since: "3.13" })],
    }),
  },
  {
    name: "PyEval_GetFrame",
    ...harmless("own-thread", -1, "the frame runs on this thread", "docs/reflection", {
      onNull: "absent",
      replacements: [ref("PyThreadState_GetFrame", { since: "3.9", compatBefore: "3.9" })],
    }),
  },
  {
    name: "PyImport_GetModuleDict",
    ...harmless(
      "interpreter",
      -1,
      "the interpreter keeps the dict of modules; its items are another matter",
      "docs/import",
      {
        onNull: "never",
        replacements: [ref("PyImport_GetModule", { since: "3.7", differences: ["other-argument", "empty-is-null"] })],
      },
    ),
  },
  {
    name: "PyModule_GetDict",
    ...harmless("module", 0, "the module keeps its dict; the values in it are another matter", "docs/module", {}),
  },
  {
    name: "PyState_FindModule",
    ...harmless("interpreter", -1, "a single-phase module stays until the interpreter ends", "docs/module", {
      onNull: "absent",
    }),
  },
  {
    name: "PySys_GetXOptions",
    ...harmless("interpreter", -1, "the interpreter keeps the dict of -X options", "docs/sys"),
  },
  {
    name: "PyThreadState_GetDict",
    ...harmless("own-thread", -1, "the thread state of this thread keeps its dict", "docs/init", { onNull: "absent" }),
  },
  {
    name: "PyInterpreterState_GetDict",
    ...harmless("interpreter", -1, "the interpreter keeps its dict until it ends", "docs/init", { onNull: "absent" }),
  },
  {
    name: "PyErr_Occurred",
    ...harmless("own-thread", -1, "only this thread sets or clears its exception", "docs/exceptions", {
      onNull: "absent",
    }),
  },
  ...named(
    ["PyInterpreterState_Head", "PyInterpreterState_Next", "PyInterpreterState_ThreadHead", "PyThreadState_Next"],
    lent("interpreter-list", -1, "the list is walked without a lock while threads come and go", "docs/init", {
      hazard: "always",
      rule: "foreign-frame",
      onNull: "absent",
    }),
  ),
  ...named(
    ["_PyFrame_GetCodeBorrow", "_PyFrame_GetBackBorrow"],
    lent("frame", 0, "the frame gives the reference up before it is used", "compat", {
      onNull: "absent",
      replacements: [ref("PyFrame_GetCode", { since: "3.9", compatBefore: "3.9" })],
    }),
  ),
  {
    name: "_PyThreadState_GetFrameBorrow",
    ...lent("interpreter-list", 0, "the frame of another thread can end", "compat", {
      onNull: "absent",
      replacements: [ref("PyThreadState_GetFrame", { since: "3.9", compatBefore: "3.9" })],
    }),
  },
];

function attribute(name: string): Replacement {
  return {
    api: "PyObject_GetAttrString",
    gives: "reference",
    differences: ["other-argument", "none-for-absent", "can-now-fail"],
    note: `with "${name}"`,
  };
}

/** Accessor pairs `PyFunction_GetX` / `PyFunction_GET_X` of attributes that Python code can rebind. */
const FUNCTION_ATTRIBUTES: readonly (readonly [string[], string])[] = [
  [["PyFunction_GetDefaults", "PyFunction_GET_DEFAULTS"], "__defaults__"],
  [["PyFunction_GetKwDefaults", "PyFunction_GET_KW_DEFAULTS"], "__kwdefaults__"],
  [["PyFunction_GetAnnotations", "PyFunction_GET_ANNOTATIONS"], "__annotations__"],
  [["PyFunction_GetCode", "PyFunction_GET_CODE"], "__code__"],
  [["PyFunction_GetModule", "PyFunction_GET_MODULE"], "__module__"],
];

export const BORROWED_OBJECTS: readonly BorrowedApi[] = [
  ...FUNCTION_ATTRIBUTES.flatMap(([names, attr]) =>
    named(
      names,
      lent("function", 0, `another thread can assign ${attr} of the function`, "docs/function", {
        onNull: "absent",
        replacements: [attribute(attr)],
      }),
    ),
  ),
  {
    name: "_PyType_Lookup",
    ...lent("type-cache", 0, "another thread can replace the attribute of the type", "headers", {
      onNull: "absent",
      replacements: [
        ref("_PyType_LookupRef", { since: "3.13" }),
        ref("PyObject_GetAttr", { differences: ["missing-raises"] }),
      ],
    }),
  },
  {
    name: "_PyObject_GetDictPtr",
    ...lent("object-header", 0, "another thread can replace the dict, or it is not materialised", "headers", {
      onNull: "absent",
      replacements: [ref("PyObject_GenericGetDict", { differences: ["other-argument"] })],
    }),
  },
  {
    name: "PyObject_GET_WEAKREFS_LISTPTR",
    ...lent("object-header", 0, "the list of weak references changes under its own lock", "headers", {
      onNull: "never",
    }),
  },
  ...named(
    ["PyMemoryView_GET_BASE", "PyMemoryView_GET_BUFFER"],
    lent("memoryview", 0, "release() on another thread gives the buffer back", "docs/memoryview", {
      onNull: "absent",
      replacements: [
        {
          api: "PyObject_GetBuffer",
          gives: "idiom",
          differences: ["can-now-fail"],
          note: "pins the buffer until it is released",
        },
      ],
    }),
  ),
];

export const BORROWED_HARMLESS: readonly BorrowedApi[] = [
  ...named(
    ["PyFunction_GetGlobals", "PyFunction_GET_GLOBALS", "PyFunction_GetClosure", "PyFunction_GET_CLOSURE"],
    harmless("function", 0, "fixed when the function is made", "docs/function", { onNull: "absent" }),
  ),
  ...named(
    [
      "PyMethod_Function",
      "PyMethod_Self",
      "PyMethod_GET_FUNCTION",
      "PyMethod_GET_SELF",
      "PyInstanceMethod_Function",
      "PyInstanceMethod_GET_FUNCTION",
    ],
    harmless("method", 0, "fixed when the method object is made", "docs/method"),
  ),
  ...named(
    ["PyCFunction_GetSelf", "PyCFunction_GET_SELF", "PyCFunction_GET_CLASS"],
    harmless("method", 0, "fixed when the function object is made", "headers", { onNull: "absent" }),
  ),
  ...named(["PyDescr_TYPE", "PyDescr_NAME"], harmless("descriptor", 0, "fixed when the descriptor is made", "headers")),
  ...named(
    ["Py_TYPE", "PyExceptionInstance_Class"],
    harmless(
      "object-header",
      0,
      "an object keeps its type; __class__ is assigned with the world stopped",
      "docs/structures",
      {
        onNull: "never",
      },
    ),
  ),
  ...named(
    ["PyType_GetModule", "PyType_GetModuleByDef"],
    harmless("type", 0, "a heap type keeps its module", "docs/type", {
      replacements: [ref("PyType_GetModuleByToken", { since: "3.15", differences: ["other-argument"] })],
    }),
  ),
  ...named(
    ["PyType_GetModule_DuringGC", "PyType_GetModuleByToken_DuringGC"],
    harmless("collector", 0, "valid inside tp_traverse, where the world is stopped", "docs/gc", {
      since: "3.15",
      onNull: "absent",
    }),
  ),
  {
    name: "PyType_GetBaseByToken_DuringGC",
    ...harmless("collector", 0, "valid inside tp_traverse, where the world is stopped", "docs/gc", {
      since: "3.15",
      outArgs: [2],
      onNull: "absent",
    }),
  },
  ...named(
    ["PyDateTime_DATE_GET_TZINFO", "PyDateTime_TIME_GET_TZINFO"],
    harmless("object-header", 0, "datetime objects are immutable", "docs/datetime", { onNull: "never" }),
  ),
  {
    name: "PyDateTime_TimeZone_UTC",
    ...harmless("constant", -1, "a constant of the datetime module", "docs/datetime", { onNull: "never" }),
  },
  {
    name: "Py_GetConstantBorrowed",
    ...harmless("constant", -1, "the constants are immortal", "docs/object", {
      since: "3.13",
      replacements: [ref("Py_GetConstant", { since: "3.13", compatBefore: "3.13" })],
    }),
  },
  {
    name: "_PyUnicode_FromId",
    ...harmless("interpreter", -1, "the interpreter keeps the interned string", "headers", {
      replacements: [ref("PyUnicode_InternFromString", { differences: ["other-argument"] })],
    }),
  },
  {
    name: "PyObject_Init",
    ...harmless("argument", 0, "returns its argument", "docs/allocation"),
  },
  {
    name: "PyObject_InitVar",
    ...harmless("argument", 0, "returns its argument", "docs/allocation"),
  },
  {
    name: "PyObject_GC_Resize",
    ...harmless("argument", 1, "returns its argument, moved", "docs/gc"),
  },
  {
    name: "PyModuleDef_Init",
    ...harmless("static", 0, "returns the static definition itself", "docs/module"),
  },
  {
    name: "PyModule_GetDef",
    ...harmless("static", 0, "the definition is static data of the extension", "docs/module", { onNull: "absent" }),
  },
];
