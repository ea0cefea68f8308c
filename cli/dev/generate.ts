/** Writes the generated files, or with `--check` fails if one of them is stale. Runs from `dist/`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fg from "fast-glob";
import { configSchema } from "../../src/audit/config/check.ts";
import { withActionTables } from "./action-page.ts";
import { withConfigKeys } from "./config-page.ts";
import { withDemoExcerpts } from "./demo-excerpts.ts";
import { examplesModule, rulePages, rulesIndex } from "./generators.ts";
import { linesSchema } from "./lines-schema.ts";
import { withFiles } from "./page-files.ts";
import { withRuns } from "./page-runs.ts";
import { withReportExcerpts } from "./report-excerpts.ts";
import { withReviewScreens } from "./review-excerpts.ts";
import { ruleExamples } from "./rule-examples.ts";

const root = join(import.meta.dirname, "../../..");
const check = process.argv.includes("--check");

const ruleFiles = fg.sync("rules/*/*.ts", { cwd: root }).sort();
const wanted = new Map<string, string>([["rules/index.generated.ts", rulesIndex(ruleFiles)]]);
// The pages come from the compiled registry, so a new rule shows up in them after the next build.
const { registry } = await import("../../rules/index.generated.ts");
const examples = await ruleExamples(root, registry);
wanted.set("rules/examples.generated.ts", examplesModule(examples));
const illustrated = registry.map((rule) => ({ ...rule, example: examples.get(rule.name) }));
for (const [path, text] of rulePages(illustrated)) wanted.set(path, text);
const schemas = "src/report/schema";
const reportSchema = JSON.parse(readFileSync(join(root, schemas, "ungil-report-1.schema.json"), "utf8"));
wanted.set(`${schemas}/ungil-lines-1.schema.json`, `${JSON.stringify(linesSchema(reportSchema), null, 2)}\n`);
for (const path of fg.sync(["README.md", "docs/*.md"], { cwd: root }).sort()) {
  let page = withFiles(readFileSync(join(root, path), "utf8"), dirname(join(root, path)));
  if (path === "docs/ci.md")
    page = withActionTables(page, readFileSync(join(root, ".github/actions/ungil/action.yml"), "utf8"));
  if (path === "docs/configuration.md") page = withConfigKeys(page, configSchema());
  page = await withDemoExcerpts(page, root, registry);
  page = await withReviewScreens(page, root, registry);
  page = await withReportExcerpts(page, root, registry);
  wanted.set(path, withRuns(page, root));
}

const stale: string[] = [];
for (const [path, text] of wanted) {
  const full = join(root, path);
  if (existsSync(full) && readFileSync(full, "utf8") === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}
for (const path of fg.sync("docs/rules/*.md", { cwd: root })) {
  if (wanted.has(path)) continue;
  stale.push(path);
  if (!check) rmSync(join(root, path));
}
for (const path of stale) process.stdout.write(`${check ? "stale" : "wrote"}: ${path}\n`);
if (check && stale.length > 0) {
  process.stderr.write("run `npm run build && npm run generate` and commit the result\n");
  process.exitCode = 1;
}
