/** Calls, macros and classes that attach a thread state to the interpreter or detach it. */
import type { Source } from "./sources.ts";
import { classNameOf, lastComponent } from "./type-names.ts";
import type { ApiVersion } from "./versions.ts";

export interface ThreadStateCall {
  name: string;
  /**
   * `detach`/`attach`: what the call does. `restore`: back to what was before its opening call (`PyGILState_Release`).
   * `swap`: detaches if the argument is NULL, else attaches.
   */
  effect: "attach" | "detach" | "restore" | "swap";
  /** `section` macros open a C block that the closing macro ends. */
  form: "section-begin" | "section-end" | "call";
  pairs: readonly string[];
  /** Argument that holds the saved state, -1 if none. */
  stateArg: number;
  /** The result is the saved state, to be given back. */
  returnsState?: boolean;
  /** May or may not act (`NPY_BEGIN_THREADS_THRESHOLDED`): analyses must allow for both. */
  conditional?: boolean;
  since?: ApiVersion;
  removed?: ApiVersion;
  source: Source;
}

const ROWS: ThreadStateCall[] = [
  {
    name: "Py_BEGIN_ALLOW_THREADS",
    effect: "detach",
    form: "section-begin",
    pairs: ["Py_END_ALLOW_THREADS"],
    stateArg: -1,
    source: "docs/init",
  },
  {
    name: "Py_END_ALLOW_THREADS",
    effect: "attach",
    form: "section-end",
    pairs: ["Py_BEGIN_ALLOW_THREADS"],
    stateArg: -1,
    source: "docs/init",
  },
  {
    name: "Py_BLOCK_THREADS",
    effect: "attach",
    form: "call",
    pairs: ["Py_UNBLOCK_THREADS"],
    stateArg: -1,
    source: "docs/init",
  },
  {
    name: "Py_UNBLOCK_THREADS",
    effect: "detach",
    form: "call",
    pairs: ["Py_BLOCK_THREADS"],
    stateArg: -1,
    source: "docs/init",
  },
  {
    name: "PyEval_SaveThread",
    effect: "detach",
    form: "call",
    pairs: ["PyEval_RestoreThread"],
    stateArg: -1,
    returnsState: true,
    source: "docs/init",
  },
  {
    name: "PyEval_RestoreThread",
    effect: "attach",
    form: "call",
    pairs: ["PyEval_SaveThread"],
    stateArg: 0,
    source: "docs/init",
  },
  {
    name: "PyEval_AcquireThread",
    effect: "attach",
    form: "call",
    pairs: ["PyEval_ReleaseThread"],
    stateArg: 0,
    source: "docs/init",
  },
  {
    name: "PyEval_ReleaseThread",
    effect: "detach",
    form: "call",
    pairs: ["PyEval_AcquireThread"],
    stateArg: 0,
    source: "docs/init",
  },
  {
    name: "PyEval_AcquireLock",
    effect: "attach",
    form: "call",
    pairs: ["PyEval_ReleaseLock"],
    stateArg: -1,
    removed: "3.13",
    source: "headers",
  },
  {
    name: "PyEval_ReleaseLock",
    effect: "detach",
    form: "call",
    pairs: ["PyEval_AcquireLock"],
    stateArg: -1,
    removed: "3.13",
    source: "headers",
  },
  {
    name: "PyThreadState_Swap",
    effect: "swap",
    form: "call",
    pairs: ["PyThreadState_Swap"],
    stateArg: 0,
    returnsState: true,
    source: "docs/init",
  },
  ...["Py_NewInterpreter", "Py_NewInterpreterFromConfig"].map(
    (name): ThreadStateCall => ({
      name,
      effect: "attach",
      form: "call",
      pairs: ["Py_EndInterpreter"],
      stateArg: -1,
      source: "docs/init",
    }),
  ),
  {
    name: "Py_EndInterpreter",
    effect: "detach",
    form: "call",
    pairs: ["Py_NewInterpreter", "Py_NewInterpreterFromConfig"],
    stateArg: 0,
    source: "docs/init",
  },
  {
    name: "PyThreadState_DeleteCurrent",
    effect: "detach",
    form: "call",
    pairs: [],
    stateArg: -1,
    source: "docs/init",
  },
  {
    name: "PyGILState_Ensure",
    effect: "attach",
    form: "call",
    pairs: ["PyGILState_Release"],
    stateArg: -1,
    returnsState: true,
    source: "docs/init",
  },
  {
    name: "PyGILState_Release",
    effect: "restore",
    form: "call",
    pairs: ["PyGILState_Ensure"],
    stateArg: 0,
    source: "docs/init",
  },
  {
    name: "PyThreadState_Ensure",
    effect: "attach",
    form: "call",
    pairs: ["PyThreadState_Release"],
    stateArg: -1,
    returnsState: true,
    since: "3.15",
    source: "pep-788",
  },
  {
    name: "PyThreadState_EnsureFromView",
    effect: "attach",
    form: "call",
    pairs: ["PyThreadState_Release"],
    stateArg: -1,
    returnsState: true,
    since: "3.15",
    source: "pep-788",
  },
  {
    name: "PyThreadState_Release",
    effect: "restore",
    form: "call",
    pairs: ["PyThreadState_Ensure", "PyThreadState_EnsureFromView"],
    stateArg: 0,
    since: "3.15",
    source: "pep-788",
  },
  {
    name: "NPY_BEGIN_ALLOW_THREADS",
    effect: "detach",
    form: "section-begin",
    pairs: ["NPY_END_ALLOW_THREADS"],
    stateArg: -1,
    source: "numpy",
  },
  {
    name: "NPY_END_ALLOW_THREADS",
    effect: "attach",
    form: "section-end",
    pairs: ["NPY_BEGIN_ALLOW_THREADS"],
    stateArg: -1,
    source: "numpy",
  },
  ...["NPY_BEGIN_THREADS", "NPY_BEGIN_THREADS_THRESHOLDED", "NPY_BEGIN_THREADS_DESCR"].map(
    (name): ThreadStateCall => ({
      name,
      effect: "detach",
      form: "call",
      pairs: ["NPY_END_THREADS", "NPY_END_THREADS_DESCR"],
      stateArg: -1,
      conditional: name !== "NPY_BEGIN_THREADS",
      source: "numpy",
    }),
  ),
  ...["NPY_END_THREADS", "NPY_END_THREADS_DESCR"].map(
    (name): ThreadStateCall => ({
      name,
      effect: "attach",
      form: "call",
      pairs: ["NPY_BEGIN_THREADS", "NPY_BEGIN_THREADS_THRESHOLDED", "NPY_BEGIN_THREADS_DESCR"],
      stateArg: -1,
      source: "numpy",
    }),
  ),
  {
    name: "NPY_ALLOW_C_API",
    effect: "attach",
    form: "call",
    pairs: ["NPY_DISABLE_C_API"],
    stateArg: -1,
    source: "numpy",
  },
  {
    name: "NPY_DISABLE_C_API",
    effect: "restore",
    form: "call",
    pairs: ["NPY_ALLOW_C_API"],
    stateArg: -1,
    source: "numpy",
  },
];

export const THREAD_STATE_CALLS: ReadonlyMap<string, ThreadStateCall> = new Map(ROWS.map((row) => [row.name, row]));

/** What a call of this name does to the thread state; undefined if nothing. */
export function threadStateCall(name: string): ThreadStateCall | undefined {
  return THREAD_STATE_CALLS.get(name);
}

/** A class whose lifetime is the time attached or detached. */
export interface ThreadStateGuard {
  name: string;
  effect: "attach" | "detach";
  namespaces: readonly string[];
  source: Source;
}

export const THREAD_STATE_GUARDS: ReadonlyMap<string, ThreadStateGuard> = new Map(
  (
    [
      {
        name: "gil_scoped_release",
        effect: "detach",
        namespaces: ["py", "pybind11", "nb", "nanobind"],
        source: "pybind11",
      },
      {
        name: "gil_scoped_release_simple",
        effect: "detach",
        namespaces: ["py", "pybind11"],
        source: "pybind11",
      },
      {
        name: "gil_scoped_acquire",
        effect: "attach",
        namespaces: ["py", "pybind11", "nb", "nanobind"],
        source: "pybind11",
      },
      {
        name: "gil_scoped_acquire_simple",
        effect: "attach",
        namespaces: ["py", "pybind11"],
        source: "pybind11",
      },
    ] satisfies ThreadStateGuard[]
  ).map((guard) => [guard.name, guard]),
);

/** The guard class of a declared type as written (`py::gil_scoped_release`), whatever its namespace. */
export function threadStateGuard(type: string): ThreadStateGuard | undefined {
  return THREAD_STATE_GUARDS.get(lastComponent(classNameOf(type)));
}
