/** What an audit found, beside what a baseline knows. */
import { borrowedApi } from "../../capi/borrowed.ts";
import type { Finding } from "../../rule-api/types.ts";
import { inSameFile, withoutFile } from "../fingerprint.ts";
import type { Baseline, BaselineEntry } from "./baseline-file.ts";

/** A finding of the audit with the entry that knows it. */
export interface Known {
  finding: Finding;
  entry: BaselineEntry;
}

export interface Compared {
  known: Known[];
  /** Findings without an entry. */
  fresh: Finding[];
  /** Entries whose finding is certainly gone. */
  gone: BaselineEntry[];
  /** Entries without a finding of which this audit cannot tell: it did not look there. */
  unseen: BaselineEntry[];
}

/** How far an audit looked. */
export interface Reach {
  /** Whether the audit would have found what an entry knows, if it were still there. */
  wouldFind(entry: BaselineEntry): boolean;
  /** Whether the file of an entry is no longer there. */
  isGone(entry: BaselineEntry): boolean;
}

/**
 * Each entry knows one finding: the one with its fingerprint, else, where the file was moved or the function went to another file, one
 * that is equal in everything but the file, else one of the same rule and function whose call has been replaced by its strong form.
 */
export function compare(findings: readonly Finding[], baseline: Baseline, reach: Reach): Compared {
  const byPrint = new Map(baseline.entries.map((e) => [e.fingerprint, e]));
  const known: Known[] = [];
  const unknown: Finding[] = [];
  for (const finding of findings) {
    const entry = byPrint.get(finding.fingerprint);
    if (entry === undefined) unknown.push(finding);
    else {
      byPrint.delete(finding.fingerprint);
      known.push({ finding, entry });
    }
  }
  const gone: BaselineEntry[] = [];
  const unseen: BaselineEntry[] = [];
  const movable = new Map<string, BaselineEntry[]>();
  for (const entry of byPrint.values()) {
    if (!reach.wouldFind(entry) && !reach.isGone(entry)) unseen.push(entry);
    else {
      const key = withoutFile(entry.fingerprint);
      movable.set(key, [...(movable.get(key) ?? []), entry]);
    }
  }
  const fresh = unknown.filter((finding) => {
    const entry = movable.get(withoutFile(finding.fingerprint))?.shift();
    if (entry !== undefined) known.push({ finding, entry });
    return entry === undefined;
  });
  for (const entry of [...movable.values()].flat()) (reach.wouldFind(entry) ? gone : unseen).push(entry);
  const isNew = (finding: Finding) => {
    const at = gone.findIndex((entry) => isSuccessor(finding, entry));
    if (at >= 0) known.push({ finding, entry: gone.splice(at, 1)[0] });
    return at < 0;
  };
  return { known, fresh: fresh.filter(isNew), gone, unseen };
}

/** `PyDict_GetItemRef` where `PyDict_GetItem` was: a fix of another finding changes what is found of the same call. */
function isSuccessor({ rule, function: fn, symbol, fingerprint }: Finding, entry: BaselineEntry): boolean {
  if (rule !== entry.rule || fn !== entry.function || !inSameFile(fingerprint, entry.fingerprint)) return false;
  return borrowedApi(entry.symbol)?.replacements.some(({ api }) => api === symbol) === true;
}

/** What an entry says of a finding, under the name of its file in the project. */
export function entryOf({ rule, symbol, risk, fingerprint, function: fn }: Finding, file: string): BaselineEntry {
  return { file, function: fn, rule, symbol, risk, fingerprint };
}
