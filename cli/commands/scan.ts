/** `ungil scan`: audit files and report. */
import { Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_FAIL_ON, DEFAULT_MIN_PYTHON, DEFAULT_TARGET } from "../../src/audit/options.ts";
import type { AuditResult } from "../../src/audit/types.ts";
import { atLeast, type Risk } from "../../src/rule-api/types.ts";
import { EXIT, emit, wantsColor } from "../output.ts";
import {
  addNames,
  addOne,
  FORMATS,
  type Format,
  parseJobs,
  parseMinPython,
  parseRisk,
  parseTarget,
} from "../values.ts";

interface ScanFlags {
  format: Format;
  output?: string;
  select?: string[];
  ignore?: string[];
  risk?: Risk;
  failOn?: Risk | "none";
  target?: number;
  minPython?: number;
  include?: string[];
  exclude?: string[];
  jobs?: number;
  cache: boolean;
  config?: string | false;
  strict?: boolean;
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

export function scanCommand(): Command {
  return new Command("scan")
    .description("Audit C and C++ sources of Python extensions (the default command)")
    .argument("[PATH...]", "files and folders to audit (default: the current folder)")
    .addOption(new Option("--format <format>", "form of the report").choices(FORMATS).default("text"))
    .option("-o, --output <file>", "write the report to a file")
    .option("--select <names>", "only these rules or families, separated by commas; repeatable", addNames)
    .option("--ignore <names>", "not these rules or families; repeatable", addNames)
    .option(
      "--risk <level>",
      "mildest risk to show: high, medium, low, info (default: low in text, else info)",
      parseRisk,
    )
    .option(
      "--fail-on <level>",
      `exit with 1 if a finding is at least this bad; none: never (default: ${DEFAULT_FAIL_ON})`,
      parseFailOn,
    )
    .option(
      "--target <version>",
      `free-threaded Python to audit for: 3.13, 3.14 or 3.15 (default: 3.${DEFAULT_TARGET})`,
      parseTarget,
    )
    .option(
      "--min-python <version>",
      `oldest Python that the project supports (default: what its packaging says, else 3.${DEFAULT_MIN_PYTHON})`,
      parseMinPython,
    )
    .option("--include <glob>", "also take files that would be left out; repeatable", addOne)
    .option("--exclude <glob>", "leave out files; repeatable", addOne)
    .option("--config <file>", "use this configuration, not the nearest ungil.toml or pyproject.toml")
    .option("--no-config", "use no configuration")
    .option("--jobs <n>", "worker threads (default: chosen by size)", parseJobs)
    .option("--no-cache", "neither read nor write the cache")
    .option("--strict", "exit with 2 if something could not be audited")
    .option("--color", "colour the report")
    .option("--no-color", "do not")
    .option("-q, --quiet", "findings only: no progress, no summary")
    .option("-v, --verbose", "show everything: mild findings in full, all problems, timing")
    .action(scan);
}

function parseFailOn(text: string): Risk | "none" {
  if (text === "none") return text;
  try {
    return parseRisk(text);
  } catch {
    throw new InvalidArgumentError("It must be one of high, medium, low, info, none.");
  }
}

async function scan(paths: string[], flags: ScanFlags, command: Command): Promise<void> {
  const [{ registry }, { audit }, { configure }, { selectRules }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/session.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../src/audit/select-rules.ts"),
  ]);
  const { target, minPython, include, exclude, select, ignore, jobs, cache, config, failOn, risk } = flags;
  const given = { target, minPython, include, exclude, select, ignore, jobs, cache, config, failOn, risk };
  const settled = await configure({ ...given, ...(paths.length > 0 ? { paths } : {}) }, registry);
  const { options } = settled;
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  const bar = await progressBar(flags);
  let result: AuditResult;
  try {
    result = await audit(options, { registry, onProgress: bar?.update.bind(bar), signal: interrupt.signal });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    bar?.clear();
    process.stderr.write("ungil: interrupted\n");
    process.exitCode = EXIT.interrupted;
    return;
  } finally {
    bar?.clear();
    process.off("SIGINT", onInterrupt);
  }
  const rules = selectRules(registry, options.select, options.ignore);
  // Set first: a reader that closes the pipe early ends the program with it.
  process.exitCode = exitCode(result, flags, settled.failOn);
  emit(await render(result, rules, { ...flags, risk: settled.risk }, command), flags.output);
}

async function progressBar(flags: ScanFlags) {
  if (!process.stderr.isTTY || flags.quiet) return undefined;
  const { ProgressBar } = await import("../progress.ts");
  return new ProgressBar(process.stderr);
}

async function render(
  result: AuditResult,
  rules: ReturnType<typeof import("../../src/audit/select-rules.ts").selectRules>,
  flags: ScanFlags,
  command: Command,
): Promise<string> {
  if (flags.format === "json") {
    const { renderJson } = await import("../../src/report/json.ts");
    return renderJson(result, flags.risk ?? "info");
  }
  if (flags.format === "sarif") {
    const { renderSarif } = await import("../../src/report/sarif.ts");
    return renderSarif(result, rules, flags.risk ?? "info");
  }
  const [{ renderText }, { sourceReader }] = await Promise.all([
    import("../../src/report/text.ts"),
    import("../../src/audit/source-reader.ts"),
  ]);
  // Commander gives --color no value of its own, only --no-color's default.
  const asked = command.getOptionValueSource("color") === "default" ? undefined : flags.color;
  return renderText(result, sourceReader(result), {
    risk: flags.risk ?? "low",
    color: flags.output === undefined ? wantsColor(asked, process.stdout) : asked === true,
    columns: process.stdout.columns ?? 80,
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
  });
}

/** Skipping generated code is the intended thing to do, not a failure. */
function exitCode(result: AuditResult, flags: ScanFlags, threshold: Risk | "none"): number {
  if (flags.strict && result.problems.some((p) => p.kind !== "generated")) return EXIT.failure;
  if (threshold === "none") return EXIT.clean;
  return result.findings.some((f) => atLeast(f.risk, threshold)) ? EXIT.findings : EXIT.clean;
}
