/** The licences of the libraries in the bundle. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
/** Carried in a form in which the bundler does not see them: WASM, and the page of the HTML report. */
const UNSEEN = ["node_modules/tree-sitter-c", "node_modules/tree-sitter-cpp", "node_modules/preact"];
/** Comes without its licence, which has the same owner and the same words as that of another package. */
const SAME_AS: Readonly<Record<string, string>> = { "yoga-layout": "react" };

/**
 * One section a package that `inputs` (paths below `root`) belong to, sorted by name.
 * @throws Error for a package that comes without the text of its licence.
 */
export function licences(root: string, inputs: readonly string[]): string {
  const folders = new Set([...UNSEEN, ...inputs.flatMap((path) => PACKAGE.exec(path)?.[0] ?? [])]);
  const sections = [...folders].map((folder) => section(join(root, folder), join(root, "node_modules"))).sort();
  return `ungil.mjs contains the packages below, each under its own licence.\n\n${sections.join("\n")}`;
}

function section(folder: string, packages: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = textsIn(name in SAME_AS ? join(packages, SAME_AS[name]) : folder);
  if (texts.length === 0) throw new Error(`${name} ${version} has no licence file`);
  return `${"=".repeat(72)}\n${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`;
}

function textsIn(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  return files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
}
