/** Which findings are shown: the filter box, and the values that are switched on beside it. */
import { FAMILIES, RISKS } from "../../../../rule-api/risks.ts";
import { anyValue, type FilterTerm, isRisk, parseTerms } from "../../../filter-terms.ts";
import { byBadness, type Counts, type Item } from "./report.ts";

/** Keys of the filter box, with what they take: the help shows it. */
export const FILTER_KEYS = {
  risk: "high, or medium+ for medium and worse",
  rule: "a part of the rule's name",
  family: "borrowed, locking, ...",
  file: "a part of the path",
  function: "a part of the function's name",
  symbol: "a part of the API, field or variable",
  module: "a part of the module's name",
  fix: "safe, review, manual or none",
} as const;
type Key = keyof typeof FILTER_KEYS;
const KEYS = Object.keys(FILTER_KEYS) as Key[];

/** What can be switched on and off by value. */
export const FACETS = ["risk", "fix", "family", "module", "rule"] as const;
export type Facet = (typeof FACETS)[number];
/** The values that are on; none: all. */
export type Chosen = Readonly<Record<Facet, readonly string[]>>;

export const NOTHING_CHOSEN: Chosen = { risk: [], fix: [], family: [], module: [], rule: [] };

/** The module of a finding that belongs to none. */
export const NO_MODULE = "(none)";

export function facetValue(item: Item, facet: Facet): string {
  switch (facet) {
    case "risk":
      return item.risk;
    case "fix":
      return item.level;
    case "family":
      return item.family;
    case "module":
      return item.module || NO_MODULE;
    case "rule":
      return item.ruleName;
  }
}

export interface Filtered {
  items: readonly Item[];
  /** For each facet and value the findings that would be shown were this the only value of the facet. */
  counts: Readonly<Record<Facet, ReadonlyMap<string, Counts>>>;
  /** A key in the filter box that there is not. */
  unknownKey?: string;
}

/** Looks at every finding once, however many facets there are. */
export function filterItems(all: readonly Item[], query: string, chosen: Chosen): Filtered {
  const { terms, unknownKey } = parseTerms(query, KEYS);
  const sets = FACETS.map((facet) => ({ facet, on: new Set(chosen[facet]) }));
  const counts = Object.fromEntries(FACETS.map((f) => [f, new Map<string, number[]>()])) as Record<
    Facet,
    Map<string, number[]>
  >;
  const items: Item[] = [];
  for (const item of all) {
    if (!terms.every((term) => holds(item, term) !== term.negated)) continue;
    const against = sets.filter(({ facet, on }) => on.size > 0 && !on.has(facetValue(item, facet)));
    if (against.length === 0) items.push(item);
    if (against.length > 1) continue;
    const risk = RISKS.indexOf(item.risk);
    for (const facet of against.length === 1 ? [against[0].facet] : FACETS) {
      const value = facetValue(item, facet);
      const own = counts[facet].get(value) ?? RISKS.map(() => 0);
      own[risk]++;
      counts[facet].set(value, own);
    }
  }
  return { items, counts, unknownKey };
}

function holds(item: Item, { key, value }: FilterTerm<Key>): boolean {
  if (key === undefined) return item.text.includes(value);
  return anyValue(value, (v) => holdsFor(item, key, v));
}

function holdsFor(item: Item, key: Key, value: string): boolean {
  switch (key) {
    case "risk":
      return isRisk(item.risk, value);
    case "fix":
      return item.level.startsWith(value);
    case "rule":
      return item.ruleName.includes(value);
    case "file":
      return item.fileName.toLowerCase().includes(value);
    default:
      return item[key].toLowerCase().includes(value);
  }
}

/** All values of each facet in the order in which they are shown: what has an order of its own in that, the rest worst first. */
export function facetValues(all: readonly Item[]): Record<Facet, string[]> {
  const { counts } = filterItems(all, "", NOTHING_CHOSEN);
  const present = (facet: Facet, order: readonly string[]) => order.filter((value) => counts[facet].has(value));
  const worstFirst = (facet: Facet) =>
    [...counts[facet]].sort(([x, a], [y, b]) => byBadness(a, b) || (x < y ? -1 : 1)).map(([value]) => value);
  return {
    risk: present("risk", RISKS),
    fix: present("fix", ["safe", "review", "manual", "none"]),
    family: present("family", FAMILIES),
    module: worstFirst("module"),
    rule: worstFirst("rule"),
  };
}
