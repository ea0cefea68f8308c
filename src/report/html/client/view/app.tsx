/** The page: state, keys, and what stands where. */
import { render } from "preact";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { addressOf, readAddress } from "../model/address.ts";
import { commandText, commentText, placeText } from "../model/copied.ts";
import { type Facet, facetValues, filterItems } from "../model/filter.ts";
import type { Controls } from "../model/keys.ts";
import type { Report } from "../model/report.ts";
import { GROUPINGS, listRows, type Row, SORTS } from "../model/rows.ts";
import { INITIAL, reduce } from "../model/state.ts";
import { currentTheme, setTheme, THEMES } from "../model/theme.ts";
import { copyText } from "./clipboard.ts";
import { Facets } from "./facets.tsx";
import { Finding } from "./finding.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { commandFor } from "./key-events.ts";
import { FindingList } from "./list.tsx";
import { ListHead } from "./list-head.tsx";
import { Overview } from "./overview.tsx";
import { Printed } from "./print.tsx";

export function App({ report }: { report: Report }) {
  const [state, dispatch] = useReducer(reduce, report, (r) => ({ ...INITIAL, ...readAddress(location.hash, r) }));
  const [theme, showTheme] = useState(currentTheme);
  const [step, goTo] = useState<number>();
  const [said, say] = useState("");
  const width = useWidth();
  const filter = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const detail = useRef<HTMLElement>(null);

  const { query, chosen, sort, grouping, closed, selected, cursor, pane } = state;
  const values = useMemo(() => facetValues(report.items), [report]);
  const filtered = useMemo(() => filterItems(report.items, query, chosen), [report, query, chosen]);
  const rows = useMemo(() => listRows(filtered.items, sort, grouping, closed), [filtered, sort, grouping, closed]);
  const item = selected === undefined ? undefined : report.byId.get(selected);
  const isOverview = pane === "overview" || item === undefined;

  const focusList = () => document.getElementById("list")?.focus();
  const moveTo = (row: Row | undefined) => {
    if (row !== undefined) dispatch({ type: "move", key: row.key, finding: row.kind === "item" ? row.key : undefined });
  };
  const openRow = (row: Row) => {
    if (row.kind === "group") {
      dispatch({ type: "move", key: row.key });
      dispatch({ type: "fold", key: row.key, closed: row.isOpen });
    } else dispatch({ type: "open", finding: row.key });
  };
  const toStep = (number: number) => {
    goTo(number);
    requestAnimationFrame(() => {
      const element = document.getElementById(`step-${number}`);
      element?.scrollIntoView({ block: "nearest" });
      element?.focus({ preventScroll: true });
    });
  };
  const only = (facet: Facet, value: string) => {
    dispatch({ type: "only", facet, value });
    if (pane === "overview") dispatch({ type: "pane", pane: "list" });
  };

  const controls: Controls = {
    move: (by) => {
      const at = rows.findIndex((r) => r.key === cursor);
      // j and k go from finding to finding, past the heads of groups that are open.
      let next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
      if (at < 0 || Math.abs(by) === 1) {
        const row = rows[next];
        const beyond = rows[next + Math.sign(by)];
        if (row?.kind === "group" && row.isOpen && beyond !== undefined) next += Math.sign(by);
      }
      moveTo(rows[next]);
    },
    moveToEnd: (end) => moveTo(end === "first" ? rows[0] : rows[rows.length - 1]),
    fold: (isClosed) => {
      const at = rows.findIndex((r) => r.key === cursor);
      const group = rows.slice(0, at + 1).findLast((r) => r.kind === "group");
      if (group === undefined) return;
      dispatch({ type: "fold", key: group.key, closed: isClosed });
      if (isClosed) dispatch({ type: "move", key: group.key });
    },
    activate: () => {
      const row = rows.find((r) => r.key === cursor);
      if (row === undefined) return;
      openRow(row);
      if (row.kind === "item") requestAnimationFrame(() => heading.current?.focus());
    },
    back: () => {
      const isFilter = document.activeElement === filter.current;
      if (isFilter && query !== "") return dispatch({ type: "query", query: "" });
      dispatch({ type: "pane", pane: "list" });
      focusList();
      // On a narrow screen it is not there before it is drawn.
      requestAnimationFrame(focusList);
    },
    filter: () => {
      dispatch({ type: "pane", pane: "list" });
      requestAnimationFrame(() => filter.current?.select());
    },
    step: (by) => {
      const most = item?.evidence.length ?? 0;
      if (most > 0) toStep(Math.min(Math.max((step ?? 0) + by, 1), most));
    },
    copy: async (what) => {
      if (what !== "link" && item === undefined) return;
      const text = {
        place: () => placeText(item!),
        comment: () => commentText(item!),
        command: () => commandText(item!, report),
        link: () => location.href,
      }[what]();
      if (text === undefined) return say("There is no command that fixes it");
      say((await copyText(text)) ? `Copied: ${text}` : "The browser did not let it");
    },
    nextGrouping: () => dispatch({ type: "group", grouping: after(GROUPINGS, grouping) }),
    nextSort: () => dispatch({ type: "sort", sort: after(SORTS, sort) }),
    clear: () => dispatch({ type: "clear" }),
    overview: () => dispatch({ type: "pane", pane: "overview" }),
    theme: () => {
      setTheme(after(THEMES, theme));
      showTheme(currentTheme());
    },
    help: () => dispatch({ type: "help", open: true }),
  };
  const latest = useRef(controls);
  latest.current = controls;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      const command = commandFor(event);
      if (command === undefined) return;
      event.preventDefault();
      command.run(latest.current);
    };
    const onAddress = () => dispatch({ type: "restore", state: readAddress(location.hash, report) });
    document.addEventListener("keydown", onKey);
    addEventListener("hashchange", onAddress);
    return () => {
      document.removeEventListener("keydown", onKey);
      removeEventListener("hashchange", onAddress);
    };
  }, []);

  useAddress(addressOf(state));
  usePrinting(report, rows, filtered.items);
  useEffect(() => {
    goTo(undefined);
    detail.current?.scrollTo(0, 0);
  }, [selected, isOverview]);
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => say(""), 2500);
    return () => clearTimeout(timer);
  }, [said]);

  const toggle = useCallback((facet: Facet, value: string) => dispatch({ type: "toggle", facet, value }), []);
  const facets = <Facets values={values} counts={filtered.counts} chosen={chosen} onToggle={toggle} />;
  return (
    <div class={`page pane-${pane}`}>
      <Header
        data={report.data}
        isOverview={width === "narrow" ? pane === "overview" : isOverview}
        theme={theme}
        onPane={(next) => dispatch({ type: "pane", pane: next })}
        onTheme={controls.theme}
        onHelp={controls.help}
      />
      {width === "wide" && (
        <aside class="side" aria-label="Filters">
          {facets}
        </aside>
      )}
      <main>
        <section class="findings" aria-label="Findings">
          <ListHead
            state={state}
            filtered={filtered}
            all={report.items.length}
            filter={filter}
            onQuery={(text) => dispatch({ type: "query", query: text })}
            onToggle={toggle}
            onClear={controls.clear}
            onSort={(next) => dispatch({ type: "sort", sort: next })}
            onGroup={(next) => dispatch({ type: "group", grouping: next })}
          />
          {width !== "wide" && (
            <details class="side-narrow">
              <summary>Filters</summary>
              {facets}
            </details>
          )}
          {rows.length > 0 ? (
            <FindingList rows={rows} grouping={grouping} cursor={cursor} selected={selected} onOpen={openRow} />
          ) : (
            <p class="nothing" id="list" tabIndex={-1}>
              {report.items.length === 0 ? "Nothing was found." : "No finding passes the filters."}
            </p>
          )}
        </section>
        <section class="detail" ref={detail} aria-label={isOverview ? "Overview" : "Finding"} tabIndex={-1}>
          {pane === "finding" && (
            <button type="button" class="link to-list" onClick={controls.back}>
              ← All findings
            </button>
          )}
          {isOverview ? (
            <Overview
              report={report}
              onOnly={only}
              onFile={(name) => {
                dispatch({ type: "clear" });
                dispatch({ type: "query", query: `file:"${name}"` });
                dispatch({ type: "pane", pane: "list" });
              }}
            />
          ) : (
            <Finding report={report} item={item} step={step} heading={heading} onStep={toStep} onOnly={only} />
          )}
        </section>
      </main>
      <p class={said === "" ? "toast off-screen" : "toast"} role="status">
        {said}
      </p>
      {state.help && <Help onClose={() => dispatch({ type: "help", open: false })} />}
    </div>
  );
}

function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length];
}

/** How much stands beside each other: the style sheet has the same limits. */
type Width = "narrow" | "medium" | "wide";

function useWidth(): Width {
  const read = (): Width =>
    matchMedia("(max-width: 46rem)").matches ? "narrow" : matchMedia("(max-width: 68rem)").matches ? "medium" : "wide";
  const [width, set] = useState(read);
  useEffect(() => {
    const update = () => set(read());
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return width;
}

/** Keeps the address up to date, without a step in the history for each letter. */
function useAddress(address: string): void {
  useEffect(() => {
    if (location.hash === address || (location.hash === "" && address === "")) return;
    try {
      history.replaceState(null, "", address === "" ? location.pathname + location.search : address);
    } catch {
      // A browser that does not let the page change its address has no links to views.
    }
  }, [address]);
}

/** Rows that are out of sight are not in the document: what is printed is made when it is asked for. */
function usePrinting(report: Report, rows: readonly Row[], items: Parameters<typeof Printed>[0]["items"]): void {
  useEffect(() => {
    const paper = document.getElementById("paper");
    if (paper === null) return;
    const ordered = rows.some((r) => r.kind === "group" && !r.isOpen)
      ? items
      : rows.flatMap((r) => (r.kind === "item" ? r.item : []));
    const fill = () => render(<Printed report={report} items={ordered} />, paper);
    const empty = () => render(null, paper);
    addEventListener("beforeprint", fill);
    addEventListener("afterprint", empty);
    return () => {
      removeEventListener("beforeprint", fill);
      removeEventListener("afterprint", empty);
    };
  }, [report, rows, items]);
}
