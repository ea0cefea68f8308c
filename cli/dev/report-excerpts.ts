/**
 * Examples in docs/report-format.md. Between `<!-- report FORMAT -->` and `<!-- /report -->` stands what the tool writes for one
 * finding of `samples/demo`, or the part of it that the page talks about.
 */
import { join } from "node:path";
import { defaultOptions } from "../../src/audit/options.ts";
import { audit } from "../../src/audit/session.ts";
import { sourceReader } from "../../src/audit/source-reader.ts";
import { counted } from "../../src/audit/summary.ts";
import { reportPaths } from "../../src/report/paths.ts";
import { FORMATS, type Format, loadReporter } from "../../src/report/reporters.ts";
import type { AnyRule } from "../../src/rule-api/define-rule.ts";

const BLOCK = /(<!-- report (\S+) -->\n)[\s\S]*?(<!-- \/report -->)/g;

/** The finding that every format shows. */
const EXAMPLE = { rule: "global-object", symbol: "pool" };

/** What a block shows of a report, and the language of its fence. */
const PARTS: Partial<Record<Format, { language: string; part: (report: string) => string }>> = {
  concise: { language: "text", part: (report) => report },
  json: { language: "json", part: (report) => pretty(JSON.parse(report).findings[0]) },
  jsonl: { language: "json", part: (report) => report.split("\n").slice(1).join("\n") },
  sarif: {
    language: "json",
    part: (report) => pretty({ ...JSON.parse(report).runs[0].results[0], codeFlows: undefined }),
  },
  github: { language: "text", part: (report) => report },
  gitlab: { language: "json", part: (report) => report },
  junit: { language: "xml", part: (report) => report },
  markdown: { language: "markdown", part: (report) => report },
};

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** `page` with every block filled from an audit of the demo below `root`. @throws Error for a format that has no example. */
export async function withReportExcerpts(page: string, root: string, registry: readonly AnyRule[]): Promise<string> {
  if (page.match(BLOCK) === null) return page;
  const cwd = join(root, "samples/demo");
  const whole = await audit({ ...defaultOptions(), cwd, cache: false, jobs: 1 }, { registry });
  const findings = whole.findings.filter((f) => f.rule === EXAMPLE.rule && f.symbol === EXAMPLE.symbol);
  if (findings.length !== 1) throw new Error(`the demo has ${findings.length} findings like the example`);
  const result = { ...whole, findings, summary: counted(whole.summary, findings) };
  const paths = reportPaths({ root: result.root, cwd, top: cwd });
  const terminal = { color: false, columns: 80, quiet: false, verbose: false };
  const texts = new Map<string, string>();
  for (const [, , name] of page.matchAll(BLOCK)) {
    const format = FORMATS.find((f) => f === name);
    const example = format && PARTS[format];
    if (!example) throw new Error(`there is no example of the format "${name}"`);
    const { render } = await loadReporter(format);
    const report = render({ result, rules: registry, risk: "info", read: sourceReader(result), paths, terminal });
    texts.set(name, `\`\`\`${example.language}\n${example.part(report).trimEnd()}\n\`\`\`\n`);
  }
  return page.replace(BLOCK, (_, open: string, name: string, close: string) => open + texts.get(name) + close);
}
