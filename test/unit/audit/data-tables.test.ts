import { describe, expect, it } from "vitest";
import { withoutDataTables } from "../../../src/audit/data-tables.ts";

const numbers = (n: number) => Array.from({ length: n }, (_, i) => `0x${i.toString(16)}`).join(",\n  ");

function blanked(text: string): string {
  const result = withoutDataTables(text, false);
  expect(result).toHaveLength(text.length);
  expect(result.replace(/[^\n]/g, "")).toBe(text.replace(/[^\n]/g, ""));
  return result.replace(/\s+/g, " ");
}

describe("data tables", () => {
  it("keeps the first element of a long list, and all code around it", () => {
    const text = `static const int before = 1;\nint table[] = {\n  ${numbers(900)}\n};\nint f(void) { return table[7]; }\n`;
    expect(blanked(text)).toBe(
      "static const int before = 1; int table[] = { 0x0, }; int f(void) { return table[7]; } ",
    );
  });

  it("takes nested lists, signs, strings and comments for data", () => {
    const rows = Array.from({ length: 300 }, (_, i) => `{ -${i}, +1.5e3, "s{}t", 'c' } /* row ${i} */`).join(", ");
    expect(blanked(`x = { {1, 2}, ${numbers(300)}, ${rows} };`)).toBe("x = { {1, 2}, };");
  });

  it("keeps a list whose parts are data beside names, but not the parts", () => {
    const text = `x = { { ${numbers(300)} }, name, { 1 }, { ${numbers(300)} } };`;
    expect(blanked(text)).toBe("x = { { 0x0, }, name, { 1 }, { 0x0, } };");
  });

  it("takes linear time", () => {
    const start = performance.now();
    withoutDataTables(`int t[] = { ${numbers(900)} };\n${"{".repeat(300_000)}${"1,".repeat(300_000)}`, false);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it.each([
    ["short lists", `int t[] = { ${numbers(20)} };`],
    ["names", `void *t[] = { ${numbers(400)}, name, ${numbers(400)} };`],
    ["conditionals", `int t[] = { ${numbers(400)},\n#if X\n1,\n#endif\n${numbers(400)} };`],
    ["calls", `int t[] = { ${numbers(400)}, f(1) };`],
    ["code", `int f(void) { ${"a = b + 1; ".repeat(300)} }`],
    ["what is never closed", `int t[] = { ${numbers(900)}`],
  ])("leaves %s alone", (_, text) => {
    expect(withoutDataTables(text, false)).toBe(text);
  });
});
