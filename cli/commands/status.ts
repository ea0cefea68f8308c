/** `ungil status`: the readiness of each module on one screen. */
import { Command } from "commander";
import {
  type AuditFlags,
  addColorOptions,
  addProjectOptions,
  addReportOptions,
  colorFor,
  givenBy,
} from "../audit-options.ts";
import { interruptible } from "../interruptible.ts";
import { EXIT, emit } from "../output.ts";
import { auditedReadiness } from "../readiness.ts";

interface StatusFlags extends AuditFlags {
  format: "text" | "json";
  output?: string;
  check?: boolean;
}

const EXIT_STATUS = `
Exit status: 0; with --check 1 if a module that is audited is not ready; 2 usage or failure.
`;

export function statusCommand(): Command {
  const command = new Command("status")
    .description("Show on one screen how ready each module is")
    .argument("[PATH...]", "files and folders to audit (default: the current folder)");
  addReportOptions(command, ["text", "json"]).option("--check", "exit with 1 unless everything is ready");
  addProjectOptions(command);
  return addColorOptions(command)
    .option("-q, --quiet", "no progress")
    .option("-v, --verbose", "all modules, and the places that packaging is judged by")
    .addHelpText("after", EXIT_STATUS.trimEnd())
    .action(status);
}

async function status(paths: string[], flags: StatusFlags, command: Command): Promise<void> {
  const [{ registry }, { configure }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/config/configure.ts"),
  ]);
  const { options } = await configure(givenBy(paths, flags), registry);
  const made = await interruptible(flags.quiet === true, (run) => auditedReadiness(options, run));
  if (made === undefined) return;
  const { result, readiness } = made;
  const isReady = readiness.overall === "ready" || readiness.overall === "not audited";
  process.exitCode = flags.check === true && !isReady ? EXIT.findings : EXIT.clean;
  if (flags.format === "json") {
    const { renderStatusJson } = await import("../../src/report/plan/json.ts");
    return emit(renderStatusJson(result, readiness), flags.output);
  }
  const { renderStatus } = await import("../../src/report/plan/status-text.ts");
  const shown = {
    color: colorFor(command, flags),
    columns: process.stdout.columns ?? 80,
    verbose: flags.verbose === true,
  };
  emit(renderStatus(result, readiness, shown), flags.output);
}
