/** A folder with files to write to, gone after the tests of the file. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { Journal } from "../../../../src/fix/write/journal.ts";
import { type FileChange, writeChanges } from "../../../../src/fix/write/write-changes.ts";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface TestProject {
  folder: string;
  journal: Journal;
  path(name: string): string;
  read(name: string): string;
  /** Every file below the folder, without the journal's, with its content. */
  all(): Record<string, string>;
  change(name: string, before: string | undefined, after: string): FileChange;
}

export function project(files: Record<string, string>): TestProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ungil-write-")));
  folders.push(folder);
  const path = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
  const read = (name: string) => readFileSync(path(name), "utf8");
  return {
    folder,
    journal: new Journal(folder),
    path,
    read,
    all: () => {
      const found: Record<string, string> = {};
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
        if (name.startsWith(".ungil")) continue;
        try {
          found[name] = read(name);
        } catch {
          // A folder, or a link to nowhere.
        }
      }
      return found;
    },
    change: (name, before, after) => ({
      file: name,
      path: path(name),
      before: before === undefined ? undefined : Buffer.from(before),
      after: Buffer.from(after),
    }),
  };
}

export const write = (p: TestProject, changes: FileChange[], backup = false) =>
  writeChanges(p.journal, changes, { tool: "ungil test", backup });

export const hasJournal = (p: TestProject) => existsSync(p.path(".ungil"));
