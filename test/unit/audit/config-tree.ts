/** Folders with files, for tests of what a configuration does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { registry } from "../../../rules/index.generated.ts";
import { configure, type Given } from "../../../src/audit/config/configure.ts";
import { audit } from "../../../src/audit/session.ts";
import type { AuditResult } from "../../../src/audit/types.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that counts as the top of a repository, with these files in it; gone after the tests of the file. */
export function tree(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), "ungil-config-"));
  folders.push(folder);
  mkdirSync(join(folder, ".git"));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

/** Audits a folder as its configuration says. */
export async function auditOf(cwd: string, given: Given = {}): Promise<AuditResult> {
  const { options } = await configure({ cwd, cache: false, jobs: 1, ...given }, registry);
  return audit(options, { registry });
}

/** `function rule symbol` of every finding of at least risk low, sorted. */
export function brief(result: AuditResult, rules?: readonly string[]): string[] {
  return result.findings
    .filter((f) => f.risk !== "info" && (rules === undefined || rules.includes(f.rule)))
    .map((f) => `${f.function} ${f.rule} ${f.symbol}`)
    .sort();
}
