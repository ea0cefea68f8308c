/** The view in the fragment of the address, so that a link shows what its sender saw. */
import { type Chosen, FACETS } from "./filter.ts";
import type { Report } from "./report.ts";
import { GROUPINGS, SORTS } from "./rows.ts";
import { INITIAL, type ViewState } from "./state.ts";

type Addressed = Pick<ViewState, "query" | "chosen" | "sort" | "grouping" | "selected" | "pane">;

/** The fragment with its `#`; empty for the view that a reader begins with. */
export function addressOf(state: Addressed): string {
  const parts = new URLSearchParams();
  if (state.query.trim() !== "") parts.set("q", state.query);
  for (const facet of FACETS) for (const value of state.chosen[facet]) parts.append(facet, value);
  if (state.sort !== INITIAL.sort) parts.set("sort", state.sort);
  if (state.grouping !== INITIAL.grouping) parts.set("group", state.grouping);
  if (state.pane === "overview") parts.set("view", "overview");
  else if (state.selected !== undefined) parts.set("f", state.selected);
  const text = parts.toString();
  return text === "" ? "" : `#${text}`;
}

/** What a fragment says; the beginning of a fingerprint is enough, and what there is not is left out. */
export function readAddress(fragment: string, { items }: Report): Partial<ViewState> {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const chosen = Object.fromEntries(FACETS.map((f) => [f, [...new Set(parts.getAll(f))].sort()])) as unknown as Chosen;
  const asked = parts.get("f");
  const selected = asked ? items.find((i) => i.id.startsWith(asked))?.id : undefined;
  return {
    query: parts.get("q") ?? "",
    chosen,
    sort: SORTS.find((s) => s === parts.get("sort")) ?? INITIAL.sort,
    grouping: GROUPINGS.find((g) => g === parts.get("group")) ?? INITIAL.grouping,
    selected,
    cursor: selected,
    pane: parts.get("view") === "overview" ? "overview" : selected === undefined ? "list" : "finding",
  };
}
