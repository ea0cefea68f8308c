/** Build step: the code and the styles of the HTML report and of the ranking of a sweep, each as one small file beside the built code. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../../..");
const client = join(root, "src/report/html/client");
const assets = join(root, "dist/src/report/html/assets");
/** The first browsers that know `light-dark()`. */
const BROWSERS = ["chrome123", "firefox120", "safari17.5"];
/** The licence wants to be named in every copy. */
const NOTICE = "/*! Preact, MIT, (c) 2015-present Jason Miller */";

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: {
    client: join(client, "main.tsx"),
    page: join(client, "page.css"),
    ranking: join(client, "ranking/ranking.ts"),
    "ranking-page": join(client, "ranking/ranking.css"),
  },
  outdir: assets,
  bundle: true,
  write: false,
  format: "iife",
  platform: "browser",
  target: BROWSERS,
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  // The same bytes wherever they are served from.
  charset: "ascii",
  legalComments: "none",
  banner: { js: NOTICE },
  logLevel: "warning",
});
mkdirSync(assets, { recursive: true });
for (const { path, contents } of outputFiles) {
  // Somebody may be reading it.
  if (!existsSync(path) || !readFileSync(path).equals(contents)) writeFileSync(path, contents);
}
