import { beforeAll, expect, test } from "vitest";
import { loadedGrammar } from "../../../src/syntax/grammar.ts";
import { initGrammar } from "../../../src/syntax/parse.ts";
import { readTree } from "../../../src/syntax/parse-heap.ts";
import { walkTree } from "../../../src/syntax/parse-tree.ts";

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

const SOURCES: Record<string, string> = {
  empty: "",
  blank: " \n\t\n",
  "one token": ";",
  comments: "/* a */ int /* b */ a; // c\n/* d */",
  declarations: "static const unsigned long *a[3] = {1, [2] = &b, .c = {0}}, (*f)(int, char *), d : 3;",
  "long lists": `int a[] = {${"1, x(2), ".repeat(3000)}};`,
  statements:
    "void f(int a) { if (a) b(); else if (c) d(); else e(); for (int i = 0; ; i++) { continue; } do x--; while (y); switch (z) { case 1: default: break; } l: goto l; return; }",
  expressions:
    'int x = a ? b : c, y = (int)-*p->q[1].r++, z = sizeof(int) + sizeof x, w = f(1, "s" "t", \'c\', 1.5e3), v = (T){1};',
  types: "struct s { struct { int a; } b; union u *c; enum e { A, B = 2 } d : 4; }; typedef int (*fn)(void), t;",
  "non-ASCII text": 'const char *s = "é ☃ 😀"; int ñ; /* 😀 */ int after;',
  errors: "int f( { return 1 }\nint a = ;\n) } struct { int b",
  "old style": "f(a, b) int a; char *b; { return 1; }",
};

const CPP_SOURCES: Record<string, string> = {
  classes:
    "template <class T, int N = 2> class A final : public B<T>, private virtual C { public: A() : a(1), b{2} {} ~A() = default; virtual int f(T &&x) const noexcept override; friend class D; static constexpr int k = 3; };",
  expressions:
    "auto f = [=, &a](int b) mutable -> int { return a->*b + static_cast<T<int>>(c) + new X[3]{1} + (x <=> y) + this->g<int>(); };",
  statements:
    "int f() { try { for (auto &[a, b] : m) throw E{}; } catch (const E &e) { delete[] p; } catch (...) {} if (int x = 1; x) {} }",
  names:
    'namespace a::b { using namespace c; using d = e::f<g>; int h::operator+(const i &) { return ::j::k(); } } R"x(raw)x";',
};

test("the layout of the installed parser is known", () => {
  expect(loadedGrammar("c").memory).not.toBeNull();
  expect(loadedGrammar("cpp").memory).not.toBeNull();
});

test.each([
  ...Object.entries(SOURCES).map(([name, text]) => ["c", name, text] as const),
  ...Object.entries({ ...SOURCES, ...CPP_SOURCES }).map(([name, text]) => ["cpp", name, text] as const),
])("%s: memory and cursor show the same tree of %s", (language, _name, text) => {
  const grammar = loadedGrammar(language);
  const tree = grammar.parser.parse(text)!;
  const read = readTree(grammar.memory!, tree.rootNode.id, grammar, text);
  expect(read).toEqual(walkTree(tree, grammar, text));
  tree.delete();
});
