/** Which ungil this is: its name and version, and a key that changes whenever its code does. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

function packageFolder(): string {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, "package.json"))) {
    const up = dirname(dir);
    if (up === dir) throw new Error("package.json of ungil not found above its code");
    dir = up;
  }
  return dir;
}

let tool: { name: string; version: string } | undefined;

/** Name and version from the package's own package.json. */
export function toolInfo(): { name: string; version: string } {
  if (!tool) {
    const { name, version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8"));
    tool = { name, version };
  }
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
  const code = join(import.meta.dirname, "..", "..");
  for (const part of ["src", "rules"]) addFolder(hash, join(code, part));
  key = hash.digest("hex").slice(0, 16);
  return key;
}

function addFolder(hash: ReturnType<typeof createHash>, dir: string): void {
  if (!existsSync(dir)) return;
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) addFolder(hash, path);
    else if (/\.(js|ts|wasm)$/.test(entry.name)) {
      const { size, mtimeMs } = statSync(path);
      hash.update(`${entry.name} ${size} ${mtimeMs}\n`);
    }
  }
}
