/** From what the user asked and what the project's configuration says to the options of an audit. */
import { resolve } from "node:path";
import { type Pattern, scannedRoot } from "../../project/discover/discover.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import type { Risk } from "../../rule-api/types.ts";
import { DEFAULT_FAIL_ON, defaultOptions } from "../options.ts";
import { selectRules } from "../select-rules.ts";
import { type AuditOptions, UsageError } from "../types.ts";
import { declaredIn } from "./declared-in.ts";
import { type Config, findConfig, readConfig } from "./load.ts";
import { statedMinPython } from "./min-python.ts";

/** What the user gave; whatever is undefined comes from the configuration, then from the defaults. */
export type Given = Partial<Omit<AuditOptions, "declared" | "configFile" | "minPythonKnown">> & {
  /** A configuration file to use instead of the nearest; `false`: none at all. */
  config?: string | false;
  failOn?: Risk | "none";
  risk?: Risk;
};

export interface Configured {
  options: AuditOptions;
  failOn: Risk | "none";
  /** Undefined: the reporter's own choice. */
  risk?: Risk;
  config?: Config;
}

/**
 * Settles what an audit does. What the user gave wins over the configuration, key by key: a list that is given replaces the list
 * of the configuration.
 * @throws UsageError for a configuration file that is missing or wrong, with file and line.
 */
export async function configure(given: Given, registry: readonly AnyRule[]): Promise<Configured> {
  const defaults = defaultOptions();
  const cwd = given.cwd ?? defaults.cwd;
  const paths = given.paths ?? defaults.paths;
  const root = scannedRoot(paths, cwd);
  const config = await configOf(given.config, root, cwd);
  if (config) checkNames(config, registry);
  const values = config?.values ?? {};
  const patterns = (globs: readonly string[] | undefined): Pattern[] | undefined =>
    globs?.map((glob) => ({ glob, base: config!.folder }));
  const minPython = given.minPython ?? minorOf(values["min-python"]) ?? statedMinPython(root);
  const options: AuditOptions = {
    ...defaults,
    paths,
    cwd,
    target: given.target ?? minorOf(values.target) ?? defaults.target,
    minPython: minPython ?? defaults.minPython,
    minPythonKnown: minPython !== undefined,
    select: given.select ?? values.select ?? [],
    ignore: given.ignore ?? values.ignore ?? [],
    include: given.include ?? patterns(values.include) ?? [],
    exclude: given.exclude ?? patterns(values.exclude) ?? [],
    jobs: given.jobs ?? defaults.jobs,
    cache: given.cache ?? defaults.cache,
    ...(given.cacheDir === undefined ? {} : { cacheDir: given.cacheDir }),
    ...(config ? { configFile: config.file, declared: declaredIn(values) } : {}),
  };
  const risk = given.risk ?? values.risk;
  return {
    options,
    failOn: given.failOn ?? values["fail-on"] ?? DEFAULT_FAIL_ON,
    ...(risk === undefined ? {} : { risk }),
    ...(config ? { config } : {}),
  };
}

function configOf(asked: string | false | undefined, root: string, cwd: string): Promise<Config | undefined> {
  if (asked === false) return Promise.resolve(undefined);
  return asked === undefined ? findConfig(root, cwd) : readConfig(resolve(cwd, asked), cwd);
}

/** Rules of other versions come and go, so the schema does not list them. */
function checkNames(config: Config, registry: readonly AnyRule[]): void {
  for (const key of ["select", "ignore"] as const) {
    (config.values[key] ?? []).forEach((name, i) => {
      try {
        selectRules(registry, [], [name]);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new UsageError(`${config.placeOf([key, i])}: ${error.message}`, error.hint);
      }
    });
  }
}

function minorOf(version: string | undefined): number | undefined {
  return version === undefined ? undefined : Number(version.slice("3.".length));
}
