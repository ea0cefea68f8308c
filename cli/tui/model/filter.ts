/** The filter box: words, and `key:value` for risk, rule, family, file, module, state, fix, assignee. */
import { anyValue, type FilterTerm, type FilterTerms, isRisk, parseTerms } from "../../../src/report/filter-terms.ts";
import type { Item } from "./types.ts";

/** Keys of the filter, with an example of each: what the help shows. */
export const FILTER_KEYS = {
  risk: "high, or medium+ for medium and worse",
  rule: "a part of the rule's name",
  family: "borrowed, locking, ...",
  file: "a part of the path",
  module: "a part of the module's name",
  state: "open, fixed, suppressed or false-positive",
  fix: "safe, review, manual or none",
  who: "a part of the name, or none",
} as const;
type Key = keyof typeof FILTER_KEYS;

const KEYS = Object.keys(FILTER_KEYS) as Key[];

export type Filter = FilterTerms<Key>;

export function parseFilter(text: string): Filter {
  return parseTerms(text, KEYS);
}

export function matches(item: Item, { terms }: Filter): boolean {
  return terms.every((term) => holds(item, term) !== term.negated);
}

function holds(item: Item, { key, value }: FilterTerm<Key>): boolean {
  if (key === undefined) return textOf(item).includes(value);
  return anyValue(value, (v) => holdsFor(item, key, v));
}

function holdsFor({ finding, state, triage }: Item, key: Key, value: string): boolean {
  switch (key) {
    case "risk":
      return isRisk(finding.risk, value);
    case "state":
      return state.startsWith(value);
    case "fix":
      return (finding.fix?.level ?? "none").startsWith(value);
    case "who":
      return value === "none" ? !triage?.assignee : (triage?.assignee ?? "").toLowerCase().includes(value);
    default:
      return finding[key].toLowerCase().includes(value);
  }
}

/** Texts to search in: made once, while every letter of a filter looks at all of them. */
const texts = new WeakMap<Item, string>();

function textOf(item: Item): string {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const { finding, triage } = item;
  const { rule, file, function: fn, symbol, message, module } = finding;
  const text = [rule, file, fn, symbol, message, module, triage?.note ?? "", triage?.assignee ?? ""]
    .join("\0")
    .toLowerCase();
  texts.set(item, text);
  return text;
}
