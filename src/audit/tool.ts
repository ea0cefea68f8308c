/** Which ungil this is: its name and version, and a key that changes whenever its code does. */
import { createHash } from "node:crypto";
import { codeIdentity, ownPackage } from "./own-files.ts";

let tool: { name: string; version: string } | undefined;

/** Name and version of the package. */
export function toolInfo(): { name: string; version: string } {
  tool ??= ownPackage();
  return tool;
}

let key: string | undefined;

/**
 * Hash over version, Node's major version (it decides the serialisation format) and what tells this code from other code.
 * Cache entries of another build are never read.
 */
export function buildKey(): string {
  key ??= createHash("sha256")
    .update(`${toolInfo().version} ${process.versions.node.split(".")[0]}\n${codeIdentity()}`)
    .digest("hex")
    .slice(0, 16);
  return key;
}
