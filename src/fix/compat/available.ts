/** Since when an API exists, as far as the tables know. */
import { BORROWED } from "../../capi/borrowed.ts";
import { STABLE_ABI } from "../../capi/data/stable-abi.generated.ts";
import { UNIQUENESS } from "../../capi/refcount-uniqueness.ts";
import { type ApiVersion, minorOf, parseVersion } from "../../capi/versions.ts";
import { type CompatDefinition, definitionOf } from "./definitions.ts";

/** First version that has the API; undefined if it is older than every supported one, or unknown to the tables. */
export function sinceOf(name: string): ApiVersion | undefined {
  return definitionOf(name)?.since ?? REPLACEMENTS.get(name) ?? UNIQUENESS.get(name)?.since ?? stable(name);
}

const REPLACEMENTS: ReadonlyMap<string, ApiVersion> = new Map(
  [...BORROWED.values()].flatMap((api) =>
    api.replacements.flatMap((r) => (r.since === undefined ? [] : [[r.api, r.since] as const])),
  ),
);

function stable(name: string): ApiVersion | undefined {
  const row = Object.hasOwn(STABLE_ABI, name) ? STABLE_ABI[name] : undefined;
  return row && parseVersion(row[1]);
}

/** True if code for Python 3.`minPython` cannot count on the API; `limited`: nor if the limited API hides it. */
export function isLacking(name: string, minPython: number, limited: boolean): boolean {
  const since = sinceOf(name);
  if (since !== undefined && minorOf(since) > minPython) return true;
  const definition = limited ? definitionOf(name) : undefined;
  return definition !== undefined && isHidden(definition, minPython);
}

function isHidden({ limitedSince }: CompatDefinition, minPython: number): boolean {
  return limitedSince === undefined || minorOf(limitedSince) > minPython;
}
