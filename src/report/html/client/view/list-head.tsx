/** What stands above the list: the filter, what is switched on, order and grouping. */
import type { RefObject } from "preact";
import { plural } from "../../words.ts";
import { FACETS, type Facet, type Filtered } from "../model/filter.ts";
import { GROUPINGS, type Grouping, SORTS, type Sort } from "../model/rows.ts";
import { isFiltered, type ViewState } from "../model/state.ts";
import { facetLabel } from "./facets.tsx";
import { Text } from "./text.tsx";

interface Props {
  state: ViewState;
  filtered: Filtered;
  all: number;
  filter: RefObject<HTMLInputElement | null>;
  onQuery(query: string): void;
  onToggle(facet: Facet, value: string): void;
  onClear(): void;
  onSort(sort: Sort): void;
  onGroup(grouping: Grouping): void;
}

export function ListHead({ state, filtered, all, filter, onQuery, onToggle, onClear, onSort, onGroup }: Props) {
  const { items, unknownKey } = filtered;
  const on = FACETS.flatMap((facet) => state.chosen[facet].map((value) => ({ facet, value })));
  return (
    <div class="list-head">
      <search>
        <input
          ref={filter}
          type="search"
          class="filter"
          aria-label="Filter findings"
          aria-describedby="filter-note"
          placeholder="Filter: words, rule:, file:, function: … ( / )"
          autocomplete="off"
          spellcheck={false}
          value={state.query}
          onInput={(event) => onQuery(event.currentTarget.value)}
        />
      </search>
      <div class="list-tools">
        <label>
          Group
          <select value={state.grouping} onChange={(e) => onGroup(e.currentTarget.value as Grouping)}>
            {GROUPINGS.map((g) => (
              <option value={g}>{g}</option>
            ))}
          </select>
        </label>
        <label>
          Sort
          <select value={state.sort} onChange={(e) => onSort(e.currentTarget.value as Sort)}>
            {SORTS.map((s) => (
              <option value={s}>{s}</option>
            ))}
          </select>
        </label>
        <p class="list-count" id="filter-note" role="status">
          {items.length === all
            ? plural(all, "finding")
            : `${items.length.toLocaleString("en-US")} of ${plural(all, "finding")}`}
          {unknownKey !== undefined && (
            <>
              {" "}
              (no key <Text text={unknownKey} />)
            </>
          )}
        </p>
      </div>
      {isFiltered(state) && (
        <div class="chips">
          {on.map(({ facet, value }) => (
            <button type="button" class="chip" title="Take it away" onClick={() => onToggle(facet, value)}>
              {facet}: <Text text={facetLabel(facet, value)} /> <span aria-hidden="true">×</span>
            </button>
          ))}
          <button type="button" class="link" onClick={onClear}>
            Clear all
          </button>
        </div>
      )}
    </div>
  );
}
