import { describe, expect, it } from "vitest";
import { effectAt, firstEffectBetween, pointsBetween } from "../../../src/flow/effects.ts";
import { knownTypes } from "../../../src/flow/known-types.ts";
import { analyse, argument, find } from "./helpers.ts";

describe("effects of instructions", () => {
  const a = analyse(`fn f(%self: Store *, %cb: PyObject *) -> int {
bb0:
  call PyObject_CallNoArgs(%cb)
  call PyTuple_GET_SIZE(%cb)
  detach Py_BEGIN_ALLOW_THREADS()
  attach Py_END_ALLOW_THREADS()
  lock critical-section Py_BEGIN_CRITICAL_SECTION(%self)
  call memcpy(%self, %cb, 8)
  %t0 = load %self->handler
  call *%t0(%cb)
  %t1 = load %self->tp_free
  call *%t1(%self)
  unknown "asm"(%self)
  return 0
}`);

  it.each([
    ["CallNoArgs", "python"],
    ["GET_SIZE", "neither"],
    ["detach", "suspends"],
    ["attach", "neither"],
    ["lock critical", "suspends"],
    ["memcpy", "neither"],
    ["*%t0", "python"],
    ["*%t1", "neither"],
    ["unknown", "python"],
  ])("of %s is %s", (part, effect) => {
    expect(effectAt(a, find(a, part)).effect).toBe(effect);
  });
});

describe("what lies between two points", () => {
  const a = analyse(`fn f(%x: PyObject *, %n: int) -> int {
bb0:
  call first()
  branch %n ? bb1 : bb2
bb1:
  call PyObject_CallNoArgs(%x)
  goto bb3
bb2:
  call aside()
  return 1
bb3:
  call last()
  branch %n ? bb1 : bb4
bb4:
  call after()
  return 0
}`);
  const [first, last] = [find(a, "first"), find(a, "last")];
  const names = (points: { block: number; index: number }[]) =>
    points.map((p) => a.fn.blocks[p.block].instrs[p.index]).map((i) => (i.op === "call" ? i.callee : i.op));

  it("leaves out branches that do not lead there", () => {
    expect(names(pointsBetween(a, first, last))).toEqual(["PyObject_CallNoArgs"]);
    expect(names(pointsBetween(a, last, first))).toEqual([]);
  });

  it("goes around loops", () => {
    expect(names(pointsBetween(a, last, last))).toEqual(["PyObject_CallNoArgs"]);
  });

  it("stops at a new definition", () => {
    expect(names(pointsBetween(a, first, find(a, "after"), find(a, "CallNoArgs")))).toEqual([]);
  });

  it("finds the first effect", () => {
    expect(firstEffectBetween(a, first, last, ["python"])).toMatchObject({ point: { block: 1, index: 0 } });
    expect(firstEffectBetween(a, first, last, ["suspends"])).toBeUndefined();
  });
});

describe("types known from tests", () => {
  const types = (a: ReturnType<typeof analyse>, nth: number) => {
    const point = find(a, "call use(", nth);
    return knownTypes(a, argument(a, point, 0), point).map((t) => `${t.type}${t.exact ? "!" : ""}`);
  };

  it("hold on the side of the branch that the test allows", () => {
    const a = analyse(`fn f(%x: PyObject *) -> int {
  local %y: PyObject *
bb0:
  %t0 = call PyTuple_CheckExact(%x)
  %t1 = ! %t0
  branch %t1 ? bb1 : bb2
bb1:
  call use(%x)
  return 0
bb2:
  %y = %x
  call use(%y)
  %t2 = call PyList_Check(%x)
  branch %t2 ? bb3 : bb4
bb3:
  goto bb4
bb4:
  call use(%x)
  return 0
}`);
    expect(types(a, 1)).toEqual([]);
    expect(types(a, 2)).toEqual(["tuple!"]);
    expect(types(a, 3)).toEqual(["tuple!"]);
  });

  it("come from the format of an argument parser", () => {
    const a = analyse(`fn f(%args: PyObject *) -> int {
  local %x: PyObject *
  local %y: PyObject *
bb0:
  %t0 = addr %x
  %t1 = addr @PyList_Type
  %t2 = call PyArg_ParseTuple(%args, str"O!", %t1, %t0)
  call use(%x)
  %t3 = addr %y
  %t4 = call PyArg_ParseTuple(%args, str"U", %t3)
  call use(%y)
  return 0
}`);
    expect(types(a, 1)).toEqual(["list"]);
    expect(types(a, 2)).toEqual(["str"]);
  });
});
