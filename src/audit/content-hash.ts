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

/** Size in bytes (0 if it cannot be read) and a hash that changes whenever the content does. */
export interface Content {
  size: number;
  hash: string;
}

/**
 * The content of each source file, and one hash over path and content of all discovered files. Files too large to be
 * audited count with their size alone.
 */
export async function contentHashes(
  found: Discovered,
  signal?: AbortSignal,
): Promise<{ all: string; contents: Content[] }> {
  const all = createHash("sha256");
  const contents: Content[] = [];
  const files = [...found.files, ...found.metadata];
  for (let i = 0; i < files.length; i++) {
    const { file, path, explicit } = files[i];
    const content = contentHash(path);
    all.update(`${file}\0${explicit}\0${content.hash}\n`);
    if (i < found.files.length) contents.push(content);
    if (i % SLICE === SLICE - 1) {
      await breathe();
      signal?.throwIfAborted();
    }
  }
  return { all: all.digest("hex"), contents };
}

function contentHash(path: string): Content {
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
