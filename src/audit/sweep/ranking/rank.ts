/** From the records of a sweep to the order in which to take the packages. */
import { FAMILIES, type Family, type Risk } from "../../../rule-api/types.ts";
import { noRisks } from "../../summary.ts";
import type { SweepRecord } from "../record.ts";
import { isAudited } from "../records.ts";
import { normalised, type Popularity } from "./popularity.ts";
import { effortOf, QUICK, scoreOf } from "./score.ts";
import type { Sort } from "./sorts.ts";

/** In the order of the table. */
export const GROUPS = {
  urgent: "Urgent",
  "quick-win": "Quick win",
  "needs-work": "Needs work",
  "nothing-to-do": "Nothing to do",
  "no-extension": "No extension code",
  "not-audited": "Not audited",
  missing: "Missing",
} as const;
export type Group = keyof typeof GROUPS;

export interface RankedPackage {
  /** From 1. */
  rank: number;
  name: string;
  version: string | null;
  group: Group;
  /** Null where there is nothing to do, or nothing is known. Rounded to one decimal, as the next one. */
  score: number | null;
  effort: number | null;
  risks: Record<Risk, number>;
  /** Findings but those at risk info, by what ungil can do about them. */
  safe: number;
  review: number;
  manual: number;
  /** Whether fixes were built and proven, or are only expected. */
  proven: boolean;
  modules: number;
  /** Modules that declare that they run without the GIL. */
  declared: number;
  /** Those of them that have findings at risk high. */
  broken: string[];
  /** Has the trove classifier for free threading. */
  classifier: boolean;
  families: Record<Family, number>;
  /** Findings by rule, most first. */
  rules: [rule: string, count: number][];
  lines: number;
  popularity: number | null;
  /** Places that could not be audited, or only in part. */
  problems: number;
  /** Entries of the archive that were left out for safety. */
  leftOut: number;
  /** Why it was not audited, "" if it was. */
  reason: string;
  path: string;
}

export interface Ranking {
  packages: RankedPackage[];
  /** What makes records hard to compare: versions of ungil, options. Sentences. */
  remarks: string[];
  hasPopularity: boolean;
}

export interface RankingInput {
  /** One a target. */
  records: readonly SweepRecord[];
  popularity?: Popularity;
  /** Names that should have a record. */
  wanted?: readonly string[];
  sort: Sort;
}

/** The answer does not depend on the order of the records. */
export function rank({ records, popularity, wanted = [], sort }: RankingInput): Ranking {
  const names = new Set(records.map((r) => r.name));
  const packages = [
    ...records.map((record) => ranked(record, popularity)),
    ...[...new Set(wanted)].filter((name) => !names.has(name)).map(missing),
  ].sort((a, b) => compare(a, b, sort) || (a.name < b.name ? -1 : 1));
  return {
    packages: packages.map((p, i) => ({ ...p, rank: i + 1 })),
    remarks: remarks(records),
    hasPopularity: popularity !== undefined,
  };
}

function ranked(record: SweepRecord, popularity: Popularity | undefined): RankedPackage {
  const { name, summary, work, archive } = record;
  const rows = Object.entries(work?.rules ?? {});
  const sum = (key: "safe" | "review" | "manual") => rows.reduce((n, [, row]) => n + row[key], 0);
  const modules = summary?.modules ?? [];
  const declared = modules.filter((m) => m.declared === "yes");
  const broken = declared.filter((m) => m.risks.high > 0).map((m) => m.name);
  const effort = isAudited(record) ? effortOf(record) : null;
  // The target may be called otherwise, or as its archive, with the version.
  const names = [record.package?.name ?? name, name, name.replace(/-\d.*$/, "")];
  const known = names.map((n) => popularity?.get(normalised(n))).find((n) => n !== undefined) ?? null;
  const group = groupOf(record, broken.length > 0, effort ?? 0);
  const hasWork = group === "urgent" || group === "quick-win" || group === "needs-work";
  return {
    ...blank(name),
    version: record.package?.version ?? null,
    group,
    score: hasWork ? rounded(scoreOf(effort ?? 0, group === "urgent", known)) : null,
    effort: hasWork ? rounded(effort ?? 0) : null,
    risks: summary?.risks ?? noRisks(),
    safe: sum("safe"),
    review: sum("review"),
    manual: sum("manual"),
    proven: work?.proven ?? false,
    modules: modules.length,
    declared: declared.length,
    broken: [...new Set(broken)].sort(),
    classifier: record.package?.classifier ?? false,
    families: Object.fromEntries(
      FAMILIES.map((f) => [f, summary === null ? 0 : worked(summary.families[f])]),
    ) as RankedPackage["families"],
    rules: rows
      .map(([rule, row]): [string, number] => [rule, row.safe + row.review + row.manual])
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)),
    lines: summary?.lines ?? 0,
    popularity: known,
    problems: record.problems.reduce((n, p) => n + p.count, 0),
    leftOut: archive?.skipped.reduce((n, s) => n + s.entries, 0) ?? 0,
    reason: record.reason ?? "",
    path: record.path,
  };
}

/** A target of the list that nobody audited. */
function missing(name: string): RankedPackage {
  return { ...blank(name), group: "missing", reason: "no record" };
}

/** A row that says nothing yet. */
function blank(name: string): RankedPackage {
  return {
    rank: 0,
    name,
    version: null,
    group: "not-audited",
    score: null,
    effort: null,
    risks: noRisks(),
    safe: 0,
    review: 0,
    manual: 0,
    proven: false,
    modules: 0,
    declared: 0,
    broken: [],
    classifier: false,
    families: Object.fromEntries(FAMILIES.map((f) => [f, 0])) as RankedPackage["families"],
    rules: [],
    lines: 0,
    popularity: null,
    problems: 0,
    leftOut: 0,
    reason: "",
    path: "",
  };
}

function groupOf({ state, summary }: SweepRecord, isBroken: boolean, effort: number): Group {
  if (state === "no-extension") return "no-extension";
  if (state !== "done" || summary === null) return "not-audited";
  if (isBroken) return "urgent";
  const { risks, modules } = summary;
  if (risks.high + risks.medium === 0 && modules.every((m) => m.declared === "yes")) return "nothing-to-do";
  return effort <= QUICK ? "quick-win" : "needs-work";
}

function worked({ high, medium, low }: Record<Risk, number>): number {
  return high + medium + low;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Negative if `a` comes first. Only the order by score keeps the groups together; what was not audited is last in every order. */
function compare(a: RankedPackage, b: RankedPackage, sort: Sort): number {
  const place = ({ group }: RankedPackage) => Object.keys(GROUPS).indexOf(group);
  const tail = Math.max(place(a), 0) - Math.max(place(b), 0);
  const isLast = ({ score }: RankedPackage) => score === null;
  switch (sort) {
    case "score":
      return tail || (b.score ?? 0) - (a.score ?? 0);
    case "name":
      return 0;
    case "effort":
      return Number(isLast(a)) - Number(isLast(b)) || (a.effort ?? 0) - (b.effort ?? 0) || tail;
    case "high":
      return b.risks.high - a.risks.high || b.risks.medium - a.risks.medium || tail;
    case "findings":
      return worked(b.risks) - worked(a.risks) || tail;
    case "lines":
      return b.lines - a.lines || tail;
    case "popularity":
      return (b.popularity ?? -1) - (a.popularity ?? -1) || tail;
  }
}

function remarks(records: readonly SweepRecord[]): string[] {
  const audited = records.filter(isAudited);
  const versions = [...new Set(audited.map((r) => r.tool.version))].sort();
  const options = new Set(audited.map((r) => JSON.stringify({ ...r.options, findings: false })));
  return [
    ...(versions.length > 1 ? [`The records come from several versions of ungil: ${versions.join(", ")}.`] : []),
    ...(options.size > 1
      ? ["The records were made with different options, so their numbers differ for that, too."]
      : []),
  ];
}
