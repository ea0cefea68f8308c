import { describe, expect, it } from "vitest";
import { analyse, find, TEST_ENVIRONMENT } from "./helpers.ts";

function fn(body: string): string {
  return `fn f(%x: int) -> int {\nbb0:\n${body}\n}`;
}

describe("thread state", () => {
  it("is attached at the entry, and follows the pairs", () => {
    const a = analyse(
      fn(
        "  call use(1)\n  detach Py_BEGIN_ALLOW_THREADS()\n  call use(2)\n  attach Py_BLOCK_THREADS()\n  call use(3)\n  detach Py_UNBLOCK_THREADS()\n  call use(4)\n  attach Py_END_ALLOW_THREADS()\n  call use(5)\n  return 0",
      ),
    );
    expect([1, 2, 3, 4, 5].map((n) => a.threadStates.at(find(a, `use(${n}`)))).toEqual([
      "attached",
      "detached",
      "attached",
      "detached",
      "attached",
    ]);
    expect(a.threadStates.causeAt(find(a, "use(2"))).toMatchObject({ form: "Py_BEGIN_ALLOW_THREADS" });
    expect(a.threadStates.unbalancedExits()).toEqual([]);
  });

  it("goes back to the outer state after a nested PyGILState_Ensure", () => {
    const a = analyse(
      fn(
        "  %t0 = attach PyGILState_Ensure()\n  call use(1)\n  %t1 = attach PyGILState_Ensure()\n  detach PyGILState_Release(%t1)\n  call use(2)\n  detach PyGILState_Release(%t0)\n  call use(3)\n  return 0",
      ),
      { ...TEST_ENVIRONMENT, entryThreadState: () => "detached" },
    );
    expect([1, 2, 3].map((n) => a.threadStates.at(find(a, `use(${n}`)))).toEqual(["attached", "attached", "detached"]);
    expect(a.threadStates.unbalancedExits()).toEqual([]);
  });

  it("is mixed where paths disagree, and a return inside the region is reported", () => {
    const a = analyse(`fn f(%x: int) -> int {
bb0:
  branch %x ? bb1 : bb2
bb1:
  %t0 = detach PyEval_SaveThread()
  branch %x ? bb2 : bb3
bb2:
  call use(1)
  return 0
bb3:
  return 1
}`);
    expect(a.threadStates.at(find(a, "use(1"))).toBe("mixed");
    expect(a.threadStates.unbalancedExits().map((e) => [e.block, e.state])).toEqual([
      [3, "detached"],
      [2, "mixed"],
    ]);
  });

  it("does not know what a lone release goes back to", () => {
    const a = analyse(fn("  detach PyGILState_Release(%x)\n  call use(1)\n  return 0"));
    expect(a.threadStates.at(find(a, "use(1"))).toBe("unknown");
  });

  it("allows for calls that may not act", () => {
    const a = analyse(
      fn("  detach NPY_BEGIN_THREADS_THRESHOLDED(%x)\n  call use(1)\n  attach NPY_END_THREADS()\n  return 0"),
    );
    expect(a.threadStates.at(find(a, "use(1"))).toBe("mixed");
    expect(a.threadStates.unbalancedExits()).toEqual([]);
  });

  it("lists the ways out of a region that skip its end", () => {
    const a = analyse(`fn f(%x: int) -> int {
bb0:
  detach Py_BEGIN_ALLOW_THREADS()
  goto bb1
bb1:
  branch %x ? bb2 : bb3
bb2:
  return 1
bb3:
  branch %x ? bb4 : bb5
bb4:
  goto bb7
bb5:
  branch %x ? bb1 : bb6
bb6:
  attach Py_END_ALLOW_THREADS()
  goto bb7
bb7:
  return 0
}`);
    const regions = a.threadStates.exitsInside();
    expect(regions.map((r) => r.opened.op)).toEqual(["detach"]);
    expect(regions[0].exits.map((e) => [e.block, e.term.op])).toEqual([
      [2, "return"],
      [4, "goto"],
    ]);
  });
});
