import { describe, expect, it } from "vitest";
import { reduce } from "../../../../cli/tui/model/reducer.ts";
import { cursorIndex, hiddenMarks, membersOf, rowsOf, targetsOf } from "../../../../cli/tui/model/rows.ts";
import type { Item, ReviewState } from "../../../../cli/tui/model/types.ts";
import { screenLines } from "../../../../cli/tui/view/screen-lines.ts";
import { context, HOSTILE, pressed, sampleItems, scannedState } from "../../../tui/review-fixture.ts";

const shape = (state: ReviewState) =>
  rowsOf(state).map((row) =>
    row.kind === "group"
      ? `${row.title} ${row.open}/${row.total} ${row.worst}`
      : `  ${row.item.finding.line} ${row.item.state}`,
  );

describe("rows", () => {
  it("stand in groups, the worst first, sorted within", () => {
    expect(shape(scannedState())).toEqual([
      "src/pool.c 3/3 high",
      "  9 open",
      "  17 open",
      "  20 open",
      `${HOSTILE} 0/1 info`,
      "  1 false-positive",
      "src/util.c 0/2 high",
      "  4 fixed",
      "  6 suppressed",
    ]);
  });

  it.each([
    ["module", ["_pool", "\u001b]0;owned\u0007mod"]],
    ["family", ["borrowed", "locking", "globals"]],
    ["rule", ["borrowed-list-item", "global-object", "unlocked-instance-state", "global-mutable"]],
  ] as const)("group by %s", (grouping, titles) => {
    const groups = rowsOf(scannedState({ grouping })).flatMap((r) => (r.kind === "group" ? r.title : []));
    expect(groups).toEqual(titles);
  });

  it.each([
    ["risk", [9, 17, 20]],
    ["place", [9, 17, 20]],
    ["rule", [17, 9, 20]],
    ["state", [9, 17, 20]],
  ] as const)("sort by %s", (sort, lines) => {
    const members = membersOf(scannedState({ sort }), "group src/pool.c");
    expect(members.map((i) => i.finding.line)).toEqual(lines);
  });

  it("leave out findings of folded groups, which still are its members", () => {
    const state = scannedState({ folded: new Set(["group src/pool.c"]), cursor: "group src/pool.c" });
    expect(shape(state).slice(0, 2)).toEqual(["src/pool.c 3/3 high", `${HOSTILE} 0/1 info`]);
    expect(targetsOf(state)).toHaveLength(3);
  });

  it("count marks that the filter hides", () => {
    const items = sampleItems();
    const marked = new Set(items.slice(0, 3).map((i) => i.finding.fingerprint));
    expect(hiddenMarks(scannedState({ marked, filter: "risk:medium" }))).toBe(2);
    expect(hiddenMarks(scannedState({ marked }))).toBe(0);
  });

  it("begin at the top when the cursor's row is gone", () => {
    expect(cursorIndex({ ...scannedState(), cursor: "gone" })).toBe(0);
  });
});

describe("5,000 findings", () => {
  /** Findings that count how often they are looked at. */
  function many(count: number): { items: Item[]; looks(): number } {
    let looks = 0;
    const samples = sampleItems();
    const items = Array.from({ length: count }, (_, i): Item => {
      const { finding, state } = samples[i % samples.length];
      const own = { ...finding, fingerprint: i.toString(16).padStart(32, "0"), file: `src/file${i % 200}.c` };
      return {
        state,
        get finding() {
          looks++;
          return own;
        },
      };
    });
    return { items, looks: () => looks };
  }

  it("are put in order once, not with every key", () => {
    const { items, looks } = many(5000);
    let state = scannedState({ size: { columns: 120, rows: 40 } }, items);
    screenLines(state, context);
    const rows = rowsOf(state);
    for (const key of ["down", "down", "pagedown", "G", "g", "n", "tab", "]"]) {
      const before = looks();
      state = pressed(state, key).state;
      screenLines(state, context);
      expect(looks() - before, key).toBeLessThan(1000);
    }
    expect(rowsOf(state)).toBe(rows);
  });

  it("are put in order anew when something changes", () => {
    const { items } = many(50);
    const state = scannedState({}, items);
    const rows = rowsOf(state);
    expect(rowsOf(pressed(state, "o").state)).not.toBe(rows);
    expect(rowsOf(pressed(state, "v").state)).not.toBe(rows);
    expect(rowsOf(pressed(state, "left").state)).not.toBe(rows);
    expect(rowsOf({ ...state, filter: "risk:high" }).length).toBeLessThan(rows.length);
    expect(rowsOf(reduce(state, { type: "scanned", items: items.slice(1), root: "" }).state)).not.toBe(rows);
  });
});
