/**
 * A content-addressed cache in a folder. An entry is written to a temporary file and renamed, so concurrent runs see a
 * whole entry or none; one that cannot be read is a miss and is removed. Nothing here ever fails an audit.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

/** Bumped when the shape of cached values changes within one build. */
const SCHEMA = 1;
/** Above this the oldest entries go, until EVICT_TO is left. */
const MAX_BYTES = 512 * 1024 * 1024;
const EVICT_TO = 0.7;
/** A hit renews an entry's time at most this often, so that warm runs do not write. */
const TOUCH_AFTER_MS = 24 * 3600 * 1000;
const CHECKSUM_BYTES = 8;

export interface Cache {
  /** The value stored under `key`, or undefined. */
  get(kind: string, key: string): unknown;
  put(kind: string, key: string, value: unknown): void;
}

export const noCache: Cache = { get: () => undefined, put: () => {} };

/** Opens the cache at `folder`; entries of another `build` are not seen. */
export function openCache(folder: string, build: string): Cache {
  const made = new Set<string>();
  let broken = false;
  const place = (kind: string, key: string) => {
    const hash = createHash("sha256").update(`${SCHEMA}\0${build}\0${kind}\0${key}`).digest("hex");
    return { dir: join(folder, "v1", hash.slice(0, 2)), name: hash.slice(2, 34) };
  };
  return {
    get(kind, key) {
      const { dir, name } = place(kind, key);
      const path = join(dir, name);
      let bytes: Buffer;
      try {
        bytes = readFileSync(path);
      } catch {
        return undefined;
      }
      const value = decode(bytes);
      if (value === undefined) remove(path);
      else touch(path);
      return value;
    },
    put(kind, key, value) {
      if (broken) return;
      const { dir, name } = place(kind, key);
      const temporary = join(dir, `${name}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
      try {
        if (!made.has(dir)) mkdirSync(dir, { recursive: true });
        made.add(dir);
        writeFileSync(temporary, encode(value));
        renameSync(temporary, join(dir, name));
      } catch {
        broken = true;
        remove(temporary);
      }
    },
  };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}

function encode(value: unknown): Buffer {
  const body = serialize(value);
  return Buffer.concat([checksum(body), body]);
}

function decode(bytes: Buffer): unknown {
  const body = bytes.subarray(CHECKSUM_BYTES);
  if (bytes.length <= CHECKSUM_BYTES || !checksum(body).equals(bytes.subarray(0, CHECKSUM_BYTES))) return undefined;
  try {
    return deserialize(body);
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another run was faster, or the folder is not ours to change.
  }
}

function touch(path: string): void {
  try {
    const now = Date.now();
    if (now - statSync(path).mtimeMs > TOUCH_AFTER_MS) utimesSync(path, now / 1000, now / 1000);
  } catch {
    // Another run evicted it; the value is already read.
  }
}

/** Removes the oldest entries of the cache at `folder` if together they exceed `maxBytes`. Returns the bytes removed. */
export function evict(folder: string, maxBytes = MAX_BYTES): number {
  const entries: { path: string; size: number; time: number }[] = [];
  let total = 0;
  for (const path of files(join(folder, "v1"))) {
    try {
      const { size, mtimeMs } = statSync(path);
      entries.push({ path, size, time: mtimeMs });
      total += size;
    } catch {
      // Removed by another run meanwhile.
    }
  }
  if (total <= maxBytes) return 0;
  entries.sort((a, b) => a.time - b.time);
  let removed = 0;
  for (const entry of entries) {
    if (total - removed <= maxBytes * EVICT_TO) break;
    remove(entry.path);
    removed += entry.size;
  }
  return removed;
}

function* files(dir: string): Generator<string> {
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}
