import { describe, expect, it } from "vitest";
import { allocatorCall, mismatch } from "../../../src/capi/allocators.ts";
import { borrowedApi, borrowedNames, usableReplacement } from "../../../src/capi/borrowed.ts";
import { internalField } from "../../../src/capi/container-macros.ts";
import { isConstantObject, typeTest } from "../../../src/capi/immutable.ts";
import { lockCall, lockGuard, lockTypeKind } from "../../../src/capi/locks.ts";
import { callEffect, mayRunPython, maySuspend } from "../../../src/capi/may-run-python.ts";
import { frameworkOfMacro, gilValue, moduleOfInit } from "../../../src/capi/modules.ts";
import { needsThreadState } from "../../../src/capi/needs-thread-state.ts";
import { neverReturns } from "../../../src/capi/no-return.ts";
import { nonReentrant } from "../../../src/capi/nonreentrant.ts";
import { givesImmutable, isFresh, resultOf } from "../../../src/capi/provenance.ts";
import { methodConvention, slot, slotLayout, slotOfNumber } from "../../../src/capi/slots.ts";
import { stealsArg } from "../../../src/capi/stealing.ts";
import { threadStateCall, threadStateGuard } from "../../../src/capi/thread-state.ts";
import { classNameOf, isObjectPointer, pointerDepth } from "../../../src/capi/type-names.ts";
import { compareVersions, existsIn, parseVersion } from "../../../src/capi/versions.ts";

describe("versions", () => {
  it("reads releases, patch levels and free-threaded names", () => {
    expect(["3.13", "3.13.2", "3.14t", "3.15.0a1"].map(parseVersion)).toEqual(["3.13", "3.13", "3.14", "3.15"]);
    expect(["2.7", "3", "3.x", ""].map(parseVersion)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("compares by number, not by text", () => {
    expect(compareVersions("3.9", "3.13")).toBeLessThan(0);
    expect(existsIn("3.14", "3.13", "3.15")).toBe(true);
    expect(existsIn("3.15", undefined, "3.15")).toBe(false);
  });
});

describe("type names", () => {
  it.each([
    ["const struct foo *", "foo", 1],
    ["std::lock_guard<std::mutex> &", "std::lock_guard", 0],
    ["static PyObject **", "PyObject", 2],
    ["unsigned long", "unsigned long", 0],
    ["Map<Key *, Value *> *", "Map", 1],
    ["char *[]", "char", 1],
  ])("%s", (type, name, depth) => {
    expect(classNameOf(type)).toBe(name);
    expect(pointerDepth(type)).toBe(depth);
  });

  it("knows an object pointer from a pointer to one", () => {
    expect(isObjectPointer("PyObject *const")).toBe(true);
    expect(isObjectPointer("PyObject **")).toBe(false);
  });
});

describe("borrowed references", () => {
  it("gives the rule and the replacement for the oldest supported version", () => {
    const api = borrowedApi("PyDict_GetItem")!;
    expect(api.rule).toBe("borrowed-dict-item");
    expect(usableReplacement(api, 13)).toMatchObject({ replacement: { api: "PyDict_GetItemRef" }, needsCompat: false });
    expect(usableReplacement(api, 9)).toMatchObject({ needsCompat: true });
  });

  it("does not offer a shim that still races", () => {
    const found = usableReplacement(borrowedApi("PySys_GetObject")!, 9);
    expect(found?.replacement.api).toBe("PyObject_GetAttrString");
  });

  it("tuples are safe", () => {
    expect(borrowedApi("PyTuple_GET_ITEM")).toMatchObject({ hazard: "none", rule: null });
    expect(borrowedNames("borrowed-list-item")).toEqual(new Set(["PyList_GetItem", "PyList_GET_ITEM"]));
  });
});

describe("locks and thread state", () => {
  it("joins the pairs of a release that several locks share", () => {
    expect(lockCall("PyThread_release_lock")?.pairs).toEqual(["PyThread_acquire_lock", "PyThread_acquire_lock_timed"]);
    expect(lockCall("Py_BEGIN_CRITICAL_SECTION2")).toMatchObject({
      kind: "critical-section2",
      args: [0, 1],
      form: "section",
    });
    expect(lockCall("PyCriticalSection_Begin")?.args).toEqual([1]);
    expect(lockCall("PyList_Append")).toBeUndefined();
  });

  it("finds guard classes in any namespace and behind template arguments", () => {
    expect(lockGuard("const std::lock_guard<std::mutex>")?.name).toBe("lock_guard");
    expect(lockGuard("py::scoped_critical_section")?.kind).toBe("critical-section");
    expect(threadStateGuard("nb::gil_scoped_release")?.effect).toBe("detach");
    expect(lockTypeKind("static PyMutex")).toBe("pymutex");
  });

  it("knows what attaches and what detaches", () => {
    expect(threadStateCall("PyEval_SaveThread")).toMatchObject({ effect: "detach", returnsState: true });
    expect(threadStateCall("PyGILState_Release")?.effect).toBe("restore");
  });

  it("tells which functions may be called detached", () => {
    expect(["PyMem_RawMalloc", "PyMutex_Lock", "memcpy", "PyArray_DATA"].map(needsThreadState)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(["PyMem_Malloc", "Py_DECREF", "PyList_New"].map(needsThreadState)).toEqual([true, true, true]);
  });
});

describe("effects of calls", () => {
  it("a full name wins over a prefix", () => {
    expect(callEffect("PyDict_GetItemString")?.effect).toBe("suspends");
    expect(callEffect("PyDict_GetItem")?.effect).toBe("python-if-custom");
    expect(callEffect("PyErr_SetInterrupt")?.effect).toBe("neither");
    expect(callEffect("PyUnicode_GET_LENGTH")?.effect).toBe("neither");
  });

  it("an unknown API may run anything, other code is not CPython's", () => {
    expect(mayRunPython("PySomething_Unheard")).toBe(true);
    expect(callEffect("memcpy")).toBeUndefined();
    expect(mayRunPython("memcpy")).toBe(false);
  });

  it("tells custom objects from any", () => {
    expect(mayRunPython("PyDict_SetItem")).toBe(true);
    expect(mayRunPython("PyDict_SetItem", true)).toBe(false);
    expect(mayRunPython("Py_DECREF", true)).toBe(true);
    expect(maySuspend("PyList_Append")).toBe(true);
    expect(maySuspend("PyTuple_GET_ITEM")).toBe(false);
    expect(mayRunPython("PyList_Check")).toBe(false);
  });
});

describe("provenance of results", () => {
  it.each([
    ["PyList_New", "fresh", "list"],
    ["PyDict_Copy", "fresh", "dict"],
    ["PyList_AsTuple", "immutable", "tuple"],
    ["PyObject_GetAttrString", "attribute", "any"],
    ["PyList_GetItem", "item", "any"],
    ["PyModule_GetDict", "module-dict", "dict"],
    ["PyType_GetDict", "type-dict", "dict"],
    ["PyThreadState_GetDict", "own-thread", "dict"],
    ["PySequence_Fast", "fresh-or-argument", "any"],
    ["Py_NewRef", "argument", "any"],
  ])("%s", (name, origin, type) => {
    expect(resultOf(name)).toMatchObject({ origin, type });
  });

  it("out parameters are named", () => {
    expect(resultOf("PyDict_GetItemRef")?.outArgs).toEqual([2]);
    expect(resultOf("PyDict_Next")?.outArgs).toEqual([2, 3]);
  });

  it("knows what is fresh and what cannot change", () => {
    expect(isFresh("PySet_New")).toBe(true);
    expect(isFresh("PyDict_GetItemRef")).toBe(false);
    expect(givesImmutable("PyUnicode_FromString")).toBe(true);
    expect(givesImmutable("PyList_New")).toBe(false);
    expect(isConstantObject("PyExc_ValueError")).toBe(true);
    expect(isConstantObject("my_cache")).toBe(false);
    expect(typeTest("PyTuple_CheckExact")).toEqual({ type: "tuple", exact: true, immutable: true });
  });

  it("knows who takes over a reference", () => {
    expect(stealsArg("PyList_SetItem", 2)).toBe("always");
    expect(stealsArg("PyList_SetItem", 0)).toBeUndefined();
    expect(stealsArg("PyModule_AddObject", 2)).toBe("success");
    expect(stealsArg("PyModule_AddObjectRef", 2)).toBeUndefined();
  });
});

describe("memory", () => {
  it("legacy names are the current ones", () => {
    expect(allocatorCall("PyMem_NEW")).toMatchObject({
      domain: "mem",
      action: "allocate",
      legacyOf: "PyMem_New",
      typed: true,
    });
    expect(allocatorCall("PyMem_Del")).toMatchObject({ domain: "mem", action: "free", legacyOf: "PyMem_Free" });
    expect(allocatorCall("operator new")?.domain).toBe("cpp");
  });

  it("judges pairs", () => {
    expect(mismatch("mem", "mem")).toBeUndefined();
    expect(mismatch("object", "object-new")).toBeUndefined();
    expect(mismatch("raw", "libc")).toEqual({ corrupts: "free-threaded-3.15" });
    expect(mismatch("libc", "mem")).toEqual({ corrupts: "free-threaded" });
    expect(mismatch("mem", "libc")).toEqual({ corrupts: "always" });
  });

  it("a field of a struct of the interpreter needs the struct or a telling name", () => {
    expect(internalField("PyListObject", "ob_item")?.use).toBe("PyList_GetItemRef");
    expect(internalField("", "ob_refcnt")?.state).toBe("does-not-compile");
    expect(internalField("", "used")).toBeUndefined();
    expect(internalField("MyObject", "ob_item")).toBeUndefined();
  });
});

describe("slots and modules", () => {
  it("positions follow the struct", () => {
    const layout = slotLayout("PyTypeObject")!;
    expect(layout.indexOf("tp_name")).toBe(1);
    expect(layout.indexOf("tp_dealloc")).toBe(4);
    expect(layout.indexOf("tp_new")).toBe(37);
    expect(slotLayout("PyNumberMethods")).toHaveLength(36);
  });

  it("knows arguments and who else has the instance", () => {
    expect(slot("tp_new")).toMatchObject({ self: -1, args: 1, kwargs: 2, exclusivity: "fresh" });
    expect(slot("tp_init")).toMatchObject({ self: 0, exclusivity: "shared" });
    expect(slot("tp_dealloc")?.exclusivity).toBe("dying");
    expect(slot("nb_add")).toMatchObject({ objects: [1], reflected: true });
    expect(slot("nb_negative")).toMatchObject({ objects: [], reflected: false });
    expect(slotOfNumber("Py_sq_item")).toBe("sq_item");
    expect(slotOfNumber("Py_mod_exec")).toBe("mod_exec");
    expect(slotOfNumber("Py_None")).toBeUndefined();
  });

  it("reads method flags", () => {
    expect(methodConvention(["METH_VARARGS", "METH_KEYWORDS"])).toMatchObject({
      convention: "keywords",
      args: 1,
      kwargs: 2,
    });
    expect(methodConvention(["METH_FASTCALL", "METH_KEYWORDS"])).toMatchObject({
      convention: "fastcall-keywords",
      kwargs: 3,
    });
    expect(methodConvention(["METH_O", "METH_CLASS"])).toMatchObject({ binding: "class", self: -1, objects: [1] });
    expect(methodConvention(["METH_COEXIST"])).toBeUndefined();
  });

  it("reads declarations and init names", () => {
    expect(gilValue("Py_MOD_GIL_NOT_USED")).toBe("yes");
    expect(gilValue("((void*)0)")).toBe("used");
    expect(gilValue("SOMETHING")).toBeUndefined();
    expect(moduleOfInit("PyInit__speedups")).toEqual({ module: "_speedups", phase: "init" });
    expect(moduleOfInit("PyModExport_x")).toEqual({ module: "x", phase: "export" });
    expect(moduleOfInit("PyInit_")).toBeUndefined();
    expect(frameworkOfMacro("NB_MODULE")?.name).toBe("nanobind");
  });

  it("knows what ends a path and what threads must not share", () => {
    expect(neverReturns("Py_FatalError")).toBe(true);
    expect(neverReturns("PyErr_SetString")).toBe(false);
    expect(nonReentrant("strtok")?.replacement).toBe("strtok_r");
    expect(nonReentrant("std::setlocale")?.hazard).toBe("locale");
    expect(nonReentrant("strtok_r")).toBeUndefined();
  });
});
