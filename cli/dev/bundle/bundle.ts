/** Makes the single-file bundle: `dist/bundle/ungil.mjs`, for machines without npm. `node bundle.js [FOLDER]` writes elsewhere. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { licences } from "./licences.ts";
import { BUILD, ownFilesInside } from "./own-files-inside.ts";

const root = join(import.meta.dirname, "../../../..");
const folder = resolve(process.argv[2] ?? join(root, "dist/bundle"));
const NAME = "ungil.mjs";

/** Worker threads run the same file: tinypool's part for workers, which then imports the default export. */
const ENTRY = `
import { isMainThread } from "node:worker_threads";
export default async (batch) => (await import("./src/audit/worker.ts")).default(batch);
await (isMainThread ? import("./cli/ungil.ts") : import("./node_modules/tinypool/dist/entry/worker.js"));
`;

const HEADER = `#!/usr/bin/env node
// ungil, with the libraries that it uses. Their licences: ${NAME}.LEGAL.txt
import { createRequire as requireFor } from "node:module";
const require = requireFor(import.meta.url);`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  stdin: { contents: ENTRY, resolveDir: root, sourcefile: "entry.js" },
  outfile: join(folder, NAME),
  bundle: true,
  platform: "node",
  format: "esm",
  // Older than what is supported: such a Node.js must be able to read the file to say that it is too old.
  target: "node18",
  banner: { js: HEADER },
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  // What React asks for; cli/tui/start.ts sets it for an installation.
  define: { "process.env.NODE_ENV": '"production"' },
  logOverride: { "assign-to-define": "silent" },
  plugins: [ownFilesInside(root)],
  metafile: true,
  write: false,
  logLevel: "warning",
});
const [{ text }] = outputFiles;
const hash = createHash("sha256").update(text).digest("hex");
writeFileSync(join(folder, NAME), text.replace(BUILD, hash), { mode: 0o755 });
writeFileSync(join(folder, `${NAME}.LEGAL.txt`), licences(root, Object.keys(metafile.inputs)));
const megabytes = (statSync(join(folder, NAME)).size / 1e6).toFixed(1);
process.stdout.write(`${relative(process.cwd(), join(folder, NAME))}: ${megabytes} MB\n`);
