/**
 * `npm run bench:accuracy -- --labels FILE --mirrors DIR [--repo OWNER/NAME]`: audits the parent and the fix commit
 * of every label from local git mirrors and prints, a class, how many labelled places are found in the parent and how many of those
 * are silent after the fix. A mirror is a clone at DIR/owner+name/repo, DIR/owner+name or DIR/owner/name.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { registry } from "../../rules/index.generated.ts";
import { defaultOptions } from "../../src/audit/options.ts";
import { audit } from "../../src/audit/session.ts";
import type { Finding } from "../../src/rule-api/types.ts";
import { findMatch, type Label, type Match, readLabels } from "./accuracy-labels.ts";
import { checkOut, mirrorOf } from "./checkout.ts";

const { values } = parseArgs({
  options: {
    labels: { type: "string" },
    mirrors: { type: "string" },
    repo: { type: "string" },
  },
});
if (!values.labels || !values.mirrors) {
  process.stderr.write("usage: npm run bench:accuracy -- --labels FILE --mirrors DIR [--repo OWNER/NAME]\n");
  process.exit(2);
}
const mirrors = values.mirrors;

const audited = new Map<string, Finding[]>();

/** All findings of one commit. */
async function findingsAt(repo: string, commit: string): Promise<Finding[]> {
  const key = `${repo}@${commit}`;
  const known = audited.get(key);
  if (known) return known;
  const dir = mkdtempSync(join(tmpdir(), "ungil-accuracy-"));
  try {
    checkOut(mirrorOf(mirrors, repo), commit, dir);
    const result = await audit({ ...defaultOptions(), cwd: dir, paths: ["."], cache: false, jobs: 1 }, { registry });
    audited.set(key, result.findings);
    return result.findings;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Row {
  total: number;
  found: number;
  byEvidence: number;
  silent: number;
}

const rows = new Map<string, Row>();
const misses: string[] = [];
const loud: string[] = [];
const labels = readLabels(values.labels).filter((l) => !values.repo || l.repo === values.repo);

function row(cls: string): Row {
  let found = rows.get(cls);
  if (!found) {
    found = { total: 0, found: 0, byEvidence: 0, silent: 0 };
    rows.set(cls, found);
  }
  return found;
}

function describe(label: Label, match?: Match): string {
  const name = `${label.repo} ${label.file}:${label.line} ${label.function} ${label.cls}/${label.subclass} ${label.symbol}`;
  return match ? `${name} (${match.finding.rule} line ${match.finding.line})` : `${name} | ${label.note}`;
}

for (const label of labels) {
  const before = findMatch(label, await findingsAt(label.repo, label.parent));
  for (const cls of [label.cls, "all"]) {
    const r = row(cls);
    r.total++;
    if (!before) continue;
    r.found++;
    if (before.by === "evidence") r.byEvidence++;
  }
  if (!before) {
    misses.push(describe(label));
    continue;
  }
  const after = findMatch(label, await findingsAt(label.repo, label.fix));
  if (after) loud.push(describe(label, after));
  else for (const cls of [label.cls, "all"]) row(cls).silent++;
}

const percent = (part: number, whole: number) => (whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)}%`);
process.stdout.write("class      labels  found  recall  (by evidence)  silent after the fix\n");
for (const [cls, r] of rows) {
  const cells = [
    cls.padEnd(9),
    String(r.total).padStart(7),
    String(r.found).padStart(6),
    percent(r.found, r.total).padStart(7),
  ];
  process.stdout.write(
    `${cells.join(" ")}  ${String(r.byEvidence).padStart(13)}  ${percent(r.silent, r.found).padStart(20)}\n`,
  );
}
process.stdout.write(`\nmissed (${misses.length})\n${misses.map((m) => `  ${m}\n`).join("")}`);
process.stdout.write(`\nnot silent after the fix (${loud.length})\n${loud.map((m) => `  ${m}\n`).join("")}`);
