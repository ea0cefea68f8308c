/** What fixing one project does at both levels: which findings go, which stay and why, and whether the result is still understood. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createTwoFilesPatch } from "diff";
import { registry } from "../../rules/index.generated.ts";
import { configure } from "../../src/audit/config/configure.ts";
import { type FixResult, fixProject } from "../../src/audit/fixing/fix-project.ts";
import { audit } from "../../src/audit/session.ts";
import type { AuditOptions, AuditResult } from "../../src/audit/types.ts";
import type { ProposalLevel } from "../../src/fix/types.ts";
import type { Finding } from "../../src/rule-api/types.ts";
import { encodeSource } from "../../src/text/source.ts";

/** Findings of one rule. `safe` and `review`: gone at that level and not before; `manual`: still there at level review. */
export interface RuleCount {
  rule: string;
  family: string;
  findings: number;
  safe: number;
  review: number;
  manual: number;
}

export interface LeftOne {
  place: string;
  rule: string;
  family: string;
  function: string;
  symbol: string;
  level: string;
  reason: string;
}

export interface Measured {
  rules: RuleCount[];
  /** Findings that the safe level leaves, with the level and reason that they have there. */
  left: LeftOne[];
  /** What an audit of the written files says that the fixing did not promise; empty if all is as it should be. */
  broken: string[];
  rounds: number;
  seconds: number;
}

/**
 * Fixes the tree below `dir` at both levels; `info` findings count as all others. The edited files and a diff of each go to
 * `out`/safe and `out`/review. The tree itself is left as it was.
 */
export async function measure(dir: string, out: string): Promise<Measured> {
  const start = performance.now();
  const before = await audited(dir);
  const safe = await fixed(dir, "safe");
  const review = await fixed(dir, "review");
  const broken: string[] = [];
  for (const [level, result] of Object.entries({ review, safe })) {
    save(result, join(out, level));
    write(result, dir);
    broken.push(...(await disagreements(dir, before, result)).map((text) => `${level}: ${text}`));
    restore(result, dir);
  }
  return {
    rules: countRules(safe.findings, [safe, review].map(leftOf)),
    left: safe.left.map(({ finding: f, level, reason }) => {
      const { rule, family, function: name, symbol } = f;
      return { place: `${f.file}:${f.line}`, rule, family, function: name, symbol, level, reason };
    }),
    broken,
    rounds: safe.rounds + review.rounds,
    seconds: (performance.now() - start) / 1000,
  };
}

async function optionsFor(dir: string): Promise<AuditOptions> {
  return (await configure({ cwd: dir, paths: ["."], cache: false, jobs: 1 }, registry)).options;
}

async function audited(dir: string): Promise<AuditResult> {
  return audit(await optionsFor(dir), { registry });
}

async function fixed(dir: string, level: ProposalLevel): Promise<FixResult> {
  return fixProject(await optionsFor(dir), { level }, { registry });
}

/** Audits what was written: no parse problem more than before, and the findings that the fixing said are left. */
async function disagreements(dir: string, before: AuditResult, result: FixResult): Promise<string[]> {
  const after = await audited(dir);
  const texts: string[] = [];
  const [was, is] = [before, after].map((r) => r.problems.filter((p) => p.kind !== "generated").length);
  if (is > was) texts.push(`${is - was} places more that are not understood`);
  const left = leftOf(result);
  for (const rule of new Set([...left, ...after.findings].map((f) => f.rule))) {
    const [promised, found, first] = [left, after.findings, before.findings].map((list) => countOf(list, rule));
    if (found !== promised) texts.push(`${rule}: ${found} findings instead of ${promised}`);
    if (found > first) texts.push(`${rule}: ${found - first} findings more than before`);
  }
  return texts;
}

function leftOf(result: FixResult): Finding[] {
  return result.left.map((l) => l.finding);
}

function countOf(findings: readonly Finding[], rule: string): number {
  return findings.filter((f) => f.rule === rule).length;
}

function countRules(findings: readonly Finding[], [atSafe, atReview]: Finding[][]): RuleCount[] {
  const families = new Map(findings.map((f) => [f.rule, f.family]));
  return [...families].sort().map(([rule, family]): RuleCount => {
    const all = countOf(findings, rule);
    const leftSafe = Math.min(all, countOf(atSafe, rule));
    const leftReview = Math.min(leftSafe, countOf(atReview, rule));
    return { rule, family, findings: all, safe: all - leftSafe, review: leftSafe - leftReview, manual: leftReview };
  });
}

function write({ files }: FixResult, dir: string): void {
  for (const { file, after } of files) {
    const path = join(dir, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, encodeSource(after.text, after.encoding));
  }
}

function restore({ files }: FixResult, dir: string): void {
  for (const { file, before } of files) {
    if (before === undefined) rmSync(join(dir, file));
    else writeFileSync(join(dir, file), encodeSource(before.text, before.encoding));
  }
}

function save(result: FixResult, dir: string): void {
  mkdirSync(dir, { recursive: true });
  write(result, dir);
  const patches = result.files.map(({ file, before, after }) =>
    createTwoFilesPatch(`a/${file}`, `b/${file}`, before?.text ?? "", after.text, "", "", { context: 5 }),
  );
  writeFileSync(join(dir, "all.diff"), patches.join(""));
}
