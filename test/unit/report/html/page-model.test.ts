/** What the page works out, apart from what it draws. */
import { describe, expect, it } from "vitest";
import { pageData } from "../../../../src/report/html/build-data.ts";
import { addressOf, readAddress } from "../../../../src/report/html/client/model/address.ts";
import { diffLines } from "../../../../src/report/html/client/model/changed-words.ts";
import { commandText } from "../../../../src/report/html/client/model/copied.ts";
import { FACETS, facetValues, filterItems, NOTHING_CHOSEN } from "../../../../src/report/html/client/model/filter.ts";
import { COMMANDS } from "../../../../src/report/html/client/model/keys.ts";
import { lineParts } from "../../../../src/report/html/client/model/line-parts.ts";
import { readReport } from "../../../../src/report/html/client/model/report.ts";
import { listRows } from "../../../../src/report/html/client/model/rows.ts";
import { INITIAL, reduce } from "../../../../src/report/html/client/model/state.ts";
import { finding, sampleInput, sampleResult } from "../sample-result.ts";

const risks = ["info", "high", "low", "high"] as const;
const report = readReport(
  pageData(
    sampleInput(
      sampleResult(
        risks.map((risk, i) =>
          finding({
            risk,
            file: `src/f${i % 3}.c`,
            function: `fn${i}`,
            module: i < 3 ? "m" : "",
            fingerprint: `${i}`.repeat(32),
          }),
        ),
      ),
    ),
  ),
);
const ids = (items: readonly { id: string }[]) => items.map((i) => i.id[0]).join("");

describe("filters", () => {
  it("join words and switches, and count what each switch would show", () => {
    const { items, counts } = filterItems(report.items, "-function:fn1", { ...NOTHING_CHOSEN, risk: ["high", "info"] });
    expect(ids(items)).toBe("03");
    expect(Object.fromEntries(counts.risk)).toEqual({ info: [0, 0, 0, 1], high: [1, 0, 0, 0], low: [0, 0, 1, 0] });
    expect(Object.fromEntries(counts.module)).toEqual({ m: [0, 0, 0, 1], "(none)": [1, 0, 0, 0] });
  });

  it("offer every value that there is, in its order or the worst first", () => {
    const values = facetValues(report.items);
    expect(values.risk).toEqual(["high", "low", "info"]);
    expect(values.module).toEqual(["m", "(none)"]);
    expect(values.fix).toEqual(["review"]);
  });
});

describe("rows", () => {
  it("stand in groups, worst first, and are left out of closed ones", () => {
    const rows = listRows(report.items, "risk", "file", new Set(["group:src/f1.c"]));
    expect(rows.map((r) => (r.kind === "group" ? r.label : r.item.id[0]))).toEqual([
      "src/f0.c",
      "3",
      "0",
      "src/f1.c",
      "src/f2.c",
      "2",
    ]);
    expect(
      ids(listRows(report.items, "risk", "none", new Set()).flatMap((r) => (r.kind === "item" ? r.item : []))),
    ).toBe("1320");
  });
});

describe("addresses", () => {
  it("say all of a view, and nothing that is not there is read from them", () => {
    let state = reduce(INITIAL, { type: "query", query: "file:a b&c=#" });
    state = reduce(state, { type: "toggle", facet: "risk", value: "high" });
    state = reduce(state, { type: "toggle", facet: "module", value: "(none)" });
    state = reduce(reduce(state, { type: "sort", sort: "rule" }), { type: "group", grouping: "none" });
    state = reduce(state, { type: "open", finding: report.items[2].id });
    const { query, chosen, sort, grouping, selected, cursor, pane } = state;
    expect(readAddress(addressOf(state), report)).toEqual({ query, chosen, sort, grouping, selected, cursor, pane });
    expect(addressOf(INITIAL)).toBe("");
    expect(readAddress("#f=9&sort=x&group=__proto__&risk=", report)).toMatchObject({
      selected: undefined,
      sort: "risk",
      grouping: "file",
      pane: "list",
    });
    for (const facet of FACETS)
      expect(addressOf({ ...INITIAL, chosen: { ...NOTHING_CHOSEN, [facet]: ["v"] } })).toBe(`#${facet}=v`);
  });
});

describe("lines of code", () => {
  it("come apart at tokens and marks", () => {
    const { parts } = lineParts(["  return PyList_GetItem(a);", [2, 6, 4, 9, 14, 6]], [{ start: 9, end: 26 }]);
    expect(parts.map((p) => [p.text, p.token ?? "", p.isMarked])).toEqual([
      ["  ", "", false],
      ["return", "keyword", false],
      [" ", "", false],
      ["PyList_GetItem", "call", true],
      ["(a)", "", true],
      [";", "", false],
    ]);
    expect(lineParts(["abc", [], 100], [{ start: 101, end: 9999 }])).toEqual({
      parts: [
        { text: "a", isMarked: false },
        { text: "bc", isMarked: true },
      ],
      cutBefore: true,
      cutAfter: true,
    });
    expect(lineParts("", [{ start: 0, end: 3 }]).parts).toEqual([]);
  });

  it("show which words of a diff changed, where lines are alike", () => {
    const lines = [
      "    x = PyList_GET_ITEM(a, i);",
      "unlike",
      "    if (x == NULL)",
      "    x = PyList_GetItemRef(a, i);",
    ];
    const shown = diffLines({ oldStart: 10, newStart: 12, signs: "--++", lines });
    const word = (i: number) => shown[i].changed && lines[i].slice(shown[i].changed.start, shown[i].changed.end);
    expect([word(0), word(1), word(2), word(3)]).toEqual([
      "PyList_GET_ITEM",
      undefined,
      undefined,
      "PyList_GetItemRef",
    ]);
    expect(shown.map((l) => [l.old, l.now])).toEqual([
      [10, undefined],
      [11, undefined],
      [undefined, 12],
      [undefined, 13],
    ]);
    const added = diffLines({ oldStart: 1, newStart: 1, signs: "-+", lines: ["f(a, b, c);", "f(a, b, c, d);"] });
    expect(added.map((l) => l.changed)).toEqual([
      { start: 9, end: 9 },
      { start: 9, end: 12 },
    ]);
  });
});

describe("commands", () => {
  it("are only offered where something was proven", () => {
    expect(commandText(report.items[0], report)).toBeUndefined();
    const proven = { ...report, data: { ...report.data, fixes: { proven: true } } };
    expect(commandText(report.items[0], proven)).toBe("ungil fix --only 000000000000 --level review");
  });

  it("have a key of their own each", () => {
    const keys = COMMANDS.flatMap((c) => c.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
