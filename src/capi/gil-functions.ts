/** Calls whose old use assumes that the GIL excludes other threads. */
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

export interface GilFunction {
  name: string;
  /**
   * `no-op`: does nothing any more. `removed`: gone. `no-exclusion`: attaches, but keeps nobody out. `attached-only`: only says
   * that a thread state is attached. `foreign`: looks into other threads. `startup-only`: unlocked registration.
   */
  kind: "no-op" | "removed" | "no-exclusion" | "attached-only" | "foreign" | "startup-only";
  removed?: ApiVersion;
  /** For `no-exclusion`: the call that ends it. */
  pair?: string;
  use: string;
  source: Source;
}

const ROWS: GilFunction[] = [
  { name: "PyEval_InitThreads", kind: "no-op", use: "delete the call", source: "docs/init" },
  {
    name: "PyEval_ThreadsInitialized",
    kind: "removed",
    removed: "3.13",
    use: "delete the call",
    source: "docs/whatsnew-3.13",
  },
  {
    name: "PyEval_AcquireLock",
    kind: "removed",
    removed: "3.13",
    use: "PyMutex_Lock, or PyEval_AcquireThread to attach",
    source: "docs/whatsnew-3.13",
  },
  {
    name: "PyEval_ReleaseLock",
    kind: "removed",
    removed: "3.13",
    use: "PyMutex_Unlock, or PyEval_ReleaseThread to detach",
    source: "docs/whatsnew-3.13",
  },
  {
    name: "PyGILState_Ensure",
    kind: "no-exclusion",
    pair: "PyGILState_Release",
    use: "PyMutex around the shared data",
    source: "docs/init",
  },
  { name: "PyGILState_Check", kind: "attached-only", use: "PyMutex around the shared data", source: "docs/init" },
  { name: "PyInterpreterState_Head", kind: "foreign", use: "", source: "docs/init" },
  { name: "PyInterpreterState_Next", kind: "foreign", use: "", source: "docs/init" },
  { name: "PyInterpreterState_ThreadHead", kind: "foreign", use: "", source: "docs/init" },
  { name: "PyThreadState_Next", kind: "foreign", use: "", source: "docs/init" },
  { name: "PyThreadState_GetFrame", kind: "foreign", use: "PyEval_GetFrame for the own thread", source: "docs/init" },
  { name: "_PyThread_CurrentFrames", kind: "foreign", use: "", source: "headers" },
  { name: "_PyThread_CurrentExceptions", kind: "foreign", use: "", source: "headers" },
  { name: "PyDict_AddWatcher", kind: "startup-only", use: "module initialisation", source: "threadsafety" },
  { name: "PyDict_ClearWatcher", kind: "startup-only", use: "module initialisation", source: "threadsafety" },
  { name: "PyType_AddWatcher", kind: "startup-only", use: "module initialisation", source: "docs/type" },
  { name: "PyCode_AddWatcher", kind: "startup-only", use: "module initialisation", source: "headers" },
  { name: "PyFunction_AddWatcher", kind: "startup-only", use: "module initialisation", source: "headers" },
  { name: "PyContext_AddWatcher", kind: "startup-only", use: "module initialisation", source: "headers" },
  { name: "PyRefTracer_SetTracer", kind: "startup-only", use: "module initialisation", source: "headers" },
  {
    name: "PyUnstable_Eval_RequestCodeExtraIndex",
    kind: "startup-only",
    use: "module initialisation",
    source: "headers",
  },
];

export const GIL_FUNCTIONS: ReadonlyMap<string, GilFunction> = new Map(ROWS.map((row) => [row.name, row]));

export function gilFunction(name: string): GilFunction | undefined {
  return GIL_FUNCTIONS.get(name);
}
