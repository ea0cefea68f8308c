/** A folder that looks like the project after the fixes, while the project itself is untouched: links, save for what changes. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, sep } from "node:path";
import { folderReason, isWalked } from "../../project/discover/folders.ts";

export interface Shadow {
  /** Absolute path of what stands for the project's folder. */
  folder: string;
  /** What stands for a path; paths outside of the project stand for themselves. */
  pathOf(path: string): string;
  remove(): void;
}

/**
 * Makes a shadow of `top` in which the files of `changed` (absolute path to content, new ones too) are as given. Folders are made anew,
 * so that `#include "../x.h"` finds the changed header from everywhere; large ones that hold no sources (`.git`, environments) are links.
 */
export function makeShadow(top: string, changed: ReadonlyMap<string, Uint8Array>): Shadow {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "ungil-check-")));
  const folder = join(home, basename(top) || "root");
  const pathOf = (path: string) => (isInside(path, top) ? join(folder, relative(top, path)) : path);
  const remove = () => rmSync(home, { recursive: true, force: true });
  try {
    mirror(top, folder, changed);
    for (const [path, bytes] of changed) {
      if (!isInside(path, top)) continue;
      const at = dirname(pathOf(path));
      mkdirSync(at, { recursive: true });
      // Through a link the project itself would be written to.
      if (!isInside(realpathSync(at), home)) throw new Error(`${at} leads out of the copy for the check`);
      writeFileSync(pathOf(path), bytes, { flag: "wx" });
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, pathOf, remove };
}

export function isInside(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

function mirror(from: string, to: string, changed: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (changed.has(path)) continue;
    const reason = folderReason(entry.name);
    const isWanted = entry.isDirectory() && (reason === undefined || isWalked(reason));
    const hasChanged = !entry.isFile() && [...changed.keys()].some((c) => isInside(c, path));
    if (isWanted || hasChanged) mirror(path, join(to, entry.name), changed);
    else link(path, join(to, entry.name), entry.isDirectory());
  }
}

function link(path: string, at: string, isFolder: boolean): void {
  // Windows lets everybody link folders with junctions, files only with a privilege.
  if (process.platform === "win32") symlinkSync(path, at, isFolder || isDirectory(path) ? "junction" : "file");
  else symlinkSync(path, at);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
