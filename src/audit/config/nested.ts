/** Configurations below the folder that the search for one began in: a scan has one configuration, so they do not count. */
import { dirname, relative, sep } from "node:path";
import type { Problem } from "../../ir/facts.ts";
import type { Discovered } from "../../project/discover/discover.ts";
import { UsageError } from "../types.ts";
import { configIn } from "./load.ts";

/** One problem for each such file between `from` and a file that is scanned. */
export function nestedConfigs({ root, files }: Discovered, from: string): Problem[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    let folder = dirname(path);
    while (!folders.has(folder) && folder.startsWith(from + sep)) {
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  const shown = (path: string) => relative(root, path).split(sep).join("/");
  return [...folders].sort().flatMap((folder): Problem[] => {
    try {
      const file = configIn(folder, root);
      if (file === undefined) return [];
      const message = `this configuration does not count in a scan from above: scan ${shown(folder)} alone, or choose one with --config`;
      return [{ file: shown(file), kind: "config", message, skipped: false }];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return [{ file: shown(folder), kind: "config", message: error.message, skipped: false }];
    }
  });
}
