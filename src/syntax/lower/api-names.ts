/** Names that keep their meaning: a macro of such a name is CPython's (or means the same) and is never looked into. */
import { REFCOUNTS } from "../../capi/data/refcounts.generated.ts";
import { STABLE_ABI } from "../../capi/data/stable-abi.generated.ts";
import { lockCall } from "../../capi/locks.ts";
import { neverReturns } from "../../capi/no-return.ts";
import { threadStateCall } from "../../capi/thread-state.ts";
import { isSpecialMacro } from "./special-names.ts";

/** Families of CPython's macros and functions that no extension defines with another meaning. */
const FAMILIES = [
  "Py_",
  "_Py_",
  "PyList_",
  "PyTuple_",
  "PyDict_",
  "PySet_",
  "PyAnySet_",
  "PyFrozenSet_",
  "PyUnicode_",
  "PyBytes_",
  "PyByteArray_",
  "PyLong_",
  "PyFloat_",
  "PyComplex_",
  "PyBool_",
  "PySequence_",
  "PyMapping_",
  "PyNumber_",
  "PyObject_",
  "_PyObject_",
  "PyType_",
  "PyModule_",
  "PyImport_",
  "PyErr_",
  "PyArg_",
  "PyMem_",
  "PyEval_",
  "PyThread_",
  "PyThreadState_",
  "PyGILState_",
  "PyCapsule_",
  "PyCell_",
  "PyWeakref_",
  "PyIter_",
  "PyGen_",
  "PyCoro_",
  "PyFunction_",
  "PyCFunction_",
  "PyMethod_",
  "PyInstanceMethod_",
  "PyStructSequence_",
  "PyMemoryView_",
  "PyBuffer_",
  "PyDateTime_",
  "PyDelta_",
  "PyDate_",
  "PyTime_",
  "PyTZInfo_",
  "PyMutex_",
  "PyCriticalSection",
  "PyUnstable_",
  "PyContextVar_",
  "PySys_",
  "PyOS_",
  "PySlice_",
  "PyCode_",
  "PyFrame_",
  "PyGC_",
  "PyDescr_",
  "PyDictProxy_",
];

const memo = new Map<string, boolean>();

/** True for names of CPython's C API, of locks and of thread-state calls. */
export function isApiName(name: string): boolean {
  if (name.length < 3) return false;
  let known = memo.get(name);
  if (known === undefined) {
    known =
      Object.hasOwn(REFCOUNTS, name) ||
      Object.hasOwn(STABLE_ABI, name) ||
      lockCall(name) !== undefined ||
      threadStateCall(name) !== undefined ||
      neverReturns(name) ||
      isSpecialMacro(name) ||
      FAMILIES.some((prefix) => name.startsWith(prefix));
    if (memo.size > 100_000) memo.clear();
    memo.set(name, known);
  }
  return known;
}
