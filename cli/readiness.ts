/** The audit that `plan` and `status` begin with. */
import type { Readiness } from "../src/audit/plan/types.ts";
import type { TriageEntries } from "../src/audit/triage/triage.ts";
import type { AuditOptions, AuditResult } from "../src/audit/types.ts";
import type { Interruptible } from "./interruptible.ts";

/** Audits, leaves out what was dismissed, and looks at packaging. @throws as `audit`. */
export async function auditedReadiness(
  options: AuditOptions,
  { signal, onProgress }: Interruptible,
): Promise<{ result: AuditResult; readiness: Readiness; triage: TriageEntries }> {
  const [
    { registry },
    { audit },
    { readTriage, withoutDismissed },
    { readPackaging },
    { readinessOf },
    { readSource },
  ] = await Promise.all([
    import("../rules/index.generated.ts"),
    import("../src/audit/session.ts"),
    import("../src/audit/triage/apply.ts"),
    import("../src/project/packaging/packaging.ts"),
    import("../src/audit/plan/readiness.ts"),
    import("../src/text/source.ts"),
  ]);
  const { join } = await import("node:path");
  const { projectOf } = await import("../src/project/discover/discover.ts");
  const triage = readTriage(projectOf(options.paths, options.cwd));
  const audited = withoutDismissed(await audit(options, { registry, signal, onProgress }), triage);
  const packaging = readPackaging(audited.root);
  const read = (file: string) => {
    const source = readSource(join(audited.root, file), file);
    return "text" in source ? source.text : undefined;
  };
  const result = { ...audited, problems: [...audited.problems, ...packaging.problems] };
  return { result, readiness: readinessOf(result, packaging, read), triage };
}
