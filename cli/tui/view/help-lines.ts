/** The help and the footer, from the table of bindings that dispatches keys. */
import { cutEnd, cutStart, visible, width } from "../../../src/report/visible.ts";
import { RISKS } from "../../../src/rule-api/types.ts";
import { BINDINGS, hintsFor } from "../keys/bindings.ts";
import { FILTER_KEYS, parseFilter } from "../model/filter.ts";
import type { Prompt, ReviewState, Screen } from "../model/types.ts";
import { type Line, lineWidth, plain, type Segment } from "./lines.ts";
import { RISK_LETTERS } from "./list-lines.ts";

const PROMPTS: Record<Prompt["kind"], string> = {
  filter: "/",
  suppress: "reason to suppress: ",
  "false-positive": "why is it a false positive? ",
  assign: "assign to: ",
  note: "note: ",
};

/** The last line: what is asked, what was said, or the keys that mean something now. */
export function footerLine(state: ReviewState, columns: number): Line {
  const top = state.screens[state.screens.length - 1];
  if (top.kind === "prompt") return promptLine(state, top, columns);
  if (state.message !== undefined) return plain(` ${visible(state.message.text)}`, state.message.tone);
  const hints = hintsFor(state).map(({ key, hint, minor }) => {
    const line: Line = [
      { text: ` ${KEY_SIGNS[key] ?? key}`, tone: "strong" },
      { text: ` ${hint} `, tone: "dim" },
    ];
    return { line, minor, width: lineWidth(line) };
  });
  // The last two are help and quit, or what leads back: they stay.
  const isTooWide = () => hints.reduce((n, h) => n + h.width, 0) > columns;
  while (hints.length > 2 && isTooWide()) {
    const minor = hints.findIndex((h) => h.minor);
    hints.splice(minor >= 0 ? minor : hints.length - 3, 1);
  }
  return hints.flatMap((h) => h.line);
}

/** The end of what is typed is always seen. */
function promptLine(state: ReviewState, { prompt, text }: Extract<Screen, { kind: "prompt" }>, columns: number): Line {
  const label: Segment = { text: PROMPTS[prompt.kind], tone: "strong" };
  const cursor: Segment = { text: "█", tone: "mark" };
  const remark = remarkOn(state, prompt, text);
  const room = Math.max(columns - width(label.text) - 2, 1);
  const line: Segment[] = [label, { text: cutStart(visible(text), room), tone: "plain" }, cursor];
  if (remark !== undefined) line.push({ text: `  ${remark.text}`, tone: remark.tone });
  return line;
}

function remarkOn(state: ReviewState, prompt: Prompt, text: string): { text: string; tone: "bad" | "dim" } | undefined {
  if (state.message !== undefined) return { text: visible(state.message.text), tone: "bad" };
  if (prompt.kind !== "filter") return undefined;
  if (text === "")
    return {
      text: Object.keys(FILTER_KEYS)
        .map((k) => `${k}:`)
        .join(" "),
      tone: "dim",
    };
  const { unknownKey } = parseFilter(text);
  return unknownKey === undefined
    ? undefined
    : { text: `"${visible(unknownKey)}:" is no key: searched as text`, tone: "dim" };
}

const KEY_SIGNS: Record<string, string> = {
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  return: "enter",
  escape: "esc",
  pageup: "pgup",
  pagedown: "pgdn",
};

/** The keys of the longest binding, and a blank. */
const KEY_COLUMNS = 21;

/** All bindings by section, from the table that dispatches them. */
export function helpLines(columns: number): Line[] {
  const lines: Line[] = [plain(" Keys", "title"), []];
  for (const section of ["Move", "Look", "Decide", "Session"] as const) {
    lines.push(plain(` ${section}`, "title"));
    const seen = new Set<string>();
    for (const { keys, help, section: own } of BINDINGS) {
      const text = keys.map((k) => KEY_SIGNS[k] ?? k).join(", ");
      if (own !== section || seen.has(`${text} ${help}`)) continue;
      seen.add(`${text} ${help}`);
      lines.push([
        { text: `   ${text.padEnd(KEY_COLUMNS)}`, tone: "strong" },
        { text: ` ${cutEnd(help, columns - KEY_COLUMNS - 4)}`, tone: "plain" },
      ]);
    }
    lines.push([]);
  }
  lines.push(plain(" Filter", "title"));
  for (const [key, text] of Object.entries(FILTER_KEYS)) {
    lines.push([
      { text: `   ${`${key}:`.padEnd(KEY_COLUMNS)}`, tone: "strong" },
      { text: ` ${cutEnd(text, columns - KEY_COLUMNS - 4)}`, tone: "plain" },
    ]);
  }
  lines.push(plain(`   ${"-term".padEnd(KEY_COLUMNS)} all but these; a,b: one of them; "a b": with the blank`), []);
  lines.push(plain(" Signs", "title"));
  for (const risk of RISKS) lines.push([{ text: `   ${RISK_LETTERS[risk]}  ${risk}`, tone: risk }]);
  lines.push(plain("   ✓  fixed    -  suppressed    x  false positive    ●  marked"));
  return lines;
}
