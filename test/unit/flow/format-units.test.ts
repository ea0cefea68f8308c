import { describe, expect, it } from "vitest";
import { formatUnits, unitOfArgument } from "../../../src/flow/format-units.ts";
import { analyse, find, instrAt } from "./helpers.ts";

const text = (format: string, use: "parse" | "build") =>
  formatUnits(format, use)
    .map((u) => `${u.unit}${u.args}`)
    .join(" ");

describe("units of a format", () => {
  it.each([
    ["Oi|s#:find", "O1 i1 s#2"],
    ["O!O&(ii)$p;what went wrong", "O!2 O&2 i1 i1 p1"],
    ["es#y*et", "es#3 y*1 et2"],
    ["", ""],
  ])("of %j for parsing are %j", (format, units) => {
    expect(text(format, "parse")).toBe(units);
  });

  it("of a format for building go on behind a colon", () => {
    expect(text("{s:O, s:N}", "build")).toBe("s1 O1 s1 N1");
  });

  it("are found for an argument, behind a keyword list too", () => {
    const a = analyse(`fn f(%args: PyObject *, %kwargs: PyObject *, %a: "int *", %b: "int *") -> int {
bb0:
  call PyArg_ParseTuple(%args, str"O!i", %a, %a, %b)
  call PyObject_CallMethod(%args, str"N", str"(Oi)", %a, %b)
  call PyArg_ParseTupleAndKeywords(%args, %kwargs, str"Oi", @keywords, %a, %b)
  return 0
}`);
    const unit = (part: string, argument: number) => {
      const call = instrAt(a, find(a, part));
      return call.op === "call" ? unitOfArgument(a.fn, call, argument) : undefined;
    };
    expect(unit("PyArg_ParseTuple(", 3)).toEqual({ unit: "O!", offset: 1 });
    expect(unit("PyArg_ParseTuple(", 4)).toEqual({ unit: "i", offset: 0 });
    expect(unit("PyObject_CallMethod(", 4)).toEqual({ unit: "i", offset: 0 });
    expect(unit("PyArg_ParseTupleAndKeywords(", 4)).toEqual({ unit: "O", offset: 0 });
    expect(unit("PyArg_ParseTupleAndKeywords(", 3)).toBeUndefined();
  });
});
