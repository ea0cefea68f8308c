/** Questions on top of the list: which fix, how to suppress, apply it, quit. */
import { cutEnd, visible, wrap } from "../../../src/report/visible.ts";
import type { FixPreview, Item, ReviewState, Screen } from "../model/types.ts";
import { diffLines } from "./diff-lines.ts";
import { type Line, plain, type Tone } from "./lines.ts";

/** One fix, or all that are left to look at, as diffs. */
export function confirmFixLines(
  state: ReviewState,
  { targets, answer, fixed }: Extract<Screen, { kind: "confirm-fix" }>,
  columns: number,
): Line[] {
  const lines: Line[] = [];
  if (fixed !== undefined) lines.push(plain(` ${fixed} safe ${fixed === 1 ? "fix is" : "fixes are"} applied.`, "good"));
  const known = targets.filter((t) => state.previews.has(t)).length;
  if (known < targets.length) return [...lines, plain(` looking for fixes: ${known} of ${targets.length}…`, "dim")];
  if (targets.length === 1) return [...lines, ...oneFix(state, state.previews.get(targets[0])?.[answer], columns)];
  lines.push(...bulleted(` Apply ${targets.length} fixes that need a look?`, columns, "strong"), []);
  const items = new Map(state.items.map((item) => [item.finding.fingerprint, item]));
  for (const target of targets) {
    const item = items.get(target);
    if (item !== undefined) lines.push(...bulleted(placeOf(item), columns, "title"));
    lines.push(...fixLines(state, state.previews.get(target)?.[0], columns), []);
  }
  return lines;
}

function oneFix(state: ReviewState, preview: FixPreview | undefined, columns: number): Line[] {
  if (preview === undefined) return [plain(" ungil has no fix for it", "dim")];
  const [, ...rest] = fixLines(state, preview, columns);
  return [...bulleted(` Apply: ${visible(preview.title)}?`, columns, "strong"), ...rest];
}

function placeOf({ finding }: Item): string {
  return ` ${visible(finding.file)}:${finding.line} ${finding.rule}`;
}

/** Title, what to mind, and the diff. */
function fixLines(state: ReviewState, preview: FixPreview | undefined, columns: number): Line[] {
  if (preview === undefined) return [plain(" ungil has no fix for it", "dim")];
  const lines: Line[] = [plain(cutEnd(` ${visible(preview.title)}`, columns))];
  for (const note of preview.notes) lines.push(...bulleted(` - ${visible(note)}`, columns, "medium"));
  for (const file of preview.files) lines.push(...diffLines(file, state.diff, columns));
  return lines;
}

/** Wrapped, with one blank before each line. */
function bulleted(text: string, columns: number, tone: Tone): Line[] {
  return wrap(text, Math.max(columns - 1, 1)).map((part) => plain(` ${part}`, tone));
}

/** Answers of the rule to choose from, the chosen one with its diff. */
export function chooseFixLines(
  state: ReviewState,
  { target, cursor }: Extract<Screen, { kind: "choose-fix" }>,
  columns: number,
): Line[] {
  const previews = state.previews.get(target);
  const lines: Line[] = [plain(" Fixes", "title"), []];
  if (previews === undefined) return [...lines, plain(" looking for fixes…", "dim")];
  if (previews.length === 0) return [...lines, plain(" ungil has no fix for it", "dim")];
  previews.forEach((preview, i) => {
    lines.push(choiceLine(`${preview.level.padEnd(6)}  ${visible(preview.title)}`, i === cursor, columns));
  });
  const shown = previews[cursor];
  lines.push([]);
  for (const note of shown?.notes ?? []) lines.push(...bulleted(` - ${visible(note)}`, columns, "info"));
  shown?.recipe.forEach((step, i) => {
    lines.push(...bulleted(` ${i + 1}. ${visible(step)}`, columns, "plain"));
  });
  for (const file of shown?.files ?? []) lines.push(...diffLines(file, state.diff, columns));
  return lines;
}

export function chooseSuppressionLines(
  { targets, cursor }: Extract<Screen, { kind: "choose-suppression" }>,
  columns: number,
): Line[] {
  const what = targets.length === 1 ? "the finding" : `${targets.length} findings`;
  const choices = [
    "with a comment in the code: who reads the code sees the reason",
    "in .ungil/triage.json: the code stays as it is",
  ];
  const lines = choices.map((text, i) => choiceLine(text, i === cursor, columns));
  return [plain(` Suppress ${what}`, "title"), [], ...lines];
}

function choiceLine(text: string, isCursor: boolean, columns: number): Line {
  const shown = cutEnd(` ${isCursor ? ">" : " "} ${text}`, columns);
  return [{ text: shown, tone: "plain", ...(isCursor ? { inverse: true } : {}) }];
}

export function confirmQuitLines({ reason }: Extract<Screen, { kind: "confirm-quit" }>, columns: number): Line[] {
  return [[], ...bulleted(visible(reason), columns, "bad"), plain(" Quit all the same?", "strong")];
}
