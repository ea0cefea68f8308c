import { describe, expect, it } from "vitest";
import { pointDominates, reaches } from "../../../src/flow/points.ts";
import { analyse, argument, find } from "./helpers.ts";

describe("definitions and uses", () => {
  const a = analyse(`fn f(%self: Store *, %n: int) -> PyObject * {
  local %row: PyObject *
  local %old: PyObject *
bb0:
  %row = NULL
  goto bb1
bb1:
  %t0 = %row == NULL
  branch %t0 ? bb2 : bb3
bb2:
  %t1 = load %self->rows
  %row = call PyList_GetItem(%t1, %n)
  %old = %row as Store *
  branch %old ? bb1 : bb3
bb3:
  call Py_XINCREF(%row)
  return %row
}`);
  const { defUse } = a;

  it("finds what reaches over loops", () => {
    const test = find(a, "%row == NULL");
    const row = argument(a, find(a, "Py_XINCREF"), 0);
    expect(defUse.reaching(row, test).map((d) => d.point)).toEqual([
      { block: 0, index: 0 },
      { block: 2, index: 1 },
    ]);
    expect(defUse.reaching(row, { block: 2, index: 2 }).map((d) => d.point.block)).toEqual([2]);
  });

  it("follows copies, and tells tests against NULL from other uses", () => {
    const borrowed = defUse.definitionAt(find(a, "PyList_GetItem"));
    const flow = defUse.flowOf(borrowed!);
    expect(flow.definitions).toHaveLength(2);
    expect(flow.uses.map((u) => u.role)).toEqual(["null-test", "copy", "null-test", "argument", "return"]);
  });

  it("gives parameters their entry definition", () => {
    const self = a.fn.params[0];
    expect(defUse.reaching(self, { block: 3, index: 0 })).toMatchObject([{ kind: "entry" }]);
  });

  it("counts calls that get the address as definitions that may not happen", () => {
    const b = analyse(`fn f(%args: PyObject *) -> int {
  local %key: PyObject *
bb0:
  %key = NULL
  %t0 = addr %key
  call PyArg_ParseTuple(%args, str"|O", %t0)
  call use(%key)
  store *%t0, %args
  call use(%key)
  return 0
}`);
    const kinds = (nth: number) => {
      const point = find(b, "call use(", nth);
      return b.defUse.reaching(argument(b, point, 0), point).map((d) => d.kind);
    };
    expect(kinds(1)).toEqual(["assign", "output"]);
    expect(kinds(2)).toEqual(["assign"]);
    expect(b.defUse.reaching(argument(b, find(b, "call use(", 2), 0), find(b, "call use(", 2))[0].instr?.op).toBe(
      "store",
    );
  });
});

describe("order of execution", () => {
  const a = analyse(`fn f(%n: int) -> int {
bb0:
  call a()
  goto bb1
bb1:
  call b()
  branch %n ? bb1 : bb2
bb2:
  call c()
  return 0
}`);
  const [first, loop, last] = ["call a", "call b", "call c"].map((part) => find(a, part));

  it("knows what can follow, also around a loop", () => {
    expect(reaches(a.cfg, first, last)).toBe(true);
    expect(reaches(a.cfg, last, first)).toBe(false);
    expect(reaches(a.cfg, loop, loop)).toBe(true);
    expect(reaches(a.cfg, first, first)).toBe(false);
  });

  it("keeps away from a point", () => {
    expect(reaches(a.cfg, first, last, loop)).toBe(false);
    expect(reaches(a.cfg, first, loop, loop)).toBe(true);
    expect(reaches(a.cfg, loop, last, loop)).toBe(true);
  });

  it("knows what always comes first", () => {
    expect(pointDominates(a.cfg, first, last)).toBe(true);
    expect(pointDominates(a.cfg, last, first)).toBe(false);
  });
});
