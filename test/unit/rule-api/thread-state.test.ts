import { describe, expect, it } from "vitest";
import { stateNeed } from "../../../src/rule-api/thread-state.ts";

describe("what a call needs of the thread state", () => {
  it.each([
    "PyErr_SetString",
    "PyDict_SetItem",
    "Py_DECREF",
    "Py_NewRef",
    "Py_BuildValue",
    "PyErr_Occurred",
    "_PyObject_CallNoArg",
  ])("%s needs one", (name) => {
    expect(stateNeed(name)).toBe("api");
  });

  it.each(["PyMem_Malloc", "PyMem_NEW", "PyObject_Free", "PyObject_GC_New"])("%s allocates with one", (name) => {
    expect(stateNeed(name)).toBe("alloc");
  });

  it.each([
    ["PyMem_RawMalloc", "the raw family"],
    ["malloc", "libc"],
    ["PyMutex_Lock", "made for it"],
    ["PyThread_acquire_lock", "made for it"],
    ["PyTuple_GET_ITEM", "reads a field"],
    ["PyUnicode_Check", "looks at a type"],
    ["Py_TYPE", "looks at a type"],
    ["PyBlake2_update", "another library's name"],
    ["PyArray_DATA", "another library's name"],
    ["_Py_write_noraise", "a wrapper of a system call"],
    ["fsync", "no API at all"],
  ])("%s needs none: %s", (name) => {
    expect(stateNeed(name)).toBeUndefined();
  });
});
