import { describe, expect, it } from "vitest";
import type { BaselineEntry } from "../../../../src/audit/baseline/baseline-file.ts";
import { compare, entryOf, type Reach } from "../../../../src/audit/baseline/compare.ts";
import type { Finding } from "../../../../src/rule-api/types.ts";
import { finding } from "../../report/sample-result.ts";

/** A finding whose fingerprint says what it is in which file. */
const at = (file: string, what: number): Finding =>
  finding({ file, fingerprint: what.toString().padStart(20, "0") + file.charCodeAt(0).toString().padStart(12, "0") });
const known = (file: string, what: number): BaselineEntry => entryOf(at(file, what), file);

function compared(findings: Finding[], entries: BaselineEntry[], reach: Partial<Reach> = {}) {
  const all: Reach = { wouldFind: () => true, isGone: () => false, ...reach };
  const result = compare(findings, { target: "3.13", entries }, all);
  const name = (e: { file: string; fingerprint: string }) => `${e.file}${Number(e.fingerprint.slice(0, 20))}`;
  return {
    known: result.known.map((k) => `${name(k.entry)}=${name(k.finding)}`),
    fresh: result.fresh.map(name),
    gone: result.gone.map(name),
    unseen: result.unseen.map(name),
  };
}

describe("findings beside a baseline", () => {
  it("are known, new or gone", () => {
    const entries = [known("a", 1), known("a", 2)];
    expect(compared([at("a", 1), at("a", 3)], entries)).toEqual({
      known: ["a1=a1"],
      fresh: ["a3"],
      gone: ["a2"],
      unseen: [],
    });
  });

  it("stay known in a file that was moved, one for one", () => {
    const entries = [known("a", 1), known("a", 2), known("b", 2)];
    expect(compared([at("b", 2), at("c", 1), at("c", 2), at("d", 2)], entries)).toEqual({
      known: ["b2=b2", "a1=c1", "a2=c2"],
      fresh: ["d2"],
      gone: [],
      unseen: [],
    });
  });

  it("are new where the file that they resemble was not looked at: they may be copies", () => {
    const entries = [known("a", 1)];
    const reach = { wouldFind: () => false };
    expect(compared([at("c", 1)], entries, reach)).toEqual({ known: [], fresh: ["c1"], gone: [], unseen: ["a1"] });
    const isGone = () => true;
    expect(compared([at("c", 1)], entries, { ...reach, isGone }).known).toEqual(["a1=c1"]);
    expect(compared([], entries, { ...reach, isGone }).unseen).toEqual(["a1"]);
  });

  it("stay known where the call that they are about was replaced by its strong form", () => {
    const race = (file: string, what: number, symbol: string, fn = "count"): Finding => ({
      ...at(file, what),
      rule: "check-then-act",
      function: fn,
      symbol,
    });
    const entries = [entryOf(race("a", 1, "PyDict_GetItem"), "a")];
    const fixed = race("a", 2, "PyDict_GetItemRef");
    expect(compared([fixed], entries)).toEqual({ known: ["a1=a2"], fresh: [], gone: [], unseen: [] });
    for (const other of [
      race("a", 2, "PyList_GetItemRef"),
      race("b", 2, "PyDict_GetItemRef"),
      race("a", 2, "PyDict_GetItemRef", "another"),
    ]) {
      expect(compared([other], entries)).toMatchObject({ known: [], fresh: [`${other.file}2`], gone: ["a1"] });
    }
    expect(compared([fixed, { ...fixed, fingerprint: at("a", 3).fingerprint }], entries).fresh).toEqual(["a3"]);
  });
});
