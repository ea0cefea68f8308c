import { describe, expect, it } from "vitest";
import { buildCfg, dominates, findLoops, reachableFrom } from "../../../src/ir/cfg.ts";
import { toMermaid } from "../../../src/ir/mermaid.ts";
import { parseFunctionText } from "../../../src/ir/parse-text.ts";

const NESTED = parseFunctionText(`fn walk(%n: int) -> int {
bb0:
  goto bb1
bb1:
  branch %n ? bb2 : bb6
bb2:
  branch %n ? bb3 : bb4
bb3:
  goto bb2
bb4:
  branch %n ? bb5 : bb1
bb5:
  goto bb6
bb6:
  return %n
bb7:
  goto bb1
}`);

describe("control-flow graph", () => {
  const cfg = buildCfg(NESTED);

  it("orders reachable blocks so that a block follows one of its predecessors", () => {
    expect(cfg.order[0]).toBe(0);
    expect(cfg.order).not.toContain(7);
    expect(cfg.position[1]).toBeLessThan(cfg.position[2]);
    expect(cfg.position[4]).toBeLessThan(cfg.position[5]);
    expect(cfg.predecessors[1]).toEqual([0, 4, 7]);
    expect(cfg.reachable[7]).toBe(false);
  });

  it("finds dominators, ignoring unreachable predecessors", () => {
    expect(cfg.idom).toEqual([-1, 0, 1, 2, 2, 4, 1, -1]);
    expect(dominates(cfg, 2, 5)).toBe(true);
    expect(dominates(cfg, 4, 6)).toBe(false);
    expect(dominates(cfg, 0, 7)).toBe(false);
  });

  it("finds nested loops, the outer first", () => {
    expect(findLoops(cfg)).toEqual([
      { header: 1, latches: [4], blocks: [1, 2, 3, 4] },
      { header: 2, latches: [3], blocks: [2, 3] },
    ]);
  });

  it("knows what runs after a block", () => {
    expect([...reachableFrom(cfg, 5)]).toEqual([6]);
    expect(reachableFrom(cfg, 2).has(2)).toBe(true);
  });

  it("does not overflow on a long chain", () => {
    const blocks = Array.from({ length: 50_000 }, (_, i) => `bb${i}:\n  goto bb${i + 1}`).join("\n");
    const long = parseFunctionText(`fn f() -> int {\n${blocks}\nbb50000:\n  return\n}`);
    expect(buildCfg(long).order).toHaveLength(50_001);
  });
});

describe("toMermaid", () => {
  it("draws blocks and labelled edges, and keeps markup out of labels", () => {
    const fn = parseFunctionText(
      'fn f(%x: int) -> int {\nbb0:\n  call g(str"<b>")\n  branch %x ? bb1 : bb1\nbb1:\n  return\n}',
    );
    const text = toMermaid(fn);
    expect(text).toContain('bb0 -- "true" --> bb1');
    expect(text).not.toContain("<b>");
  });
});
