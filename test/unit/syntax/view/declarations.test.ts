import { beforeAll, describe, expect, test } from "vitest";
import { initGrammar } from "../../../../src/syntax/parse.ts";
import { find, functionNames, parsed } from "./parsed.ts";

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

describe("attributes are told by their position", () => {
  test.each([
    ["MY_INLINE int f(void) { return 0; }", "int f(void) { return 0; }"],
    ["static MY_INLINE PyObject *f(void) { return 0; }", "static PyObject *f(void) { return 0; }"],
    ["PyMODINIT_FUNC PyInit_demo(void) { return 0; }", "PyMODINIT_FUNC PyInit_demo(void) { return 0; }"],
    ["BOOL WINAPI f(void) { return 0; }", "BOOL f(void) { return 0; }"],
    ["PyObject * MY_CALL f(void) { return 0; }", "PyObject * f(void) { return 0; }"],
    ["Py_LOCAL_INLINE(Py_ssize_t)\nf(int a) { return a; }", "Py_ssize_t f(int a) { return a; }"],
    ["PyAPI_FUNC(struct thing *) f(void);", "struct thing * f(void);"],
    ["PyAPI_DATA(PyTypeObject) Demo_Type;", "PyTypeObject Demo_Type;"],
    ["ALIGNED(16) static int table[4];", "static int table[4];"],
    ["static const char ALIGNED(16) table[4] = {1};", "static const char table[4] = {1};"],
    ["int f(void) MY_NOEXCEPT MY_FORMAT(1, 2);", "int f(void) ;"],
    ["__attribute__((unused)) static int f(void) { return 0; }", "static int f(void) { return 0; }"],
    ["static int f(void) __attribute__((noinline));", "static int f(void) ;"],
    ["__declspec(dllexport) int f(void) { return 0; }", "int f(void) { return 0; }"],
    ["static MY_TLS int counter = 0;", "static int counter = 0;"],
    ["char buffer[64] MY_ALIGN(8);", "char buffer[64] ;"],
    ["struct PACKED_ATTR point { int x; };", "struct point { int x; };"],
    ["typedef void (WINAPI *callback)(int);", "typedef void ( *callback)(int);"],
    [
      "int f(PyObject *Py_UNUSED(self), MY_CONST int *a) { return 0; }",
      "int f(PyObject * self , int *a) { return 0; }",
    ],
    [
      "int f(PyObject *self, PyObject *UNUSED(args)) { return 0; }",
      "int f(PyObject *self, PyObject * args ) { return 0; }",
    ],
    ["static _Atomic(int) flag;", "static int flag;"],
    ["typedef double _Complex number;", "typedef double number;"],
  ])("%s", (text, expected) => {
    expect(parsed(text).short).toBe(expected);
  });

  test("what was dropped is remembered", () => {
    const text = "static MY_TLS int counter;\nPy_LOCAL(int) f(void) { return 0; }\n";
    const { attributes } = parsed(text).view;
    expect(attributes.map((a) => a.name)).toEqual(["MY_TLS", "Py_LOCAL"]);
    expect(text.slice(attributes[0]!.start, attributes[0]!.end)).toBe("MY_TLS");
  });

  test.each([
    "static NUMBER f(NUMBER a) { NUMBER b = a; return b; }",
    "typedef npy_bool (TestFunc)(void *, int);",
    "FILE *open_it(DIR *d);",
    "int (*table[3])(void);",
    "struct a *f(struct b *x), *g;",
    "int f(int (*compare)(const void *, const void *), void *);",
  ])("nothing is dropped from %s", (text) => {
    expect(parsed(text).view.text).toBe(text);
  });
});

describe("functions", () => {
  test.each([
    ["static int\nf(a, b)\n    int a;\n    char *b;\n{ return 0; }\nint g(void) { return 1; }", ["f", "g"]],
    ["DEFINE_TEST(alpha)\n{\n  return 0;\n}\n\nMODULE(beta) {\n}\n", ["DEFINE_TEST", "MODULE"]],
    ["static int PASTE(find)(int a)\n{ return a; }\nint g(void) { return PASTE(find)(1); }", ["PASTE(find)", "g"]],
    ["DECLARE_A(x)\nDECLARE_B(y)\nint f(void) { return 0; }", ["f"]],
    ['PyDoc_STRVAR(doc, "text" MORE\n"more");\n\nstatic PyObject *f(void) { return 0; }', ["f"]],
    ['#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void) { return 0; }\n#ifdef __cplusplus\n}\n#endif', ["f"]],
    ["static PyObject *\nf(PyObject *m)\nWholeBody(name)\n\nstatic int g(void) { return 0; }", ["f", "g"]],
    ["static void f(void) WRAP({\n  int a = 1;\n  use(a);\n})\nint g(void) { return 0; }", ["f", "g"]],
  ])("%j defines %j", (text, names) => {
    expect(functionNames(text)).toEqual(names);
  });

  test("extents are those of the source", () => {
    const text = "int a;\nstatic MY_INLINE int f(void)\n{ return 0; }\n";
    const [f] = parsed(text).view.functions;
    expect(text.slice(f!.start, f!.end)).toBe("static MY_INLINE int f(void)\n{ return 0; }");
    expect(text.slice(f!.bodyStart, f!.end)).toBe("{ return 0; }");
  });

  test("a function-defining macro stays a call at file level", () => {
    const file = parsed(
      "DEFINE_GETTER(demo, int x = 1; use(x))\nDEFINE_GETTER(other, {1, 2})\nint g(void) { return 0; }",
    );
    expect(find(file.root, "call_expression")).toHaveLength(2);
  });
});

describe("structs and tables", () => {
  test("object heads become fields and are reported", () => {
    const text =
      "typedef struct {\n  PyObject_HEAD\n  int a;\n} Demo;\ntypedef struct { PyObject_VAR_HEAD int b; } Other;";
    const file = parsed(text);
    expect(file.view.objectHeads.map((h) => h.kind)).toEqual(["PyObject_HEAD", "PyObject_VAR_HEAD"]);
    expect(find(file.root, "field_declaration")).toHaveLength(4);
  });

  test.each([
    ["struct s { BASE_FIELDS\n int a; };", "struct s { BASE_FIELDS; int a; };"],
    ["struct s { FIELDS(a)\n int b; };", "struct s { FIELDS_a_; int b; };"],
    ["struct s { unsigned a : 3; unsigned : 5; int b; };", "struct s { unsigned a : 3; int b; };"],
    ["enum e { A, MORE(B)\n C = 3\n D };", "enum e { A, MORE_B_, C = 3, D };"],
    ["int t[] = { FIRST_ROW\n SECOND_ROW(1)\n {1, 2} };", "int t[] = { FIRST_ROW, SECOND_ROW(1), {1, 2} };"],
    ['T t = { PyVarObject_HEAD_INIT(NULL, 0)\n "name" };', 'T t = { PyVarObject_HEAD_INIT(NULL, 0), "name" };'],
    ["T t = { .base = HEAD_INIT(&x)\n .name = 1 };", "T t = { .base = HEAD_INIT(&x), .name = 1 };"],
    ["int t[] = { [0 ... 3] = 1 };", "int t[] = { [0 + 3] = 1 };"],
    ['const char *s = "a" FORMAT "b" STR(x) "c";', 'const char *s = "a" FORMAT "b" STR_x_ "c";'],
    ["struct message messages[] =\n#include MESSAGES\nint a;", "struct message messages[] = 0; int a;"],
    ["int size = 64 KB;", "int size = 64 ;"],
    ["size_t o = offsetof(struct s, a.b[2]);", "size_t o = offsetof(struct s, a_b_2_);"],
  ])("%s", (text, expected) => {
    expect(parsed(text).short).toBe(expected);
  });

  test("rows without their table are counted, not parsed", () => {
    const file = parsed("ROW_A, ROW_B,\nROW_C,\n");
    expect(file.view.problems.map((p) => p.kind)).toEqual(["unknown-code"]);
    expect(file.short).toBe("");
  });
});

describe("C++", () => {
  test.each([
    [
      "class API_EXPORT Foo final : public Bar<int> { public: Foo(); int a; };",
      "class Foo final : public Bar<int> { public: Foo(); int a; };",
    ],
    ["API_EXPORT int Foo::bar(int a) const noexcept { return a; }", "int Foo::bar(int a) const noexcept { return a; }"],
    ["Foo::Foo(int a) : x(a), y{a} { run(); }", "Foo::Foo(int a) : x(a), y{a} { run(); }"],
    ["template <typename T> ATTR(1) T f(T a) { return a; }", "template <typename T> T f(T a) { return a; }"],
    [
      "int f() { Lock guard(mutex()); Foo x(a.b); return 0; }",
      "int f() { Lock guard{mutex()}; Foo x(a.b); return 0; }",
    ],
    ["int f(int a); struct S { S(int a); };", "int f(int a); struct S { S(int a); };"],
    ['int n = 1\'000\'000; auto s = R"x({ " }))x";', 'int n = 1\'000\'000; auto s = R"x({ " }))x";'],
    ["using P = bool (Foo<int>::*)(int);", "using P = bool ( *)(int);"],
    [
      "struct S { MY_INLINE ~S() override; ~CAPS() override { f(); } };",
      "struct S { ~S() override; ~CAPS() override { f(); } };",
    ],
    [
      'void f() { g([]() -> pair<int, int> * { return 0; }, h("%" PRId64 " x"), M(size_t, 1)); }',
      'void f() { g([]() -> pair<int, int> * { return 0; }, h("%" " x"), M(Size_t, 1)); }',
    ],
    ["template class Table<int>;\nint a;", "int a;"],
    ["void f() { try { g(); }\nCATCH_ALL\n}", "void f() { { g(); } CATCH_ALL;}"],
    ['TEST_CASE("name", "[x]") { f(); }', "TEST_CASE( ) { f(); }"],
    ["void f(const S &a = {}, int b = 3) { }", "void f(const S &a = 0 , int b = 3) { }"],
    ["auto f(T *a) -> decltype(a->b(), void()) { }", "auto f(T *a) -> decltype( void()) { }"],
    ["static_assert(sizeof(int) == 4, MESSAGE);", "static_assert(sizeof(int) == 4 );"],
    ["namespace a::b { int f() { return 0; } }", "namespace a::b { int f() { return 0; } }"],
    ["auto g = [&](int a) { if (a) return 1; return 2; };", "auto g = [&](int a) { if (a) return 1; return 2; };"],
  ])("%s", (text, expected) => {
    expect(parsed(text, "cpp").short).toBe(expected);
  });
});
