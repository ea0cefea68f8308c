/**
 * ungil's own files, as npm installs them. The only module, beside src/syntax/wasm-files.ts, that looks for them on disk: the
 * single-file bundle (cli/dev/bundle) puts another one in its place.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** File in the folder of the built code, with the hash of `codeFiles`. */
export const BUILD_ID = "build-id";

/** Name and version from the package's own package.json. @throws Error if there is none above the code. */
export function ownPackage(): { name: string; version: string } {
  const { name, version } = JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8"));
  return { name, version };
}

/**
 * Another text for other code that findings depend on. An installed package has the hash that the build wrote down: its files get new
 * times with every installation. In a checkout, where code changes without a build, it is sizes and times.
 */
export function codeIdentity(): string {
  const code = join(import.meta.dirname, "..", "..");
  const built = join(code, BUILD_ID);
  if (basename(dirname(packageFolder())) === "node_modules" && existsSync(built)) return readFileSync(built, "utf8");
  const stamps = codeFiles(code).map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${relative(code, path)} ${size} ${mtimeMs}`;
  });
  return stamps.join("\n");
}

/** Absolute paths of all code below `code` that findings depend on, in a fixed order. */
export function codeFiles(code: string): string[] {
  return ["src", "rules"].flatMap((part) => [...filesIn(join(code, part))]);
}

/** The module to run in worker threads. */
export function workerModule(): URL {
  return new URL("./worker.js", import.meta.url);
}

function packageFolder(): string {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, "package.json"))) {
    const up = dirname(dir);
    if (up === dir) throw new Error("package.json of ungil not found above its code");
    dir = up;
  }
  return dir;
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
