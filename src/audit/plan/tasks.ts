/** From findings to tasks: what one person does in one pull request. */
import { type Finding, RISKS } from "../../rule-api/types.ts";
import type { AppliedFix, LeftFinding } from "../fixing/fix-project.ts";
import { countRisks } from "../summary.ts";
import type { TriageEntries } from "../triage/triage.ts";
import type { Fixable, PlanTask } from "./types.ts";

/** A pull request with more findings than this is split by rule. */
const MOST = 30;
/** Files with fewer findings than this share a task with their neighbours. */
const SMALL = 3;

/** What `ungil fix --level review` did and left. */
export interface FixOutcome {
  applied: readonly AppliedFix[];
  left: readonly LeftFinding[];
}

/** The tasks of one phase, worst first. `phase` makes their names differ from those of other phases. */
export function tasksOf(
  phase: string,
  findings: readonly Finding[],
  fixes: FixOutcome | undefined,
  triage: TriageEntries,
): PlanTask[] {
  const groups = [...grouped(findings, (f) => f.file).values()];
  const big = groups.filter((g) => g.length >= SMALL).flatMap((g) => (g.length > MOST ? byRule(g) : [g]));
  const small = groups.filter((g) => g.length < SMALL);
  // Few findings in one folder are one task, as long as it stays small.
  const shared = [...grouped(small.flat(), (f) => folderOf(f.file)).values()].flatMap((g) => pieces(g, MOST));
  return [...big, ...shared].map((group) => taskOf(phase, group, fixes, triage)).sort(worstFirst);
}

function taskOf(
  phase: string,
  group: readonly Finding[],
  fixes: FixOutcome | undefined,
  triage: TriageEntries,
): PlanTask {
  const files = [...new Set(group.map((f) => f.file))].sort();
  const rules = [...grouped(group, (f) => f.rule)].map(([rule, own]): [string, number] => [rule, own.length]);
  rules.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const isOneRule = rules.length === 1;
  return {
    id: [phase, ...(isOneRule ? [rules[0][0]] : []), files[0]].join(":"),
    title: files.length === 1 ? files[0] : `${folderOf(files[0]) || "."}, ${files.length} files`,
    files,
    findings: [...group].sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk)),
    risks: countRisks(group),
    rules,
    ...(fixes === undefined ? {} : { fix: fixableOf(group, fixes) }),
    assignees: assigneesOf(group, triage),
  };
}

/** What becomes of findings: each one that is not left goes away, and is proven if its fix is. */
export function fixableOf(group: readonly Finding[], { applied, left }: FixOutcome): Fixable {
  const keys = new Set(group.map(keyOf));
  const isOwn = (f: { finding: Finding; oldLine: number }) => keys.has(keyOf({ ...f.finding, line: f.oldLine }));
  const stays = left.filter(isOwn);
  const gone = Math.max(0, group.length - stays.length);
  const safe = Math.min(gone, applied.filter((a) => a.level === "safe" && isOwn(a)).length);
  const reasons = grouped(stays, (l) => `${l.finding.rule}\0${l.reason}`);
  return {
    safe,
    review: gone - safe,
    left: [...reasons.values()]
      .map((own) => {
        const [{ finding, reason, recipe }] = own;
        return { reason, count: own.length, rule: finding.rule, recipe };
      })
      .sort((a, b) => b.count - a.count || (`${a.rule}${a.reason}` < `${b.rule}${b.reason}` ? -1 : 1)),
  };
}

/** A fix knows its finding by the place before the first round; the function may have another name by then. */
function keyOf({ rule, file, line, symbol }: Finding): string {
  return [rule, file, line, symbol].join("\0");
}

/** Names that code hosts take for people. */
const LOGIN = /^@?[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/;

function assigneesOf(group: readonly Finding[], triage: TriageEntries): string[] {
  const names = group.flatMap((f) => triage.get(f.fingerprint)?.assignee ?? []);
  return [...new Set(names.filter((name) => LOGIN.test(name)).map((name) => name.replace(/^@/, "")))].sort();
}

export function worstFirst(a: Pick<PlanTask, "risks" | "id">, b: Pick<PlanTask, "risks" | "id">): number {
  for (const risk of RISKS) if (a.risks[risk] !== b.risks[risk]) return b.risks[risk] - a.risks[risk];
  return a.id < b.id ? -1 : 1;
}

function byRule(group: readonly Finding[]): Finding[][] {
  const rules = [...grouped(group, (f) => f.rule).values()];
  const small = rules.filter((own) => own.length < SMALL);
  return [...rules.filter((own) => own.length >= SMALL), ...(small.length > 0 ? [small.flat()] : [])];
}

/** Consecutive files until a piece is full; a file stays whole. */
function pieces(group: readonly Finding[], most: number): Finding[][] {
  const found: Finding[][] = [[]];
  for (const own of grouped(group, (f) => f.file).values()) {
    const last = found[found.length - 1];
    if (last.length > 0 && last.length + own.length > most) found.push([...own]);
    else last.push(...own);
  }
  return found;
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/")));
}

function grouped<T>(items: readonly T[], keyOfItem: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
