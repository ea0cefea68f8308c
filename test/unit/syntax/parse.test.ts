import { beforeAll, describe, expect, test } from "vitest";
import { child } from "../../../src/syntax/ast.ts";
import { initGrammar, parseSource, parseText } from "../../../src/syntax/parse.ts";

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

describe("the plain tree", () => {
  test("has named nodes with fields, operators and true offsets", () => {
    const text = "int f(int a)\n{\n    return a + g(a)->x; /* é */\n}\n";
    const { root } = parseSource(text, { language: "c", target: "3.14" });
    const f = root.children[0]!;
    expect(f.type).toBe("function_definition");
    const statement = child(f, "body")!.children[0]!;
    const sum = statement.children[0]!;
    expect(sum).toMatchObject({ type: "binary_expression", operator: "+" });
    expect(child(sum, "right")).toMatchObject({ type: "field_expression", operator: "->" });
    expect(text.slice(sum.start, sum.end)).toBe("a + g(a)->x");
    expect(text.slice(child(sum, "left")!.start, child(sum, "left")!.end)).toBe("a");
  });

  test("operators of assignments, updates, pointers and negations", () => {
    const { root } = parseText("void f(void) { a += *b; ++c; x = !d & &e; }", "c");
    const operators: string[] = [];
    const stack = [root];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (node.operator) operators.push(node.operator);
      stack.push(...node.children);
    }
    expect(operators.sort()).toEqual(["!", "&", "&", "*", "++", "+=", "="]);
  });

  test("errors and inserted tokens are reported with their places", () => {
    const broken = parseText("int a = ;\nint b;", "c");
    expect(broken.errors.length).toBeGreaterThan(0);
    const missing = parseText("int f(void) { return 1 }", "c");
    expect(missing.missing).toBe(1);
    expect(missing.errors).toEqual([{ start: 22, end: 22 }]);
  });

  test("an empty text is an empty tree", () => {
    expect(parseText("", "c")).toMatchObject({ errors: [], errorBytes: 0, missing: 0, root: { children: [] } });
  });

  test("both languages are told apart", () => {
    const text = "template <class T> T f(T a) { return a; }";
    expect(parseText(text, "cpp").errors).toEqual([]);
    expect(parseText(text, "c").errors).not.toEqual([]);
  });
});
