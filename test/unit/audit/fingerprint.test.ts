import { describe, expect, it } from "vitest";
import { fingerprints } from "../../../src/audit/fingerprint.ts";
import { statementAround } from "../../../src/audit/statement-text.ts";

const input = { rule: "r", file: "f.c", function: "g", symbol: "S", statement: "x = S(a);" };

describe("fingerprints", () => {
  it("ignore white space, but nothing else", () => {
    const [a] = fingerprints([input]);
    expect(a).toMatch(/^[0-9a-f]{32}$/);
    expect(fingerprints([{ ...input, statement: "x  =\n\tS(a);" }])).toEqual([a]);
    for (const change of [
      { rule: "q" },
      { file: "h.c" },
      { function: "h" },
      { symbol: "T" },
      { statement: "y = S(a);" },
    ]) {
      expect(fingerprints([{ ...input, ...change }])).not.toEqual([a]);
    }
  });

  it("ignore what is said to ungil, but no other comment", () => {
    const [a] = fingerprints([input]);
    for (const comment of ["/* ungil: ignore[r] a\n reason */ ", "// ungil: ignore[r] a reason\n"]) {
      expect(fingerprints([{ ...input, statement: `${comment}x = S(a);` }])).toEqual([a]);
    }
    expect(fingerprints([{ ...input, statement: "/* about ungil: x */ x = S(a);" }])).not.toEqual([a]);
  });

  it("tell equal statements apart by their order", () => {
    const [a, b, c] = fingerprints([input, input, input]);
    expect(new Set([a, b, c]).size).toBe(3);
    expect(fingerprints([input, input])).toEqual([a, b]);
  });
});

describe("statement text", () => {
  const text = "int f(void) {\n  a = 1; if (g(x) == 2) { b = 3; }\n}";

  it("is the statement without the block that follows", () => {
    const at = text.indexOf("g(x)");
    expect(statementAround(text, at, at + 4)).toBe(" if (g(x) == 2) ");
  });

  it("stays inside the text and within reach", () => {
    expect(statementAround("f(x)", 0, 4)).toBe("f(x)");
    expect(statementAround("", 5, 9)).toBe("");
    expect(statementAround("x".repeat(10_000), 5000, 5001).length).toBeLessThan(1000);
  });
});
