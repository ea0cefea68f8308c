/** SARIF 2.1.0, as read by GitHub code scanning and editors. */
import type { CodeFlow, Location, Log, ReportingDescriptor, Result, Run } from "sarif";
import type { AnyRule } from "../rule-api/define-rule.ts";
import { ruleMarkdown } from "../rule-api/markdown.ts";
import type { Finding, Risk } from "../rule-api/types.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { visible } from "./visible.ts";

const ROOT = "SRCROOT";
/** Bumped with the way fingerprints are made. */
const FINGERPRINT = "ungil/v1";
/** GitHub sorts alerts by it. These are no security rules, so there is no `security-severity`. */
const PROBLEM_SEVERITIES: Record<Risk, string> = {
  high: "error",
  medium: "warning",
  low: "recommendation",
  info: "recommendation",
};
const ENCODINGS: Record<string, string> = { "utf-8": "UTF-8", "utf-8-bom": "UTF-8", "latin-1": "ISO-8859-1" };

export const reporter: Reporter = {
  defaultRisk: "info",
  // Not indented: that would be half of the file.
  render: (input) => `${JSON.stringify(sarifLog(input))}\n`,
};

/**
 * The log of one run. `rules` are the rules that ran (their order is the order in the log). Findings milder than `risk` are left out.
 * Regions are 1-based, columns count UTF-16 units, the end column is exclusive, as SARIF has it. URIs are relative to the top of the
 * repository, which is how GitHub takes them; where that is on this machine is nobody's business.
 */
export function sarifLog(input: ReportInput): Log {
  const { result, rules, paths } = input;
  const findings = shownFindings(input);
  const files = [
    ...new Set([
      ...findings.flatMap((f) => [f.file, ...f.evidence.map((e) => e.file)]),
      ...result.problems.flatMap((p) => (p.file === "" ? [] : [p.file])),
    ]),
  ].sort();
  const fileIndex = new Map(files.map((f, i) => [f, i]));
  const ruleIndex = new Map(rules.map((r, i) => [r.name, i]));
  const uri = (file: string) => fileUri(paths.inRepository(file));
  const artifact = (file: string) => ({ uri: uri(file), uriBaseId: ROOT, index: fileIndex.get(file)! });

  const run: Run = {
    tool: {
      driver: {
        name: result.tool.name,
        version: result.tool.version,
        semanticVersion: result.tool.version,
        rules: rules.map(descriptor),
      },
    },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { [ROOT]: { description: { text: "The top of the repository." } } },
    artifacts: files.map((file) => ({
      location: { uri: uri(file), uriBaseId: ROOT },
      ...(result.sources[file] ? { encoding: ENCODINGS[result.sources[file].encoding] ?? "UTF-8" } : {}),
    })),
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: result.problems.map((p) => ({
          descriptor: { id: p.kind },
          level: p.skipped ? "warning" : "note",
          message: { text: shown(p.message) },
          locations:
            p.file === ""
              ? []
              : [
                  {
                    physicalLocation: {
                      artifactLocation: artifact(p.file),
                      ...(p.line === undefined ? {} : { region: { startLine: p.line } }),
                    },
                  },
                ],
        })),
      },
    ],
    properties: {
      suppressed: result.summary.suppressed,
      baseline: result.summary.baseline,
      diff: result.summary.diff,
    },
    results: findings.map((f) => sarifResult(f, ruleIndex.get(f.rule) ?? -1, artifact)),
  };
  return { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
}

function level(risk: Risk): "error" | "warning" | "note" {
  return risk === "high" ? "error" : risk === "medium" ? "warning" : "note";
}

function fileUri(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

function descriptor(rule: AnyRule): ReportingDescriptor {
  return {
    id: rule.name,
    name: rule.name,
    shortDescription: { text: `${rule.summary}.` },
    fullDescription: { text: rule.docs.breaks.trim() },
    help: { text: rule.docs.fixing.trim(), markdown: ruleMarkdown(rule) },
    defaultConfiguration: { level: level(rule.risks[0]) },
    properties: { tags: ["free-threading", rule.family], "problem.severity": PROBLEM_SEVERITIES[rule.risks[0]] },
  };
}

/** Text for readers. Messages of SARIF have links as in Markdown, which C's `table[i](x)` looks like. */
function shown(text: string): string {
  return visible(text).replaceAll("](", "] (");
}

type ArtifactOf = (file: string) => { uri: string; uriBaseId: string; index: number };

function sarifResult(f: Finding, ruleIndex: number, artifact: ArtifactOf): Result {
  const place: Location = {
    physicalLocation: {
      artifactLocation: artifact(f.file),
      region: { startLine: f.line, startColumn: f.column, endLine: f.endLine, endColumn: f.endColumn },
    },
    ...(f.function ? { logicalLocations: [{ fullyQualifiedName: f.function, kind: "function" }] } : {}),
  };
  return {
    ruleId: f.rule,
    ruleIndex,
    level: level(f.risk),
    message: { text: shown(f.message) + (f.fix ? `\nFix (${f.fix.level}): ${shown(f.fix.title)}` : "") },
    locations: [place],
    ...(f.evidence.length > 0 ? { codeFlows: [codeFlow(f, place, artifact)] } : {}),
    partialFingerprints: { [FINGERPRINT]: f.fingerprint },
    properties: { risk: f.risk, symbol: f.symbol, ...(f.module ? { module: f.module } : {}) },
  };
}

/** The evidence in reading order, ending at the finding itself. */
function codeFlow(f: Finding, place: Location, artifact: ArtifactOf): CodeFlow {
  const steps = f.evidence.map((e) => ({
    location: {
      physicalLocation: {
        artifactLocation: artifact(e.file),
        region: { startLine: e.line, startColumn: e.column },
      },
      message: { text: shown(e.text) },
    },
  }));
  return { threadFlows: [{ locations: [...steps, { location: { ...place, message: { text: shown(f.message) } } }] }] };
}
