/** A baseline on disk, and what it leaves of the result of an audit. */
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { isBelow, namesIn } from "../../project/discover/discover.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import { RISKS } from "../../rule-api/types.ts";
import { shownPath } from "../config/load.ts";
import { selectRules } from "../select-rules.ts";
import { counted } from "../summary.ts";
import { type AuditOptions, type AuditResult, UsageError } from "../types.ts";
import { type Baseline, BaselineMistake, parseBaseline } from "./baseline-file.ts";
import { type Compared, compare, type Known, type Reach } from "./compare.ts";

/** Where the baseline of the project in `folder` is unless the configuration says otherwise. */
export function defaultBaselinePath(folder: string): string {
  return join(folder, ".ungil", "baseline.json");
}

/**
 * The baseline at `path`; undefined if there is no such file. `cwd` is what paths in messages are relative to.
 * @throws UsageError with file and line if it cannot be read or is none.
 */
export function readBaseline(path: string, cwd: string): Baseline | undefined {
  const shown = shownPath(path, cwd);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw new UsageError(`${shown}: not UTF-8`, REPAIR);
    throw new UsageError(`cannot read the baseline ${shown} (${code ?? error})`, "--no-baseline goes on without it.");
  }
  try {
    return parseBaseline(text);
  } catch (error) {
    if (!(error instanceof BaselineMistake)) throw error;
    throw new UsageError(`${shown}:${error.line}: ${error.message}`, REPAIR);
  }
}

const REPAIR = "Repair the line, or take it out; git has older versions of the file.";

/** Compares the findings of an audit with a baseline. `options` are those of the audit. */
export function compareWith(
  result: AuditResult,
  baseline: Baseline,
  options: AuditOptions,
  registry: readonly AnyRule[],
): Compared {
  return compare(result.findings, baseline, reachOf(result, options, registry));
}

/** Problems after which a file may have findings that were not found. */
const UNSEEN: ReadonlySet<string> = new Set(["unreadable", "binary", "too-large", "generated", "crash", "loop"]);

function reachOf(result: AuditResult, options: AuditOptions, registry: readonly AnyRule[]): Reach {
  const names = namesIn(result.project, result.root);
  const rules = new Set(selectRules(registry, options.select, options.ignore).map((r) => r.name));
  const known = new Set(registry.map((r) => r.name));
  const scanned = new Set(result.scanned.map(names));
  const failed = result.problems.filter((p) => UNSEEN.has(p.kind));
  const unread = new Set(failed.map((p) => names(p.file)));
  // A rule that fails over the whole project has no file.
  const isBroken = failed.some((p) => p.file === "");
  const asked = options.paths
    .map((path) => resolve(options.cwd, path))
    .map((path) => (existsSync(path) ? realpathSync(path) : path));
  const isGone = ({ file }: { file: string }) => !existsSync(join(result.project, file));
  return {
    isGone,
    wouldFind: (entry) => {
      if (isBroken || unread.has(entry.file)) return false;
      if (known.has(entry.rule) && !rules.has(entry.rule)) return false;
      const path = join(result.project, entry.file);
      if (!asked.some((top) => isBelow(path, top))) return false;
      return scanned.has(entry.file) || isGone(entry);
    },
  };
}

/** True if a finding is worse than when it was recorded. */
export function isWorse({ finding, entry }: Known): boolean {
  return RISKS.indexOf(finding.risk) < RISKS.indexOf(entry.risk);
}

/**
 * `result` without what the baseline at `path` knows; the summary says how much that is. Entries of another target say nothing of what
 * is gone.
 */
export function withoutKnown(result: AuditResult, compared: Compared, baseline: Baseline, path: string): AuditResult {
  const fresh = new Set(compared.fresh);
  const findings = result.findings.filter((f) => fresh.has(f));
  const isSameTarget = baseline.target === result.summary.target;
  const summary = {
    ...counted(result.summary, findings),
    baseline: {
      file: relative(result.root, path).split(sep).join("/"),
      target: baseline.target,
      known: compared.known.length,
      worse: compared.known.filter(isWorse).length,
      gone: isSameTarget ? compared.gone.length : null,
    },
  };
  return { ...result, summary, findings };
}
