/** From what the user asked and what the project's configuration says to the options of an audit. */
import { resolve } from "node:path";
import { commonFolder, missingPaths, type Pattern } from "../../project/discover/discover.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import type { Risk } from "../../rule-api/types.ts";
import { DEFAULT_FAIL_ON, defaultOptions } from "../options.ts";
import { unknownRule } from "../select-rules.ts";
import { type AuditOptions, noSuchPath, UsageError } from "../types.ts";
import { declaredIn } from "./declared-in.ts";
import { type Config, findConfig, readConfig } from "./load.ts";
import { type StatedPython, statedMinPython } from "./min-python.ts";

/** What the user gave; whatever is undefined comes from the configuration, then from the defaults. */
export type Given = Partial<Omit<AuditOptions, "declared" | "configFile" | "configFrom" | "minPythonKnown">> & {
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
  /** What the packaging says of the oldest Python, if that is what counts. */
  stated?: StatedPython;
}

/**
 * Settles what an audit does. What the user gave wins over the configuration, key by key: a list that is given replaces the list
 * of the configuration.
 * @throws UsageError for a path that does not exist, and for a configuration file that is missing or wrong, with file and line.
 */
export async function configure(given: Given, registry: readonly AnyRule[]): Promise<Configured> {
  const defaults = defaultOptions();
  const cwd = given.cwd ?? defaults.cwd;
  const paths = given.paths ?? defaults.paths;
  const missing = missingPaths(paths, cwd);
  if (missing.length > 0) throw noSuchPath(missing, cwd);
  const folder = commonFolder(paths, cwd);
  const config = await configOf(given.config, folder, cwd);
  if (config) checkNames(config, registry);
  const values = config?.values ?? {};
  const patterns = (globs: readonly string[] | undefined): Pattern[] | undefined =>
    globs?.map((glob) => ({ glob, base: config!.folder }));
  const asked = given.minPython ?? minorOf(values["min-python"]);
  const stated = asked === undefined ? statedMinPython(folder) : undefined;
  const minPython = asked ?? stated?.minor;
  const options: AuditOptions = {
    ...defaults,
    paths,
    cwd,
    target: given.target ?? minorOf(values.target) ?? Math.max(defaults.target, minPython ?? 0),
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
    ...(given.config === undefined ? { configFrom: folder } : {}),
  };
  const risk = given.risk ?? values.risk;
  return {
    options,
    failOn: given.failOn ?? values["fail-on"] ?? DEFAULT_FAIL_ON,
    ...(risk === undefined ? {} : { risk }),
    ...(config ? { config } : {}),
    ...(stated ? { stated } : {}),
  };
}

function configOf(asked: string | false | undefined, folder: string, cwd: string): Promise<Config | undefined> {
  if (asked === false) return Promise.resolve(undefined);
  return asked === undefined ? findConfig(folder, cwd) : readConfig(resolve(cwd, asked), cwd);
}

/** Rules of other versions come and go, so the schema does not list them. */
function checkNames(config: Config, registry: readonly AnyRule[]): void {
  const mistakes: UsageError[] = [];
  for (const key of ["select", "ignore"] as const) {
    (config.values[key] ?? []).forEach((name, i) => {
      const mistake = unknownRule(registry, name);
      if (mistake) mistakes.push(new UsageError(`${config.placeOf([key, i])}: ${mistake.message}`, mistake.hint));
    });
  }
  if (mistakes.length === 0) return;
  throw new UsageError(mistakes.map((m) => m.message).join("\n"), [...new Set(mistakes.map((m) => m.hint))].join("\n"));
}

function minorOf(version: string | undefined): number | undefined {
  return version === undefined ? undefined : Number(version.slice("3.".length));
}
