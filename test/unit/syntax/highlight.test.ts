import { describe, expect, it } from "vitest";
import { classify } from "../../../src/syntax/highlight.ts";

const shown = (text: string, language: "c" | "cpp" = "c") =>
  classify(text, language).map((s) => `${s.class} ${text.slice(s.start, s.end)}`);

describe("classify", () => {
  it("names what words are", () => {
    expect(shown("static int f(PyObject *o) { return g(o, \"s\", 'c', 0x1F) + sizeof o; }")).toEqual([
      "keyword static",
      "type int",
      "call f",
      "type PyObject",
      "keyword return",
      "call g",
      'string "s"',
      "string 'c'",
      "number 0x1F",
      "keyword sizeof",
    ]);
  });

  it("knows the types of Python", () => {
    expect(shown("PyObject *a; PyTypeObject b; PyListObject *c; Py_ssize_t n; Py_hash_t h;")).toEqual([
      "type PyObject",
      "type PyTypeObject",
      "type PyListObject",
      "type Py_ssize_t",
      "type Py_hash_t",
    ]);
  });

  it("takes comments and directives as one", () => {
    expect(shown("#define X(a) \\\n  a /* in */\n/* two\nlines */ int x; // to the end\n#include <a.h>")).toEqual([
      "directive #define X(a) \\\n  a /* in */",
      "comment /* two\nlines */",
      "type int",
      "comment // to the end",
      "directive #include <a.h>",
    ]);
  });

  it("reads raw strings in C++ only", () => {
    expect(shown('x = R"(a " // b)";', "cpp")).toEqual(['string R"(a " // b)"']);
    expect(shown('x = R"(a"; int y;')).toEqual(['string R"(a"', "type int"]);
  });

  it.each([
    "/* never ends",
    '"never ends\nint x;',
    "'",
    "#",
    "#define A \\",
    "#define A /* goes\n on */ 1\nint x;",
    'R"x(never',
    "\u0000\ud800 int \udfff",
    '#if 1 // c\n"s" /* c */ #x\n',
    "/**//**/int/**/x",
  ])("gives spans in order that do not overlap for %j", (text) => {
    for (const language of ["c", "cpp"] as const) {
      let end = 0;
      for (const span of classify(text, language)) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        end = span.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });
});
