import { describe, expect, it } from "vitest";
import { codeFrame } from "../../../src/report/code-frame.ts";
import { SourceLines } from "../../../src/report/source.ts";
import { cutStart, showLine, visible, wrap } from "../../../src/report/visible.ts";

const plain = { dim: (t: string) => t, mark: (t: string) => t };

function frame(text: string, line: number, column: number, endColumn: number, columns = 60, endLine = line) {
  const place = { file: "f.c", line, column, endLine, endColumn };
  return codeFrame(new SourceLines(() => text), place, columns, plain);
}

describe("code frame", () => {
  it("underlines after tabs", () => {
    expect(frame("\tint\tx = f();\n", 1, 10, 13)).toEqual(["> 1 |     int x = f();", "    |             ^^^"]);
  });

  it("shows neighbours that have something in them", () => {
    expect(frame("a\nbb\n\nc", 2, 1, 3)).toEqual(["  1 | a", "> 2 | bb", "    | ^^"]);
  });

  it("counts wide and combined characters as the terminal does", () => {
    const [row, mark] = frame('f("日本", x);', 1, 9, 10);
    expect(row).toBe('> 1 | f("日本", x);');
    expect(mark).toBe("    |           ^");
  });

  it("cuts long lines around the mark", () => {
    const line = `${"a ".repeat(5_000_000)}HERE${" b".repeat(1000)}`;
    const at = line.indexOf("HERE") + 1;
    const start = performance.now();
    const rows = frame(line, 1, at, at + 4);
    expect(performance.now() - start).toBeLessThan(500);
    expect(rows[0]).toContain("HERE");
    expect(rows[0].indexOf("HERE")).toBe(rows[1].indexOf("^^^^"));
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(60);
  });

  it("marks the first line of a place over several", () => {
    expect(frame("f(a,\n  b);", 1, 1, 4, 60, 2)).toEqual(["> 1 | f(a,", "    | ^^^^", "  2 |   b);"]);
  });

  it("treats every kind of line break as one, and never marks nothing", () => {
    expect(frame("a\r\nbb\rc", 3, 1, 1)).toEqual(["  2 | bb", "> 3 | c", "    | ^"]);
    expect(frame("a\n", 9, 1, 2)).toEqual([]);
  });
});

describe("visible text", () => {
  it("escapes controls, reordering and lone surrogates, and leaves the rest", () => {
    expect(visible("a\x1b[31m\u202eb\ud800 é日😀")).toBe("a\\x1b[31m\\u202eb\\ud800 é日😀");
  });

  it("maps offsets behind an escape", () => {
    const shown = showLine("a\x07b");
    expect(shown.text).toBe("a\\x07b");
    expect(shown.columnOf(2)).toBe(5);
    expect(shown.columnOf(99)).toBe(6);
  });

  it("wraps and cuts", () => {
    expect(wrap("aa bb  cc", 5)).toEqual(["aa bb", "cc"]);
    expect(wrap("", 5)).toEqual([""]);
    expect(cutStart("src/long/path.c", 8)).toBe("…/path.c");
  });
});
