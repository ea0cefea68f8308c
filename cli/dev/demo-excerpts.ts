/**
 * A page shows what the tool really prints. Between `<!-- demo NAME -->` and `<!-- /demo -->` stands a part of the report on
 * `samples/demo`: `summary`, `RULE FUNCTION` for one finding, `fix RULE FUNCTION` for the patch of its fix alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fixProject } from "../../src/audit/fixing/fix-project.ts";
import { defaultOptions } from "../../src/audit/options.ts";
import { audit } from "../../src/audit/session.ts";
import type { AuditOptions, AuditResult } from "../../src/audit/types.ts";
import { patchOf } from "../../src/report/fix-diff.ts";
import { reportPaths } from "../../src/report/paths.ts";
import { reporter } from "../../src/report/text.ts";
import type { AnyRule } from "../../src/rule-api/define-rule.ts";
import type { Finding } from "../../src/rule-api/types.ts";
import { encodeSource } from "../../src/text/source.ts";

const FIX = "fix ";
const BLOCK = /(<!-- demo (.+?) -->\n)[\s\S]*?(<!-- \/demo -->)/g;

/** `page` with every block filled from an audit of the demo below `root`. @throws Error for a finding that is not there. */
export async function withDemoExcerpts(page: string, root: string, registry: readonly AnyRule[]): Promise<string> {
  if (page.match(BLOCK) === null) return page;
  const options = { ...defaultOptions(), cwd: join(root, "samples/demo"), cache: false, jobs: 1 };
  const result = await audit(options, { registry });
  const texts = new Map<string, string>();
  for (const [, , name] of page.matchAll(BLOCK)) {
    const isFix = name.startsWith(FIX);
    texts.set(name, isFix ? await patchFor(name.slice(FIX.length), options, registry) : excerpt(result, name));
  }
  return page.replace(BLOCK, (_, open: string, name: string, close: string) => {
    const language = name.startsWith(FIX) ? "diff" : "text";
    return `${open}\`\`\`${language}\n${texts.get(name)}\n\`\`\`\n${close}`;
  });
}

/** What `ungil fix --diff` prints for one finding. @throws Error if it has no fix at level safe. */
async function patchFor(name: string, options: AuditOptions, registry: readonly AnyRule[]): Promise<string> {
  const [rule, fn] = name.split(" ");
  const wanted = (f: Finding) => f.rule === rule && f.function === fn;
  const { files } = await fixProject(options, { level: "safe", wanted }, { registry });
  if (files.length === 0) throw new Error(`the demo has no safe fix of ${rule} in ${fn}`);
  const bytes = files.map(({ file, before, after }) => ({
    name: file,
    before: before && encodeSource(before.text, before.encoding),
    after: encodeSource(after.text, after.encoding),
  }));
  return patchOf(bytes).toString("utf8").trimEnd();
}

function excerpt(result: AuditResult, name: string): string {
  const text = (findings: AuditResult["findings"], quiet: boolean) => {
    const read = (file: string) => readFileSync(join(result.root, file), "utf8");
    const paths = reportPaths({ root: result.root, cwd: result.root, top: result.root });
    const terminal = { color: false, columns: 80, quiet, verbose: false };
    return reporter.render({ result: { ...result, findings }, rules: [], risk: "low", read, paths, terminal });
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
