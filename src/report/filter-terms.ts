/** The language of filter boxes: words, and `key:value`. */
import { RISKS, type Risk } from "../rule-api/risks.ts";

export interface FilterTerm<Key extends string> {
  /** Undefined: a text to be found anywhere. */
  key?: Key;
  /** In lower case. */
  value: string;
  negated: boolean;
}

export interface FilterTerms<Key extends string> {
  terms: readonly FilterTerm<Key>[];
  /** A key that there is not; the term is searched as text. */
  unknownKey?: string;
}

/**
 * Terms are joined by "and"; `-term` excludes; several values of one key, separated by commas, are alternatives. Quotes hold blanks
 * together. Case does not matter.
 */
export function parseTerms<Key extends string>(text: string, keys: readonly Key[]): FilterTerms<Key> {
  const terms: FilterTerm<Key>[] = [];
  let unknownKey: string | undefined;
  for (const match of text.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi)) {
    const [whole, minus, name, quoted, word] = match;
    // Half of a term, while it is typed, filters nothing.
    if (whole === "-" || /^-?[a-z]+:$/i.test(whole)) continue;
    const value = (quoted ?? word).toLowerCase();
    const key = keys.find((k) => k === name?.toLowerCase());
    if (name !== undefined && key === undefined) unknownKey ??= name;
    const literal = name !== undefined && key === undefined ? `${name}:${value}` : value;
    terms.push({ key, value: literal.toLowerCase(), negated: minus === "-" });
  }
  return { terms, unknownKey };
}

/** Whether one of the values of a term, separated by commas, `holds`. */
export function anyValue(value: string, holds: (value: string) => boolean): boolean {
  return value.split(",").some((v) => v !== "" && holds(v));
}

/** Whether `risk` is what `value` names by its beginning; `medium+` means medium or worse. */
export function isRisk(risk: Risk, value: string): boolean {
  const orWorse = value.endsWith("+");
  const wanted = orWorse ? value.slice(0, -1) : value;
  const index = RISKS.findIndex((r) => r.startsWith(wanted));
  if (index < 0 || wanted === "") return false;
  return orWorse ? RISKS.indexOf(risk) <= index : risk === RISKS[index];
}
