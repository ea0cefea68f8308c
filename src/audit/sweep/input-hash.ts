/** A hash of everything that the audit of a target reads. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { discover } from "../../project/discover/discover.ts";
import { contentHashes, sha } from "../content-hash.ts";
import { UsageError } from "../types.ts";
import { packageInfo } from "./package-info.ts";

/**
 * For a file the hash of its bytes, for a folder one over the files that an audit with these globs takes. It does not depend on
 * where the target is, nor on times.
 * @throws UsageError for what is neither, and what the file system throws.
 */
export async function inputHash(
  location: string,
  globs: { include: string[]; exclude: string[] },
  signal?: AbortSignal,
): Promise<string> {
  const stat = statSync(location);
  // A FIFO would be waited for.
  if (!stat.isDirectory() && !stat.isFile()) throw new UsageError("neither a folder nor an archive");
  if (stat.isFile()) {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(location, { signal })) hash.update(chunk);
    return hash.digest("hex").slice(0, 32);
  }
  const found = await discover(["."], { cwd: location, ...globs });
  const { all } = await contentHashes(found, signal);
  return sha(JSON.stringify([all, packageInfo(location)]));
}
