import { describe, expect, it } from "vitest";
import { summarise } from "../../../src/flow/summary.ts";
import { analyse } from "./helpers.ts";

const summary = (text: string) => summarise(analyse(text));

describe("summaries", () => {
  it("of functions that make what they return", () => {
    const s = summary(`fn rows_of(%store: Store *) -> PyObject * {
  local %rows: PyObject *
bb0:
  %rows = call PyList_New(0)
  branch %rows ? bb1 : bb2
bb1:
  return %rows
bb2:
  return NULL
}`);
    expect(s).toMatchObject({
      returns: [{ kind: "fresh" }],
      returnsOwned: true,
      escapes: ["no"],
      lockEffects: [],
      threadState: "same",
    });
  });

  it("of functions that lend from what they are given", () => {
    const lent = summary(
      "fn first(%rows: PyObject *) -> PyObject * {\nbb0:\n  %t0 = call PyList_GET_ITEM(%rows, 0)\n  return %t0\n}",
    );
    expect(lent).toMatchObject({
      returns: [{ kind: "borrowed-from-argument", index: 0, api: "PyList_GET_ITEM" }],
      returnsOwned: false,
    });
    const kept = summary(
      "fn get(%store: Store *) -> PyObject * {\nbb0:\n  %t0 = load %store->rows\n  call Py_XINCREF(%t0)\n  return %t0\n}",
    );
    expect(kept).toMatchObject({
      returns: [{ kind: "field-of-argument", index: 0, path: "rows" }],
      returnsOwned: true,
    });
    const itself = summary("fn same(%n: int, %x: PyObject *) -> PyObject * {\nbb0:\n  return %x\n}");
    expect(itself).toMatchObject({ returns: [{ kind: "argument", index: 1 }], returnsOwned: false });
  });

  it("of functions that keep or consume an argument", () => {
    const kept = summary(
      "fn put(%store: Store *, %x: PyObject *) -> int {\nbb0:\n  call Py_INCREF(%x)\n  store %store->last, %x\n  return 0\n}",
    );
    expect(kept).toMatchObject({ escapes: ["no", "yes"], steals: [false, false] });
    const consumed = summary(`fn push(%rows: PyObject *, %x: PyObject *) -> int {
bb0:
  %t0 = call PyList_Append(%rows, %x)
  call Py_DECREF(%x)
  return %t0
}`);
    expect(consumed).toMatchObject({ steals: [false, true] });
    const stored = summary(
      "fn put(%store: Store *, %x: PyObject *) -> int {\nbb0:\n  store %store->last, %x\n  return 0\n}",
    );
    expect(stored).toMatchObject({ steals: [false, true] });
  });

  it("of functions that give an object through a pointer", () => {
    const s = summary(`fn find(%rows: PyObject *, %found: "PyObject **") -> int {
  local %x: PyObject *
bb0:
  %x = call PyDict_New()
  branch %x ? bb1 : bb2
bb1:
  store *%found, %x
  return 1
bb2:
  return -1
}`);
    expect(s.outputs).toEqual([{ index: 1, returns: [{ kind: "fresh" }], owned: true }]);
  });

  it("of helpers that lock and unlock", () => {
    const lock = summary(
      "fn store_lock(%store: Store *) -> void {\nbb0:\n  %t0 = addr %store->lock\n  lock pymutex PyMutex_Lock(%t0)\n  return\n}",
    );
    expect(lock.lockEffects).toEqual([{ action: "lock", kind: "pymutex", argument: 0, path: "->lock" }]);
    const unlock = summary(
      "fn unlock_all() -> void {\nbb0:\n  %t0 = addr @g_lock\n  unlock native pthread_mutex_unlock(%t0)\n  return\n}",
    );
    expect(unlock.lockEffects).toEqual([{ action: "unlock", kind: "native", argument: -1, path: "g_lock" }]);
    const both = summary(
      "fn f(%store: Store *) -> void {\nbb0:\n  %t0 = addr %store->lock\n  lock pymutex PyMutex_Lock(%t0)\n  unlock pymutex PyMutex_Unlock(%t0)\n  return\n}",
    );
    expect(both.lockEffects).toEqual([]);
  });

  it("of helpers that detach", () => {
    expect(
      summary("fn leave() -> void {\nbb0:\n  @g_state = detach PyEval_SaveThread()\n  return\n}").threadState,
    ).toBe("detached");
    expect(
      summary(
        "fn f(%x: int) -> void {\nbb0:\n  branch %x ? bb1 : bb2\nbb1:\n  detach PyEval_SaveThread()\n  return\nbb2:\n  return\n}",
      ).threadState,
    ).toBe("unknown");
  });
});
