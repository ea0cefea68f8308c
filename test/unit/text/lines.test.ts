import { expect, test } from "vitest";
import { LineMap } from "../../../src/text/lines.ts";

test("all three line breaks count once", () => {
  const text = "a\nbb\r\nccc\rd";
  const lines = LineMap.of(text);
  expect(lines.starts).toEqual([0, 2, 6, 10]);
  expect(lines.position(0)).toEqual({ line: 1, column: 1 });
  expect(lines.position(1)).toEqual({ line: 1, column: 2 });
  expect(lines.position(2)).toEqual({ line: 2, column: 1 });
  expect(lines.position(5)).toEqual({ line: 2, column: 4 });
  expect(lines.position(10)).toEqual({ line: 4, column: 1 });
  expect(lines.position(99).line).toBe(4);
});

test("a text without line breaks has one line", () => {
  expect(LineMap.of("").starts).toEqual([0]);
  expect(LineMap.of("\n").starts).toEqual([0, 1]);
});

test("the start of a line that does not exist is an error", () => {
  expect(LineMap.of("a\nb").startOf(2)).toBe(2);
  expect(() => LineMap.of("a\nb").startOf(3)).toThrow(RangeError);
});
