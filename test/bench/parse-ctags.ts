/** Function definitions as universal-ctags sees them. */
import { spawnSync } from "node:child_process";

export interface Tag {
  name: string;
  line: number;
}

/** Functions by file path as given to ctags (below `folder`); null if universal-ctags is not installed. */
export function ctagsFunctions(folder: string): Map<string, Tag[]> | null {
  const options = [
    "--languages=C,C++",
    "--map-C=+(*.c.src)",
    "--map-C=+(*.h.src)",
    "--kinds-C=f",
    "--kinds-C++=f",
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
  for (const row of run.stdout.split("\n")) {
    if (!row.startsWith("{")) continue;
    const tag = JSON.parse(row) as { _type: string; path: string; name: string; line: number };
    if (tag._type !== "tag") continue;
    const known = tags.get(tag.path);
    if (known) known.push(tag);
    else tags.set(tag.path, [tag]);
  }
  return tags;
}
