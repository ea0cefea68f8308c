/** New baselines from what an audit found. */
import { namesIn } from "../../project/discover/discover.ts";
import type { Finding } from "../../rule-api/types.ts";
import type { AuditResult } from "../types.ts";
import { type Baseline, type BaselineEntry, sorted } from "./baseline-file.ts";
import { type Compared, entryOf } from "./compare.ts";

/** A baseline of everything that `result` has. */
export function created(result: AuditResult): Baseline {
  return { target: result.summary.target, entries: sorted(result.findings.map(entriesFor(result))) };
}

/** What an update did, counted in entries. */
export interface Update {
  baseline: Baseline;
  added: number;
  /** Their finding is gone. */
  removed: number;
  /** Their finding is in another file now. */
  moved: number;
  /** Their finding has another risk now. */
  changed: number;
  /** Kept although they were not found: the audit did not look there. */
  unseen: number;
  /** New findings that were not added because only taking out was asked for. */
  left: number;
}

/** The baseline brought up to date; with `prune` nothing is added. */
export function updated(result: AuditResult, compared: Compared, prune: boolean): Update {
  const entryFor = entriesFor(result);
  const known = compared.known.map(({ finding, entry }) => ({ before: entry, after: entryFor(finding) }));
  const added = prune ? [] : compared.fresh.map(entryFor);
  const entries = sorted([...known.map((k) => k.after), ...added, ...compared.unseen]);
  return {
    baseline: { target: result.summary.target, entries },
    added: added.length,
    removed: compared.gone.length,
    moved: known.filter(({ before, after }) => before.file !== after.file).length,
    changed: known.filter(({ before, after }) => before.risk !== after.risk).length,
    unseen: compared.unseen.length,
    left: compared.fresh.length - added.length,
  };
}

function entriesFor({ project, root }: AuditResult): (finding: Finding) => BaselineEntry {
  const nameOf = namesIn(project, root);
  return (finding) => entryOf(finding, nameOf(finding.file));
}
