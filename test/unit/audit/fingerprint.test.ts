import { describe, expect, it } from "vitest";
import { type FingerprintSources, withFingerprints, withoutFile } from "../../../src/audit/fingerprint.ts";
import type { Located } from "../../../src/audit/types.ts";
import { finding } from "../report/sample-result.ts";

const sources = (text: string, over: Partial<FingerprintSources> = {}): FingerprintSources => ({
  nameOf: (file) => file,
  target: "3.13",
  textOf: () => text,
  languageOf: () => "c",
  ...over,
});

/** Fingerprints of findings at each `g(` in a text. */
function prints(text: string, over: Partial<Located> = {}, from: Partial<FingerprintSources> = {}): string[] {
  const found: Located[] = [];
  for (let at = text.indexOf("g("); at >= 0; at = text.indexOf("g(", at + 1)) {
    found.push(finding({ start: at, end: at + 1, file: "a.c", ...over }));
  }
  expect(found.length).toBeGreaterThan(0);
  return withFingerprints(found, sources(text, from)).map((f) => f.fingerprint);
}

const TEXT = `int f(int a)
{
    if (a > 0)
        x = g(a, "long " "text");
    return x;
}
`;

describe("fingerprints", () => {
  const [same] = prints(TEXT);

  it("are hexadecimal digits", () => expect(same).toMatch(/^[0-9a-f]{32}$/));

  it.each<[string, string]>([
    ["white space", TEXT.replace("g(a, ", "g( a , ")],
    ["line breaks", TEXT.replace('"text"', '\n\t\t"text"')],
    ["CRLF", TEXT.replaceAll("\n", "\r\n")],
    ["comments", TEXT.replace("g(a", "g( /* in ; it */ a").replace("        x", "  // before {\n   x")],
    ["what is said to ungil", TEXT.replace(";\n", "; /* ungil: ignore[r] a\n reason */\n")],
    ["braces around one statement", TEXT.replace("(a > 0)", "(a > 0) {").replace('text");', 'text"); }')],
    ["another condition", TEXT.replace("a > 0", "a > 1 && b")],
    ["a label", TEXT.replace("    if (a > 0)", "again:")],
    ["strings split elsewhere", TEXT.replace('"long " "text"', '"long te" "xt"')],
    ["conditionals between", TEXT.replace("g(a,", "\n#ifdef B\n  g(a,\n#endif\n")],
    ["code that the build drops", TEXT.replace("g(a,", "\n#ifndef Py_GIL_DISABLED\n h +\n#endif\n  g(a,")],
    ["a continued line", TEXT.replace("x = g", "x = \\\n g")],
    ["a macro without a semicolon before it", TEXT.replace("    if (a > 0)", "Py_BEGIN_ALLOW_THREADS")],
    ["code around", `int z;\n${TEXT.replace("int f", "static int y = 1; int f").replace("return x", "return 2 * x")}`],
  ])("do not change with %s", (_, text) => expect(prints(text)).toEqual([same]));

  it.each<[string, string, Partial<Located>]>([
    ["the statement", TEXT.replace("x = g", "y = g"), {}],
    ["the rule", TEXT, { rule: "other" }],
    ["the function", TEXT, { function: "other" }],
    ["the symbol", TEXT, { symbol: "other" }],
    ["the file", TEXT, { file: "b.c" }],
  ])("change with %s", (_, text, over) => expect(prints(text, over)).not.toEqual([same]));

  it("tell heads from the blocks below them", () => {
    const [head, body] = prints("void f(void) { while (g(1)) { h(); g(2); } }");
    expect(prints("void f(void) { while (g(1)) { i(); } }")).toEqual([head]);
    expect(prints("void f(void) { g(2); }")).toEqual([body]);
    expect(prints("void f(void) { for (i = 0; i < g(1); i++) g(2); }")[1]).toBe(body);
  });

  it("reach as far as the statement does", () => {
    const long = `x = h(${"a, ".repeat(500)}g(1), 2`;
    expect(prints(`${long}, 3);`)).not.toEqual(prints(`${long}, 4);`));
  });

  it("are those of the statement in the body of a macro, however it is wrapped", () => {
    const macro = "#define M(a) do { h(a); if (a) k = g(a, 1); } while (0)\n";
    const wrapped = macro.replace("do {", "do {\\\n\t").replace("k =", "\\\n   k =  ");
    expect(prints(wrapped)).toEqual(prints(macro));
    expect(prints(macro.replace("h(a)", "i(a)"))).toEqual(prints(macro));
    expect(prints(macro.replace("a, 1", "a, 2"))).not.toEqual(prints(macro));
  });

  it("number what is equal, in order", () => {
    const [a, b, c] = prints("void f(void) { g(1); g(1); g(1); }");
    expect(new Set([a, b, c]).size).toBe(3);
    expect(prints("void f(void) { g(1); g(1); }")).toEqual([a, b]);
  });

  it("do not depend on where in the project the scan began", () => {
    const whole = prints(TEXT, { file: "src/a.c" });
    expect(prints(TEXT, { file: "a.c" }, { nameOf: (file) => `src/${file}` })).toEqual(whole);
  });

  it("say by a part of theirs what is the same in a moved file", () => {
    const [moved] = prints(TEXT, { file: "b.c" });
    expect(withoutFile(moved)).toBe(withoutFile(same));
    expect(withoutFile(prints(TEXT, { symbol: "other" })[0])).not.toBe(withoutFile(same));
  });

  it("take whole lines in other languages", () => {
    const over = { languageOf: () => undefined };
    const text = "ext = Extension(\n    g('a'), # it's\n)\n";
    expect(prints(`\n${text.replace("    ", "\t")}`, {}, over)).toEqual(prints(text, {}, over));
    expect(prints(text.replace("'a'", "'b'"), {}, over)).not.toEqual(prints(text, {}, over));
  });

  it("exist for files that are gone and texts that end early", () => {
    expect(prints("g(", {}, {})).toHaveLength(1);
    const [gone] = withFingerprints([finding()], sources("", { textOf: () => undefined }));
    const [empty] = withFingerprints([finding()], sources(""));
    expect([gone.fingerprint, empty.fingerprint]).toEqual([empty.fingerprint, gone.fingerprint]);
  });
});
