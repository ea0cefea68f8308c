/** Where a review ended: kept beside the triage, and not for git. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepOutOfGit } from "../../../src/fix/write/journal.ts";
import { GROUPINGS, type ReviewState, SORTS, TABS } from "../model/types.ts";

const FILE = "review.json";

type Kept = Pick<ReviewState, "grouping" | "sort" | "filter" | "cursor" | "tab" | "diff">;

/** What `saveResume` wrote; nothing if there is none or it cannot be read. */
export function loadResume(folder: string): Partial<Kept> {
  try {
    const value = JSON.parse(readFileSync(join(folder, ".ungil", FILE), "utf8")) as Record<string, unknown>;
    const kept: Partial<Kept> = {};
    if (GROUPINGS.some((g) => g === value.grouping)) kept.grouping = value.grouping as Kept["grouping"];
    if (SORTS.some((s) => s === value.sort)) kept.sort = value.sort as Kept["sort"];
    if (TABS.some((t) => t === value.tab)) kept.tab = value.tab as Kept["tab"];
    if (value.diff === "split" || value.diff === "unified") kept.diff = value.diff;
    if (typeof value.filter === "string") kept.filter = value.filter;
    if (typeof value.cursor === "string") kept.cursor = value.cursor;
    return kept;
  } catch {
    return {};
  }
}

/** Never throws: a review that cannot be resumed is no reason to fail at the end of one. */
export function saveResume(folder: string, state: ReviewState): void {
  const { grouping, sort, filter, cursor, tab, diff } = state;
  if (state.items.length === 0) return;
  try {
    const own = join(folder, ".ungil");
    mkdirSync(own, { recursive: true });
    keepOutOfGit(own);
    writeFileSync(join(own, FILE), `${JSON.stringify({ grouping, sort, filter, cursor, tab, diff })}\n`);
  } catch {}
}
