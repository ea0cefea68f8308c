/** Whole screens as lines: the review itself, and what lies on top of it. */
import { cutEnd, visible } from "../../../src/report/visible.ts";
import { FAMILIES, RISKS } from "../../../src/rule-api/types.ts";
import { BINDINGS, hintsFor } from "../keys/bindings.ts";
import { currentItem } from "../model/rows.ts";
import type { Item, Prompt, ReviewState, Screen } from "../model/types.ts";
import { type DetailContext, detailLines } from "./detail-lines.ts";
import { diffLines } from "./diff-lines.ts";
import { fitted, type Line, plain, type Segment, windowOf } from "./lines.ts";
import { listLines, RISK_LETTERS } from "./list-lines.ts";

/** The list takes this share of a wide terminal, within limits. */
const LIST_SHARE = 0.4;
const MIN_LIST = 30;
const MAX_LIST = 64;

/** Every line of the terminal, each exactly as wide as it. */
export function screenLines(state: ReviewState, context: DetailContext): Line[] {
  const { columns, rows } = state.size;
  // Ink clears the whole terminal at each change if the last line is used.
  const height = Math.max(rows - 3, 3);
  const top = state.screens[state.screens.length - 1];
  const base = top.kind === "prompt" ? state.screens[state.screens.length - 2] : top;
  const body = bodyLines(state, base, columns, height, context);
  return [
    fitted(headerLine(state), columns),
    ...body.map((l) => fitted(l, columns)),
    fitted(footerLine(state, top), columns),
  ];
}

function bodyLines(
  state: ReviewState,
  screen: Screen,
  columns: number,
  height: number,
  context: DetailContext,
): Line[] {
  switch (screen.kind) {
    case "help":
      return windowOf(helpLines(columns), screen.scroll, height);
    case "dashboard":
      return windowOf(dashboardLines(state, columns), screen.scroll, height);
    case "confirm-fix":
      return windowOf(confirmLines(state, screen, columns), screen.scroll, height);
    case "choose-fix":
      return windowOf(choiceLines(state, screen, columns), 0, height);
    case "choose-suppression":
      return windowOf(suppressionLines(screen.targets.length, screen.cursor), 0, height);
    case "confirm-quit":
      return windowOf([[], plain(screen.reason, "bad"), plain("Quit all the same?", "strong")], 0, height);
    default:
      return splitLines(state, columns, height, context);
  }
}

/** List and detail side by side. */
function splitLines(state: ReviewState, columns: number, height: number, context: DetailContext): Line[] {
  const left = Math.min(Math.max(Math.floor(columns * LIST_SHARE), MIN_LIST), MAX_LIST);
  const right = columns - left - 3;
  const list = listLines(state, left, height);
  const item = currentItem(state);
  const detail = item === undefined ? [] : detailLines(state, item, right, height, context);
  const scroll = state.tab === "code" ? 0 : state.scroll;
  const shown = windowOf(detail, scroll, height);
  const bar: Segment = { text: state.focus === "list" ? " │ " : " ┃ ", tone: "dim" };
  return list.map((line, i): Line => [...line, bar, ...fitted(shown[i], right)]);
}

function headerLine(state: ReviewState): Line {
  const open = state.items.filter((i) => i.state === "open");
  const segments: Segment[] = [
    { text: " ungil review ", tone: "strong", inverse: true },
    { text: " ", tone: "plain" },
  ];
  if (state.phase === "scanning") {
    segments.push({ text: progressText(state), tone: "info" });
    return segments;
  }
  for (const risk of RISKS) {
    const n = open.filter((i) => i.finding.risk === risk).length;
    if (n > 0) segments.push({ text: `${n} ${risk}  `, tone: risk });
  }
  if (open.length === 0) segments.push({ text: "nothing open  ", tone: "good" });
  if (open.length < state.items.length)
    segments.push({ text: `${state.items.length - open.length} done  `, tone: "good" });
  segments.push({ text: `by ${state.grouping}, ${state.sort} first`, tone: "dim" });
  if (state.marked.size > 0) segments.push({ text: `  ${state.marked.size} marked`, tone: "mark" });
  if (state.filter !== "") segments.push({ text: `  /${visible(state.filter)}`, tone: "info" });
  if (state.busy !== undefined) segments.push({ text: `  ${state.busy}…`, tone: "medium" });
  return segments;
}

function progressText({ progress }: ReviewState): string {
  if (progress === undefined) return "looking for files";
  const { phase, done, total, functions, findings } = progress;
  const what = {
    discover: "looking for files",
    read: "reading",
    analyse: "analysing",
    index: "joining",
    rules: "judging",
  };
  const counts = phase === "rules" ? `${findings} findings in ${functions} functions` : `${functions} functions`;
  return `${what[phase]} ${total > 0 ? `${done}/${total}, ` : ""}${counts}`;
}

const PROMPTS: Record<Prompt["kind"], string> = {
  filter: "/",
  suppress: "reason to suppress: ",
  "false-positive": "why is it a false positive? ",
  assign: "assign to: ",
  note: "note: ",
};

function footerLine(state: ReviewState, top: Screen): Line {
  if (top.kind === "prompt") {
    const line: Segment[] = [
      { text: PROMPTS[top.prompt.kind], tone: "strong" },
      { text: visible(top.text), tone: "plain" },
      { text: " ", tone: "plain", inverse: true },
    ];
    if (state.message !== undefined) line.push({ text: `  ${visible(state.message.text)}`, tone: "bad" });
    return line;
  }
  if (state.message !== undefined) {
    const { text, tone } = state.message;
    return plain(` ${visible(text)}`, tone === "info" ? "info" : tone);
  }
  return hintsFor(state).flatMap(({ key, hint }): Segment[] => [
    { text: ` ${KEY_SIGNS[key] ?? key}`, tone: "strong" },
    { text: ` ${hint} `, tone: "dim" },
  ]);
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
        { text: `   ${text.padEnd(16)}`, tone: "strong" },
        { text: ` ${cutEnd(help, columns - 20)}`, tone: "plain" },
      ]);
    }
    lines.push([]);
  }
  lines.push(plain(" Signs", "title"));
  for (const risk of RISKS) lines.push([{ text: `   ${RISK_LETTERS[risk]}  ${risk}`, tone: risk }]);
  lines.push(plain("   ✓  fixed    -  suppressed    x  false positive    ●  marked"));
  return lines;
}

/** Readiness by module and family, what this session did, what is left by person. */
export function dashboardLines(state: ReviewState, columns: number): Line[] {
  const { items, done } = state;
  const lines: Line[] = [plain(" Dashboard", "title"), []];
  lines.push(plain(` This session: ${done.fixed} fixed, ${done.triaged} decided.`));
  lines.push(
    ...table(
      " Module",
      groupBy(items, (i) => i.finding.module || "(no module)"),
      columns,
    ),
  );
  const families = groupBy(items, (i) => i.finding.family);
  lines.push(
    ...table(" Family", new Map(FAMILIES.flatMap((f) => (families.has(f) ? [[f, families.get(f)!]] : []))), columns),
  );
  const open = items.filter((i) => i.state === "open");
  lines.push(
    ...table(
      " Left, by person",
      groupBy(open, (i) => i.triage?.assignee || "(nobody)"),
      columns,
    ),
  );
  return lines;
}

function groupBy(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const NAME_COLUMNS = 26;
const BAR_COLUMNS = 20;

function table(title: string, groups: ReadonlyMap<string, readonly Item[]>, columns: number): Line[] {
  const head: Line = [
    { text: title.padEnd(NAME_COLUMNS + 2), tone: "title" },
    { text: "high  med  low info   done", tone: "dim" },
  ];
  const lines: Line[] = [[], head];
  for (const [name, items] of groups) {
    const open = items.filter((i) => i.state === "open");
    const counts = RISKS.map((risk): Segment => {
      const n = open.filter((i) => i.finding.risk === risk).length;
      return { text: (n === 0 ? "." : String(n)).padStart(risk === "high" ? 4 : 5), tone: n === 0 ? "dim" : risk };
    });
    const part = items.length === 0 ? 1 : (items.length - open.length) / items.length;
    const filled = Math.floor(part * BAR_COLUMNS);
    const isWide = columns >= NAME_COLUMNS + BAR_COLUMNS + 34;
    lines.push([
      { text: `  ${fittedText(name, NAME_COLUMNS)}`, tone: "plain" },
      ...counts,
      { text: `  ${String(Math.floor(part * 100)).padStart(3)}%`, tone: part === 1 ? "good" : "plain" },
      ...(isWide
        ? [{ text: `  ${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)}`, tone: "good" as const }]
        : []),
    ]);
  }
  return lines;
}

function fittedText(text: string, columns: number): string {
  return fitted(plain(visible(text)), columns)
    .map((s) => s.text)
    .join("");
}

function confirmLines(state: ReviewState, screen: Extract<Screen, { kind: "confirm-fix" }>, columns: number): Line[] {
  const [target] = screen.targets;
  const preview = state.previews.get(target)?.[screen.answer];
  if (preview === undefined) return [plain("looking for a fix…", "dim")];
  const lines: Line[] = [plain(` Apply: ${visible(preview.title)}?`, "strong")];
  for (const note of preview.notes) lines.push(plain(` - ${visible(note)}`, "medium"));
  lines.push([]);
  for (const file of preview.files) lines.push(...diffLines(file, state.diff, columns));
  return lines;
}

function choiceLines(state: ReviewState, screen: Extract<Screen, { kind: "choose-fix" }>, columns: number): Line[] {
  const previews = state.previews.get(screen.target);
  const lines: Line[] = [plain(" Fixes", "title"), []];
  if (previews === undefined) return [...lines, plain(" looking for fixes…", "dim")];
  if (previews.length === 0) return [...lines, plain(" ungil has no fix for it", "dim")];
  previews.forEach((preview, i) => {
    const isCursor = i === screen.cursor;
    const text = ` ${isCursor ? ">" : " "} ${preview.level.padEnd(6)}  ${visible(preview.title)}`;
    lines.push([{ text: cutEnd(text, columns), tone: "plain", ...(isCursor ? { inverse: true } : {}) }]);
  });
  const shown = previews[screen.cursor];
  lines.push([]);
  for (const note of shown?.notes ?? []) lines.push(plain(` - ${visible(note)}`, "info"));
  for (const file of shown?.files ?? []) lines.push(...diffLines(file, state.diff, columns));
  return lines;
}

function suppressionLines(count: number, cursor: number): Line[] {
  const what = count === 1 ? "the finding" : `${count} findings`;
  const choices = [
    "with a comment in the code: everybody who reads it sees the reason",
    "in .ungil/triage.json: the code stays as it is",
  ];
  return [
    plain(` Suppress ${what}`, "title"),
    [],
    ...choices.map((text, i): Line => {
      const isCursor = i === cursor;
      return [{ text: ` ${isCursor ? ">" : " "} ${text}`, tone: "plain", ...(isCursor ? { inverse: true } : {}) }];
    }),
  ];
}
