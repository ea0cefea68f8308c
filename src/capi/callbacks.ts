/** APIs that keep a function and call it later, or at once on another thread. */
import type { Source } from "./sources.ts";

export interface CallbackTaker {
  name: string;
  /** Argument with the function. */
  arg: number;
  kind: "capsule-destructor" | "converter" | "thread" | "pending-call" | "hook" | "exit" | "once" | "sort";
  source: Source;
}

const ROWS: CallbackTaker[] = [
  { name: "PyCapsule_New", arg: 2, kind: "capsule-destructor", source: "docs/capsule" },
  { name: "PyCapsule_SetDestructor", arg: 1, kind: "capsule-destructor", source: "docs/capsule" },
  { name: "PyThread_start_new_thread", arg: 0, kind: "thread", source: "docs/init" },
  { name: "PyThread_start_joinable_thread", arg: 0, kind: "thread", source: "headers" },
  { name: "pthread_create", arg: 2, kind: "thread", source: "posix" },
  { name: "thrd_create", arg: 1, kind: "thread", source: "c11" },
  { name: "CreateThread", arg: 2, kind: "thread", source: "win32" },
  { name: "_beginthread", arg: 0, kind: "thread", source: "msvc" },
  { name: "_beginthreadex", arg: 2, kind: "thread", source: "msvc" },
  { name: "Py_AddPendingCall", arg: 0, kind: "pending-call", source: "docs/init" },
  { name: "PyEval_SetTrace", arg: 0, kind: "hook", source: "docs/init" },
  { name: "PyEval_SetProfile", arg: 0, kind: "hook", source: "docs/init" },
  { name: "PyEval_SetTraceAllThreads", arg: 0, kind: "hook", source: "docs/init" },
  { name: "PyEval_SetProfileAllThreads", arg: 0, kind: "hook", source: "docs/init" },
  { name: "PySys_AddAuditHook", arg: 0, kind: "hook", source: "docs/sys" },
  { name: "PyDict_AddWatcher", arg: 0, kind: "hook", source: "docs/dict" },
  { name: "PyType_AddWatcher", arg: 0, kind: "hook", source: "docs/type" },
  { name: "PyCode_AddWatcher", arg: 0, kind: "hook", source: "headers" },
  { name: "PyFunction_AddWatcher", arg: 0, kind: "hook", source: "headers" },
  { name: "PyRefTracer_SetTracer", arg: 0, kind: "hook", source: "headers" },
  { name: "PyUnstable_GC_VisitObjects", arg: 0, kind: "hook", source: "docs/gc" },
  { name: "signal", arg: 1, kind: "hook", source: "posix" },
  { name: "pthread_atfork", arg: 0, kind: "hook", source: "posix" },
  { name: "PyOS_setsig", arg: 1, kind: "hook", source: "docs/sys" },
  { name: "Py_AtExit", arg: 0, kind: "exit", source: "docs/sys" },
  { name: "PyUnstable_AtExit", arg: 1, kind: "exit", source: "docs/init" },
  { name: "atexit", arg: 0, kind: "exit", source: "c11" },
  { name: "pthread_once", arg: 1, kind: "once", source: "posix" },
  { name: "call_once", arg: 1, kind: "once", source: "c11" },
  { name: "std::call_once", arg: 1, kind: "once", source: "cpp" },
  { name: "qsort", arg: 3, kind: "sort", source: "c11" },
  { name: "bsearch", arg: 4, kind: "sort", source: "c11" },
];

export const CALLBACK_TAKERS: ReadonlyMap<string, CallbackTaker> = new Map(ROWS.map((row) => [row.name, row]));

/** What an API does with a function it is given; undefined if it takes none. */
export function callbackTaker(name: string): CallbackTaker | undefined {
  return CALLBACK_TAKERS.get(name);
}

/** `PyArg_*` functions whose varargs can hold converters (`O&`). */
export function takesConverters(name: string): boolean {
  return name.startsWith("PyArg_") || name.startsWith("_PyArg_") || name === "Py_BuildValue";
}
