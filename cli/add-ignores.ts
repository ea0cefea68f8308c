/** `ungil scan --add-ignores`: comments for what the scan would report. */
import type { Command } from "commander";
import { type AuditResult, UsageError } from "../src/audit/types.ts";
import type { IgnoresReport } from "../src/report/ignores-text.ts";
import { atLeast, type Risk } from "../src/rule-api/types.ts";
import { interruptible } from "./interruptible.ts";
import { EXIT, emit } from "./output.ts";
import type { ScanFlags, Scanned } from "./scanning.ts";

export interface IgnoreFlags extends ScanFlags {
  addIgnores?: string;
  dryRun?: boolean;
}

/** What a scan shows unless the user says otherwise: findings that are worth knowing at most need no comment. */
const MILDEST: Risk = "low";

/** @throws UsageError if the reason says nothing. Asked before the audit, which takes long. */
export async function checkReason(given: string): Promise<string> {
  const { cleanReason } = await import("../src/audit/suppressing/comments.ts");
  const reason = cleanReason(given);
  if (reason !== "") return reason;
  throw new UsageError("--add-ignores needs a reason", 'As in --add-ignores "only used while the module is imported".');
}

/** Suppresses what `result` reports by comments in the files, or prints them as a patch. @throws UsageError if files cannot be written. */
export async function addIgnores(
  { settled, rules, registry }: Scanned,
  result: AuditResult,
  reason: string,
  flags: IgnoreFlags,
  command: Command,
): Promise<void> {
  const { options, failOn, risk = MILDEST } = settled;
  const wanted = new Set(result.findings.filter((f) => atLeast(f.risk, risk)).map((f) => f.fingerprint));
  const [{ Workspace }, { writeComments }, { renderIgnores }] = await Promise.all([
    import("../src/audit/fixing/workspace.ts"),
    import("../src/audit/suppressing/write-comments.ts"),
    import("../src/report/ignores-text.ts"),
  ]);
  await interruptible(flags.quiet === true, async (run) => {
    const before = await Workspace.open(options, { registry, onProgress: run.onProgress, signal: run.signal }, rules);
    const targets = before.identified().flatMap(([, f]) => (wanted.has(f.fingerprint) ? [f] : []));
    const outcome = await writeComments(before, targets, reason);
    run.clear();
    const { root } = before;
    const files = outcome.workspace.changedFiles().map((file) => {
      return { file, before: before.text(file), after: outcome.workspace.text(file)! };
    });
    const report: IgnoresReport = { ...outcome, files: files.map((f) => f.file), root, cwd: options.cwd };
    if (flags.dryRun) {
      const { emitPatch } = await import("./patch.ts");
      process.exitCode = files.length > 0 ? EXIT.findings : EXIT.clean;
      if (!flags.quiet) process.stderr.write(renderIgnores(report));
      return emitPatch({ root, files }, options.cwd, flags, command);
    }
    if (files.length > 0) {
      const { writeFixes } = await import("./write-fixes.ts");
      report.written = await writeFixes({ root, files }, options.cwd, false, run.signal);
    }
    const isLeft = failOn !== "none" && outcome.left.some((l) => atLeast(l.finding.risk, failOn));
    process.exitCode = report.written?.open.length ? EXIT.interrupted : isLeft ? EXIT.findings : EXIT.clean;
    if (!flags.quiet) emit(renderIgnores(report));
  });
}
