/** Build step: puts the two grammars and their licences beside the built code, so that the package needs no grammar package at run time. */
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("../../src/syntax/grammars/", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const language of ["c", "cpp"]) {
  const file = `tree-sitter-${language}.wasm`;
  copyFileSync(require.resolve(`tree-sitter-${language}/${file}`), folder + file);
  copyFileSync(require.resolve(`tree-sitter-${language}/LICENSE`), `${folder}tree-sitter-${language}.LICENSE`);
}
