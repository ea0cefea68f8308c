/** `ungil config`: what counts, and where it comes from. */
import { Command } from "commander";
import {
  type AuditFlags,
  addColorOptions,
  addProjectOptions,
  addReportOptions,
  addSelectionOptions,
  addThresholdOptions,
  colorFor,
  givenBy,
  type ThresholdFlags,
} from "../audit-options.ts";
import { emit } from "../output.ts";
import { addBaselineOption } from "../scanning.ts";

interface ConfigFlags extends AuditFlags, ThresholdFlags {
  format: "text" | "json";
  output?: string;
  schema?: boolean;
  baseline?: string;
}

export function configCommand(): Command {
  const command = new Command("config")
    .description("Show the configuration that counts, and where each value comes from")
    .argument("[PATH...]", "what would be audited (default: the current folder)")
    .option("--schema", "print the JSON Schema of the configuration, for editors");
  addReportOptions(command, ["text", "json"]);
  addThresholdOptions(addSelectionOptions(command));
  addBaselineOption(addProjectOptions(command));
  return addColorOptions(command).action(showConfig);
}

async function showConfig(paths: string[], flags: ConfigFlags, command: Command): Promise<void> {
  const { configSchema } = await import("../../src/audit/config/check.ts");
  if (flags.schema) return emit(`${JSON.stringify(configSchema(), null, 2)}\n`, flags.output);
  const [{ registry }, { configure }, { effectiveValues }, { shownPath }, { selectRules }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../src/audit/config/effective.ts"),
    import("../../src/audit/config/load.ts"),
    import("../../src/audit/select-rules.ts"),
  ]);
  const given = { ...givenBy(paths, flags), risk: flags.risk, failOn: flags.failOn };
  const configured = await configure(given, registry);
  const { options, config } = configured;
  selectRules(registry, options.select, options.ignore);
  const file = config && shownPath(config.file, options.cwd);
  const values = effectiveValues({ ...given, baseline: flags.baseline }, configured);
  if (flags.format === "json") {
    const keyed = Object.fromEntries(values.map(({ key, value = null, ...origin }) => [key, { value, ...origin }]));
    return emit(`${JSON.stringify({ file: file ?? null, values: keyed }, null, 2)}\n`, flags.output);
  }
  const { renderConfig } = await import("../../src/report/config-text.ts");
  const why = flags.config === false ? "--no-config" : "no ungil.toml and no [tool.ungil] here or above";
  emit(renderConfig({ file, why, values }, colorFor(command, flags)), flags.output);
}
