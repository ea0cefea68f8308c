/** Which configuration file counts for a scan. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folders from `start` upwards, up to the top of the repository (a folder with `.git`) or of the file system. */
export function* foldersUpwards(start: string): Generator<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    yield folder;
    if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return;
  }
}
