import { describe, expect, it } from "vitest";
import {
  BINDINGS,
  type Context,
  commandFor,
  contextsOf,
  hintsFor,
  keyName,
} from "../../../../cli/tui/keys/bindings.ts";
import { COMMANDS } from "../../../../cli/tui/model/commands.ts";
import { FILTER_KEYS, parseFilter } from "../../../../cli/tui/model/filter.ts";
import type { Screen } from "../../../../cli/tui/model/types.ts";
import { helpLines } from "../../../../cli/tui/view/help-lines.ts";
import { textOf } from "../../../../cli/tui/view/lines.ts";
import { screenLines } from "../../../../cli/tui/view/screen-lines.ts";
import { context, scannedState } from "../../../tui/review-fixture.ts";

const SCREENS: Record<Screen["kind"], Screen> = {
  list: { kind: "list" },
  help: { kind: "help", scroll: 0 },
  dashboard: { kind: "dashboard", scroll: 0 },
  prompt: { kind: "prompt", prompt: { kind: "note" }, text: "", targets: [] },
  "confirm-fix": { kind: "confirm-fix", targets: [], answer: 0, scroll: 0 },
  "choose-fix": { kind: "choose-fix", target: "", cursor: 0 },
  "choose-suppression": { kind: "choose-suppression", targets: [], cursor: 0 },
  "confirm-quit": { kind: "confirm-quit", reason: "" },
};

/** Sets of contexts that hold at the same time. */
const SITUATIONS = [
  ...Object.values(SCREENS).map((screen) => scannedState({ screens: [{ kind: "list" }, screen] })),
  scannedState({ focus: "detail" }),
];

describe("bindings", () => {
  it("name commands that there are", () => {
    expect([...new Set(BINDINGS.map((b) => b.command))].sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it.each(SITUATIONS.map((state) => [contextsOf(state).join(" "), state] as const))(
    "bind no key twice on: %s",
    (_, state) => {
      const contexts: Context[] = contextsOf(state);
      const keys = BINDINGS.filter((b) => b.contexts.some((c) => contexts.includes(c))).flatMap((b) => b.keys);
      expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    },
  );

  it("lead back from every screen", () => {
    for (const state of SITUATIONS) {
      const kind = state.screens[state.screens.length - 1].kind;
      if (kind === "prompt" || (kind === "list" && state.focus === "list")) continue;
      expect(commandFor(state, "escape"), kind).toBe(kind === "list" ? "focus-list" : "back");
      expect(hintsFor(state).length, kind).toBeGreaterThan(0);
    }
  });

  it("are all in the help", () => {
    const help = helpLines(200).map(textOf).join("\n");
    for (const { help: text } of BINDINGS) expect(help).toContain(text);
    for (const key of Object.keys(FILTER_KEYS)) expect(help).toContain(`${key}:`);
  });

  it("give the footer what a key does there", () => {
    for (const state of SITUATIONS) {
      if (state.screens.some((s) => s.kind === "prompt")) continue;
      const footer = textOf(screenLines({ ...state, size: { columns: 200, rows: 24 } }, context).at(-1)!);
      for (const { key, hint } of hintsFor(state)) {
        expect(commandFor(state, key)).toBeDefined();
        expect(footer).toContain(hint);
      }
    }
  });

  it("know the keys of the filter's help", () => {
    for (const key of Object.keys(FILTER_KEYS)) expect(parseFilter(`${key}:x`).unknownKey).toBeUndefined();
  });
});

describe("keyName", () => {
  it("names what the terminal says", () => {
    expect(keyName("", { upArrow: true })).toBe("up");
    expect(keyName("", { tab: true, shift: true })).toBe("shift+tab");
    expect(keyName("d", { ctrl: true })).toBe("ctrl+d");
    expect(keyName(" ", {})).toBe("space");
    expect(keyName("G", { shift: true })).toBe("G");
    expect(keyName("", { delete: true })).toBe("backspace");
  });

  it("does not take a letter with Alt for the letter", () => {
    expect(commandFor(scannedState(), keyName("a", { meta: true }))).toBeUndefined();
    expect(keyName("", { escape: true, meta: true })).toBe("escape");
  });
});
