import { beforeAll, describe, expect, test } from "vitest";
import { initGrammar } from "../../../../src/syntax/parse.ts";
import { find, parsed, statements } from "./parsed.ts";

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

describe("macros that stand for statements", () => {
  test.each<[string, string[]]>([
    [
      "Py_BEGIN_ALLOW_THREADS\n  work();\n  Py_END_ALLOW_THREADS\n  return 0;",
      ["Py_BEGIN_ALLOW_THREADS", "work()", "Py_END_ALLOW_THREADS", "return"],
    ],
    [
      "Py_BEGIN_ALLOW_THREADS\n  (void)work();\n  Py_END_ALLOW_THREADS",
      ["Py_BEGIN_ALLOW_THREADS", "cast_expression", "Py_END_ALLOW_THREADS"],
    ],
    [
      "Py_BEGIN_ALLOW_THREADS\n  x = 1;\n  *p = 2;\n  Py_END_ALLOW_THREADS",
      ["Py_BEGIN_ALLOW_THREADS", "assignment_expression", "assignment_expression", "Py_END_ALLOW_THREADS"],
    ],
    [
      "Py_BEGIN_CRITICAL_SECTION(self);\n  a = b;\n  Py_END_CRITICAL_SECTION();",
      ["Py_BEGIN_CRITICAL_SECTION()", "assignment_expression", "Py_END_CRITICAL_SECTION()"],
    ],
    [
      "Py_BEGIN_CRITICAL_SECTION(self)\n  a = b;\n  Py_END_CRITICAL_SECTION()\n  return a;",
      ["Py_BEGIN_CRITICAL_SECTION()", "assignment_expression", "Py_END_CRITICAL_SECTION()", "return"],
    ],
    ["if (a) Py_RETURN_NONE\n  Py_RETURN_TRUE;", ["if", "Py_RETURN_TRUE"]],
    ["CHECK_OPEN(self)\n  return 1;", ["CHECK_OPEN()", "return"]],
    ["CHECK_OPEN(self)\n  int a = 1;", ["CHECK_OPEN()", "declaration"]],
    ["Py_VISIT(a)\n  Py_VISIT(b)\n  *p = 1;", ["Py_VISIT()", "Py_VISIT()", "assignment_expression"]],
    ["x = FETCH(a)\n  return x;", ["assignment_expression", "return"]],
    ["BEGIN_WORK {\n  a();\n  }", ["BEGIN_WORK", "compound"]],
  ])("%j", (text, expected) => {
    expect(statements(text)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ["TYPE x;\n  TYPE *y = 0;", ["declaration", "declaration"]],
    ["x = FOO(a) * b;", ["assignment_expression"]],
    ["value = COND(a)\n    && b;", ["assignment_expression"]],
    ["label: a();\n  goto label;", ["labeled", "goto"]],
    ["COUNT(a)\n    ->field = 1;", ["assignment_expression"]],
  ])("left alone: %j", (text, expected) => {
    expect(statements(text)).toEqual(expected);
  });
});

describe("macros that stand for heads", () => {
  test.each<[string, string[]]>([
    ["FOREACH(x, list) {\n  a(x);\n  }", ["while"]],
    ["IF_SMALLER {\n  a();\n  }\n  else b();", ["if"]],
    ["IF_SMALLER\n  break;", ["if"]],
    ["TRY_MAP(a, b)\n  c = 1;\n  else return 2;", ["if"]],
    ["ENCODE(a, b)\n  else return 2;", ["if"]],
    ["if UNLIKELY(a) { b(); }", ["if"]],
    ["switch (a) { TARGET(ADD): b(); break; }", ["switch"]],
  ])("%j", (text, expected) => {
    expect(statements(text)).toEqual(expected);
  });

  test("a label made by a macro is a case", () => {
    expect(find(parsed("void f(int a) { switch (a) { TARGET(ADD): b(); } }").root, "case_statement")).toHaveLength(1);
  });

  test("the guard of an if keeps its own statement", () => {
    expect(statements("if (a)\n    LOG(x);\n  else\n    b();")).toEqual(["if"]);
  });
});

describe("arguments that are no expressions", () => {
  test.each([
    ["x = va_arg(ap, int);", "x = va_arg(ap, Int);"],
    ["x = va_arg(ap, unsigned long);", "x = va_arg(ap, unsigned_long);"],
    ["x = va_arg(ap, PyObject *);", "x = va_arg(ap, PyObject__);"],
    ["x = NEW(struct node, 3);", "x = NEW(struct_node, 3);"],
    ["COMPARE(a, <, b);", "COMPARE(a, _, b);"],
    ["COMPARE(a, b, == 0);", "COMPARE(a, b, 0);"],
    ["CALL(a, , b);", "CALL(a,_, b);"],
    ["CALL(x, {1, 2});", "CALL(x, (1, 2));"],
    ["x = ID(return);", "x = ID(Return);"],
    ["CHECK(a, return -1);", "if (a) return -1 ;"],
    ["GUARD(*p = *q;);", "{*p = *q;};"],
    ["NAME(part)(a, b);", "NAME_part_(a, b);"],
    ["atomic_load((_Atomic(int) *)&x);", "atomic_load(( int *)&x);"],
  ])("%s", (text, expected) => {
    expect(parsed(`void f(void) { ${text}\n}`).short).toBe(`void f(void) { ${expected} }`);
  });

  test("a block as an argument is read", () => {
    const file = parsed("int f(void) { CHECK_SIGNALS({ Py_DECREF(a); return 1; });\n return 0; }");
    expect(find(file.root, "return_statement")).toHaveLength(2);
  });

  test("real arguments stay as they are", () => {
    const text = 'void f(void) { g(a, -b, *c, &d, sizeof(int), (int)e, !h, x ? y : z, "s", a * b, i++); }';
    expect(parsed(text).view.text).toBe(text);
  });
});

describe("extensions of compilers", () => {
  test.each([
    ["goto *table[op];", "_goto(table[op]);"],
    ["void *p[] = { &&one, &&two };", "void *p[] = { &one, &two };"],
    ['__asm__ volatile ("nop" : "=r"(a) : "r"(b));', ";"],
    ["switch (a) { case 1 ... 5: b(); }", "switch (a) { case 1 + 5: b(); }"],
    ["int a = ({ int b = 1; b; });", "int a = ({ int b = 1; b; });"],
    ["__extension__ int a = 1;", "int a = 1;"],
  ])("%s", (text, expected) => {
    expect(parsed(`void f(void) { ${text}\n }`).short).toBe(`void f(void) { ${expected} }`);
  });
});

test("ordinary code is not touched at all", () => {
  const text = `#include <Python.h>
typedef struct { PyObject_HEAD; int n; double *data; } Thing;
static int
thing_sum(Thing *self, PyObject *args, PyObject *kwds)
{
    static char *kwlist[] = {"a", "b", NULL};
    double total = 0, *p = self->data;
    PyObject *a = NULL, *b = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O|O:sum", kwlist, &a, &b)) {
        goto error;
    }
    for (int i = 0; i < self->n; i++) {
        switch (p[i] > 0 ? 1 : -1) {
        case 1: total += p[i]; break;
        default: total -= (double)p[i]; continue;
        }
    }
    do { total /= 2; } while (total > 100 && a != b);
    return total == 0.0 ? 0 : (int)total;
error:
    return -1;
}
static PyMethodDef methods[] = {
    {"sum", (PyCFunction)(void (*)(void))thing_sum, METH_VARARGS | METH_KEYWORDS, PyDoc_STR("sum of it")},
    {NULL, NULL, 0, NULL},
};
`;
  expect(parsed(text).view.text).toBe(text.replace("#include <Python.h>", " ".repeat(19)));
});
