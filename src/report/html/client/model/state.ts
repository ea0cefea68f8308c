/** What the reader looks at, and what changes it. */
import { type Chosen, type Facet, NOTHING_CHOSEN } from "./filter.ts";
import type { Grouping, Sort } from "./rows.ts";

/** The part that a narrow screen shows; a wide one shows list and overview or finding beside each other. */
export type Pane = "list" | "finding" | "overview";

export interface ViewState {
  query: string;
  chosen: Chosen;
  sort: Sort;
  grouping: Grouping;
  /** Keys of groups whose findings are hidden. */
  closed: ReadonlySet<string>;
  pane: Pane;
  /** The finding that is shown. */
  selected: string | undefined;
  /** Key of the row that the keyboard is at. */
  cursor: string | undefined;
  help: boolean;
}

export const INITIAL: ViewState = {
  query: "",
  chosen: NOTHING_CHOSEN,
  sort: "risk",
  grouping: "file",
  closed: new Set(),
  pane: "list",
  selected: undefined,
  cursor: undefined,
  help: false,
};

export type Action =
  | { type: "query"; query: string }
  | { type: "toggle"; facet: Facet; value: string }
  /** Everything off but this value. */
  | { type: "only"; facet: Facet; value: string }
  | { type: "clear" }
  | { type: "sort"; sort: Sort }
  | { type: "group"; grouping: Grouping }
  | { type: "fold"; key: string; closed: boolean }
  /** Moves to a row; a finding is shown. */
  | { type: "move"; key: string; finding?: string }
  /** Shows a finding, on a narrow screen in place of the list. */
  | { type: "open"; finding: string }
  | { type: "pane"; pane: Pane }
  | { type: "help"; open: boolean }
  /** What an address says. */
  | { type: "restore"; state: Partial<ViewState> };

export function reduce(state: ViewState, action: Action): ViewState {
  switch (action.type) {
    case "query":
      return { ...state, query: action.query };
    case "toggle": {
      const { facet, value } = action;
      const on = state.chosen[facet];
      const next = on.includes(value) ? on.filter((v) => v !== value) : [...on, value].sort();
      return { ...state, chosen: { ...state.chosen, [facet]: next } };
    }
    case "only":
      return { ...state, query: "", chosen: { ...NOTHING_CHOSEN, [action.facet]: [action.value] } };
    case "clear":
      return { ...state, query: "", chosen: NOTHING_CHOSEN };
    case "sort":
      return { ...state, sort: action.sort };
    case "group":
      return { ...state, grouping: action.grouping, closed: new Set() };
    case "fold": {
      const closed = new Set(state.closed);
      if (action.closed) closed.add(action.key);
      else closed.delete(action.key);
      return { ...state, closed };
    }
    case "move":
      if (action.finding === undefined) return { ...state, cursor: action.key };
      return {
        ...state,
        cursor: action.key,
        selected: action.finding,
        pane: state.pane === "overview" ? "list" : state.pane,
      };
    case "open":
      return { ...state, cursor: action.finding, selected: action.finding, pane: "finding" };
    case "pane":
      return { ...state, pane: action.pane };
    case "help":
      return { ...state, help: action.open };
    case "restore":
      return { ...state, ...action.state };
  }
}

export function isFiltered({ query, chosen }: Pick<ViewState, "query" | "chosen">): boolean {
  return query.trim() !== "" || Object.values(chosen).some((on) => on.length > 0);
}
