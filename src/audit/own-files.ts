/**
 * ungil's own files, as npm installs them. The only module, beside src/syntax/wasm-files.ts, that looks for them on disk: the
 * single-file bundle (cli/dev/bundle) puts another one in its place.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Name and version from the package's own package.json. @throws Error if there is none above the code. */
export function ownPackage(): { name: string; version: string } {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, "package.json"))) {
    const up = dirname(dir);
    if (up === dir) throw new Error("package.json of ungil not found above its code");
    dir = up;
  }
  const { name, version } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  return { name, version };
}

/** Another text for other code: names, sizes and times of all files that findings depend on. npm gives a version the same times everywhere. */
export function codeIdentity(): string {
  const code = join(import.meta.dirname, "..", "..");
  const lines: string[] = [];
  for (const part of ["src", "rules"]) {
    for (const path of filesIn(join(code, part))) {
      const { size, mtimeMs } = statSync(path);
      lines.push(`${relative(code, path)} ${size} ${mtimeMs}`);
    }
  }
  return lines.join("\n");
}

/** The module to run in worker threads. */
export function workerModule(): URL {
  return new URL("./worker.js", import.meta.url);
}

function* filesIn(dir: string): Generator<string> {
  if (!existsSync(dir)) return;
  const entries = readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (/\.(js|ts|wasm)$/.test(entry.name)) yield path;
  }
}
