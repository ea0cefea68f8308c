/** How far each module is on its way. */
import type { Packaging } from "../../project/packaging/types.ts";
import { atLeast, type Finding } from "../../rule-api/types.ts";
import { countRisks } from "../summary.ts";
import type { AuditResult, ModuleDetail, ModuleSummary } from "../types.ts";
import { packagingChecks } from "./checks.ts";
import type { ModuleReadiness, Readiness, Unclaimed, Verdict } from "./types.ts";

/** Findings of risk medium that a module may have and still be called nearly ready. */
const FEW = 5;
/** What code has that somebody made ready for free threading. */
const ADAPTED =
  /\bPy_BEGIN_CRITICAL_SECTION|\bPyMutex_Lock\b|\bPy_GIL_DISABLED\b|\bPyCriticalSection|\bPy(?:List|Dict)_GetItem(?:String)?Ref\b|\bscoped_critical_section\b|\bft_mutex\b/;
/** Frameworks whose sources are not C or C++: the audit reads none of their code. */
const UNREAD = new Set(["cython", "pyo3", "pyo3-ffi", "f2py", "swig", "sip"]);

/** Text of a file of the audit; undefined if it cannot be read. */
export type ReadText = (file: string) => string | undefined;

/** @param read only of the files of modules that would not be ready otherwise. */
export function readinessOf(result: AuditResult, packaging: Packaging, read: ReadText): Readiness {
  const byFile = new Map<string, Finding[]>();
  for (const finding of result.findings) {
    const own = byFile.get(finding.file);
    if (own) own.push(finding);
    else byFile.set(finding.file, [finding]);
  }
  const uses = new Map<string, number>();
  for (const { files } of result.modules) for (const file of files) uses.set(file, (uses.get(file) ?? 0) + 1);
  const adapted = new Map<string, boolean>();
  const isAdapted = (file: string) => {
    let known = adapted.get(file);
    if (known === undefined) {
      known = ADAPTED.test(read(file) ?? "");
      adapted.set(file, known);
    }
    return known;
  };
  const modules = result.summary.modules.map((module, i): ModuleReadiness => {
    const detail = result.modules[i];
    const findings = findingsOf(module, detail, byFile);
    const verdict = verdictOf(module, findings, () => detail.files.some(isAdapted));
    const fixable = findings.filter((f) => atLeast(f.risk, "medium") && f.fix !== null && f.fix.level !== "manual");
    return {
      module,
      declaredAt: detail.declaredAt,
      verdict,
      risks: countRisks(findings),
      fixable: fixable.length,
      shared: detail.files.filter((file) => (uses.get(file) ?? 0) > 1).length,
    };
  });
  const unclaimed = unclaimedOf(result.findings, uses);
  return {
    ...(packaging.name === undefined ? {} : { name: packaging.name }),
    modules,
    unclaimed,
    checks: packagingChecks(packaging, modules),
    overall: worst(modules, unclaimed),
  };
}

/** A file may hold modules of its own that others have no part in: what is said of one module stays with it. */
function findingsOf(module: ModuleSummary, { files }: ModuleDetail, byFile: ReadonlyMap<string, Finding[]>): Finding[] {
  return files
    .flatMap((file) => byFile.get(file) ?? [])
    .filter(
      (f) =>
        f.family !== "module" ||
        (f.file === module.file && (f.module === "" || f.module === module.name)) ||
        f.module === module.name,
    );
}

function verdictOf(module: ModuleSummary, findings: readonly Finding[], isAdapted: () => boolean): Verdict {
  if (UNREAD.has(module.framework)) return "not audited";
  const inCode = countRisks(findings.filter((f) => f.family !== "module"));
  const isDeclared = module.declared === "yes";
  if (isDeclared && inCode.high === 0 && inCode.medium === 0) return "ready";
  if (inCode.high === 0 && inCode.medium <= FEW) return "nearly";
  return isDeclared || isAdapted() ? "work" : "not started";
}

const ORDER: readonly Verdict[] = ["not started", "work", "nearly", "ready"];

/** Files of no module may be linked into any: what is left in them keeps the whole from being ready. */
function worst(modules: readonly ModuleReadiness[], unclaimed: Unclaimed): Verdict {
  const found = ORDER.find((verdict) => modules.some((m) => m.verdict === verdict));
  if (found === undefined) return "not audited";
  return found === "ready" && unclaimed.risks.high > 0 ? "work" : found;
}

function unclaimedOf(findings: readonly Finding[], uses: ReadonlyMap<string, number>): Unclaimed {
  const own = findings.filter((f) => !uses.has(f.file));
  return { files: [...new Set(own.map((f) => f.file))].sort(), risks: countRisks(own) };
}
