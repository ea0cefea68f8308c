import { describe, expect, it } from "vitest";
import { type Domain, solve } from "../../../src/flow/solver.ts";
import { buildCfg } from "../../../src/ir/cfg.ts";
import { parseFunctionText } from "../../../src/ir/parse-text.ts";
import type { Instr } from "../../../src/ir/types.ts";

const LOOP = parseFunctionText(`fn f(%n: int) -> int {
bb0:
  call a()
  goto bb1
bb1:
  branch %n ? bb2 : bb3
bb2:
  call b()
  goto bb1
bb3:
  call c()
  return 0
bb4:
  call d()
  goto bb3
}`);

function names(direction: "forward" | "backward"): Domain<ReadonlySet<string>> {
  return {
    direction,
    boundary: new Set<string>(),
    join: (a, b) => new Set([...a, ...b]),
    equal: (a, b) => a.size === b.size,
    transfer: (fact, instr: Instr) => (instr.op === "call" ? new Set([...fact, instr.callee]) : fact),
  };
}

const sorted = (set: ReadonlySet<string> | null) => (set === null ? null : [...set].sort());

describe("solver", () => {
  it("runs forward to the fixed point and ignores unreachable blocks", () => {
    const s = solve(LOOP, buildCfg(LOOP), names("forward"));
    expect(sorted(s.atStart(1))).toEqual(["a", "b"]);
    expect(sorted(s.before({ block: 3, index: 0 }))).toEqual(["a", "b"]);
    expect(sorted(s.after({ block: 3, index: 0 }))).toEqual(["a", "b", "c"]);
    expect(s.atStart(4)).toBeNull();
  });

  it("runs backward", () => {
    const s = solve(LOOP, buildCfg(LOOP), names("backward"));
    expect(sorted(s.before({ block: 0, index: 0 }))).toEqual(["a", "b", "c"]);
    expect(sorted(s.after({ block: 0, index: 0 }))).toEqual(["b", "c"]);
    expect(sorted(s.atEnd(3))).toEqual([]);
  });

  it("prunes edges that no execution takes", () => {
    const domain = {
      ...names("forward"),
      edge: (fact: ReadonlySet<string>, from: number, to: number) => (from === 1 && to === 2 ? null : fact),
    };
    const s = solve(LOOP, buildCfg(LOOP), domain);
    expect(s.atStart(2)).toBeNull();
    expect(sorted(s.atStart(3))).toEqual(["a"]);
  });

  it("gives up on a lattice that never settles, and says so", () => {
    const endless: Domain<number> = {
      direction: "forward",
      boundary: 0,
      join: Math.max,
      equal: (a, b) => a === b,
      transfer: (n) => n + 1,
    };
    const s = solve(LOOP, buildCfg(LOOP), endless);
    expect(s.gaveUp).toBe(true);
    expect(s.before({ block: 3, index: 0 })).toBeNull();
  });
});
