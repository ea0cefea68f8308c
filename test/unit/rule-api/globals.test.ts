import { describe, expect, it } from "vitest";
import type { StaticAccess } from "../../../src/flow/shared/shared-state.ts";
import { commonLock } from "../../../src/rule-api/globals-model.ts";
import { containerAction, isCppContainer } from "../../../src/rule-api/globals-uses.ts";

const access = (...locks: string[]): StaticAccess => ({
  access: { at: "@1", kind: "read", locks: [], function: 0, start: 0, end: 1, type: "int", chain: [] },
  function: 0,
  locks: locks.map((at) => ({ kind: "pymutex", at })),
});

describe("one lock for all accesses", () => {
  it("is a lock that every access holds", () => {
    expect(commonLock([access("@7", "@8"), access("@8")])).toBe(true);
    expect(commonLock([access("@7"), access("@8")])).toBe(false);
    expect(commonLock([access("@7"), access()])).toBe(false);
  });

  it("is no lock of an argument: two callers can pass two objects", () => {
    expect(commonLock([access("p0.lock"), access("p0.lock")])).toBe(false);
  });

  it("is none if there is no access", () => {
    expect(commonLock([])).toBe(false);
  });
});

describe("operations on containers", () => {
  it("look, change, or are no operation of a container", () => {
    expect(containerAction("PyDict_GetItemRef")).toBe("look");
    expect(containerAction("PyList_GET_SIZE")).toBe("look");
    expect(containerAction("PySet_Add")).toBe("change");
    expect(containerAction("PyDict_SetDefaultRef")).toBeUndefined();
    expect(containerAction("PyObject_Str")).toBeUndefined();
  });

  it("of C++ are those of its library", () => {
    expect(isCppContainer("std::unordered_map<std::string, int>")).toBe(true);
    expect(isCppContainer("static std::vector<double>")).toBe(true);
    expect(isCppContainer("std::atomic<int>")).toBe(false);
    expect(isCppContainer("kiwi::vector")).toBe(false);
  });
});
