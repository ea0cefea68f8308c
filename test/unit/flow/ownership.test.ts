import { describe, expect, it } from "vitest";
import { analyse, find } from "./helpers.ts";

function follow(body: string, part: string, params = "%self: Store *, %args: PyObject *") {
  const a = analyse(`fn f(${params}) -> PyObject * {
  local %x: PyObject *
  local %y: PyObject *
  local %rc: int
${body}
}`);
  const point = find(a, part);
  const definition =
    a.ownership.ownedDefinitions().find((d) => d.point.block === point.block && d.point.index === point.index) ??
    a.defUse.definitionAt(point)!;
  const report = a.ownership.follow(definition);
  return {
    verdict: report.verdict,
    leaks: report.leaks.map((e) => e.point.block),
    over: report.overReleases.map((e) => e.point.block),
    after: report.usesAfterRelease.map((e) => e.point.block),
    doubts: report.doubts.map((e) => e.text),
    moves: report.moves.map((e) => e.text),
  };
}

const CLEAN = { verdict: "balanced", leaks: [], over: [], after: [], doubts: [] };

describe("ownership of a reference", () => {
  it("is balanced when it is returned or given up on every path, with tests against NULL between", () => {
    expect(
      follow(
        `bb0:
  %x = call PyList_New(0)
  %t0 = ! %x
  branch %t0 ? bb1 : bb2
bb1:
  return NULL
bb2:
  %t1 = call fill(%x)
  %t2 = %t1 < 0
  branch %t2 ? bb3 : bb4
bb3:
  call Py_DECREF(%x)
  return NULL
bb4:
  return %x`,
        "PyList_New",
      ),
    ).toMatchObject(CLEAN);
  });

  it("understands the common exit that releases what was made", () => {
    const common = `bb0:
  %x = NULL
  %y = NULL
  %x = call PyDict_New()
  %t0 = %x == NULL
  branch %t0 ? bb9 : bb1
bb1:
  %y = call PyList_New(0)
  %t1 = %y == NULL
  branch %t1 ? bb9 : bb2
bb2:
  goto bb3
bb3:
  goto bb4
bb4:
  goto bb5
bb5:
  goto bb6
bb6:
  goto bb7
bb7:
  call Py_DECREF(%y)
  return %x
bb8:
  unreachable
bb9:
  call Py_XDECREF(%y)
  call Py_XDECREF(%x)
  return NULL`;
    expect(follow(common, "PyDict_New")).toMatchObject(CLEAN);
    expect(follow(common, "PyList_New")).toMatchObject(CLEAN);
    const leaky = common.replace("  call Py_XDECREF(%x)\n", "");
    expect(follow(leaky, "PyDict_New")).toMatchObject({ verdict: "unbalanced", leaks: [9] });
    expect(follow(leaky, "PyList_New")).toMatchObject(CLEAN);
  });

  it("finds double releases and uses after a release", () => {
    const body = `bb0:
  %x = call PyList_New(0)
  call Py_DECREF(%x)
  call PyList_Append(%x, %args)
  call Py_DECREF(%x)
  return NULL`;
    const report = follow(body, "PyList_New");
    expect(report).toMatchObject({ verdict: "unbalanced", over: [0], after: [0] });
  });

  it("leaves what a call gives straight to a static variable to the variable", () => {
    const { ownership } = analyse(`fn f() -> int {
bb0:
  @g_rows = call PyList_New(0)
  return 0
}`);
    expect(ownership.ownedDefinitions()).toEqual([]);
  });

  it("counts stealing calls, stores and increments", () => {
    const body = (middle: string) => `bb0:\n  %x = call PyList_New(0)\n${middle}\n  return NULL`;
    expect(follow(body("  call PyTuple_SET_ITEM(%args, 0, %x)"), "PyList_New")).toMatchObject(CLEAN);
    expect(follow(body("  store %self->rows, %x"), "PyList_New")).toMatchObject({ ...CLEAN, moves: ["stored"] });
    expect(follow(body("  @g_rows = %x"), "PyList_New")).toMatchObject(CLEAN);
    expect(follow(body("  call Py_INCREF(%x)\n  store %self->rows, %x"), "PyList_New")).toMatchObject({ leaks: [0] });
    expect(
      follow(body("  %y = call Py_NewRef(%x)\n  store %self->rows, %x\n  call Py_DECREF(%y)"), "PyList_New"),
    ).toMatchObject(CLEAN);
    expect(follow(body('  %t9 = call Py_BuildValue(str"(iN)", 1, %x)'), "PyList_New")).toMatchObject(CLEAN);
    expect(follow(body('  %t9 = call Py_BuildValue(str"(iO)", 1, %x)'), "PyList_New")).toMatchObject({ leaks: [0] });
  });

  it("tells the outcomes of calls with a status result apart", () => {
    const body = (test: string) => `bb0:
  %t0 = addr %x
  %rc = call PyDict_GetItemRef(%args, %self, %t0)
  %t1 = ${test}
  branch %t1 ? bb1 : bb2
bb1:
  return NULL
bb2:
  call use(%x)
  call Py_DECREF(%x)
  return NULL`;
    expect(follow(body("%rc < 0"), "PyDict_GetItemRef").verdict).toBe("balanced");
    expect(follow(body("%rc <= 0"), "PyDict_GetItemRef")).toMatchObject(CLEAN);
    expect(follow(body("%rc == 1"), "PyDict_GetItemRef")).toMatchObject({ verdict: "unbalanced", leaks: [1] });
  });

  it("knows that PyModule_AddObject takes over only if it succeeds", () => {
    const body = (failure: string) => `bb0:
  %x = call PyDict_New()
  %t0 = call PyModule_AddObject(%self, str"d", %x)
  %t1 = %t0 < 0
  branch %t1 ? bb1 : bb2
bb1:
${failure}  return NULL
bb2:
  return %self`;
    expect(follow(body("  call Py_DECREF(%x)\n"), "PyDict_New")).toMatchObject(CLEAN);
    expect(follow(body(""), "PyDict_New")).toMatchObject({ leaks: [1] });
  });

  it("sees a loop that makes a new object before releasing the old one", () => {
    const body = (release: string) => `bb0:
  goto bb1
bb1:
  %x = call PyIter_Next(%args)
  branch %x ? bb2 : bb3
bb2:
  call use(%x)
${release}  goto bb1
bb3:
  return NULL`;
    expect(follow(body("  call Py_DECREF(%x)\n"), "PyIter_Next")).toMatchObject(CLEAN);
    expect(follow(body(""), "PyIter_Next")).toMatchObject({ verdict: "unbalanced", leaks: [1] });
  });

  it("knows which tests of a flag agree", () => {
    const body = (failed: string) => `bb0:
  %rc = 0
  %x = call PyList_New(0)
  branch %x ? bb2 : bb1
bb1:
  return NULL
bb2:
  %t0 = call fill(%x)
  branch %t0 ? bb3 : bb4
bb3:
  call Py_DECREF(%x)
  %rc = ${failed}
  goto bb4
bb4:
  %t1 = %rc == int"TRUE"
  branch %t1 ? bb5 : bb6
bb5:
  return NULL
bb6:
  return %x`;
    expect(follow(body("@TRUE"), "PyList_New")).toMatchObject(CLEAN);
    expect(follow(body("0"), "PyList_New")).toMatchObject({ verdict: "unbalanced", after: [6] });
  });

  it("reports releases and returns of what was only borrowed", () => {
    const body = "bb0:\n  %x = call PyList_GetItem(%args, 0)\n  call Py_DECREF(%x)\n  return NULL";
    expect(follow(body, "PyList_GetItem")).toMatchObject({ verdict: "unbalanced", over: [0] });
    const returned = "bb0:\n  %x = call PyList_GetItem(%args, 0)\n  call Py_XINCREF(%x)\n  return %x";
    expect(follow(returned, "PyList_GetItem")).toMatchObject(CLEAN);
  });

  it("proves a replacement by a strong reference", () => {
    const a = analyse(`fn f(%self: PyObject *) -> PyObject * {
  local %x: PyObject *
bb0:
  %x = call lookup(%self)
  %t0 = call PyObject_Repr(%x)
  call Py_DECREF(%x)
  return %t0
}`);
    const definition = a.defUse.definitionAt(find(a, "lookup"))!;
    expect(a.ownership.followAs(definition, true).verdict).toBe("balanced");
    expect(a.ownership.followAs(definition, false).verdict).toBe("unbalanced");
    expect(a.ownership.verdict()).toBe("balanced");
  });

  it("says when it does not understand", () => {
    const resized =
      'bb0:\n  %x = call PyBytes_FromString(str"x")\n  %t0 = addr %x\n  call _PyBytes_Resize(%t0, 3)\n  return %x';
    expect(follow(resized, "PyBytes_FromString")).toMatchObject({ verdict: "unknown" });
    const unknown = 'bb0:\n  %x = call PyList_New(0)\n  unknown "asm"(%x)\n  return %x';
    expect(follow(unknown, "PyList_New")).toMatchObject({ verdict: "unknown" });
  });
});
