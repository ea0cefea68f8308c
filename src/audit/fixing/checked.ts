/** Fixes whose files still compile: planned, compiled, and planned again without what did not. */
import { join } from "node:path";
import { type CheckVerdict, type CheckWith, checkFiles } from "../../fix/check/check-files.ts";
import type { Finding } from "../../rule-api/types.ts";
import { encodeSource } from "../../text/source.ts";
import type { AuditContext, AuditOptions } from "../types.ts";
import { type FixedFile, type FixOptions, type FixResult, fixProject } from "./fix-project.ts";

export interface CheckSettings {
  with: CheckWith;
  /** Absolute path of the project's folder. */
  top: string;
  /** Folder that the command runs in. */
  cwd: string;
}

export interface CheckedResult {
  result: FixResult;
  /** Files, as in the result, that compile with their fixes. */
  passed: string[];
  /** Files whose fixes were given up, with the first error. */
  rejected: { file: string; reason: string }[];
  /** Files that are changed although nothing can be said of them, and why. */
  unchecked: { file: string; reason: string }[];
}

/**
 * As `fixProject`, but a file that compiles now and would not any more keeps its text: whatever would have edited it is left, with the
 * compiler's first error as the reason. Nothing is written to the project.
 * @throws as `fixProject`.
 */
export async function fixProjectChecked(
  options: AuditOptions,
  fix: FixOptions,
  check: CheckSettings,
  context: AuditContext,
): Promise<CheckedResult> {
  const refusals = new Map<string, string>();
  const rejected = new Map<string, string>();
  // Each turn refuses at least one more finding.
  for (;;) {
    const refused = (f: Finding) => fix.refused?.(f) ?? refusals.get(placeOf(f));
    const result = await fixProject(options, { ...fix, refused }, context);
    const verdicts = await verdictsOf(result, check, context.signal);
    const failed = [...verdicts].filter(([, v]) => v.result === "failed") as [string, { reason: string }][];
    for (const [file, { reason }] of failed) rejected.set(file, reason);
    const before = refusals.size;
    refuse(result, new Map(failed.map(([file, v]) => [file, v.reason])), refusals);
    if (refusals.size === before) return { result, rejected: list(rejected), ...sorted(verdicts) };
  }
}

async function verdictsOf(
  { root, files }: FixResult,
  check: CheckSettings,
  signal: AbortSignal | undefined,
): Promise<Map<string, CheckVerdict>> {
  if (files.length === 0) return new Map();
  const names = new Map(files.map((f) => [join(root, f.file), f.file]));
  const given = files.map((f) => ({ path: join(root, f.file), after: bytesOf(f), existed: f.before !== undefined }));
  const verdicts = await checkFiles(given, { ...check, signal });
  return new Map([...verdicts].map(([path, verdict]) => [names.get(path)!, verdict]));
}

function bytesOf({ after }: FixedFile): Uint8Array {
  return encodeSource(after.text, after.encoding);
}

/** Every fix that edited a failed file is refused from now on, and every finding in it. */
function refuse(result: FixResult, failed: ReadonlyMap<string, string>, refusals: Map<string, string>): void {
  for (const [file, reason] of failed) {
    const why = `${file} would no longer compile: ${reason}`;
    for (const { finding, files } of result.applied) {
      if (files.includes(file) || finding.file === file) refusals.set(placeOf(finding), why);
    }
  }
}

/** Findings of one rule in one function stand or fall together: their order changes with what is fixed. */
function placeOf({ rule, file, function: name, symbol }: Finding): string {
  return [rule, file, name, name === "" ? symbol : ""].join("\0");
}

function list(reasons: ReadonlyMap<string, string>): { file: string; reason: string }[] {
  return [...reasons].map(([file, reason]) => ({ file, reason })).sort((a, b) => (a.file < b.file ? -1 : 1));
}

function sorted(verdicts: ReadonlyMap<string, CheckVerdict>) {
  const passed = [...verdicts].filter(([, v]) => v.result === "passed").map(([file]) => file);
  const unchecked = new Map<string, string>();
  for (const [file, v] of verdicts) if (v.result !== "passed") unchecked.set(file, v.reason);
  return { passed: passed.sort(), unchecked: list(unchecked) };
}
