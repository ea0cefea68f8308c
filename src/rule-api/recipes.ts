/** What a person does about findings that no edit can answer, step by step. */
import type { FixAnswers, FixRequest } from "./fixing.ts";

function byHand(reason: string, ...recipe: string[]): FixAnswers {
  return [{ level: "manual", reason, recipe }];
}

/** Answer for `api-while-detached`. */
export function apiWhileDetached({ symbol }: FixRequest): FixAnswers {
  return byHand(
    "what the call needs can be computed before detaching, its result used after attaching, or both attached in between: the order of effects decides",
    `If \`${symbol}\` only reads: move it in front of \`Py_BEGIN_ALLOW_THREADS\` and keep its result in a C variable.`,
    "If it reports an error: store a status or `errno` in a variable, leave the region, and raise the exception behind `Py_END_ALLOW_THREADS`.",
    "If it must stay: `Py_BLOCK_THREADS` in front of it and `Py_UNBLOCK_THREADS` behind it, in the function that detached.",
    "In a helper that any thread calls: `state = PyGILState_Ensure();` before and `PyGILState_Release(state);` after the API is used.",
  );
}

/** Answer for `blocking-while-attached`. */
export function blockingWhileAttached({ symbol }: FixRequest): FixAnswers {
  return byHand(
    `\`${symbol}\` and everything that uses the same lock change together, and the lock may be shared with code that knows no Python`,
    "A lock that only code with a thread state takes: declare a `PyMutex` in its place, `PyMutex_Lock(&lock)` and `PyMutex_Unlock(&lock)` at every use, and delete what makes and frees the old lock.",
    "A lock that must stay: try it first, and only where that fails take it between `Py_BEGIN_ALLOW_THREADS` and `Py_END_ALLOW_THREADS`.",
    "Call nothing that can run Python code while it is held: copy what is needed, unlock, then call.",
  );
}

/** Answer for `cached-thread-state`. */
export function cachedThreadState({ symbol }: FixRequest): FixAnswers {
  return byHand(
    "where the state is restored belongs to another call than where it is saved",
    "Save and restore in one function: `PyThreadState *save = PyEval_SaveThread();` ... `PyEval_RestoreThread(save);`.",
    `Saved and restored by a pair of callbacks on the same thread: hand the state on as an argument, or make \`${symbol}\` thread-local.`,
    "Threads that the library makes: `PyGILState_Ensure` and `PyGILState_Release` around each call into Python instead of a kept state.",
    `Delete \`${symbol}\` when nothing reads it any more.`,
  );
}

/** Answer for `foreign-frame`. */
export function foreignFrame({ symbol }: FixRequest): FixAnswers {
  return byHand(
    `other threads run while \`${symbol}\` looks at them: no lock of the extension stops them`,
    "Let each thread record its own frame: `PyEval_SetProfile`, `sys.monitoring` or `threading.setprofile`, with the record in memory of the thread.",
    "For a snapshot on demand: `sys._current_frames()`, which stops all threads while it collects, and then only what the frame objects tell.",
    "For a profiler or debugger: move it out of the process (`sys.remote_exec` and the remote debugging offsets, 3.14).",
  );
}

/** Answer for `gil-as-lock` where the call cannot just go. */
export function gilAsLock({ symbol }: FixRequest): FixAnswers {
  return byHand(
    `what \`${symbol}\` was to protect may be used in other places, which need the same lock`,
    "Find every access to the data, with `PyGILState_Ensure` around it or not.",
    "A single number or flag: make it atomic. Several values that belong together: one `static PyMutex`, held at every access.",
    `Delete \`${symbol}\` and its counterpart where nothing between them needs a thread state; keep them where Python's API is called.`,
  );
}

/** Answer for `static-type`. */
export function staticType({ symbol }: FixRequest): FixAnswers {
  return byHand(
    "nothing is needed for threads; a heap type is another type object for each module, which every use of the static one has to follow",
    `Turn the initialiser of \`${symbol}\` into \`PyType_Slot\` rows and a \`PyType_Spec\`, with \`Py_TPFLAGS_IMMUTABLETYPE\` to keep it as constant as it was.`,
    "In the exec function: `state->type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &spec, NULL);`, then `PyModule_AddType`.",
    "In the type: visit `Py_TYPE(self)` in `tp_traverse`, and release it at the end of `tp_dealloc` (`PyTypeObject *type = Py_TYPE(self);` ... `Py_DECREF(type);`).",
    `Replace \`&${symbol}\` by the type in the module state: \`PyType_GetModuleByDef(Py_TYPE(self), &def)\`.`,
  );
}

/** Answer for `module-state-global`. */
export function moduleStateGlobal(): FixAnswers {
  return byHand(
    "every static of the module, and every function that uses one, has to change",
    "Collect the statics that hold objects in a struct, and set `m_size` to its size.",
    "Give the definition slots: `Py_mod_exec` with a function that fills the struct (`PyModule_GetState(module)`), and let the init function return `PyModuleDef_Init(&def)`.",
    "Visit the members in `m_traverse`, release them in `m_clear`, and call that from `m_free`.",
    "Hand the state to what uses it: from the module in module functions, by `PyType_GetModuleByDef` in methods.",
  );
}

/** Answer for `limited-api-conflict`. */
export function limitedApiConflict(): FixAnswers {
  return byHand(
    "which wheels a project builds is its own decision",
    "In sources: put the definition between `#ifndef Py_GIL_DISABLED` and `#endif`, behind an include of `pyconfig.h` or with the macro from the build.",
    'In the build: ask `sysconfig.get_config_var("Py_GIL_DISABLED")`, and set `py_limited_api` and the macro only where it is not true.',
    "Add cp313t and cp314t to the wheels that are built, without abi3 in their tag.",
  );
}

/** Answer for `gil-declared-used`. */
export function gilDeclaredUsed(): FixAnswers {
  return byHand(
    "the declaration says that the module is not ready, and only its maintainers know when it is",
    "Deal with the other findings of the module.",
    "Run its tests on a free-threaded build with `PYTHON_GIL=0`, some of them in several threads at once.",
    "Then write `Py_MOD_GIL_NOT_USED` in place of `Py_MOD_GIL_USED`.",
  );
}

/** Answer for `lock-order`. */
export function lockOrder(): FixAnswers {
  return byHand(
    "one of the two orders has to go, and what the locks protect tells which",
    "Choose the order that most of the code has, and say it in a comment beside the locks.",
    "In the other function: take the locks in that order from the beginning, or release the first, take both in order, and look again at what was read before.",
    "Two locks of the same kind: order them by address; for two objects, `Py_BEGIN_CRITICAL_SECTION2` does it.",
  );
}

/** Answer for `section-unbalanced`. */
export function sectionUnbalanced({ symbol }: FixRequest): FixAnswers {
  return byHand(
    "how far the section is meant to reach is not to be seen",
    `Find the block that \`${symbol}\` stands in, and the last statement of it that needs the lock.`,
    "End the section behind that statement, in the same block: `Py_END_CRITICAL_SECTION2` for two objects, `Py_END_CRITICAL_SECTION` for one.",
    "Declare variables that are used behind it in front of the section: its macros open and close a block.",
  );
}
