import { describe, expect, test } from "vitest";
import { evaluate, MacroEnvironment } from "../../../../src/syntax/view/conditions.ts";

function value(condition: string, language: "c" | "cpp" = "c", target: "3.13" | "3.14" | "3.15" = "3.14"): string {
  return evaluate(condition, new MacroEnvironment(language, target));
}

describe("what the free-threaded build defines", () => {
  test.each([
    ["defined(Py_GIL_DISABLED)", "true"],
    ["Py_GIL_DISABLED", "true"],
    ["!defined Py_GIL_DISABLED", "false"],
    ["PY_VERSION_HEX >= 0x030D0000", "true"],
    ["PY_VERSION_HEX < 0x03080000", "false"],
    ["PY_VERSION_HEX >= 0x030E0000", "true"],
    ["PY_VERSION_HEX >= 0x030F0000", "false"],
    ["PY_VERSION_HEX >= 0x030E0200", "unknown"],
    ["PY_MAJOR_VERSION == 3 && PY_MINOR_VERSION >= 9", "true"],
    ["PY_MAJOR_VERSION < 3", "false"],
    ["defined(Py_LIMITED_API)", "false"],
    ["defined(PYPY_VERSION) || defined(GRAALVM_PYTHON)", "false"],
    ["defined(_WIN32)", "unknown"],
    ["HAVE_FORK", "unknown"],
    ["CYTHON_COMPILING_IN_CPYTHON", "unknown"],
  ])("%s is %s", (condition, expected) => {
    expect(value(condition)).toBe(expected);
  });

  test("the target decides the version", () => {
    expect(value("PY_VERSION_HEX >= 0x030E0000", "c", "3.13")).toBe("false");
    expect(value("PY_VERSION_HEX >= 0x030F0000", "c", "3.15")).toBe("true");
  });

  test("__cplusplus goes by the language", () => {
    expect(value("defined(__cplusplus)")).toBe("false");
    expect(value("__cplusplus >= 201103L", "cpp")).toBe("true");
    expect(value("__cplusplus >= 202302L", "cpp")).toBe("unknown");
  });
});

describe("arithmetic", () => {
  test.each([
    ["1", "true"],
    ["0", "false"],
    ["0x10 == 16 && 010 == 8", "true"],
    ["(1 << 4) - 16", "false"],
    ["3 > 2 ? 0 : 1", "false"],
    ["-1 < 0", "true"],
    ["~0 == -1", "true"],
    ["7 / 2 == 3 && 7 % 2", "true"],
    ["1 / 0", "unknown"],
    ["0 && UNKNOWN_THING", "false"],
    ["1 || UNKNOWN_THING", "true"],
    ["UNKNOWN_THING && 1", "unknown"],
    ["'A' == 65", "true"],
    ["0xFFFFFFFFUL == 4294967295", "true"],
    ["__has_include(<stdatomic.h>)", "unknown"],
    ["defined(X) && __has_attribute(x) && 0", "false"],
    ["1 +", "unknown"],
    ["(1", "unknown"],
    [") 1", "unknown"],
    ["", "unknown"],
    ["@x@", "unknown"],
  ])("%s is %s", (condition, expected) => {
    expect(value(condition)).toBe(expected);
  });
});

describe("macros of the file", () => {
  test("a macro is evaluated where it is used", () => {
    const environment = new MacroEnvironment("c", "3.14");
    environment.set("MODERN", { kind: "defined", params: null, body: "(PY_VERSION_HEX >= 0x030C0000)" });
    environment.set("AT_LEAST", {
      kind: "defined",
      params: ["a", "b"],
      body: "(PY_MAJOR_VERSION > (a) || PY_MINOR_VERSION >= (b))",
    });
    expect(evaluate("MODERN", environment)).toBe("true");
    expect(evaluate("!MODERN", environment)).toBe("false");
    expect(evaluate("AT_LEAST(3, 9)", environment)).toBe("true");
    expect(evaluate("AT_LEAST(3, 99)", environment)).toBe("false");
  });

  test("macros that define each other end", () => {
    const environment = new MacroEnvironment("c", "3.14");
    environment.set("A", { kind: "defined", params: null, body: "A + B" });
    environment.set("B", { kind: "defined", params: null, body: "A + B + A" });
    expect(evaluate("B", environment)).toBe("unknown");
  });

  test("deep nesting is given up, not followed", () => {
    expect(value("(".repeat(50_000))).toBe("unknown");
    expect(value(`${"!".repeat(50_000)}1`)).toBe("unknown");
  });
});
