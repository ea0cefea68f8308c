import { readdirSync } from "node:fs";
import { render } from "ink-testing-library";
import stringWidth from "string-width";
import { afterEach, describe, expect, it } from "vitest";
import { initialState, reduce } from "../../cli/tui/model/reducer.ts";
import type { ReviewState } from "../../cli/tui/model/types.ts";
import { ReviewStore } from "../../cli/tui/session/store.ts";
import { App } from "../../cli/tui/view/app.tsx";
import { textOf } from "../../cli/tui/view/lines.ts";
import { screenLines } from "../../cli/tui/view/screen-lines.ts";
import { answered, context, HOSTILE, pressed, sampleItems, scannedState } from "./review-fixture.ts";

type Size = ReviewState["size"];

const [BORROWED, FIELD] = sampleItems().map((i) => i.finding.fingerprint);

const at = (size: Size, ...keys: string[]) => pressed(scannedState({ size, cursor: BORROWED }), ...keys).state;

function several(size: Size): ReviewState {
  const state = scannedState({ size, marked: new Set([BORROWED, FIELD]) });
  return answered(reduce(state, { type: "needs-review", targets: [BORROWED, FIELD], answer: 0, fixed: 3 }));
}

/** Every screen, by the name of its golden. */
const SCREENS: Record<string, (size: Size) => ReviewState> = {
  scanning: (size) =>
    reduce(initialState({ size }), {
      type: "progress",
      event: { phase: "rules", done: 120, total: 400, functions: 400, findings: 17, file: HOSTILE },
    }).state,
  failed: (size) => reduce(initialState({ size }), { type: "failed", text: "src/\u001b[2J: permission denied" }).state,
  empty: (size) => scannedState({ size }, []),
  "list-code": (size) => at(size, "1"),
  "list-evidence": (size) => at(size, "2", "]", "]"),
  "list-fix": (size) => at(size, "3"),
  "list-rule": (size) => at(size, "4"),
  "list-step": (size) => at(size, "]", "]"),
  "list-hostile": (size) => ({ ...at(size, "G"), cursor: sampleItems()[4].finding.fingerprint }),
  "list-by-rule": (size) => at(size, "v", "v", "v"),
  "list-marked": (size) => at(size, "g", "space"),
  "list-no-color": (size) => pressed(scannedState({ size, cursor: BORROWED, color: false })).state,
  "detail-alone": (size) => at(size, "right"),
  "detail-split": (size) => at(size, "3", "D", "right"),
  filter: (size) => at(size, "/"),
  "filter-typed": (size) => at(size, "/", ..."risk:high"),
  "filter-nothing": (size) => at(size, "/", ..."nose:high"),
  reason: (size) => at(size, "f"),
  help: (size) => at(size, "?"),
  dashboard: (size) => {
    const items = sampleItems();
    const before = items.map((i) => ({ ...i, state: "open" as const }));
    const state = scannedState({ size, done: { fixed: 1, triaged: 2 } }, before);
    return pressed(reduce(state, { type: "scanned", items, root: "/project" }).state, "b").state;
  },
  "confirm-fix": (size) => pressed({ ...at(size, "3"), cursor: FIELD }, "3", "a").state,
  "confirm-fix-several": several,
  "choose-fix": (size) => at(size, "A", "down"),
  "choose-suppression": (size) => at(size, "s", "down"),
  "confirm-quit": (size) => pressed(reduce(at(size), { type: "saved", ok: false }).state, "q").state,
};

const SIZES: Size[] = [
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
];

let unmount = () => {};
afterEach(() => unmount());

/** The frame as the terminal gets it, from a terminal of that size. */
async function frame(state: ReviewState): Promise<string> {
  const store = new ReviewStore(state, () => {});
  const screen = render(<App store={store} context={context} theme="none" />);
  unmount = screen.unmount;
  const { columns, rows } = state.size;
  Object.defineProperty(screen.stdout, "columns", { value: columns });
  Object.defineProperty(screen.stdout, "rows", { value: rows });
  screen.stdout.emit("resize");
  await new Promise((resolve) => setTimeout(resolve, 60));
  return screen.lastFrame()!;
}

describe.each(SIZES)("at $columns x $rows", (size) => {
  it.each(Object.entries(SCREENS))("%s", async (name, make) => {
    const shown = (await frame(make(size))).replace(/\u001b\[[0-9;]*m/g, "");
    const lines = screenLines(make(size), context).map(textOf);
    expect(lines.map((line) => stringWidth(line))).toEqual(Array(size.rows - 1).fill(size.columns));
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e]/);
    const trimmed = (text: string) => text.split("\n").map((line) => line.trimEnd());
    expect(trimmed(shown)).toEqual(trimmed(lines.join("\n")));
    await expect(`${trimmed(shown).join("\n")}\n`).toMatchFileSnapshot(
      `../goldens/tui/${name}-${size.columns}x${size.rows}.txt`,
    );
  });
});

describe.each([
  { columns: 60, rows: 15 },
  { columns: 20, rows: 5 },
  { columns: 1, rows: 1 },
  { columns: 63, rows: 24 },
  { columns: 64, rows: 24 },
])("small, at $columns x $rows", (size) => {
  it.each(Object.entries(SCREENS))("%s fills the terminal and no more", (_, make) => {
    for (const focus of ["list", "detail"] as const) {
      for (const color of [true, false]) {
        const lines = screenLines({ ...make(size), focus, color }, context).map(textOf);
        expect(lines.length).toBe(Math.max(size.rows - 1, 3));
        expect(new Set(lines.map((line) => stringWidth(line)))).toEqual(new Set([size.columns]));
      }
    }
  });
});

it("keeps help and quit in the footer of a narrow terminal", () => {
  const footer = textOf(screenLines(at({ columns: 80, rows: 24 }), context).at(-1)!);
  expect(footer).toContain("? help");
  expect(footer).toContain("q quit");
  expect(footer).not.toContain("…");
});

it("aligns tabs as an editor does, whatever the colours cut", () => {
  const lines = screenLines(at({ columns: 160, rows: 50 }, "1"), context).map(textOf);
  const code = lines.find((line) => line.includes("PyList_GetItem(self"))!;
  const shown = code.slice(code.indexOf("│") + 1);
  expect(shown).toMatch(/^ >17 {5}PyObject \*item = PyList_GetItem\(self->items, i\); {4}\/\* 漢字 🎉 \*\//);
});

it("has no golden of a screen that is gone", () => {
  const names = SIZES.flatMap(({ columns, rows }) =>
    Object.keys(SCREENS).map((name) => `${name}-${columns}x${rows}.txt`),
  );
  expect(readdirSync(new URL("../goldens/tui", import.meta.url)).sort()).toEqual(names.sort());
});
