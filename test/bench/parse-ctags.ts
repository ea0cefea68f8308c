/** Function definitions as universal-ctags sees them. */
import { spawnSync } from "node:child_process";

export interface Tag {
  name: string;
  line: number;
}

/**
 * Functions by file path as given to ctags (below `folder`); null if universal-ctags is not installed. The use of a macro that
 * makes functions is no definition, though ctags takes some for one: functions with the name of a macro of the folder
 * are left out.
 */
export function ctagsFunctions(folder: string): Map<string, Tag[]> | null {
  const options = [
    "--languages=C,C++",
    "--map-C=+(*.c.src)",
    "--map-C=+(*.h.src)",
    "--kinds-C=fd",
    "--kinds-C++=fd",
    "--fields=+n",
    "--output-format=json",
    "-R",
    "-f",
    "-",
    folder,
  ];
  const run = spawnSync("ctags", options, { encoding: "utf8", maxBuffer: 1 << 29 });
  if (run.error || run.status !== 0) return null;
  const tags = new Map<string, Tag[]>();
  const macros = new Set<string>();
  for (const row of run.stdout.split("\n")) {
    if (!row.startsWith("{")) continue;
    const tag = JSON.parse(row) as { _type: string; path: string; name: string; line: number; kind: string };
    if (tag._type !== "tag") continue;
    if (tag.kind === "macro") {
      macros.add(tag.name);
      continue;
    }
    const known = tags.get(tag.path);
    if (known) known.push(tag);
    else tags.set(tag.path, [tag]);
  }
  for (const [path, list] of tags) {
    tags.set(
      path,
      list.filter((tag) => !macros.has(tag.name)),
    );
  }
  return tags;
}
