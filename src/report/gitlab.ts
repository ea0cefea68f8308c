/** GitLab's Code Quality report: an array of issues with the fields that its documentation names. */
import { createHash } from "node:crypto";
import type { Problem } from "../ir/facts.ts";
import type { Finding, Risk } from "../rule-api/types.ts";
import type { ReportPaths } from "./paths.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { visible } from "./visible.ts";

type Severity = "info" | "minor" | "major" | "critical" | "blocker";

const SEVERITIES: Record<Risk, Severity> = { high: "critical", medium: "major", low: "minor", info: "info" };

interface Issue {
  description: string;
  check_name: string;
  /** Unique in the report: GitLab shows one issue of those that share it. */
  fingerprint: string;
  severity: Severity;
  location: { path: string; lines: { begin: number } };
}

export const reporter: Reporter = {
  defaultRisk: "info",
  render: (input) => `${JSON.stringify(issues(input), null, 2)}\n`,
};

/** What could not be audited is among them, at severity `info`. */
function issues(input: ReportInput): Issue[] {
  const { result, paths } = input;
  const seen = new Map<string, number>();
  return [
    ...shownFindings(input).map((f) => findingIssue(f, paths)),
    ...result.problems.map((p) => {
      const key = [p.kind, p.file, p.message].join("\0");
      const ordinal = seen.get(key) ?? 0;
      seen.set(key, ordinal + 1);
      return problemIssue(p, `${key}\0${ordinal}`, paths);
    }),
  ];
}

function findingIssue(f: Finding, paths: ReportPaths): Issue {
  return {
    description: visible(f.message),
    check_name: f.rule,
    fingerprint: f.fingerprint,
    severity: SEVERITIES[f.risk],
    location: { path: paths.inRepository(f.file), lines: { begin: f.line } },
  };
}

function problemIssue({ kind, file, message, skipped, line }: Problem, key: string, paths: ReportPaths): Issue {
  return {
    description: `${skipped ? "Not audited" : "In doubt"} (${kind}): ${visible(message)}`,
    check_name: skipped ? "not-audited" : "in-doubt",
    fingerprint: createHash("sha256").update(key).digest("hex").slice(0, 32),
    severity: "info",
    location: { path: file === "" ? "." : paths.inRepository(file), lines: { begin: line ?? 1 } },
  };
}
