/**
 * The README shows what the tool really prints. Between `<!-- demo NAME -->` and `<!-- /demo -->` stands a part of the report on
 * `samples/demo`: `summary`, or `RULE FUNCTION` for one finding.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultOptions } from "../../src/audit/options.ts";
import { audit } from "../../src/audit/session.ts";
import type { AuditResult } from "../../src/audit/types.ts";
import { renderText } from "../../src/report/text.ts";
import type { AnyRule } from "../../src/rule-api/define-rule.ts";

const BLOCK = /(<!-- demo (.+?) -->\n)[\s\S]*?(<!-- \/demo -->)/g;

/** `readme` with every block filled from an audit of the demo below `root`. @throws Error for a finding that is not there. */
export async function withDemoExcerpts(readme: string, root: string, registry: readonly AnyRule[]): Promise<string> {
  const options = { ...defaultOptions(), cwd: join(root, "samples/demo"), cache: false, jobs: 1 };
  const result = await audit(options, { registry });
  return readme.replace(BLOCK, (_, open: string, name: string, close: string) => {
    return `${open}\`\`\`text\n${excerpt(result, name)}\n\`\`\`\n${close}`;
  });
}

function excerpt(result: AuditResult, name: string): string {
  const text = (findings: AuditResult["findings"], quiet: boolean) => {
    const read = (file: string) => readFileSync(join(result.root, file), "utf8");
    return renderText({ ...result, findings }, read, { color: false, columns: 80, risk: "low", quiet, verbose: false });
  };
  if (name === "summary") {
    const lines = text(result.findings, false).trimEnd().split("\n");
    return lines.slice(lines.findIndex((line) => line.startsWith("  Module "))).join("\n");
  }
  const [rule, fn] = name.split(" ");
  const finding = result.findings.find((f) => f.rule === rule && f.function === fn);
  if (!finding) throw new Error(`the demo has no finding of ${rule} in ${fn}`);
  return text([finding], true).trimEnd();
}
