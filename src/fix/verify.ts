/** The proof of a fix: what the edited text must still, and no longer, be. */
import { allocatorCall } from "../capi/allocators.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import type { ReferenceReport } from "../flow/reference-tracker.ts";
import type { Span } from "../ir/types.ts";

/**
 * `holds`: confirmed. `unproven`: nothing speaks against it, but a person must look. `suspect`: something is wrong in its file, and
 * another edit may be to blame. `refuted`: it must not be written.
 */
export type Verdict = { result: "holds" } | { result: "unproven" | "suspect" | "refuted"; reason: string };

export const HOLDS: Verdict = { result: "holds" };

/** The worst of several verdicts, with the first reason for it. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const find = (result: Verdict["result"]) => verdicts.find((v) => v.result === result);
  return find("refuted") ?? find("suspect") ?? find("unproven") ?? HOLDS;
}

/**
 * The references of an edited function. What was written into `inserted` (spans of the edited text) must be released once on every path;
 * what was there before must not be worse off. `before` is undefined for a function that the edit made. A reference that takes the place
 * of one which the code took of the object that the call `takesOver` lent must be no worse off than that one was.
 */
export function ownershipVerdict(
  before: FunctionAnalyses | undefined,
  after: FunctionAnalyses,
  inserted: readonly Span[],
  takesOver?: Span,
): Verdict {
  const known = before === undefined ? new Map<string, number>() : unbalanced(before, []).counts;
  const old = takesOver === undefined || before === undefined ? undefined : borrowedAt(before, takesOver);
  const now = unbalanced(after, inserted, (report) => old !== undefined && isNoWorse(report, old));
  if (now.first !== undefined) return now.first;
  for (const [what, n] of now.counts) {
    if (n > (known.get(what) ?? 0)) return { result: "refuted", reason: `\`${what}\` is not released on every path` };
  }
  return HOLDS;
}

/** Unbalanced references by the API that gave them, whatever it was called in older Pythons; `first` is what speaks against one that is in `inserted`. */
function unbalanced(
  flow: FunctionAnalyses,
  inserted: readonly Span[],
  isExcused: (report: ReferenceReport) => boolean = () => false,
) {
  const counts = new Map<string, number>();
  let first: Verdict | undefined;
  for (const definition of flow.ownership.ownedDefinitions()) {
    const { instr } = definition;
    if (instr?.op !== "call") continue;
    const report = flow.ownership.follow(definition);
    const isNew = inserted.some((s) => s.start <= instr.calleeStart && instr.calleeEnd <= s.end);
    if (isNew && isExcused(report)) continue;
    if (isNew && report.verdict !== "balanced") {
      const verdict = against(instr.callee, report);
      if (first === undefined || verdict.result === "refuted") first = verdict;
    }
    const name = allocatorCall(instr.callee)?.legacyOf ?? instr.callee;
    if (report.verdict === "unbalanced") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { counts, first };
}

/** How the references fare that the code takes of the object which a call lends. */
function borrowedAt(flow: FunctionAnalyses, { start, end }: Span): ReferenceReport | undefined {
  const definition = flow.defUse.definitions.find(
    ({ instr }) => instr?.op === "call" && instr.start === start && instr.end === end,
  );
  return definition && flow.ownership.followAs(definition, false);
}

/** No leak, and no doubt, that the code did not have before. */
function isNoWorse(now: ReferenceReport, old: ReferenceReport): boolean {
  const lists = ["leaks", "overReleases", "usesAfterRelease", "doubts"] as const;
  return lists.every((list) => now[list].length <= old[list].length);
}

function against(api: string, report: ReferenceReport): Verdict {
  const [event] = [...report.overReleases, ...report.usesAfterRelease, ...report.leaks];
  if (event !== undefined) return { result: "refuted", reason: `reference from \`${api}\`: ${event.text}` };
  const text = report.doubts[0]?.text ?? "not every path is understood";
  return { result: "unproven", reason: `reference from \`${api}\`: ${text}` };
}

/** What findings are compared by: edits move lines and change statements, so neither counts. */
export interface FindingKey {
  rule: string;
  file: string;
  function: string;
  symbol: string;
}

/** Findings are the same before and after if rule, file and function are; at file level the symbol decides too. */
export function keyOf(
  { rule, file, function: name, symbol }: FindingKey,
  renames: Readonly<Record<string, string>> = {},
) {
  const fn = renames[name] ?? name;
  return [rule, file, fn, fn === "" ? symbol : ""].join("\0");
}

/** How many findings there are of each key. */
export function countFindings(
  findings: readonly FindingKey[],
  renames: Readonly<Record<string, string>> = {},
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const f of findings) {
    const key = keyOf(f, renames);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
