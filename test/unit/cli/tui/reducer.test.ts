import { describe, expect, it } from "vitest";
import { initialState, reduce } from "../../../../cli/tui/model/reducer.ts";
import type { Effect, Item, ReviewState } from "../../../../cli/tui/model/types.ts";
import { answered, pressed, previewsOf, sampleItems, scannedState } from "../../../tui/review-fixture.ts";

const [BORROWED, FIELD, GLOBAL, SLICE, HOSTILE, DONE] = sampleItems().map((i) => i.finding.fingerprint);

const at = (cursor: string, setup: Partial<ReviewState> = {}) => scannedState({ cursor, ...setup });
const top = (state: ReviewState) => state.screens[state.screens.length - 1];
/** What keys ask for, but for previews. */
const asked = (state: ReviewState, ...keys: string[]): Effect[] =>
  pressed(state, ...keys).effects.filter((e) => e.type !== "preview");

describe("moving", () => {
  it("walks over rows and stops at both ends", () => {
    expect(pressed(at(""), "k").state.cursor).toBe("group src/pool.c");
    expect(pressed(at(""), "j").state.cursor).toBe(GLOBAL);
    expect(pressed(at(""), "G", "j").state.cursor).toBe(SLICE);
    expect(pressed(at(SLICE), "g").state.cursor).toBe("group src/pool.c");
  });

  it("goes to the next open finding, and says when there is none", () => {
    expect(pressed(at(""), "n", "n").state.cursor).toBe(BORROWED);
    const { state } = pressed(at(FIELD), "n");
    expect(state.cursor).toBe(FIELD);
    expect(state.message?.text).toBe("no further open finding");
    expect(pressed(state, "N").state.cursor).toBe(BORROWED);
  });

  it("folds the group of a finding, and all groups", () => {
    const folded = pressed(at(FIELD), "left").state;
    expect([folded.cursor, [...folded.folded]]).toEqual(["group src/pool.c", ["group src/pool.c"]]);
    expect(pressed(folded, "right").state.folded.size).toBe(0);
    const all = pressed(at(FIELD), "z").state;
    expect(all.folded.size).toBe(3);
    expect(pressed(all, "z").state.folded.size).toBe(0);
  });

  it("keeps the finding when it is grouped and sorted otherwise", () => {
    for (const key of ["v", "o"]) expect(pressed(at(FIELD), key).state.cursor).toBe(FIELD);
    expect(pressed(at(FIELD), "v", "v", "v", "v").state.grouping).toBe("file");
  });

  it("starts every finding at its own place", () => {
    const { state } = pressed(at(BORROWED, { answer: 1 }), "]", "right", "j", "j", "left", "down");
    expect([state.cursor, state.step, state.scroll, state.answer]).toEqual([FIELD, -1, 0, 0]);
  });
});

describe("looking", () => {
  it("scrolls the code both ways, other screens only down", () => {
    expect(pressed(at(BORROWED), "right", "k", "k").state.scroll).toBe(-2);
    expect(top(pressed(at(BORROWED), "?", "k").state)).toMatchObject({ kind: "help", scroll: 0 });
    expect(top(pressed(at(BORROWED), "?", "j", "j").state)).toMatchObject({ kind: "help", scroll: 2 });
  });

  it("does not count keys after the end", () => {
    const scrolled = pressed(at(BORROWED), "?", "j", "j", "j").state;
    expect(top(reduce(scrolled, { type: "scroll-end", scroll: 1 }).state)).toMatchObject({ scroll: 1 });
    expect(reduce(at(BORROWED), { type: "scroll-end", scroll: 4 }).state.scroll).toBe(4);
  });

  it("steps through the evidence and no further", () => {
    expect(pressed(at(BORROWED), "]", "]", "]", "]").state.step).toBe(2);
    expect(pressed(at(BORROWED), "]", "[", "[").state.step).toBe(-1);
    expect(pressed(at(BORROWED), "4", "]").state.tab).toBe("code");
    expect(pressed(at(BORROWED), "2", "]").state.tab).toBe("evidence");
  });

  it("asks for a fix once, where it is shown", () => {
    expect(reduce(at(BORROWED), { type: "key", command: "3" }).effects).toEqual([
      { type: "preview", fingerprint: BORROWED },
    ]);
    const waiting = reduce(at(BORROWED), { type: "key", command: "3" }).state;
    expect(reduce(waiting, { type: "key", command: "D" }).effects).toEqual([]);
    expect(pressed(at(BORROWED), "3", "1", "3").effects).toHaveLength(1);
  });

  it("asks for the fix of a group's first finding, and of one that the filter leads to", () => {
    expect(pressed(at("group src/pool.c"), "3").effects).toEqual([{ type: "preview", fingerprint: GLOBAL }]);
    const typed = pressed(at(BORROWED), "3", "/", ..."risk:medium").effects;
    expect(typed).toContainEqual({ type: "preview", fingerprint: FIELD });
  });

  it("asks anew after a scan, also for what is asked about", () => {
    const { state } = pressed(at(FIELD), "3", "a");
    const step = reduce(state, { type: "scanned", items: sampleItems(), root: "" });
    expect(top(step.state).kind).toBe("confirm-fix");
    expect(step.effects).toEqual([{ type: "preview", fingerprint: FIELD }]);
  });

  it("does not ask for a fix of what is fixed", () => {
    expect(pressed(at(DONE), "3", "A").effects).toEqual([]);
  });
});

describe("fixing", () => {
  it("applies a safe fix at once", () => {
    const effect = { type: "apply", targets: [BORROWED], answer: 0, level: "safe" };
    expect(asked(at(BORROWED), "a")).toEqual([effect]);
    expect(asked(at(BORROWED), "3", "a")).toEqual([effect]);
  });

  it("shows a fix that needs review first", () => {
    const { state } = pressed(at(FIELD), "3", "a");
    expect(top(state)).toMatchObject({ kind: "confirm-fix", targets: [FIELD] });
    expect(asked(state, "n")).toEqual([]);
    expect(asked(state, "y")).toEqual([{ type: "apply", targets: [FIELD], answer: 0, level: "review" }]);
  });

  it("tells why it does not write one", () => {
    const { state, effects } = pressed(at(GLOBAL), "3", "a");
    expect(effects.filter((e) => e.type === "apply")).toEqual([]);
    expect(state.message?.text).toBe("not written by ungil: the module has no state yet");
  });

  it("applies the alternative that was chosen", () => {
    const { state } = pressed(at(BORROWED), "A", "down", "down", "return");
    expect([state.tab, state.answer]).toEqual(["fix", 1]);
    expect(asked(state, "a", "return")).toEqual([{ type: "apply", targets: [BORROWED], answer: 1, level: "review" }]);
  });

  it("is about the open findings of a group or of the marked ones", () => {
    expect(asked(at("group src/pool.c"), "a")).toMatchObject([{ targets: [BORROWED, FIELD, GLOBAL].sort(byLine) }]);
    expect(asked(at("group src/util.c"), "a")).toEqual([]);
    expect(pressed(at(SLICE), "a").state.message?.text).toBe("suppressed already");
    const marked = at(HOSTILE, { marked: new Set([FIELD, SLICE, HOSTILE]) });
    expect(asked(marked, "a")).toMatchObject([{ targets: [FIELD] }]);
  });

  it("does not take the answer of the finding under the cursor for a marked one", () => {
    const { state } = pressed(at(BORROWED, { marked: new Set([FIELD]) }), "A", "down", "return");
    expect(asked(state, "a")).toMatchObject([{ targets: [FIELD], answer: 0 }]);
  });

  it("asks about the fixes that are left, together", () => {
    const step = reduce(at(BORROWED), { type: "needs-review", targets: [FIELD, BORROWED], answer: 0, fixed: 2 });
    expect(step.effects).toHaveLength(2);
    const early = pressed(step.state, "y");
    expect([early.effects, early.state.message?.text]).toEqual([[], "still looking for the fixes"]);
    expect(asked(answered(step), "y")).toEqual([
      { type: "apply", targets: [FIELD, BORROWED], answer: 0, level: "review" },
    ]);
  });

  it("does not break in on somebody who is typing", () => {
    const { state } = pressed(at(FIELD), "m", "x");
    const next = reduce(state, { type: "needs-review", targets: [FIELD], answer: 0, fixed: 2 }).state;
    expect(top(next)).toMatchObject({ kind: "prompt", text: "x" });
    expect(next.message?.text).toBe("fixed 2; 1 needs a look: press a on the list");
  });

  it("undoes and does again only what there is", () => {
    expect(asked(at(BORROWED), "u", "U")).toEqual([]);
    const some = reduce(at(BORROWED), { type: "history", undo: 1, redo: 1 }).state;
    expect(asked(some, "u", "ctrl+r")).toEqual([{ type: "undo" }, { type: "redo" }]);
  });
});

const order = [GLOBAL, BORROWED, FIELD];
const byLine = (a: string, b: string) => order.indexOf(a) - order.indexOf(b);

describe("deciding", () => {
  const typed = (text: string) => [...text].map((c) => (c === " " ? "space" : c));

  it("suppresses with a reason, as chosen", () => {
    expect(asked(at(FIELD), "s", "return", ...typed("only at exit"), "return")).toEqual([
      { type: "suppress-comment", targets: [FIELD], reason: "only at exit" },
    ]);
    expect(asked(at(FIELD), "s", "down", "return", ..."why", "return")).toEqual([
      { type: "triage", targets: [FIELD], change: { state: "suppressed", reason: "why" } },
    ]);
  });

  it("needs a reason", () => {
    const { state, effects } = pressed(at(FIELD), "f", "space", "return");
    expect(effects).toEqual([]);
    expect([top(state).kind, state.message?.text]).toEqual(["prompt", "a reason is needed"]);
    expect(asked(state, ..."no", "return")).toMatchObject([{ change: { state: "false-positive", reason: "no" } }]);
  });

  it("assigns and notes, beginning with what is there", () => {
    expect(asked(at(BORROWED), "w", "x", "return")).toMatchObject([{ change: { assignee: "anax" } }]);
    expect(asked(at(BORROWED), "m", "ctrl+u", "return")).toMatchObject([{ change: { note: "" } }]);
  });

  it("leaves what is fixed alone, and takes back only what was decided", () => {
    for (const key of ["s", "f", "w", "m", "r"]) expect(asked(at(DONE), key, "return", "z", "return")).toEqual([]);
    expect(pressed(at(FIELD), "r").state.message?.text).toBe("neither suppressed nor a false positive");
    const all = at(FIELD, { marked: new Set([BORROWED, SLICE, HOSTILE]) });
    expect(asked(all, "r")).toEqual([
      { type: "triage", targets: [SLICE, HOSTILE], change: { state: undefined, reason: undefined } },
    ]);
  });

  it("marks findings and groups, and takes marks back", () => {
    const { state } = pressed(at("group src/pool.c"), "space");
    expect(state.marked).toEqual(new Set([GLOBAL, BORROWED, FIELD]));
    expect(pressed(state, "g", "space").state.marked.size).toBe(0);
    expect(pressed(at(DONE), "space").state.marked.size).toBe(0);
    expect(pressed(state, "escape").state.marked.size).toBe(0);
  });

  it("names places of other steps to the editor", () => {
    expect(asked(at(BORROWED), "]", "]", "e")).toEqual([{ type: "edit", fingerprint: BORROWED, step: 1 }]);
    expect(asked(at(BORROWED), "y")).toEqual([{ type: "copy", text: "src/pool.c:17" }]);
  });

  it("does nothing on an empty list", () => {
    const empty = scannedState({}, []);
    for (const key of [
      "a",
      "A",
      "s",
      "f",
      "w",
      "m",
      "r",
      "e",
      "y",
      "x",
      "space",
      "return",
      "left",
      "z",
      "n",
      "G",
      "]",
    ]) {
      expect(asked(empty, key), key).toEqual([]);
    }
  });
});

describe("prompt", () => {
  const open = pressed(at(BORROWED), "/").state;
  const text = (state: ReviewState) => (top(state) as { text: string }).text;

  it("filters while it is typed, and clears with escape", () => {
    const { state } = pressed(open, ..."risk:low");
    expect([state.filter, state.cursor]).toEqual(["risk:low", "group src/util.c"]);
    expect(pressed(state, "return").state).toMatchObject({ filter: "risk:low", screens: [{ kind: "list" }] });
    expect(pressed(state, "escape").state).toMatchObject({ filter: "", screens: [{ kind: "list" }] });
  });

  it("edits by character and word", () => {
    expect(text(pressed(open, "a", "🎉", "backspace").state)).toBe("a");
    expect(text(pressed(open, ..."one", "space", ..."two", "ctrl+w").state)).toBe("one ");
    expect(text(pressed(open, ..."one", "ctrl+u").state)).toBe("");
    expect(text(pressed(open, "up", "ctrl+x", "alt+a").state)).toBe("");
  });

  it("takes pasted text without what controls a terminal", () => {
    expect(text(reduce(open, { type: "text", text: "a\u001b[2J\u0007\u009bb" }).state)).toBe("a[2Jb");
  });

  it("is left with Ctrl-C without leaving the program", () => {
    const { state, effects } = pressed(at(BORROWED), "m", "x", "ctrl+c");
    expect([effects, top(state).kind]).toEqual([[], "list"]);
  });

  it("takes text with its enter in one piece, as a slow line hands it on", () => {
    const { state } = reduce(open, { type: "text", text: "risk:low\r" });
    expect(state).toMatchObject({ filter: "risk:low", screens: [{ kind: "list" }] });
  });

  it("does not take the first line of a paste for all of it", () => {
    expect(top(reduce(open, { type: "text", text: "one\ntwo" }).state).kind).toBe("prompt");
  });
});

describe("text on the list", () => {
  it("is several keys when they come fast", () => {
    const step = reduce(at(""), { type: "text", text: "jj/us" });
    expect(step.state).toMatchObject({ filter: "us", screens: [{ kind: "list" }, { kind: "prompt", text: "us" }] });
  });

  it("is no command when it was pasted", () => {
    for (const text of ["aaaaaaaaaaaaaaaaaaaa", "a\nb", "a\u001b"]) {
      const { state, effects } = reduce(at(BORROWED), { type: "text", text });
      expect(effects).toEqual([]);
      expect(state.message?.tone).toBe("info");
    }
  });
});

describe("scans", () => {
  it("keep cursor and marks on what is still there", () => {
    const state = at(FIELD, { marked: new Set([FIELD, BORROWED]) });
    const items = sampleItems().filter((i) => i.finding.fingerprint !== BORROWED);
    const next = reduce(state, { type: "scanned", items, root: "" }).state;
    expect([next.cursor, [...next.marked]]).toEqual([FIELD, [FIELD]]);
  });

  it("put the cursor where the gone finding was", () => {
    const items = sampleItems().filter((i) => i.finding.fingerprint !== BORROWED);
    expect(reduce(at(BORROWED), { type: "scanned", items, root: "" }).state.cursor).toBe(FIELD);
  });

  it("keep it there although the groups change places", () => {
    const calm = (i: Item): Item => ({ ...i, finding: { ...i.finding, risk: "info" } });
    const items = sampleItems().flatMap((i): Item[] => {
      const { file, fingerprint } = i.finding;
      if (fingerprint === BORROWED) return [];
      return file === "src/pool.c" ? [calm(i)] : [{ ...i, state: "open" }];
    });
    expect(reduce(at(BORROWED), { type: "scanned", items, root: "" }).state.cursor).toBe(FIELD);
  });

  it("begin at the top at first", () => {
    expect(at("").cursor).toBe("group src/pool.c");
    expect(reduce(initialState(), { type: "scanned", items: [], root: "" }).state.cursor).toBe("");
  });

  it("close questions about what is gone", () => {
    const { state } = pressed(at(FIELD), "3", "a");
    const next = reduce(state, { type: "scanned", items: sampleItems().slice(2), root: "" }).state;
    expect(next.screens).toEqual([{ kind: "list" }]);
  });

  it("make the burn-down", () => {
    const items = sampleItems();
    const fewer = items.slice(1);
    let state = at(FIELD);
    for (const now of [items, fewer, fewer, items.slice(3)]) {
      state = reduce(state, { type: "scanned", items: now, root: "" }).state;
    }
    expect(state.burndown).toEqual([3, 2, 0]);
  });

  it("tell why they failed until one does not", () => {
    const failed = reduce(initialState(), { type: "failed", text: "no" }).state;
    expect(pressed(failed, "j").state.failure).toBe("no");
    expect(reduce(failed, { type: "scanned", items: [], root: "" }).state).toMatchObject({
      phase: "ready",
      failure: undefined,
    });
  });
});

describe("quitting", () => {
  it("asks only when something would be lost", () => {
    expect(asked(at(BORROWED), "q")).toEqual([{ type: "quit" }]);
    expect(asked(initialState({ busy: "scanning" }), "q")).toEqual([{ type: "quit" }]);
    const unsaved = reduce(at(BORROWED), { type: "saved", ok: false }).state;
    expect(asked(unsaved, "q", "n")).toEqual([]);
    expect(asked(unsaved, "q", "y")).toEqual([{ type: "quit" }]);
    expect(asked(unsaved, "ctrl+c", "ctrl+c")).toEqual([{ type: "quit" }]);
    expect(asked(reduce(unsaved, { type: "saved", ok: true }).state, "q")).toEqual([{ type: "quit" }]);
    expect(asked(reduce(at(BORROWED), { type: "busy", text: "fixing" }).state, "q")).toEqual([]);
  });

  it("is possible from everywhere", () => {
    for (const key of ["?", "b", "A", "s"]) expect(asked(at(BORROWED), key, "ctrl+c")).toEqual([{ type: "quit" }]);
  });
});

it("forgets a message with the next key", () => {
  const told = reduce(at(BORROWED), { type: "told", message: { text: "x", tone: "good" } }).state;
  expect(pressed(told, "j").state.message).toBeUndefined();
});

it("has previews of every kind to test with", () => {
  expect(sampleItems().map((i) => previewsOf(i).length)).toEqual([2, 1, 1, 0, 0, 0]);
});
