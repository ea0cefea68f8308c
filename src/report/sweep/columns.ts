/** The columns of a ranking, the same in every form of it. */
import { GROUPS, type Group, type RankedPackage, type Ranking } from "../../audit/sweep/ranking/rank.ts";

export interface Column {
  key: string;
  title: string;
  /** What a reader who does not know the word wants to hear. */
  help: string;
  numeric: boolean;
  /** Null: not known, or does not apply. */
  value(row: RankedPackage): string | number | null;
}

/** Rules that are named in a row. */
const RULES = 2;

/** The columns that have something to say in `ranking`. */
export function columnsOf({ hasPopularity, packages }: Ranking): Column[] {
  const proven = packages.some((p) => p.proven);
  const columns: (Column | false)[] = [
    text("name", "Package", "name of the target", (p) => p.name),
    text("version", "Version", "as its metadata says", (p) => p.version),
    number("score", "Score", "what a point of effort brings", (p) => p.score),
    number("effort", "Effort", "points", (p) => p.effort),
    number("high", "High", "findings at risk high", (p) => p.risks.high),
    number("medium", "Medium", "findings at risk medium", (p) => p.risks.medium),
    number("low", "Low", "findings at risk low", (p) => p.risks.low),
    number(
      "safe",
      "Safe",
      proven ? "findings that ungil fixes" : "findings that ungil is expected to fix",
      (p) => p.safe,
    ),
    number("review", "Review", "findings that ungil fixes, and a person looks at the fix", (p) => p.review),
    number("manual", "By hand", "findings that a person fixes", (p) => p.manual),
    text("modules", "Modules", "modules that declare that they run without the GIL, of all", (p) =>
      p.modules === 0 ? null : `${p.declared}/${p.modules}`,
    ),
    number("lines", "Lines of C", "that were audited", (p) => p.lines),
    hasPopularity && number("popularity", "Popularity", "from the given file", (p) => p.popularity),
    text("remark", "Remark", "what is found most, or why it was not audited", remark),
  ];
  return columns.filter((c) => c !== false);
}

type Value = Column["value"];

function text(key: string, title: string, help: string, value: Value): Column {
  return { key, title, help, numeric: false, value };
}

/** Of what was not audited no number is known, not even zero. */
function number(key: string, title: string, help: string, value: (row: RankedPackage) => number | null): Column {
  return { key, title, help, numeric: true, value: (row) => (row.reason === "" ? value(row) : null) };
}

function remark(p: RankedPackage): string {
  if (p.reason !== "") return p.reason;
  const parts: string[] = [];
  if (p.broken.length > 0) parts.push(`declared, but high findings in ${p.broken.join(", ")}`);
  if (p.rules.length > 0)
    parts.push(
      p.rules
        .slice(0, RULES)
        .map(([rule, n]) => `${n} ${rule}`)
        .join(", "),
    );
  if (p.problems > 0) parts.push(`${p.problems} not audited or in doubt`);
  if (p.leftOut > 0) parts.push(`${p.leftOut} ${p.leftOut === 1 ? "entry" : "entries"} of the archive left out`);
  return parts.join("; ");
}

/** Groups that have packages, with them, in the order of the table. */
export function groupsOf({ packages }: Ranking): { group: Group; title: string; packages: RankedPackage[] }[] {
  return Object.entries(GROUPS)
    .map(([key, title]) => ({ group: key as Group, title, packages: packages.filter((p) => p.group === key) }))
    .filter((g) => g.packages.length > 0);
}
