/** Which ungil this is: its name and version, and a key that changes whenever its code does. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename } from "node:path";
import { codeFiles, ownPackage } from "./own-files.ts";

let tool: { name: string; version: string } | undefined;

/** Name and version of the package. */
export function toolInfo(): { name: string; version: string } {
  tool ??= ownPackage();
  return tool;
}

let key: string | undefined;

/**
 * Hash over version, Node's major version (it decides the serialisation format) and size and time of every code file.
 * Cache entries of another build are never read.
 */
export function buildKey(): string {
  if (key) return key;
  const hash = createHash("sha256").update(`${toolInfo().version} ${process.versions.node.split(".")[0]}`);
  for (const path of codeFiles()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${basename(path)} ${size} ${mtimeMs}\n`);
  }
  key = hash.digest("hex").slice(0, 16);
  return key;
}
