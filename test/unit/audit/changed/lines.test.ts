import { describe, expect, it } from "vitest";
import { changedLines, similarity, touches, WHOLE } from "../../../../src/audit/changed/lines.ts";

function changed(before: string, after: string) {
  const { added, cuts } = changedLines(Buffer.from(before), Buffer.from(after));
  return { added: added.map((r) => [r.from, r.to]), cuts: cuts.map((c) => c.from) };
}
const touched = (before: string, after: string, from: number, to: number) =>
  touches(changedLines(Buffer.from(before), Buffer.from(after)), from, to);

const TEXT = "a\nb\nc\nd\ne\n";

describe("changed lines", () => {
  it.each<[string, string, object]>([
    ["nothing", TEXT, { added: [], cuts: [] }],
    ["other line ends", TEXT.replaceAll("\n", "\r\n"), { added: [], cuts: [] }],
    ["one line changed", TEXT.replace("c", "C"), { added: [[3, 3]], cuts: [2] }],
    ["lines added", TEXT.replace("c", "1\n2\nc"), { added: [[3, 4]], cuts: [] }],
    ["lines taken out", TEXT.replace("b\nc\n", ""), { added: [], cuts: [1] }],
    ["the first line gone", TEXT.replace("a\n", ""), { added: [], cuts: [0] }],
    ["no line end any more", TEXT.slice(0, -1), { added: [], cuts: [5] }],
  ])("%s", (_, after, expected) => expect(changed(TEXT, after)).toEqual(expected));

  it("are bytes, in no encoding", () => {
    const before = Buffer.from("\xe4\n\xe5\n", "latin1");
    expect(changedLines(before, Buffer.from("\xe4\n\xe6\n", "latin1")).added).toMatchObject([{ from: 2, to: 2 }]);
  });

  it("are all between the first and the last change where too much changed", () => {
    const lines = (prefix: string) => Array.from({ length: 9000 }, (_, i) => `${prefix}${i}`).join("\n");
    expect(changed(`a\n${lines("x")}\nz\n`, `a\n${lines("y")}\nz\n`).added).toEqual([[2, 9001]]);
  });

  it("touch what they are in, and what they are taken out of", () => {
    const gone = TEXT.replace("b\n", "");
    expect(touched(TEXT, gone, 1, 2)).toBe(true);
    expect(touched(TEXT, gone, 1, 1)).toBe(false);
    expect(touched(TEXT, gone, 2, 4)).toBe(false);
    const other = TEXT.replace("d", "D");
    expect(touched(TEXT, other, 4, 9)).toBe(true);
    expect(touched(TEXT, other, 1, 3)).toBe(false);
    expect(touched(TEXT, other, 5, 5)).toBe(false);
    expect(touches(WHOLE, 5000, 5000)).toBe(true);
  });

  it("touch the neighbour of what was added or taken out in no reading", () => {
    const fn = (name: string) => `int\n${name}(void)\n{\n}\n`;
    const [two, three] = [fn("f") + fn("h"), fn("f") + fn("g") + fn("h")];
    const own = [1, 5, 9].map((from) => touched(two, three, from, from + 3));
    expect(own).toEqual([false, true, false]);
    expect([1, 5].map((from) => touched(three, two, from, from + 3))).toEqual([false, false]);
  });
});

describe("similarity", () => {
  it("counts common lines, whatever their indentation and order", () => {
    const of = (a: string, b: string) => similarity(Buffer.from(a), Buffer.from(b));
    expect(of("a\nb\nc\n", "\tc\n\n  a\n b")).toBe(1);
    expect(of("a\nb\n", "a\nx\n")).toBe(0.5);
    expect(of("a\na\n", "a\n")).toBeCloseTo(2 / 3);
    expect(of("", "")).toBe(0);
  });
});
