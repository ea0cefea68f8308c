/** The options of every command that audits. */
import { type Command, Option } from "commander";
import type { Given } from "../src/audit/config/configure.ts";
import { DEFAULT_FAIL_ON, DEFAULT_MIN_PYTHON, DEFAULT_TARGET } from "../src/audit/options.ts";
import type { Risk } from "../src/rule-api/types.ts";
import { wantsColor } from "./output.ts";
import { addNames, addOne, parseFailOn, parseJobs, parseMinPython, parseRisk, parseTarget } from "./values.ts";

export interface AuditFlags {
  select?: string[];
  ignore?: string[];
  target?: number;
  minPython?: number;
  include?: string[];
  exclude?: string[];
  jobs?: number;
  cache: boolean;
  config?: string | false;
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** `--format` with these choices, the first of which is the default, and `--output`. */
export function addReportOptions(command: Command, formats: readonly string[]): Command {
  return command
    .addOption(new Option("--format <format>", "form of the report").choices(formats).default(formats[0]))
    .option("-o, --output <file>", "write the report to a file");
}

export function addSelectionOptions(command: Command): Command {
  return command
    .option("--select <names>", "only these rules or families, separated by commas; repeatable", addNames)
    .option("--ignore <names>", "not these rules or families; repeatable", addNames);
}

export interface ThresholdFlags {
  risk?: Risk;
  failOn?: Risk | "none";
}

/** What is shown, and what makes the exit code 1. */
export function addThresholdOptions(command: Command): Command {
  return command
    .option(
      "--risk <level>",
      "mildest risk to show: high, medium, low, info (default: depends on the format)",
      parseRisk,
    )
    .option(
      "--fail-on <level>",
      `exit with 1 if a finding is at least this bad; none: never (default: ${DEFAULT_FAIL_ON})`,
      parseFailOn,
    );
}

/** What is audited, for which Pythons, and how. */
export function addProjectOptions(command: Command): Command {
  return addScopeOptions(command)
    .option("--config <file>", "use this configuration, not the nearest ungil.toml or pyproject.toml")
    .option("--no-config", "use no configuration")
    .option("--jobs <n>", "worker threads (default: chosen by size)", parseJobs)
    .option("--no-cache", "neither read nor write the cache");
}

/** What is audited, and for which Pythons. */
export function addScopeOptions(command: Command): Command {
  return command
    .option(
      "--target <version>",
      `free-threaded Python to audit for: 3.13, 3.14 or 3.15 (default: 3.${DEFAULT_TARGET}, or --min-python if newer)`,
      parseTarget,
    )
    .option(
      "--min-python <version>",
      `oldest Python that the project supports (default: what its packaging says, else 3.${DEFAULT_MIN_PYTHON})`,
      parseMinPython,
    )
    .option("--include <glob>", "also take files that would be left out; repeatable", addOne)
    .option("--exclude <glob>", "leave out files; repeatable", addOne);
}

export function addColorOptions(command: Command): Command {
  return command.option("--color", "colour the report").option("--no-color", "do not");
}

/** What the user asked of the audit; options that were not given stay undefined. */
export function givenBy(paths: readonly string[], flags: AuditFlags): Given {
  const { target, minPython, include, exclude, select, ignore, jobs, cache, config } = flags;
  const given = { target, minPython, include, exclude, select, ignore, jobs, cache, config };
  return { ...given, ...(paths.length > 0 ? { paths: [...paths] } : {}) };
}

/** Whether the report of `command` is coloured; one that goes to a file only if the user says so. */
export function colorFor(command: Command, flags: { color?: boolean; output?: string }): boolean {
  // Commander gives --color no value of its own, only --no-color's default.
  const asked = command.getOptionValueSource("color") === "default" ? undefined : flags.color;
  return flags.output === undefined ? wantsColor(asked, process.stdout) : asked === true;
}
