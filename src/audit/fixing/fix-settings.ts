/** From what the user asked and what the configuration says to the settings of a fix. */
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { CheckWith } from "../../fix/check/check-files.ts";
import type { Compat, FixSettings, ProposalLevel } from "../../fix/types.ts";
import { scannedRoot } from "../../project/discover/discover.ts";
import type { Configured } from "../config/configure.ts";
import { UsageError } from "../types.ts";

/** What the user gave; whatever is undefined comes from the configuration, then from the defaults. */
export interface GivenFix {
  level?: ProposalLevel;
  compat?: Compat;
  /** Relative to the working folder. */
  compatHeader?: string;
  /** A command, `compile-commands`, or `configured`: the command of the configuration. */
  check?: string;
}

export interface SettledFix extends FixSettings {
  level: ProposalLevel;
  check?: CheckWith;
}

/** @throws UsageError for a header outside of the scanned folder, and for `configured` without a command in the configuration. */
export function settleFix(given: GivenFix, { options, config }: Configured): SettledFix {
  const values = config?.values.fix ?? {};
  const root = scannedRoot(options.paths, options.cwd);
  const { "compat-header": own } = values;
  const header =
    given.compatHeader !== undefined
      ? headerIn(root, resolve(options.cwd, given.compatHeader))
      : own !== undefined && config !== undefined
        ? headerIn(root, join(config.folder, own), `${config.placeOf(["fix", "compat-header"])}: `)
        : undefined;
  const check = checkWith(given.check, values.check);
  return {
    level: given.level ?? values.level ?? "safe",
    compat: given.compat ?? values.compat,
    ...(header === undefined ? {} : { compatHeader: header }),
    ...(check === undefined ? {} : { check }),
  };
}

function headerIn(root: string, path: string, place = ""): string {
  const header = relative(root, path);
  if (!header.startsWith("..") && !isAbsolute(header)) return header.split(sep).join("/");
  throw new UsageError(
    `${place}the compatibility header ${path} is not below ${root}`,
    "Fix the folder that holds both.",
  );
}

/** A configuration alone runs nothing: whoever audits somebody's project does not run that project's commands. */
function checkWith(given: string | undefined, configured: string | undefined): CheckWith | undefined {
  if (given === undefined) return undefined;
  const command = given === "configured" ? configured : given;
  if (command === "compile-commands") return command;
  if (command !== undefined) return { command };
  throw new UsageError(
    "--check configured: the configuration has no command",
    "Add the key `check` to the table `fix`.",
  );
}
