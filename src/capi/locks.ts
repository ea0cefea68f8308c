/**
 * Calls, macros and C++ classes that take and release locks.
 * The lowering turns them into `lock` and `unlock` instructions; rules ask how a lock behaves while it blocks.
 */
import type { LockKind } from "../ir/types.ts";
import type { Source } from "./sources.ts";
import { classNameOf, lastComponent } from "./type-names.ts";
import type { ApiVersion } from "./versions.ts";

export interface LockCall {
  name: string;
  action: "lock" | "unlock";
  kind: LockKind;
  /** Arguments that name what is locked; empty for a scope macro's END, which closes the innermost BEGIN. */
  args: readonly number[];
  /** `section` macros open a C block that their END closes; calls do not. */
  form: "section" | "call";
  /** Names that undo (for a lock) or were undone (for an unlock). */
  pairs: readonly string[];
  /** `true`: can fail without taking the lock, the result says so. `flag`: depends on the argument `waitArg`. */
  tries?: boolean | "flag";
  /** Argument whose value `0`/`NOWAIT_LOCK` makes the call a try-lock. */
  waitArg?: number;
  /** What happens to an attached thread state while the call waits. */
  whileWaiting: "detaches" | "stays-attached" | "never-waits";
  /** Several readers can hold it at once. */
  shared?: boolean;
  since?: ApiVersion;
  source: Source;
}

const SECTION_END = ["Py_END_CRITICAL_SECTION"];
const SECTION2_END = ["Py_END_CRITICAL_SECTION2"];

function section(name: string, kind: LockKind, args: number[], since: ApiVersion): LockCall {
  const pairs = kind === "critical-section" ? SECTION_END : SECTION2_END;
  return {
    name,
    action: "lock",
    kind,
    args,
    form: "section",
    pairs,
    whileWaiting: "detaches",
    since,
    source: "docs/synchronization",
  };
}

function sectionEnd(name: string, kind: LockKind, pairs: string[]): LockCall {
  return {
    name,
    action: "unlock",
    kind,
    args: [],
    form: "section",
    pairs,
    whileWaiting: "never-waits",
    since: "3.13",
    source: "docs/synchronization",
  };
}

interface Extra {
  tries?: boolean | "flag";
  waitArg?: number;
  shared?: boolean;
  since?: ApiVersion;
}

/** A pair of calls on one lock object, whose address is argument `arg`. */
function pair(
  locks: string[],
  unlock: string,
  kind: LockKind,
  whileWaiting: LockCall["whileWaiting"],
  source: Source,
  extra: Extra = {},
  arg = 0,
): LockCall[] {
  const rows = locks.map(
    (name): LockCall => ({
      name,
      action: "lock",
      kind,
      args: [arg],
      form: "call",
      pairs: [unlock],
      whileWaiting: extra.tries === true ? "never-waits" : whileWaiting,
      source,
      ...extra,
    }),
  );
  const { shared, since } = extra;
  const release: LockCall = {
    name: unlock,
    action: "unlock",
    kind,
    args: [arg],
    form: "call",
    pairs: locks,
    whileWaiting: "never-waits",
    source,
    ...(shared ? { shared } : {}),
    ...(since ? { since } : {}),
  };
  return [...rows, release];
}

const TRY: Extra = { tries: true };

const ROWS: LockCall[] = [
  section("Py_BEGIN_CRITICAL_SECTION", "critical-section", [0], "3.13"),
  section("Py_BEGIN_CRITICAL_SECTION2", "critical-section2", [0, 1], "3.13"),
  section("Py_BEGIN_CRITICAL_SECTION_MUTEX", "critical-section", [0], "3.14"),
  section("Py_BEGIN_CRITICAL_SECTION2_MUTEX", "critical-section2", [0, 1], "3.14"),
  section("Py_BEGIN_CRITICAL_SECTION_MUT", "critical-section", [0], "3.13"),
  section("Py_BEGIN_CRITICAL_SECTION2_MUT", "critical-section2", [0, 1], "3.13"),
  {
    ...section("Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST", "critical-section", [0], "3.13"),
    pairs: ["Py_END_CRITICAL_SECTION_SEQUENCE_FAST"],
  },
  sectionEnd("Py_END_CRITICAL_SECTION", "critical-section", [
    "Py_BEGIN_CRITICAL_SECTION",
    "Py_BEGIN_CRITICAL_SECTION_MUTEX",
    "Py_BEGIN_CRITICAL_SECTION_MUT",
  ]),
  sectionEnd("Py_END_CRITICAL_SECTION2", "critical-section2", [
    "Py_BEGIN_CRITICAL_SECTION2",
    "Py_BEGIN_CRITICAL_SECTION2_MUTEX",
    "Py_BEGIN_CRITICAL_SECTION2_MUT",
  ]),
  sectionEnd("Py_END_CRITICAL_SECTION_SEQUENCE_FAST", "critical-section", ["Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST"]),
  ...pair(
    ["PyCriticalSection_Begin", "PyCriticalSection_BeginMutex"],
    "PyCriticalSection_End",
    "critical-section",
    "detaches",
    "docs/synchronization",
    { since: "3.13" },
  ).map((row) => (row.action === "lock" ? { ...row, args: [1] } : { ...row, args: [] })),
  ...pair(
    ["PyCriticalSection2_Begin", "PyCriticalSection2_BeginMutex"],
    "PyCriticalSection2_End",
    "critical-section2",
    "detaches",
    "docs/synchronization",
    { since: "3.13" },
  ).map((row) => (row.action === "lock" ? { ...row, args: [1, 2] } : { ...row, args: [] })),
  ...pair(["PyMutex_Lock"], "PyMutex_Unlock", "pymutex", "detaches", "docs/synchronization", { since: "3.13" }),
  ...pair(["_PyMutex_Lock"], "_PyMutex_Unlock", "pymutex", "detaches", "headers", { since: "3.13" }),
  ...pair(["PyThread_acquire_lock"], "PyThread_release_lock", "thread-lock", "stays-attached", "docs/init", {
    tries: "flag",
    waitArg: 1,
  }),
  ...pair(["PyThread_acquire_lock_timed"], "PyThread_release_lock", "thread-lock", "stays-attached", "docs/init", TRY),
  ...pair(["pthread_mutex_lock"], "pthread_mutex_unlock", "native", "stays-attached", "posix"),
  ...pair(
    ["pthread_mutex_trylock", "pthread_mutex_timedlock"],
    "pthread_mutex_unlock",
    "native",
    "stays-attached",
    "posix",
    TRY,
  ),
  ...pair(["pthread_rwlock_wrlock"], "pthread_rwlock_unlock", "native", "stays-attached", "posix"),
  ...pair(["pthread_rwlock_trywrlock"], "pthread_rwlock_unlock", "native", "stays-attached", "posix", TRY),
  ...pair(["pthread_rwlock_rdlock"], "pthread_rwlock_unlock", "native", "stays-attached", "posix", { shared: true }),
  ...pair(["pthread_rwlock_tryrdlock"], "pthread_rwlock_unlock", "native", "stays-attached", "posix", {
    tries: true,
    shared: true,
  }),
  ...pair(["pthread_spin_lock"], "pthread_spin_unlock", "native", "stays-attached", "posix"),
  ...pair(["pthread_spin_trylock"], "pthread_spin_unlock", "native", "stays-attached", "posix", TRY),
  ...pair(["sem_wait"], "sem_post", "native", "stays-attached", "posix"),
  ...pair(["sem_trywait", "sem_timedwait"], "sem_post", "native", "stays-attached", "posix", TRY),
  ...pair(["mtx_lock"], "mtx_unlock", "native", "stays-attached", "c11"),
  ...pair(["mtx_trylock", "mtx_timedlock"], "mtx_unlock", "native", "stays-attached", "c11", TRY),
  ...pair(["EnterCriticalSection"], "LeaveCriticalSection", "native", "stays-attached", "win32"),
  ...pair(["TryEnterCriticalSection"], "LeaveCriticalSection", "native", "stays-attached", "win32", TRY),
  ...pair(["AcquireSRWLockExclusive"], "ReleaseSRWLockExclusive", "native", "stays-attached", "win32"),
  ...pair(["TryAcquireSRWLockExclusive"], "ReleaseSRWLockExclusive", "native", "stays-attached", "win32", TRY),
  ...pair(["AcquireSRWLockShared"], "ReleaseSRWLockShared", "native", "stays-attached", "win32", { shared: true }),
  ...pair(["os_unfair_lock_lock"], "os_unfair_lock_unlock", "native", "stays-attached", "apple"),
  ...pair(["os_unfair_lock_trylock"], "os_unfair_lock_unlock", "native", "stays-attached", "apple", TRY),
  ...pair(["omp_set_lock"], "omp_unset_lock", "native", "stays-attached", "openmp"),
  ...pair(["omp_test_lock"], "omp_unset_lock", "native", "stays-attached", "openmp", TRY),
  ...pair(["omp_set_nest_lock"], "omp_unset_nest_lock", "native", "stays-attached", "openmp"),
];

/** Several locks share one release (`pthread_mutex_unlock`): their pairs are joined. */
function indexRows(rows: LockCall[]): ReadonlyMap<string, LockCall> {
  const byName = new Map<string, LockCall>();
  for (const row of rows) {
    const known = byName.get(row.name);
    byName.set(row.name, known ? { ...known, pairs: [...new Set([...known.pairs, ...row.pairs])] } : row);
  }
  return byName;
}

export const LOCK_CALLS: ReadonlyMap<string, LockCall> = indexRows(ROWS);

/** What a function or macro of this name does to a lock; undefined if it is no lock call. */
export function lockCall(name: string): LockCall | undefined {
  return LOCK_CALLS.get(name);
}

/** Lock methods of C++ mutex classes; the receiver is what is locked. Only meaningful on a receiver of a mutex type. */
export const LOCK_METHODS: ReadonlyMap<string, Pick<LockCall, "action" | "kind" | "tries" | "shared">> = new Map([
  ["lock", { action: "lock", kind: "native" }],
  ["try_lock", { action: "lock", kind: "native", tries: true }],
  ["try_lock_for", { action: "lock", kind: "native", tries: true }],
  ["try_lock_until", { action: "lock", kind: "native", tries: true }],
  ["unlock", { action: "unlock", kind: "native" }],
  ["lock_shared", { action: "lock", kind: "native", shared: true }],
  ["try_lock_shared", { action: "lock", kind: "native", tries: true, shared: true }],
  ["unlock_shared", { action: "unlock", kind: "native", shared: true }],
] as const);

/** A class whose constructor takes a lock and whose destructor releases it. */
export interface LockGuard {
  /** Class name without namespace and template arguments. */
  name: string;
  kind: LockKind;
  /** Namespaces it is known in; the first is the usual one. */
  namespaces: readonly string[];
  /** Constructor tags (`std::defer_lock`) with which it does not lock. */
  deferTags: readonly string[];
  /** Several readers can hold it at once. */
  shared?: boolean;
  source: Source;
}

const DEFER = ["defer_lock", "try_to_lock", "adopt_lock"];

export const LOCK_GUARDS: ReadonlyMap<string, LockGuard> = new Map(
  (
    [
      { name: "lock_guard", kind: "raii", namespaces: ["std", "boost"], deferTags: [], source: "cpp" },
      { name: "scoped_lock", kind: "raii", namespaces: ["std"], deferTags: [], source: "cpp" },
      { name: "unique_lock", kind: "raii", namespaces: ["std", "boost"], deferTags: DEFER, source: "cpp" },
      {
        name: "shared_lock",
        kind: "raii",
        namespaces: ["std", "boost"],
        deferTags: DEFER,
        shared: true,
        source: "cpp",
      },
      {
        name: "scoped_critical_section",
        kind: "critical-section",
        namespaces: ["py", "pybind11"],
        deferTags: [],
        source: "pybind11",
      },
      {
        name: "ft_object_guard",
        kind: "critical-section",
        namespaces: ["nb", "nanobind"],
        deferTags: [],
        source: "nanobind",
      },
      {
        name: "ft_object2_guard",
        kind: "critical-section2",
        namespaces: ["nb", "nanobind"],
        deferTags: [],
        source: "nanobind",
      },
      { name: "ft_lock_guard", kind: "pymutex", namespaces: ["nb", "nanobind"], deferTags: [], source: "nanobind" },
    ] satisfies LockGuard[]
  ).map((guard) => [guard.name, guard]),
);

/**
 * The guard class of a declared type as written (`const std::lock_guard<std::mutex>`), whatever its namespace.
 * Guards that exist under the name in several libraries behave alike.
 */
export function lockGuard(type: string): LockGuard | undefined {
  return LOCK_GUARDS.get(lastComponent(classNameOf(type)));
}

/** Type names of objects that are locks themselves: a static or field of such a type is no unprotected state. */
export const LOCK_TYPES: ReadonlyMap<string, LockKind> = new Map([
  ["PyMutex", "pymutex"],
  ["PyThread_type_lock", "thread-lock"],
  ["PyCriticalSection", "critical-section"],
  ["PyCriticalSection2", "critical-section2"],
  ["pthread_mutex_t", "native"],
  ["pthread_rwlock_t", "native"],
  ["pthread_spinlock_t", "native"],
  ["pthread_cond_t", "native"],
  ["sem_t", "native"],
  ["mtx_t", "native"],
  ["cnd_t", "native"],
  ["CRITICAL_SECTION", "native"],
  ["SRWLOCK", "native"],
  ["CONDITION_VARIABLE", "native"],
  ["os_unfair_lock", "native"],
  ["omp_lock_t", "native"],
  ["omp_nest_lock_t", "native"],
  ["mutex", "native"],
  ["recursive_mutex", "native"],
  ["timed_mutex", "native"],
  ["recursive_timed_mutex", "native"],
  ["shared_mutex", "native"],
  ["shared_timed_mutex", "native"],
  ["condition_variable", "native"],
  ["condition_variable_any", "native"],
  ["ft_mutex", "pymutex"],
  ["pymutex", "pymutex"],
] as const);

/** Types that make an initialisation run once, whatever the number of threads. */
export const ONCE_TYPES: ReadonlySet<string> = new Set([
  "pthread_once_t",
  "once_flag",
  "INIT_ONCE",
  "_PyOnceFlag",
  "gil_safe_call_once_and_store",
]);

/** Calls that run their callback once, with the argument that is the callback. */
export const ONCE_CALLS: ReadonlyMap<string, number> = new Map([
  ["pthread_once", 1],
  ["call_once", 1],
  ["std::call_once", 1],
  ["InitOnceExecuteOnce", 1],
  ["_PyOnceFlag_CallOnce", 1],
]);

/** Types of per-thread storage keys. */
export const THREAD_KEY_TYPES: ReadonlySet<string> = new Set(["Py_tss_t", "pthread_key_t", "tss_t"]);

/** The kind of lock that a variable or field of this type is; undefined if it is none. */
export function lockTypeKind(type: string): LockKind | undefined {
  return LOCK_TYPES.get(lastComponent(classNameOf(type)));
}
