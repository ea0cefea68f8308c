/**
 * The files that git tracks, read from `.git/index`: git never ignores them, whatever `.gitignore` says. Read directly
 * because running git in a folder of unknown origin can run programs that its configuration names.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/** Fixed part of an entry, up to and with its flags. */
const ENTRY_HEAD = 62;
const FLAGS_AT = 60;
const EXTENDED = 0x4000;

/** Paths relative to the top of the work tree; empty if there is no index or it cannot be read. */
export function trackedFiles(top: string): ReadonlySet<string> {
  try {
    const folder = gitFolder(top);
    const path = folder === undefined ? undefined : join(folder, "index");
    return path !== undefined && existsSync(path) ? parseIndex(readFileSync(path)) : new Set();
  } catch {
    return new Set();
  }
}

/** `.git` is a folder, or in linked work trees and submodules a file that names one. */
export function gitFolder(top: string): string | undefined {
  const path = join(top, ".git");
  if (statSync(path).isDirectory()) return path;
  const [word, target] = readFileSync(path, "utf8").trim().split(": ");
  if (word !== "gitdir" || target === undefined) return undefined;
  return isAbsolute(target) ? target : join(top, target);
}

/**
 * Format: gitformat-index(5), versions 2 to 4 with SHA-1 names.
 * @throws if the bytes are no such index.
 */
export function parseIndex(bytes: Buffer): Set<string> {
  if (bytes.toString("latin1", 0, 4) !== "DIRC") throw new Error("no git index");
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) throw new Error(`git index of unknown version ${version}`);
  const paths = new Set<string>();
  let at = 12;
  let previous: Buffer = Buffer.alloc(0);
  for (let i = 0; i < count; i++) {
    const start = at;
    at += bytes.readUInt16BE(start + FLAGS_AT) & EXTENDED && version >= 3 ? ENTRY_HEAD + 2 : ENTRY_HEAD;
    let kept = 0;
    if (version === 4) {
      const { value, next } = readOffset(bytes, at);
      kept = previous.length - value;
      at = next;
    }
    const end = bytes.indexOf(0, at);
    if (end < 0 || kept < 0) throw new Error("git index ends inside an entry");
    const path = Buffer.concat([previous.subarray(0, kept), bytes.subarray(at, end)]);
    paths.add(path.toString("utf8"));
    previous = path;
    // Entries of versions 2 and 3 are padded with NULs to a multiple of eight.
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
  return paths;
}

/** A number of seven bits a byte, as in pack files: each further byte adds one before it shifts. */
function readOffset(bytes: Buffer, from: number): { value: number; next: number } {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while (byte & 0x80) {
    byte = bytes.readUInt8(at++);
    value = ((value + 1) << 7) | (byte & 0x7f);
  }
  return { value, next: at };
}
