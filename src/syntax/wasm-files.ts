/** Where tree-sitter and the grammars are on disk. The single-file bundle (cli/dev/bundle) carries them in itself instead. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export type WasmFile = "web-tree-sitter" | "tree-sitter-c" | "tree-sitter-cpp";

const require = createRequire(import.meta.url);

/** A grammar is beside the built code in the package, else in node_modules when run from source. @throws Error if it is missing. */
export function wasmBytes(name: WasmFile): Uint8Array {
  const file = `${name}.wasm`;
  const packaged = fileURLToPath(new URL(`./grammars/${file}`, import.meta.url));
  return readFileSync(existsSync(packaged) ? packaged : require.resolve(`${name}/${file}`));
}
