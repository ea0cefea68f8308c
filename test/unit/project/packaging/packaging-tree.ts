/** Small projects in temporary folders, read by the code under test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { readPackaging } from "../../../../src/project/packaging/packaging.ts";
import type { Packaging, Quote } from "../../../../src/project/packaging/types.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files, gone after the tests of the file. */
export function treeOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "ungil-packaging-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const PYPROJECT = '[build-system]\nrequires = ["setuptools"]\n\n[project]\nname = "lamp"\n';

/** What is read of a project with these files and a pyproject.toml, unless it is among them. */
export function packagingOf(files: Record<string, string | Uint8Array>): Packaging {
  return readPackaging(treeOf({ "pyproject.toml": PYPROJECT, ...files }));
}

export const at = ({ file, line }: Quote) => `${file}:${line}`;

/** `tag` of each wheel that is built, with its place. */
export function tagsOf({ wheels }: Packaging): string[] {
  return wheels.flatMap((w) => w.tags.map((t) => `${t.tag} ${at(t.place)}`));
}
