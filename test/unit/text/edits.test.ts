import { expect, test } from "vitest";
import { applyEdits } from "../../../src/text/edits.ts";

test("edits are made in order of place, whatever order they come in", () => {
  const edits = [
    { start: 4, end: 5, text: "Y" },
    { start: 0, end: 1, text: "X" },
    { start: 2, end: 2, text: "+" },
    { start: 2, end: 2, text: "-" },
  ];
  expect(applyEdits("abcdef", edits)).toBe("Xb+-cdYf");
});

test("touching edits are fine, overlapping ones are refused", () => {
  const touching = [
    { start: 0, end: 2, text: "" },
    { start: 2, end: 3, text: "z" },
  ];
  expect(applyEdits("abcd", touching)).toBe("zd");
  expect(() => applyEdits("abcd", [...touching, { start: 1, end: 3, text: "" }])).toThrow(RangeError);
  expect(() => applyEdits("abcd", [{ start: 3, end: 9, text: "" }])).toThrow(RangeError);
});
