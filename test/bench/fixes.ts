/**
 * `npm run bench:fixes -- --mirrors DIR (--labels FILE | --projects FILE) [--repo OWNER/NAME] [--out DIR] [--json FILE]`: fixes real projects at
 * the commit before their port, in memory, and prints how many findings go at level safe, how many more at level review, and why the
 * others stay. Projects are the repositories of the labels, each at its earliest parent, or a JSON array of `{name, repo, commit}`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readLabels } from "./accuracy-labels.ts";
import { checkOut, commitTime, mirrorOf } from "./checkout.ts";
import { type Measured, measure } from "./fixes-measure.ts";
import { projectTable, reasonTable, ruleTable, targetTable } from "./fixes-table.ts";

interface BenchProject {
  name: string;
  repo: string;
  commit: string;
}

const { values } = parseArgs({
  options: {
    labels: { type: "string" },
    projects: { type: "string" },
    mirrors: { type: "string" },
    repo: { type: "string" },
    out: { type: "string" },
    json: { type: "string" },
  },
});
if (!values.mirrors || !(values.labels || values.projects)) {
  process.stderr.write(
    "usage: npm run bench:fixes -- --mirrors DIR (--labels FILE | --projects FILE) [--repo OWNER/NAME] [--out DIR] [--json FILE]\n",
  );
  process.exit(2);
}
const { mirrors } = values;

/** The earliest parent of each repository that the labels name: what was there before any of the port. */
function labelled(file: string): BenchProject[] {
  const commits = new Map<string, Set<string>>();
  for (const { repo, parent } of readLabels(file)) commits.set(repo, (commits.get(repo) ?? new Set()).add(parent));
  return [...commits].map(([repo, parents]) => {
    const mirror = mirrorOf(mirrors!, repo);
    const commit = [...parents].sort((a, b) => commitTime(mirror, a) - commitTime(mirror, b))[0];
    return { name: repo.slice(repo.indexOf("/") + 1), repo, commit };
  });
}

const projects = values.projects
  ? (JSON.parse(readFileSync(values.projects, "utf8")) as BenchProject[])
  : labelled(values.labels!);
const results: (BenchProject & Measured)[] = [];
for (const project of projects.filter((p) => !values.repo || p.repo === values.repo)) {
  const dir = mkdtempSync(join(tmpdir(), "ungil-fixes-"));
  try {
    const tree = join(dir, "tree");
    mkdirSync(tree);
    checkOut(mirrorOf(mirrors, project.repo), project.commit, tree);
    const measured = await measure(tree, values.out ? join(values.out, project.name) : join(dir, "out"));
    results.push({ ...project, ...measured });
    process.stderr.write(`${project.name}: ${measured.rounds} rounds, ${measured.seconds.toFixed(0)} s\n`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const left = results.flatMap((r) => r.left);
const tables = [targetTable(results), projectTable(results), ruleTable(results), reasonTable(left)];
process.stdout.write(tables.join("\n"));
for (const { name, broken } of results) for (const text of broken) process.stdout.write(`\nBROKEN ${name}: ${text}\n`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`);
