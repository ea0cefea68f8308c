/** Which rules run. */
import { distance } from "fastest-levenshtein";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { UsageError } from "./types.ts";

/**
 * The rules that `select` and `ignore` leave, in registry order. Both hold rule or family names; `ignore` wins.
 * @throws UsageError for a name that is neither, with the nearest name as the hint, and if no rule is left.
 */
export function selectRules(
  registry: readonly AnyRule[],
  select: readonly string[],
  ignore: readonly string[],
): AnyRule[] {
  for (const name of [...select, ...ignore]) {
    const mistake = unknownRule(registry, name);
    if (mistake) throw mistake;
  }
  const matches = (rule: AnyRule, names: readonly string[]) => names.includes(rule.name) || names.includes(rule.family);
  const left = registry.filter((r) => (select.length === 0 || matches(r, select)) && !matches(r, ignore));
  if (left.length === 0 && ignore.length > 0) {
    throw new UsageError(
      "no rule is left: all that are selected are ignored",
      "`ungil config` shows where both come from.",
    );
  }
  return left;
}

/**
 * The rule called `name`.
 * @throws UsageError with the nearest name as the hint.
 */
export function ruleNamed(registry: readonly AnyRule[], name: string): AnyRule {
  const rule = registry.find((r) => r.name === name);
  if (!rule) throw noSuchRule(registry, name);
  return rule;
}

/** What to tell who wrote `name`; undefined if a rule or a family is called so. */
export function unknownRule(registry: readonly AnyRule[], name: string): UsageError | undefined {
  return registry.some((r) => r.name === name || r.family === name) ? undefined : noSuchRule(registry, name);
}

function noSuchRule(registry: readonly AnyRule[], name: string): UsageError {
  const near = nearest(
    name,
    registry.flatMap((r) => [r.name, r.family]),
  );
  const hint = near ? `Did you mean "${near}"?` : "";
  return new UsageError(`unknown rule or family "${name}"`, `${hint} "ungil rules" lists all of them.`.trim());
}

/** The candidate that begins with `name`, else the nearest by edit distance, if it is near enough to be meant. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((c) => name.length > 2 && c.startsWith(name.toLowerCase()));
  if (begun.length > 0) return begun.sort((a, b) => a.length - b.length)[0];
  let best: string | undefined;
  let bestDistance = Math.max(name.length > 3 ? 2 : 1, Math.floor(name.length / 2)) + 1;
  for (const candidate of candidates) {
    const d = distance(name.toLowerCase(), candidate);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
