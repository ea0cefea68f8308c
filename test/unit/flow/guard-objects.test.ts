import { describe, expect, it } from "vitest";
import { GuardObjects } from "../../../src/flow/guard-objects.ts";
import { parseFunctionText } from "../../../src/ir/parse-text.ts";
import { printFunction } from "../../../src/ir/print.ts";
import type { FunctionIr } from "../../../src/ir/types.ts";
import type { IndexedFunction } from "../../../src/project/index-types.ts";

function guards(...texts: string[]): GuardObjects {
  const irs = texts.map(parseFunctionText);
  const functions = irs.map((ir, id) => ({ id, name: ir.name }) as IndexedFunction);
  return new GuardObjects(functions, (id) => irs[id] as FunctionIr);
}

const CONSTRUCTOR = `fn app::Hold::Hold(%object: PyObject *, %this: app::Hold *) -> "" {
bb0:
  lock critical-section PyCriticalSection_Begin(%object)
  return
}`;
const DESTRUCTOR = `fn app::Hold::~Hold(%this: app::Hold *) -> "" {
bb0:
  %t0 = addr %this->section
  unlock critical-section PyCriticalSection_End(%t0)
  return
}`;
const USER = `fn user(%self: Counter *) -> int {
  local %hold: app::Hold
bb0:
  %hold = call app::Hold(%self)
  branch %self ? bb1 : bb2
bb1:
  return 0
bb2:
  return 1
}`;

describe("guard classes of the project", () => {
  it("lock where they are made and release at every return", () => {
    const ir = guards(CONSTRUCTOR, DESTRUCTOR).applyTo(parseFunctionText(USER));
    const text = printFunction(ir);
    expect(text).toContain("lock critical-section Hold(%self)");
    expect(text.split("unlock critical-section Hold(%self)")).toHaveLength(3);
    expect(text).not.toContain("call app::Hold");
  });

  it("need both halves", () => {
    for (const half of [CONSTRUCTOR, DESTRUCTOR]) {
      const ir = guards(half).applyTo(parseFunctionText(USER));
      expect(printFunction(ir)).toContain("call app::Hold(%self)");
    }
  });
});
