/** The filter box: words, and `key:value` for risk, rule, family, file, module, state, fix, assignee. */
import { RISKS } from "../../../src/rule-api/types.ts";
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

interface Term {
  key?: Key;
  value: string;
  negated: boolean;
}

export interface Filter {
  terms: readonly Term[];
  /** A key that there is not; the term is searched as text. */
  unknownKey?: string;
}

/**
 * Terms are joined by "and"; `-term` excludes; several values of one key, separated by commas, are alternatives. `risk:medium+` means
 * medium or worse. Quotes hold blanks together. Case does not matter.
 */
export function parseFilter(text: string): Filter {
  const terms: Term[] = [];
  let unknownKey: string | undefined;
  for (const match of text.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi)) {
    const [whole, minus, name, quoted, word] = match;
    // Half of a term, while it is typed, filters nothing.
    if (whole === "-" || /^-?[a-z]+:$/i.test(whole)) continue;
    const value = (quoted ?? word).toLowerCase();
    const key = KEYS.find((k) => k === name?.toLowerCase());
    if (name !== undefined && key === undefined) unknownKey ??= name;
    const literal = name !== undefined && key === undefined ? `${name}:${value}` : value;
    terms.push({ key, value: literal.toLowerCase(), negated: minus === "-" });
  }
  return { terms, unknownKey };
}

export function matches(item: Item, { terms }: Filter): boolean {
  return terms.every((term) => holds(item, term) !== term.negated);
}

function holds(item: Item, { key, value }: Term): boolean {
  if (key === undefined) return textOf(item).includes(value);
  return value.split(",").some((v) => v !== "" && holdsFor(item, key, v));
}

function holdsFor({ finding, state, triage }: Item, key: Key, value: string): boolean {
  switch (key) {
    case "risk": {
      const orWorse = value.endsWith("+");
      const wanted = orWorse ? value.slice(0, -1) : value;
      const index = RISKS.findIndex((r) => r.startsWith(wanted));
      if (index < 0 || wanted === "") return false;
      return orWorse ? RISKS.indexOf(finding.risk) <= index : finding.risk === RISKS[index];
    }
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
