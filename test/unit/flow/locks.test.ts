import { describe, expect, it } from "vitest";
import { analyse, find, TEST_ENVIRONMENT } from "./helpers.ts";

function held(a: ReturnType<typeof analyse>, part: string, nth = 1): string[] {
  return a.locks.heldAt(find(a, part, nth)).flatMap((site) => site.objects.map((o) => `${site.kind}:${o}`));
}

describe("locks held", () => {
  it("names the object through casts and copies", () => {
    const a = analyse(`fn f(%self: PyObject *) -> int {
  local %me: Store *
bb0:
  %me = %self as Store *
  lock critical-section Py_BEGIN_CRITICAL_SECTION(%me)
  call use(1)
  unlock critical-section Py_END_CRITICAL_SECTION()
  call use(2)
  return 0
}`);
    expect(held(a, "call use(1")).toEqual(["critical-section:self"]);
    expect(held(a, "call use(2")).toEqual([]);
  });

  it("tells mutexes of fields and statics apart, and lets sections nest", () => {
    const a = analyse(`fn f(%self: Store *, %other: Store *) -> int {
bb0:
  %t0 = addr %self->lock
  %t1 = addr %other->lock
  %t2 = addr @g_lock
  lock pymutex PyMutex_Lock(%t0)
  lock pymutex PyMutex_Lock(%t1)
  lock native pthread_mutex_lock(%t2)
  call use(1)
  unlock pymutex PyMutex_Unlock(%t0)
  call use(2)
  lock critical-section2 Py_BEGIN_CRITICAL_SECTION2(%self, %other)
  lock critical-section Py_BEGIN_CRITICAL_SECTION(%self)
  unlock critical-section Py_END_CRITICAL_SECTION()
  call use(3)
  return 0
}`);
    expect(held(a, "use(1")).toEqual(["pymutex:self->lock", "pymutex:other->lock", "native:global:g_lock"]);
    expect(held(a, "use(2")).toEqual(["pymutex:other->lock", "native:global:g_lock"]);
    expect(held(a, "use(3").slice(2)).toEqual(["critical-section2:self", "critical-section2:other"]);
  });

  it("needs the lock on every path", () => {
    const a = analyse(`fn f(%self: Store *) -> int {
bb0:
  %t0 = addr %self->lock
  branch %self ? bb1 : bb2
bb1:
  lock pymutex PyMutex_Lock(%t0)
  goto bb2
bb2:
  call use(1)
  return 0
}`);
    expect(held(a, "use(1")).toEqual([]);
    expect(a.locks.mayHoldAt(find(a, "use(1"))).toMatchObject([{ must: false }]);
    expect(a.locks.releasedOnAllPaths(a.locks.sites[0])).toBe(false);
  });

  it.each([
    ["pthread_mutex_trylock", "native", "! %t1", true],
    ["pthread_mutex_trylock", "native", "%t1 != 0", false],
    ["PyThread_acquire_lock", "thread-lock", "%t1 == 1", true],
    ["PyThread_acquire_lock", "thread-lock", "! %t1", false],
    ["PyThread_acquire_lock_timed", "thread-lock", "%t1 == @PY_LOCK_ACQUIRED", true],
  ])("believes %s only where its result says so (%s, %s)", (form, kind, test, thenHolds) => {
    const a = analyse(`fn f(%self: Store *) -> int {
bb0:
  %t0 = addr %self->lock
  %t1 = lock ${kind} ${form}(%t0)
  call use(0)
  %t2 = ${test}
  branch %t2 ? bb1 : bb2
bb1:
  call use(1)
  return 0
bb2:
  call use(2)
  return 0
}`);
    expect(held(a, "use(0")).toHaveLength(0);
    expect(held(a, "use(1")).toHaveLength(thenHolds ? 1 : 0);
    expect(held(a, "use(2")).toHaveLength(thenHolds ? 0 : 1);
  });

  it("does not take a variable that was assigned anew for the locked object", () => {
    const a = analyse(`fn f(%self: Store *) -> int {
  local %row: PyObject *
bb0:
  %row = load %self->first
  lock critical-section Py_BEGIN_CRITICAL_SECTION(%row)
  call use(%row)
  %row = load %self->second
  call use(%row)
  unlock critical-section Py_END_CRITICAL_SECTION()
  return 0
}`);
    const key = (nth: number) => {
      const point = find(a, "call use(", nth);
      return a.accessPaths.pointee(
        a.fn.values.findIndex((v) => v.kind === "local"),
        point,
      );
    };
    const both = [find(a, "call use(", 1), find(a, "call use(", 2)];
    expect(a.locks.coveringObject(key(1), both)).toHaveLength(1);
    expect(a.locks.coveringObject(key(2), both)).toHaveLength(0);
  });

  it("follows helpers that lock and unlock what they are given", () => {
    const a = analyse(
      `fn f(%self: Store *) -> int {
bb0:
  call store_lock(%self)
  call use(1)
  call store_unlock(%self)
  call use(2)
  return 0
}`,
      {
        ...TEST_ENVIRONMENT,
        callee: (_fn, call) => {
          const action = call.callee === "store_lock" ? "lock" : call.callee === "store_unlock" ? "unlock" : undefined;
          return {
            name: call.callee,
            returns: [],
            returnsOwned: undefined,
            escapes: [],
            steals: [],
            outputs: [],
            lockEffects: action === undefined ? [] : [{ action, kind: "native", argument: 0, path: "->lock" }],
            mayRunPython: false,
            maySuspend: false,
            threadState: "same",
          };
        },
      },
    );
    expect(held(a, "use(1")).toEqual(["native:self->lock"]);
    expect(held(a, "use(2")).toEqual([]);
    expect(a.locks.releasedOnAllPaths(a.locks.sites[0])).toBe(true);
  });
});

describe("regions between taking and releasing", () => {
  const text = `fn f(%self: Store *, %x: int) -> int {
bb0:
  lock critical-section Py_BEGIN_CRITICAL_SECTION(%self)
  branch %x ? bb1 : bb2
bb1:
  return 1
bb2:
  branch %x ? bb3 : bb4
bb3:
  goto bb6 label done
bb4:
  branch %x ? bb2 : bb5
bb5:
  unlock critical-section Py_END_CRITICAL_SECTION()
  goto bb6
bb6:
  return 0
}`;

  it("lists the jumps and returns that skip the release", () => {
    const a = analyse(text);
    const [site] = a.locks.sites;
    expect(a.locks.releasesOf(site)).toEqual([{ block: 5, index: 0 }]);
    expect(a.locks.exitsInside(site).map((e) => [e.block, e.term.op])).toEqual([
      [1, "return"],
      [3, "goto"],
    ]);
    expect(a.locks.releasedOnAllPaths(site)).toBe(false);
  });

  it("lists nothing if every exit releases", () => {
    const a = analyse(
      text
        .replace("  return 1", "  unlock critical-section Py_END_CRITICAL_SECTION()\n  return 1")
        .replace("  goto bb6 label done", "  goto bb5"),
    );
    expect(a.locks.exitsInside(a.locks.sites[0])).toEqual([]);
    expect(a.locks.releasedOnAllPaths(a.locks.sites[0])).toBe(true);
  });
});
