/** The process that audits one target of a sweep: whatever the target does to it, the sweep goes on. */
import { ArchiveError } from "../../src/audit/sweep/archive/limits.ts";
import { auditTarget, type TargetTask } from "../../src/audit/sweep/audit-target.ts";
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import { type AuditResult, UsageError } from "../../src/audit/types.ts";

/** What the process is asked, once. */
export interface TargetOrder extends TargetTask {
  /** Where to write the whole JSON report; undefined: nowhere. */
  report?: string;
}

/** What it answers, once. */
export type TargetAnswer = { record: SweepRecord } | { reason: string };

/** Waits for an order, answers it and lets the process end. */
export function serveTarget(): void {
  // Whoever asked is gone: nobody is left who would clean up.
  process.once("disconnect", () => process.exit());
  process.once("message", (order: TargetOrder) => {
    void answerTo(order).then((answer) => process.send!(answer, () => process.disconnect()));
  });
}

async function answerTo(order: TargetOrder): Promise<TargetAnswer> {
  try {
    const { registry } = await import("../../rules/index.generated.ts");
    const { record, result } = await auditTarget(order, registry);
    if (order.report === undefined && !order.options.findings) return { record };
    const report = await wholeReport(result, registry);
    if (order.report !== undefined) await replaceFile(order.report, `${JSON.stringify(report, null, 2)}\n`);
    return { record: order.options.findings ? { ...record, findings: report.findings } : record };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

async function wholeReport(result: AuditResult, rules: Parameters<typeof auditTarget>[1]) {
  const [{ jsonReport }, { reportPaths }, { projectFolder }] = await Promise.all([
    import("../../src/report/json.ts"),
    import("../../src/report/paths.ts"),
    import("../../src/project/discover/gitignore.ts"),
  ]);
  const { root } = result;
  return jsonReport({
    result,
    rules,
    risk: "info",
    read: () => undefined,
    paths: reportPaths({ root, cwd: root, top: projectFolder(root) }),
    terminal: { color: false, columns: 80, quiet: true, verbose: false },
  }) as { findings: object[] };
}

async function replaceFile(path: string, text: string): Promise<void> {
  const { moveInto, temporaryPath, writeThrough } = await import("../../src/fix/write/atomic.ts");
  const temporary = temporaryPath(path, String(process.pid));
  writeThrough(temporary, Buffer.from(text));
  moveInto(temporary, path);
}

/** Without the paths of this machine and this run: the same failure reads the same everywhere. */
function reasonOf(error: unknown): string {
  if (error instanceof ArchiveError) return error.message;
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof Error)) return `internal error: ${String(error)}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "no such file or folder";
  return code === undefined ? `internal error: ${message}` : `cannot be read or unpacked (${code})`;
}
