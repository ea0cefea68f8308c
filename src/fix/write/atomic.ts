/** Files that are either old or new, whatever ends the program and when. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** What a file keeps when its content is replaced. */
export type Attributes = Pick<Stats, "mode" | "uid" | "gid">;

/** Where the new content of `path` waits, in the same folder: renaming is atomic only inside a file system. */
export function temporaryPath(path: string, tag: string): string {
  return join(dirname(path), `.${basename(path)}.ungil-${tag}.tmp`);
}

/**
 * Writes `bytes` to `path`, which must be a path of ours (an old one is replaced), and waits until the disk has them. With `like` the file
 * gets that mode, and that owner as far as the user may give files away.
 * @throws as `openSync` and `writeSync`; nothing is left behind then.
 */
export function writeThrough(path: string, bytes: Uint8Array, like?: Attributes): void {
  rmSync(path, { force: true });
  const fd = openSync(path, "wx", like === undefined ? 0o666 : 0o600);
  try {
    writeFileSync(fd, bytes);
    if (like !== undefined) {
      giveTo(fd, like);
      fchmodSync(fd, like.mode & 0o7777);
    }
    fsyncSync(fd);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

function giveTo(fd: number, { uid, gid }: Attributes): void {
  if (process.platform === "win32") return;
  try {
    fchownSync(fd, uid, gid);
  } catch {
    // Only root may give files away; the content is what counts.
  }
}

/** Puts what `writeThrough` wrote in its place. */
export function moveInto(temporary: string, path: string): void {
  renameSync(temporary, path);
}

/** Makes renames and deletions in a folder last. Platforms that cannot do this for folders do it on their own. */
export function syncFolder(folder: string): void {
  let fd: number;
  try {
    fd = openSync(folder, "r");
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch {
    // Windows and some network file systems refuse to synchronise folders.
  } finally {
    closeSync(fd);
  }
}
