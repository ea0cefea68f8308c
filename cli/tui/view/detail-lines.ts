/** The right side: code around the finding, evidence, fix, rule. */

import { markdownLines } from "../../../src/report/markdown-lines.ts";
import { cutEnd, showLine, visible, wrap } from "../../../src/report/visible.ts";
import type { AnyRule } from "../../../src/rule-api/define-rule.ts";
import { ruleMarkdown } from "../../../src/rule-api/markdown.ts";
import type { Finding } from "../../../src/rule-api/types.ts";
import type { TokenClass } from "../../../src/syntax/highlight.ts";
import { type ClassedSpan, classify, languageOfName } from "../../../src/syntax/highlight.ts";
import { LineMap } from "../../../src/text/lines.ts";
import { type Item, type ReviewState, TABS } from "../model/types.ts";
import { diffLines, MIN_SPLIT_COLUMNS } from "./diff-lines.ts";
import { between, fitted, type Line, plain, type Segment, type Tone, type Window, windowOf } from "./lines.ts";

export interface DetailContext {
  /** Text of a file as scanned; undefined if it is gone. */
  read(file: string): string | undefined;
  ruleNamed(name: string): AnyRule | undefined;
}

/** Fewer lines than this are too few for blank ones. */
const ROOMY = 14;
/** Lines under the head, at least. */
const MIN_BODY = 3;

/** The right side in `height` lines: the head stays, what is under it scrolls. */
export function detailWindow(
  state: ReviewState,
  item: Item,
  columns: number,
  height: number,
  context: DetailContext,
): Window {
  const whole = headLines(state, item, columns);
  const dense = height < ROOMY ? whole.filter((line) => line.length > 0) : whole;
  const head = dense.slice(0, Math.max(height - MIN_BODY, 1));
  const room = Math.max(height - head.length, 0);
  const body = bodyWindow(state, item, columns, room, context);
  return { lines: [...head, ...body.lines], scroll: body.scroll };
}

function bodyWindow(state: ReviewState, item: Item, columns: number, height: number, context: DetailContext): Window {
  const { scroll } = state;
  switch (state.tab) {
    case "code":
      return codeWindow(state, item, columns, height, context);
    case "evidence":
      return evidenceWindow(state, item, columns, height);
    case "fix":
      return windowOf(fixLines(state, item, columns), scroll, height);
    case "rule":
      return windowOf(ruleLines(item, columns, context), scroll, height);
  }
}

function headLines(state: ReviewState, { finding, state: own, triage }: Item, columns: number): Line[] {
  const tabs: Segment[] = TABS.flatMap((tab, i): Segment[] => [
    {
      text: tab === state.tab ? `[${i + 1} ${tab}]` : ` ${i + 1} ${tab} `,
      tone: tab === state.tab ? "strong" : "dim",
      ...(tab === state.tab ? { inverse: true } : {}),
    },
    { text: " ", tone: "plain" },
  ]);
  const lines: Line[] = [tabs, []];
  lines.push([
    { text: finding.risk, tone: finding.risk },
    { text: `  ${finding.rule}`, tone: "strong" },
    { text: own === "open" ? "" : `  ${own}`, tone: "good" },
  ]);
  const where = finding.function ? ` in ${visible(finding.function)}` : "";
  lines.push([
    { text: `${visible(finding.file)}:${finding.line}:${finding.column}`, tone: "title" },
    { text: where, tone: "dim" },
  ]);
  for (const text of wrap(visible(finding.message), columns)) lines.push(plain(text));
  for (const [name, value] of [
    ["reason", triage?.reason],
    ["for", triage?.assignee],
    ["note", triage?.note],
  ]) {
    if (!value) continue;
    for (const text of wrap(`${name}: ${visible(value)}`, columns)) lines.push(plain(text, "info"));
  }
  lines.push([]);
  return lines;
}

const TONES: Record<TokenClass, Tone> = {
  comment: "comment",
  directive: "directive",
  string: "string",
  number: "number",
  keyword: "keyword",
  type: "type",
  call: "call",
  plain: "plain",
};

interface Classified {
  text: string;
  lines: LineMap;
  spans: readonly ClassedSpan[];
}

const classified = new Map<string, Classified>();
const KEPT = 8;

function classifiedText(file: string, text: string): Classified {
  const known = classified.get(file);
  if (known?.text === text) return known;
  const made = { text, lines: LineMap.of(text), spans: classify(text, languageOfName(file)) };
  if (classified.size >= KEPT) classified.delete(classified.keys().next().value as string);
  classified.set(file, made);
  return made;
}

/** The place that is looked at: a step of the evidence, or the finding. */
function placeOf(finding: Finding, step: number) {
  return finding.evidence[step] ?? finding;
}

/** Source around the place. */
function codeWindow(
  state: ReviewState,
  { finding }: Item,
  columns: number,
  height: number,
  context: DetailContext,
): Window {
  const place = placeOf(finding, state.step);
  const text = context.read(place.file);
  if (text === undefined) {
    const gone = "the file is gone, or has changed since the scan: press R to scan again";
    return windowOf(
      wrap(gone, columns).map((part) => plain(part, "bad")),
      0,
      height,
    );
  }
  const head = stepLines(finding, state.step, columns).slice(0, Math.max(height - 1, 0));
  const source = classifiedText(place.file, text);
  const isPointed = !state.color && height > MIN_BODY;
  const room = Math.max(height - head.length - (isPointed ? 1 : 0), 1);
  const middle = source.lines.lineOf(place.start);
  const last = Math.max(source.lines.lineCount - room + 1, 1);
  const base = between(1, middle - Math.floor(room / 2), last);
  const first = between(1, base + state.scroll, last);
  const end = Math.min(first + room - 1, source.lines.lineCount);
  const gutter = String(end).length;
  const lines: Line[] = [...head];
  for (let line = first; line <= end; line++) {
    lines.push(codeLine(source, line, gutter, place, columns));
    if (isPointed && line === middle) lines.push(pointer(source, place, gutter));
  }
  while (lines.length < height) lines.push([]);
  return { lines: lines.slice(0, height), scroll: first - base };
}

/** The step that is looked at, or how to get to the first one. */
function stepLines({ evidence }: Finding, number: number, columns: number): Line[] {
  const step = evidence[number];
  if (step === undefined) {
    return evidence.length === 0
      ? []
      : [
          plain(
            cutEnd(`evidence: ${evidence.length} ${evidence.length === 1 ? "step" : "steps"}, ] goes there`, columns),
            "dim",
          ),
        ];
  }
  const head = `step ${number + 1} of ${evidence.length}, ${visible(step.file)}:${step.line}: ${visible(step.text)}`;
  return wrap(head, columns).map((part) => plain(part, "info"));
}

/** Marks under the place, where inverse text cannot be seen. */
function pointer({ text, lines }: Classified, place: { start: number; end: number }, gutter: number): Line {
  const start = lines.startOf(lines.lineOf(place.start));
  const raw = text.slice(start, place.start + 1000).split(/[\r\n]/, 1)[0];
  const { columnOf } = showLine(raw);
  const from = columnOf(place.start - start);
  const to = Math.max(columnOf(place.end - start), from + 1);
  return plain(`${" ".repeat(gutter + 2 + from)}${"^".repeat(to - from)}`, "mark");
}

function codeLine(
  { text, lines, spans }: Classified,
  line: number,
  gutter: number,
  place: { start: number; end: number; line: number },
  columns: number,
): Line {
  const start = lines.startOf(line);
  const next = line < lines.lineCount ? lines.startOf(line + 1) : text.length;
  const raw = text.slice(start, next).replace(/[\r\n]+$/, "");
  const end = start + raw.length;
  const isPlace = line === place.line;
  const segments: Segment[] = [
    { text: isPlace ? ">" : " ", tone: "mark" },
    { text: `${String(line).padStart(gutter)} `, tone: isPlace ? "strong" : "dim" },
  ];
  // Only what fits is looked at: generated tables have lines of megabytes.
  const shownEnd = Math.min(end, start + columns * 4);
  let column = 0;
  const put = (from: number, to: number, tone: Tone) => {
    const inside = from < place.end && place.start < to;
    const cuts = inside ? [from, Math.max(from, place.start), Math.min(to, place.end), to] : [from, to];
    for (let i = 0; i + 1 < cuts.length; i++) {
      if (cuts[i] >= cuts[i + 1]) continue;
      const piece = text.slice(cuts[i], cuts[i + 1]);
      const shown = showLine(" ".repeat(column % 4) + piece);
      const shownText = shown.text.slice(column % 4);
      column += shown.columnOf(Number.MAX_SAFE_INTEGER) - (column % 4);
      const inverse = cuts[i] >= place.start && cuts[i + 1] <= place.end;
      segments.push({ text: shownText, tone, ...(inverse ? { inverse: true } : {}) });
    }
  };
  let at = start;
  for (let i = firstEndingAfter(spans, start); i < spans.length && spans[i].start < shownEnd; i++) {
    const from = Math.max(spans[i].start, start);
    const to = Math.min(spans[i].end, shownEnd);
    if (from > at) put(at, from, "plain");
    if (to > from) put(from, to, TONES[spans[i].class]);
    at = Math.max(at, to);
  }
  if (at < shownEnd) put(at, shownEnd, "plain");
  return fitted(segments, columns);
}

function firstEndingAfter(spans: readonly ClassedSpan[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function evidenceWindow(state: ReviewState, { finding }: Item, columns: number, height: number): Window {
  if (finding.evidence.length === 0) return windowOf([plain("no further evidence", "dim")], 0, height);
  const lines: Line[] = [];
  let shown = 0;
  finding.evidence.forEach((step, i) => {
    const isShown = i === state.step;
    if (isShown) shown = lines.length;
    const place = step.file === finding.file ? `line ${step.line}` : `${visible(step.file)}:${step.line}`;
    const [first, ...rest] = wrap(`${i + 1}. ${place}: ${visible(step.text)}`, columns - 5);
    const tone: Tone = isShown ? "strong" : "plain";
    lines.push([
      { text: isShown ? "> " : "  ", tone: "mark" },
      { text: first, tone },
    ]);
    for (const text of rest) lines.push([{ text: `     ${text}`, tone }]);
  });
  return windowOf(lines, state.scroll, height, shown - Math.floor(height / 3));
}

function fixLines(state: ReviewState, { finding, state: own }: Item, columns: number): Line[] {
  if (own === "fixed") return [plain("fixed: u takes the last change back", "good")];
  const previews = state.previews.get(finding.fingerprint);
  if (previews === undefined) return [plain("looking for a fix…", "dim")];
  const preview = previews[state.answer];
  if (preview === undefined) return [plain("ungil has no fix for it", "dim")];
  const of = previews.length > 1 ? ` (${state.answer + 1} of ${previews.length}: A chooses)` : "";
  const tone: Tone = preview.level === "safe" ? "good" : preview.level === "review" ? "medium" : "bad";
  const lines: Line[] = [];
  const [first, ...rest] = wrap(`${preview.level}: ${visible(preview.title)}${of}`, columns);
  lines.push(plain(first, tone), ...rest.map((text) => plain(text, tone)));
  for (const note of preview.notes)
    for (const text of wrap(`- ${visible(note)}`, columns)) lines.push(plain(text, "info"));
  preview.recipe.forEach((step, i) => {
    for (const text of wrap(`${i + 1}. ${visible(step)}`, columns)) lines.push(plain(text));
  });
  lines.push([]);
  if (state.diff === "split" && columns < MIN_SPLIT_COLUMNS && preview.files.length > 0) {
    const isAlone = state.focus === "detail" || state.size.columns < MIN_SPLIT_COLUMNS;
    const remedy = isAlone ? "a wider terminal" : "more room: → gives it";
    lines.push(plain(cutEnd(`side by side needs ${remedy}`, columns), "dim"));
  }
  for (const file of preview.files) lines.push(...diffLines(file, state.diff, columns));
  return lines;
}

function ruleLines({ finding }: Item, columns: number, { ruleNamed }: DetailContext): Line[] {
  const rule = ruleNamed(finding.rule);
  if (rule === undefined) return [];
  return markdownLines(ruleMarkdown(rule)).flatMap((text): Line[] => {
    if (text.startsWith("#")) return [plain(text.replace(/^#+ /, ""), "title")];
    if (text === "") return [[]];
    if (text.startsWith("    ")) return [plain(text, "call")];
    return wrap(text, columns).map((part) => plain(part));
  });
}
