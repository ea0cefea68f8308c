/**
 * Build step after the compiler: puts the two grammars beside the built code, so that the package needs no grammar package at run time,
 * and the licences of what is built into it, makes the command executable, removes what was built from sources that are gone, so that it is not packed, and writes down what
 * tells this code from other code.
 */
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import fg from "fast-glob";
import { BUILD_ID, codeFiles } from "../../src/audit/own-files.ts";

const dist = join(import.meta.dirname, "../..");
const root = join(dist, "..");

const folder = join(dist, "src/syntax/grammars");
mkdirSync(folder, { recursive: true });
for (const language of ["tree-sitter-c", "tree-sitter-cpp"]) {
  copy(`${language}/${language}.wasm`, join(folder, `${language}.wasm`));
  copy(`${language}/LICENSE`, join(folder, `${language}.LICENSE`));
}
const assets = join(dist, "src/report/html/assets");
mkdirSync(assets, { recursive: true });
copy("preact/LICENSE", join(assets, "preact.LICENSE"));

chmodSync(join(dist, "cli/ungil.js"), 0o755);

for (const file of fg.sync(["{cli,rules,src,test}/**/*.{js,json}", "!src/report/html/assets/**"], { cwd: dist })) {
  const source = file.replace(/\.js$/, "");
  if ([file, `${source}.ts`, `${source}.tsx`].some((path) => existsSync(join(root, path)))) continue;
  for (const built of [file, `${file}.map`]) rmSync(join(dist, built), { force: true });
}

const hash = createHash("sha256");
for (const path of codeFiles(dist))
  hash
    .update(`${relative(dist, path)}\0`)
    .update(readFileSync(path))
    .update("\0");
writeFileSync(join(dist, BUILD_ID), hash.digest("hex"));

/** Leaves a file alone that is the same: somebody may be reading it. */
function copy(from: string, to: string): void {
  const path = join(root, "node_modules", from);
  if (!existsSync(to) || !readFileSync(path).equals(readFileSync(to))) copyFileSync(path, to);
}
