import { describe, expect, it } from "vitest";
import { parsePopularity } from "../../../../src/audit/sweep/ranking/popularity.ts";
import { rank } from "../../../../src/audit/sweep/ranking/rank.ts";
import { effortOf, scoreOf } from "../../../../src/audit/sweep/ranking/score.ts";
import { SORTS, type Sort } from "../../../../src/audit/sweep/ranking/sorts.ts";
import { lastOfEach, merged, readRecords, recordLine } from "../../../../src/audit/sweep/records.ts";
import { done, failed, moduleOf } from "./sample-records.ts";

describe("effort and score", () => {
  it("are what the words beside the table say", () => {
    const record = done("x", {
      lines: 4000,
      work: {
        a: { safe: 10 },
        b: { review: 10, low: 5 },
        c: { manual: 2 },
        d: { manual: 3, family: "locking" },
      },
    });
    // 2 + 4000/2000 + 10 x 0.1 + (10 x 0.3) x (half of them half) + 2 x 1 + 3 x 2
    expect(effortOf(record)).toBeCloseTo(2 + 2 + 1 + 2.25 + 2 + 6, 10);
    expect(scoreOf(4, false, null)).toBe(25);
    expect(scoreOf(4, true, null)).toBe(75);
    expect(scoreOf(4, false, 999)).toBeCloseTo(100, 10);
  });
});

const records = [
  done("declared", { modules: [moduleOf("yes")], risks: { low: 3 } }),
  done("broken", { modules: [moduleOf("yes"), moduleOf("yes", 2, "_b")], risks: { high: 2 }, lines: 90_000 }),
  done("small", { risks: { high: 1 }, work: { a: { safe: 1 } } }),
  done("smaller", { risks: { high: 1 } }),
  done("large", { risks: { high: 1, medium: 90 }, lines: 50_000, work: { b: { manual: 90 } } }),
  // What is wrong is not in the module that declares.
  done("partly", { modules: [moduleOf("yes"), moduleOf("no", 3)], risks: { high: 3 } }),
  { ...done("python", { modules: [] }), state: "no-extension" as const },
  failed("torn", "the archive is truncated"),
];

function ranked(sort: Sort = "score", extra: Partial<Parameters<typeof rank>[0]> = {}) {
  return rank({ records, sort, ...extra }).packages;
}

describe("the ranking", () => {
  it("puts what breaks today first, then what brings most", () => {
    expect(ranked().map((p) => [p.rank, p.name, p.group])).toEqual([
      [1, "broken", "urgent"],
      [2, "partly", "quick-win"],
      [3, "smaller", "quick-win"],
      [4, "small", "quick-win"],
      [5, "large", "needs-work"],
      [6, "declared", "nothing-to-do"],
      [7, "python", "no-extension"],
      [8, "torn", "not-audited"],
    ]);
    expect(ranked()[0].broken).toEqual(["_b"]);
  });

  it("names what has no record", () => {
    expect(ranked("score", { wanted: ["small", "gone"] }).at(-1)).toMatchObject({ name: "gone", group: "missing" });
  });

  it("counts popularity by the names of packages, however they are written", () => {
    const popularity = parsePopularity('{"rows": [{"project": "LARGE", "download_count": 1e9}]}', "p.json");
    const packages = ranked("popularity", { popularity });
    expect(packages[0]).toMatchObject({ name: "large", popularity: 1e9 });
    expect(packages[1].popularity).toBeNull();
    const [sdist] = rank({ records: [failed("large-1.0rc1", "x")], sort: "score", popularity }).packages;
    expect(sdist.popularity).toBe(1e9);
  });

  it.each(SORTS)("sorted by %s does not depend on the order of the records", (sort) => {
    expect(rank({ records: [...records].reverse(), sort })).toEqual(rank({ records, sort }));
  });

  it.each<[Sort, string, string]>([
    ["effort", "partly", "torn"],
    ["high", "partly", "torn"],
    ["findings", "large", "torn"],
    ["lines", "broken", "torn"],
    ["name", "broken", "torn"],
  ])("sorted by %s begins with %s and ends with %s", (sort, first, last) => {
    const packages = ranked(sort);
    expect([packages[0].name, packages.at(-1)?.name]).toEqual([first, last]);
  });

  it("remarks what makes numbers hard to compare", () => {
    const other = { ...records[0], name: "o", tool: { name: "ungil", version: "0.0.9" } };
    const fixed = { ...records[0], name: "p", options: { ...records[0].options, fixes: true } };
    expect(rank({ records: [...records, other, fixed], sort: "score" }).remarks).toEqual([
      "The records come from several versions of ungil: 0.0.9, 0.1.0.",
      "The records were made with different options, so their numbers differ for that, too.",
    ]);
    expect(rank({ records, sort: "score" }).remarks).toEqual([]);
  });
});

describe("popularity", () => {
  it.each([
    ["name,downloads\nA_b,12\nc,3.5\n"],
    ["a-B,12\nc,3.5\n# of May\n"],
    ['{"a.b": 12, "c": 3.5}'],
    ['[{"name": "a-b", "weight": 12}, {"package": "c", "stars": "3.5"}]'],
  ])("is read from %j", (text) => {
    expect([...parsePopularity(text, "p")]).toEqual([
      ["a-b", 12],
      ["c", 3.5],
    ]);
  });

  it.each([
    ["a,1\nb,many\n", "p: b: not a name and a number"],
    ["[1]", "p: row 1: not a name and a number"],
    ["{", "p: not valid JSON"],
    ['a,1\n"b,2\n', "p: not valid CSV"],
    ['{"a": -1}', "p: a: not a name and a number"],
  ])("is not in %j", (text, message) => {
    expect(() => parsePopularity(text, "p")).toThrow(message);
  });
});

describe("files of records", () => {
  const [a, b] = [done("a"), failed("b", "the archive is truncated")];
  const bytes = Buffer.from(recordLine(a) + recordLine(b));

  it("tell whole lines from one that was not finished", () => {
    expect(readRecords(bytes, "f")).toEqual({ records: [a, b], wholeBytes: bytes.length, isTorn: false });
    const cut = bytes.subarray(0, -10);
    expect(readRecords(cut, "f")).toEqual({ records: [a], wholeBytes: recordLine(a).length, isTorn: true });
    expect(readRecords(Buffer.alloc(0), "f")).toEqual({ records: [], wholeBytes: 0, isTorn: false });
  });

  it.each([
    ["{}\n", /^f:1: no record of a sweep: it must have required property/],
    [`${recordLine(a)}not JSON\n`, "f:2: not JSON"],
    [recordLine({ ...a, state: "odd" as "done" }), "f:1: no record of a sweep: /state must be equal to one of"],
    [
      recordLine({ ...a, summary: { ...a.summary!, files: -1 } }),
      "f:1: no record of a sweep: /summary/files must be >= 0",
    ],
  ])("are nothing but records: %#", (text, message) => {
    expect(() => readRecords(Buffer.from(text), "f")).toThrow(message);
  });

  it("are merged: the last one counts, but no failure replaces an audit", () => {
    const later = { ...a, path: "later" };
    const names = (files: Parameters<typeof lastOfEach>[0][]) =>
      merged(files.map(lastOfEach)).map((r) => [r.name, r.path]);
    expect(names([[b], [a], [later]])).toEqual([
      ["a", "later"],
      ["b", b.path],
    ]);
    expect(names([[a], [failed("a", "time"), failed("c", "x")]])).toEqual([
      ["a", a.path],
      ["c", "sdists/c.tar.gz"],
    ]);
    // In one file the later run knew the earlier one.
    expect(merged([lastOfEach([a, failed("a", "time")])])[0].state).toBe("failed");
  });
});
