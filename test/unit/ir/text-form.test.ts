import { describe, expect, it } from "vitest";
import { parseFunctionsText, parseFunctionText } from "../../../src/ir/parse-text.ts";
import { printFunction } from "../../../src/ir/print.ts";
import { validateFunction } from "../../../src/ir/validate.ts";

const EVERYTHING = `fn "Box<T>::take"(%this: Box *, %key: PyObject *, %cb: "int (*)(void)") -> "std::map<int, int>" {
  file "src/box.cpp"
  local %item: PyObject *
  local %item#2: int
  local %t3#1: int
  temp %t1: PyListObject *
bb0:
  %t0 = load %this->rows.len
  %t1 = %key as PyListObject *
  %item = load %t1->ob_item[] at %item#2
  %t2 = load *%cb
  %t3 = addr %item
  %t4 = addr %this->lock
  store %this->count, 0x1F
  store *%t3, NULL
  %t5 = - %item#2
  %t6 = %item#2 + -1
  lock critical-section Py_BEGIN_CRITICAL_SECTION(%this)
  %t7 = call PyDict_GetItem(%t1, %key)
  call *%t2(%t7, str"a, \\"b\\"")
  %t8 = call append(%t7) on %this
  unlock critical-section Py_END_CRITICAL_SECTION()
  %t9 = detach PyEval_SaveThread()
  attach PyEval_RestoreThread(%t9)
  unknown "asm statement"(%item, @errno)
  @hits{Box::take} = float"1.5"
  branch %t8 ? bb1 : bb2
bb1:
  switch %item#2 [case "'a'": bb2, case "MAX": bb3, default: bb1]
bb2:
  goto bb3 label done
bb3:
  return %t3#1
bb4:
  return
bb5:
  unreachable
}
`;

describe("text form of the IR", () => {
  it("prints what it reads", () => {
    expect(printFunction(parseFunctionText(EVERYTHING))).toBe(EVERYTHING);
  });

  it("gives a valid function, with the spans of its own lines", () => {
    const fn = parseFunctionText(EVERYTHING);
    expect(validateFunction(fn)).toEqual([]);
    const { start, end } = fn.blocks[0].instrs[0];
    expect(EVERYTHING.slice(start, end)).toBe("%t0 = load %this->rows.len");
    const call = fn.blocks[0].instrs.find((i) => i.op === "call" && i.callee === "PyDict_GetItem");
    if (call?.op !== "call") throw new Error("no call");
    expect(EVERYTHING.slice(call.argSpans[2], call.argSpans[3])).toBe("%key");
    expect(EVERYTHING.slice(call.calleeStart, call.calleeEnd)).toBe("PyDict_GetItem");
  });

  it("keeps written spans, statements and macro uses", () => {
    const fn = parseFunctionText(EVERYTHING);
    fn.macroUses.push({ start: 3, end: 9, name: "GET", defFile: "box.h", defStart: 70, parent: -1 });
    fn.blocks[0].instrs[0].via = 0;
    const text = printFunction(fn, { spans: true });
    const again = parseFunctionText(text);
    expect(again.statements).toEqual(fn.statements);
    expect(again.macroUses).toEqual(fn.macroUses);
    expect(again.blocks[0].instrs[0]).toMatchObject({ start: fn.blocks[0].instrs[0].start, stmt: 0, via: 0 });
    expect(printFunction(again, { spans: true })).toBe(text);
  });

  it("numbers temporaries by first mention, whatever their ids are", () => {
    const fn = parseFunctionText("fn f() -> int {\nbb0:\n  %t9 = call g()\n  return %t9\n}");
    expect(printFunction(fn)).toContain("%t0 = call g()");
  });

  it("gives parameters of C++ methods their C indices", () => {
    const fn = parseFunctionText(EVERYTHING);
    expect(fn.params.map((id) => fn.values[id]).map((v) => (v.kind === "param" ? v.index : "?"))).toEqual([-1, 0, 1]);
  });

  it.each([
    ["fn f() -> int {\nbb0:\n  return %x\n}", /line 3.*declaration of %x/],
    ["fn f() -> int {\nbb0:\n  call g()\n}", /terminator/],
    ["fn f() -> int {\nbb1:\n  return\n}", /bb0/],
    ["fn f() -> int {\nbb0:\n  return", /closing brace/],
    ["fn f() -> int {\nbb0:\n  lock spin L()\n  return\n}", /kind of lock/],
  ])("says where it cannot read %j", (text, message) => {
    expect(() => parseFunctionText(text)).toThrow(message);
  });

  it("reads several functions", () => {
    expect(parseFunctionsText("fn a() -> int {\nbb0:\n  return\n}\nfn b() -> int {\nbb0:\n  return\n}")).toHaveLength(
      2,
    );
  });
});

describe("validateFunction", () => {
  it("names every broken invariant", () => {
    const fn = parseFunctionText("fn f(%x: int) -> int {\nbb0:\n  %t0 = %x + 1\n  call g(%t0)\n  return %t0\n}");
    fn.blocks[0].instrs.splice(0, 1);
    fn.blocks.push({ instrs: [], term: { op: "goto", target: 9, start: 5, end: 3 } });
    const call = fn.blocks[0].instrs[0];
    if (call.op === "call") {
      call.argSpans.pop();
      call.stmt = 99;
    }
    const text = validateFunction(fn).join("\n");
    for (const part of ["nothing defines", "no block 9", "5..3", "argSpans", "no statement 99"])
      expect(text).toContain(part);
  });
});
