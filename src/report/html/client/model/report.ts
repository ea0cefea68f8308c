/** The report as the page works with it: findings with the names that they are found by. */
import { RISKS, type Risk } from "../../../../rule-api/risks.ts";
import type { FixLevel, PageData, PageFinding } from "../../page-data.ts";

export interface Item extends PageFinding {
  /** Position in the report's own order: by file, place and rule. */
  order: number;
  ruleName: string;
  family: string;
  fileName: string;
  level: FixLevel | "none";
  /** What a word in the filter is searched in, in lower case. */
  text: string;
}

export interface Report {
  data: PageData;
  items: readonly Item[];
  byId: ReadonlyMap<string, Item>;
}

export function readReport(data: PageData): Report {
  const items = data.findings.map((finding, order): Item => {
    const rule = data.rules[finding.rule];
    const fileName = data.files[finding.file].name;
    const { function: fn, symbol, message, module } = finding;
    return {
      ...finding,
      order,
      ruleName: rule.name,
      family: rule.family,
      fileName,
      level: finding.fix?.level ?? "none",
      text: [rule.name, rule.family, fileName, fn, symbol, message, module].join("\0").toLowerCase(),
    };
  });
  return { data, items, byId: new Map(items.map((i) => [i.id, i])) };
}

/** Numbers of findings by risk, in the order of `RISKS`. */
export type Counts = readonly number[];

export function countRisks(items: readonly { risk: Risk }[]): Counts {
  const counts = RISKS.map(() => 0);
  for (const { risk } of items) counts[RISKS.indexOf(risk)]++;
  return counts;
}

export function total(counts: Counts): number {
  return counts.reduce((a, b) => a + b, 0);
}

/** Order of `counts`, worst first: more of the worst risk beats any number of milder ones. */
export function byBadness(a: Counts, b: Counts): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return b[i] - a[i];
  return 0;
}

/** `3 high, 1 low`: for readers who do not see the bars. */
export function countsText(counts: Counts): string {
  return RISKS.flatMap((risk, i) => (counts[i] > 0 ? `${counts[i]} ${risk}` : [])).join(", ");
}
