/**
 * How well and how fast sources are parsed: `npm run bench:parse -- [--list] [--plain] DIR...`. With universal-ctags
 * installed, the functions found are held against those that ctags reports.
 */
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { detectLanguage } from "../../src/syntax/view/language.ts";
import { readSource } from "../../src/text/source.ts";
import { ctagsFunctions } from "./parse-ctags.ts";
import { type FileResult, initParsers, measureFile } from "./parse-file.ts";
import { Lowering, type SourceFile } from "./parse-lowering.ts";

const SOURCE = /\.(?:c|h|cc|cpp|cxx|hpp|hh|hxx|inl)(?:\.src)?$/i;

const args = process.argv.slice(2);
const list = args.includes("--list");
const folders = args.filter((arg) => !arg.startsWith("--"));
if (folders.length === 0) {
  console.error("usage: npm run bench:parse -- [--list] DIR...");
  process.exit(2);
}

await initParsers();
const totals: Totals[] = [];
for (const folder of folders) totals.push(benchFolder(folder));
if (totals.length > 1) print("all", sum(totals));

interface Totals {
  files: number;
  bytes: number;
  viewMs: number;
  parseMs: number;
  treeMs: number;
  errorBytes: number;
  errorFiles: number;
  plainErrorBytes: number;
  plainErrorFiles: number;
  tags: number;
  tagsFound: number;
  hasTags: boolean;
  functions: number;
  lowered: number;
  unknown: number;
  markers: number;
  markersAsStatements: number;
  plainMarkersAsStatements: number;
  cleanBodies: number;
  sameBodies: number;
}

function benchFolder(folder: string): Totals {
  const total = sum([]);
  const tags = ctagsFunctions(folder);
  total.hasTags = tags !== null;
  const files: SourceFile[] = [];
  for (const path of sources(folder)) {
    const file = relative(folder, path) || path;
    const source = readSource(path, file);
    if ("problem" in source) console.log(`${file}: ${source.problem.message}`);
    else files.push({ path, source, language: detectLanguage(file, source.text), template: /\.src$/i.test(file) });
  }
  const lowering = new Lowering(files);
  for (const file of files) {
    const { path, source } = file;
    const result = measureFile(source.text, file.language, file.template);
    const lowered = lowering.functions(file);
    total.files++;
    total.bytes += source.text.length;
    total.lowered += lowered.count;
    total.unknown += lowered.withUnknown;
    add(total, result);
    if (list) for (const place of result.errors) console.log(`error   ${path}:${place}`);
    if (list) for (const place of result.oddMarkers) console.log(`marker  ${path}:${place}`);
    if (list) for (const place of result.changedBodies) console.log(`changed ${path}:${place}`);
    for (const tag of tags?.get(path) ?? []) {
      if (result.isDead(tag.line)) continue;
      total.tags++;
      if (lowered.has(tag)) total.tagsFound++;
      else if (list) console.log(`missing ${path}:${tag.line} ${tag.name}`);
    }
  }
  print(folder, total);
  return total;
}

function add(total: Totals, result: FileResult): void {
  total.viewMs += result.viewMs;
  total.parseMs += result.parseMs;
  total.treeMs += result.treeMs;
  total.errorBytes += result.errorBytes;
  if (result.errors.length > 0) total.errorFiles++;
  total.plainErrorBytes += result.plainErrorBytes;
  if (result.plainErrors > 0) total.plainErrorFiles++;
  total.functions += result.heads.length;
  total.markers += result.markers;
  total.markersAsStatements += result.markersAsStatements;
  total.plainMarkersAsStatements += result.plainMarkersAsStatements;
  total.cleanBodies += result.cleanBodies;
  total.sameBodies += result.cleanBodies - result.changedBodies.length;
}

function sum(parts: Totals[]): Totals {
  const total: Totals = {
    files: 0,
    bytes: 0,
    viewMs: 0,
    parseMs: 0,
    treeMs: 0,
    errorBytes: 0,
    errorFiles: 0,
    plainErrorBytes: 0,
    plainErrorFiles: 0,
    tags: 0,
    tagsFound: 0,
    hasTags: parts.some((part) => part.hasTags),
    functions: 0,
    lowered: 0,
    unknown: 0,
    markers: 0,
    markersAsStatements: 0,
    plainMarkersAsStatements: 0,
    cleanBodies: 0,
    sameBodies: 0,
  };
  for (const part of parts) {
    for (const key of Object.keys(total) as (keyof Totals)[]) {
      if (key !== "hasTags") total[key] += part[key];
    }
  }
  return total;
}

function print(name: string, t: Totals): void {
  const percent = (part: number, whole: number): string =>
    whole === 0 ? "-" : `${((100 * part) / whole).toFixed(3)}%`;
  const speed = (ms: number): string => (ms === 0 ? "-" : `${(t.bytes / 1000 / ms).toFixed(1)} MB/s`);
  console.log(`
${name}
  files                        ${t.files}, ${(t.bytes / 1e6).toFixed(2)} MB
  view, parse, plain tree      ${speed(t.viewMs)}, ${speed(t.parseMs)}, ${speed(t.treeMs)}
  bytes in error regions       ${percent(t.errorBytes, t.bytes)} (${t.errorBytes}; without the view ${percent(t.plainErrorBytes, t.bytes)})
  files with errors            ${percent(t.errorFiles, t.files)} (${t.errorFiles}; without the view ${percent(t.plainErrorFiles, t.files)})
  functions found              ${t.functions}
  functions lowered            ${t.lowered}, ${percent(t.unknown, t.lowered)} of them with anything unknown
  functions of ctags lowered   ${t.hasTags ? `${percent(t.tagsFound, t.tags)} (${t.tags - t.tagsFound} of ${t.tags} missing)` : "ctags is not installed"}
  marker macros as statements  ${percent(t.markersAsStatements, t.markers)} (${t.markers}; without the view ${percent(t.plainMarkersAsStatements, t.markers)})
  clean bodies unchanged       ${percent(t.sameBodies, t.cleanBodies)} (${t.cleanBodies - t.sameBodies} of ${t.cleanBodies} changed)`);
}

function sources(path: string): string[] {
  if (!statSync(path).isDirectory()) return SOURCE.test(path) ? [path] : [];
  const found: string[] = [];
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() && entry.name !== ".git") found.push(...sources(join(path, entry.name)));
    else if (entry.isFile() && SOURCE.test(entry.name)) found.push(join(path, entry.name));
  }
  return found;
}
