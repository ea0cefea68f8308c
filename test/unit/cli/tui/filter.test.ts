import { describe, expect, it } from "vitest";
import { matches, parseFilter } from "../../../../cli/tui/model/filter.ts";
import { sampleItems } from "../../../tui/review-fixture.ts";

const items = sampleItems();
const [BORROWED, FIELD, GLOBAL, SLICE, HOSTILE, DONE] = items;

const shown = (text: string) => items.filter((item) => matches(item, parseFilter(text)));

describe("filter", () => {
  it.each([
    ["", items],
    ["   ", items],
    ["PyList_GET_ITEM", [DONE]],
    ["pylist_get", [BORROWED, DONE]],
    ["upstream", [BORROWED]],
    ["risk:high", [BORROWED, GLOBAL, DONE]],
    ["risk:medium+", [BORROWED, FIELD, GLOBAL, DONE]],
    ["risk:high,low", [BORROWED, GLOBAL, SLICE, DONE]],
    ["RISK:High state:open", [BORROWED, GLOBAL]],
    ["risk:awful", []],
    ["risk:+", []],
    ["-risk:high", [FIELD, SLICE, HOSTILE]],
    ["state:false", [HOSTILE]],
    ["state:fixed,suppressed", [SLICE, DONE]],
    ["rule:borrowed", [BORROWED, DONE]],
    ["family:globals", [GLOBAL, HOSTILE]],
    ["file:util", [SLICE, DONE]],
    ["module:_pool", [BORROWED, FIELD, GLOBAL, SLICE, DONE]],
    ["fix:safe,review", [BORROWED, FIELD]],
    ["fix:none", [SLICE, HOSTILE, DONE]],
    ["who:ana", [BORROWED]],
    ["who:none -state:fixed", [FIELD, GLOBAL, HOSTILE]],
    ['"without a lock" used', [FIELD, SLICE]],
    ['file:"src/pool.c" last', [GLOBAL]],
    ["名前", [BORROWED, HOSTILE]],
  ])("%s", (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it("lets half a term pass, so that the list does not blink while it is typed", () => {
    for (const half of ["risk:", "-risk:", "-", "state:open risk:"]) expect(shown(half).length).toBeGreaterThan(0);
  });

  it("searches an unknown key as text and names it", () => {
    expect(parseFilter("std::vector")).toEqual({
      terms: [{ key: undefined, value: "std::vector", negated: false }],
      unknownKey: "std",
    });
    expect(shown("nose:high")).toEqual([]);
  });
});
