/** Hashes that stand for the content of files. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { Discovered } from "../project/discover/discover.ts";
import { DEFAULT_MAX_BYTES } from "../text/source.ts";
import { breathe } from "./breathe.ts";

/** Files between two turns of the event loop. */
const SLICE = 64;

export function sha(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/**
 * One hash over path and content of all discovered files, and the size in bytes of each source file (0 if it cannot be read). Files too
 * large to be audited count with their size alone.
 */
export async function contentHashes(
  found: Discovered,
  signal?: AbortSignal,
): Promise<{ all: string; bytes: number[] }> {
  const all = createHash("sha256");
  const bytes: number[] = [];
  const files = [...found.files, ...found.metadata];
  for (let i = 0; i < files.length; i++) {
    const { file, path, explicit } = files[i];
    const { size, hash } = contentHash(path);
    all.update(`${file}\0${explicit}\0${hash}\n`);
    if (i < found.files.length) bytes.push(size);
    if (i % SLICE === SLICE - 1) {
      await breathe();
      signal?.throwIfAborted();
    }
  }
  return { all: all.digest("hex"), bytes };
}

function contentHash(path: string): { size: number; hash: string } {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { size: 0, hash: "no file" };
    if (stat.size > DEFAULT_MAX_BYTES) return { size: stat.size, hash: `${stat.size} bytes` };
    const data = readFileSync(path);
    return { size: data.length, hash: createHash("sha256").update(data).digest("base64") };
  } catch (error) {
    return { size: 0, hash: String((error as NodeJS.ErrnoException).code) };
  }
}
