import { beforeAll, describe, expect, test } from "vitest";
import { initGrammar } from "../../../../src/syntax/parse.ts";
import { makeView } from "../../../../src/syntax/view/view.ts";
import { find, parsed } from "./parsed.ts";

beforeAll(async () => {
  await initGrammar("c");
});

function view(text: string) {
  return makeView(text, { language: "c", target: "3.14" });
}

function live(text: string): string {
  return view(text).text.replace(/\s+/g, " ").trim();
}

describe("known conditions", () => {
  test("code of other builds is blanked and counted", () => {
    const text = "#ifdef Py_GIL_DISABLED\nint a;\n#else\nint bb;\n#endif\n";
    const result = view(text);
    expect(result.text.trim()).toBe("int a;");
    expect(result.text).toHaveLength(text.length);
    expect(result.text.split("\n")).toHaveLength(6);
    expect(result.dead.map((range) => text.slice(range.start, range.end))).toEqual(["\nint bb;\n"]);
    expect(result.deadBytes).toBe(9);
  });

  test("#elif chains stop at the first that holds", () => {
    expect(
      live("#if PY_MAJOR_VERSION < 3\nint a;\n#elif 1\nint b;\n#elif UNKNOWN\nint c;\n#else\nint d;\n#endif"),
    ).toBe("int b;");
  });

  test("dead code is not evaluated, nor are its macros known", () => {
    const result = view("#if 0\n#define A 1\n#if 1\nint a;\n#endif\n#endif\n#if A\nint b;\n#endif");
    expect(result.macros).toEqual([]);
    expect(result.text).not.toContain("int a;");
    expect(result.text).toContain("int b;");
  });

  test("macros of the file decide, also through #undef and redefinition", () => {
    expect(live("#define FAST 1\n#if FAST\nint a;\n#endif\n#undef FAST\n#ifdef FAST\nint b;\n#endif")).toBe("int a;");
    expect(live("#define FAST 0\n#if FAST\nint a;\n#else\nint b;\n#endif")).toBe("int b;");
  });

  test("what an unknown branch defines is unknown after it", () => {
    const text = "#ifdef X\n#define FAST 1\n#endif\n#if FAST\nint a;\n#else\nint b;\n#endif";
    expect(live(text)).toBe("int a; int b;");
  });

  test("a default is defined afterwards, whoever defined it", () => {
    expect(live("#ifndef LIMIT\n#define LIMIT 10\n#endif\n#ifdef LIMIT\nint a;\n#else\nint b;\n#endif")).toBe("int a;");
  });

  test("a branch knows its own condition", () => {
    expect(live("#ifdef X\n#ifndef X\nint a;\n#endif\nint b;\n#else\n#ifdef X\nint c;\n#endif\n#endif")).toBe("int b;");
  });

  test("continued and commented conditions", () => {
    expect(live("#if 1 /* a */ && \\\n    0 // b\nint a;\n#endif\nint b;")).toBe("int b;");
  });
});

describe("unknown conditions", () => {
  test("complete branches stay one after the other", () => {
    const text = "int f(void)\n{\n#ifdef _WIN32\n    win();\n#else\n    posix();\n#endif\n    return 0;\n}\n";
    expect(parsed(text).short).toBe("int f(void) { win(); posix(); return 0; }");
  });

  test("rows of a table stay", () => {
    const text = "int t[] = {\n#ifdef A\n    1,\n#else\n    2,\n#endif\n    3\n};\n";
    expect(parsed(text).short).toBe("int t[] = { 1, 2, 3 };");
  });

  test.each([
    [
      "two heads of one body",
      "#ifdef A\nint f(int a)\n#else\nint f(long a)\n#endif\n{ return 0; }",
      "int f(int a) { return 0; }",
    ],
    [
      "two conditions of one if",
      "void f(void) {\n#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\nx(); } }",
      "void f(void) { if (a) { x(); } }",
    ],
    [
      "two else",
      "void f(void) { if (a) x();\n#ifdef A\nelse y();\n#else\nelse z();\n#endif\n}",
      "void f(void) { if (a) x(); else y(); }",
    ],
    ["two bodies", "void f(void)\n#ifdef A\n{ x(); }\n#else\n{ y(); }\n#endif", "void f(void) { x(); }"],
    [
      "the statement of an if",
      "void f(void) { if (a)\n#ifdef A\nx();\n#else\ny();\n#endif\n}",
      "void f(void) { if (a) x(); }",
    ],
    ["parts of an expression", "int a =\n#ifdef A\n1;\n#else\n2;\n#endif", "int a = 1;"],
  ])("%s: one branch stays", (_name, text, expected) => {
    expect(parsed(text).short).toBe(expected);
    expect(view(text).notTaken).toHaveLength(1);
  });

  test("the other platforms come second", () => {
    expect(parsed("void f(void) {\n#ifdef _WIN32\nif (a) {\n#else\nif (b) {\n#endif\nx(); } }").short).toBe(
      "void f(void) { if (b) { x(); } }",
    );
  });

  test("a choice is remembered for the group that closes what it opened", () => {
    const text = "void f(void) {\n#ifdef A\nif (a) {\n#endif\nx();\n#ifdef A\n}\n#endif\n#ifndef A\n}\n#endif\n}";
    expect(parsed(text).short).toBe("void f(void) { if (a) { x(); } }");
  });

  test("a branch that leaves the function does not hide what follows", () => {
    const text =
      "int f(void)\n{\n#ifdef HAVE_X\n    return x();\n#else\n    int y = 2;\n    return y;\n#endif\n    return 3;\n}\n";
    const file = parsed(text);
    expect(file.short).toBe(
      "int f(void) { if(_){ return x(); } int y = 2; return y; return 3; }"
        .replace("} int", "}if(_){ int")
        .replace("return y; return", "return y; } return"),
    );
    expect(find(file.root, "if_statement")).toHaveLength(2);
  });

  test("a guarded jump needs no wrapper", () => {
    const text = "int f(int a)\n{\n#ifdef HAVE_X\n    if (a) return 1;\n#endif\n    return 3;\n}\n";
    expect(parsed(text).short).toBe("int f(int a) { if (a) return 1; return 3; }");
  });
});

describe("directives", () => {
  test("groups are reported with their branches", () => {
    const text =
      "#if defined(A) && B\nint a;\n#elif 0\nint b;\n#else\nint c;\n#endif\n#ifdef C\n#ifdef D\n#endif\n#endif";
    const { conditionals } = view(text);
    expect(conditionals.map((group) => [group.parent, text.slice(group.start, group.start + 8)])).toEqual([
      [-1, "#if defi"],
      [-1, "#ifdef C"],
      [1, "#ifdef D"],
    ]);
    expect(conditionals[0]!.branches.map((b) => [b.directive, b.condition, b.state, b.kept])).toEqual([
      ["if", "defined(A) && B", "unknown", true],
      ["elif", "0", "false", false],
      ["else", "", "unknown", true],
    ]);
    const [first] = conditionals[0]!.branches;
    expect(text.slice(first!.bodyStart, first!.end)).toBe("\nint a;\n");
  });

  test("macros and includes", () => {
    const text =
      '#include <Python.h>\n#include "a/b.h"\n#define ONE 1\n# define ADD(a, b) \\\n  ((a) + (b))\n#define LOG(fmt, ...) f(fmt)\n#define BARE\n';
    const { macros, includes } = view(text);
    expect(includes.map((i) => [i.path, i.system])).toEqual([
      ["Python.h", true],
      ["a/b.h", false],
    ]);
    expect(macros.map((m) => [m.name, m.params, m.variadic, m.body])).toEqual([
      ["ONE", null, false, "1"],
      ["ADD", ["a", "b"], false, "((a) + (b))"],
      ["LOG", ["fmt"], true, "f(fmt)"],
      ["BARE", null, false, ""],
    ]);
    for (const m of macros) expect(text.slice(m.bodyStart, m.bodyEnd)).toBe(m.body);
  });

  test("comments that name the tool are kept, wherever they stand", () => {
    const text = "int a; /* ungil: allow x */\n// plain\n#define B 1 // ungil: allow y\nint c; // ungil: z";
    expect(view(text).comments.map((c) => c.text)).toEqual([
      "/* ungil: allow x */",
      "// ungil: allow y",
      "// ungil: z",
    ]);
  });

  test.each([
    ["#if 1\nint a;", "#if without #endif"],
    ["int a;\n#endif", "#endif without #if"],
    ["#else\nint a;", "#else without #if"],
    ["int a; /* never closed", "without an end"],
  ])("%j is a problem, and the rest is read", (text, message) => {
    const { problems, text: viewed } = view(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.kind).toBe("unterminated");
    expect(problems[0]!.message).toContain(message);
    expect(viewed).toContain("int a;");
  });
});
