/** The part of the bundler that puts into the bundle what ungil else reads from its folder on disk. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "esbuild";
import { ownPackage } from "../../../src/audit/own-files.ts";
import type { WasmFile } from "../../../src/syntax/wasm-files.ts";

const require = createRequire(import.meta.url);
const WASM: readonly WasmFile[] = ["web-tree-sitter", "tree-sitter-c", "tree-sitter-cpp"];
/** The best one takes 5 s for 10 % less. */
const QUALITY = 9;

/** Stands where the bundle has the hash of its own text. */
export const BUILD = "@ungil-build@";

/** A text file beside the module that reads it. */
const ASSET = /readFileSync\(\s*join\(import\.meta\.dirname,\s*"([^"]+)"\),\s*"utf8",?\s*\)/g;
/** tinypool starts its workers from a file of its own; there is only one file. */
const WORKER_FILE = 'import.meta.url + "/../entry/worker.js"';

/** @param root of the checkout; the build fails for a module of ours that would look for a file that is not there. */
export function ownFilesInside(root: string): Plugin {
  const standIns = new Map([
    ["src/audit/own-files.ts", ownFiles()],
    ["src/syntax/wasm-files.ts", wasmFiles()],
  ]);
  return {
    name: "own-files-inside",
    setup(build) {
      build.onLoad({ filter: /[\\/](src|cli|rules)[\\/].*\.tsx?$/ }, ({ path }) => {
        const file = relative(root, path).split(sep).join("/");
        if (file.startsWith("..") || file.includes("node_modules/")) return;
        const standIn = standIns.get(file);
        if (standIn !== undefined) return { contents: standIn, loader: "js" };
        const text = readFileSync(path, "utf8").replace(ASSET, (_, asset: string) =>
          JSON.stringify(assetText(root, dirname(file), asset)),
        );
        if (text.includes("import.meta.")) throw new Error(`${file} looks for files beside it: see cli/dev/bundle`);
        return { contents: text, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
      build.onLoad({ filter: /tinypool[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
        const parts = readFileSync(path, "utf8").split(WORKER_FILE);
        if (parts.length !== 2) throw new Error("tinypool starts its workers in another way than the bundle expects");
        return { contents: parts.join("import.meta.url"), loader: "js" };
      });
      // Ink's developer tools need a package that nobody has installed.
      build.onLoad({ filter: /ink[\\/]build[\\/]devtools\.js$/ }, () => ({ contents: "" }));
    },
  };
}

/** Some are made by the build. */
function assetText(root: string, folder: string, asset: string): string {
  const source = join(root, folder, asset);
  return readFileSync(existsSync(source) ? source : join(root, "dist", folder, asset), "utf8");
}

function ownFiles(): string {
  return `
export const ownPackage = () => (${JSON.stringify(ownPackage())});
export const codeIdentity = () => "${BUILD}";
export const workerModule = () => new URL(import.meta.url);
`;
}

function wasmFiles(): string {
  const entries = WASM.map((name) => {
    const bytes = readFileSync(require.resolve(`${name}/${name}.wasm`));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_LGWIN]: 24 } };
    return `${JSON.stringify(name)}: "${brotliCompressSync(bytes, options).toString("base64")}"`;
  });
  return `
import { brotliDecompressSync } from "node:zlib";
const PACKED = { ${entries.join(", ")} };
export const wasmBytes = (name) => brotliDecompressSync(Buffer.from(PACKED[name], "base64"));
`;
}
