/** Modules that SWIG, SIP and f2py make from their interface files. */
import type { ModuleInfo, SourcePlace } from "../index-types.ts";
import {
  type Answer,
  baseName,
  buildFilesFor,
  CANNOT_TELL,
  frameworkModule,
  isAlphanumeric,
  isCMake,
  lineAround,
  type Metadata,
  NOTHING,
  yesWhere,
} from "./metadata.ts";

const SWIG_EXTENSIONS = [".i", ".swg", ".swig"];

/**
 * One module for each SWIG interface with a `%module` that no other interface includes. SWIG serves many languages and
 * takes its options on the command line alone, so a project whose build files do not mention it leaves the answer open.
 */
export function swigModules(metadata: readonly Metadata[]): ModuleInfo[] {
  const sources = metadata.filter(({ file }) => SWIG_EXTENSIONS.some((extension) => file.endsWith(extension)));
  const included = new Set(sources.flatMap(({ text }) => swigIncludes(text)));
  const modules: ModuleInfo[] = [];
  for (const source of sources) {
    if (included.has(baseName(source.file))) continue;
    const found = directive(source, "%module");
    // The extension has an underscore before the name; the name itself is the Python file that SWIG writes.
    if (found) modules.push(frameworkModule(`_${found.name}`, "swig", found, swigAnswer(source, metadata)));
  }
  return modules;
}

function swigIncludes(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("%include"))
    .map((line) =>
      baseName(
        line
          .slice("%include".length)
          .split("//", 1)[0]
          .replaceAll(/["'<>]/g, "")
          .trim(),
      ),
    );
}

/** `-nogil` writes `SWIGPYTHON_NOGIL` into the wrapper, which an interface may also define by itself. */
function swigAnswer(source: Metadata, metadata: readonly Metadata[]): Answer {
  const builds = buildFilesFor(source.file, metadata);
  const yes = yesWhere(builds, "-nogil") ?? yesWhere(builds, "SWIGPYTHON_NOGIL") ?? definedIn(source);
  if (yes) return yes;
  return builds.some((build) => runsSwig(build, baseName(source.file))) ? NOTHING : CANNOT_TELL;
}

/** A line `#define SWIGPYTHON_NOGIL`. */
function definedIn({ file, text }: Metadata): Answer | undefined {
  const word = "SWIGPYTHON_NOGIL";
  const at = text.indexOf(word);
  if (at < 0) return undefined;
  const line = lineAround(text, at);
  const isDefined = line.startsWith("#") && line.slice(1).trimStart().startsWith("define ");
  return isDefined
    ? { declared: "yes", evidence: [{ file, start: at, end: at + word.length, text: line }] }
    : undefined;
}

function runsSwig({ file, text }: Metadata, interfaceFile: string): boolean {
  const lower = text.toLowerCase();
  if (isCMake(file)) return lower.includes("swig") && lower.includes("python");
  return lower.includes("swig") || text.includes(interfaceFile);
}

/** SIP modules: nothing in the interface or the build files can declare them. */
export function sipModules(metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  for (const source of metadata) {
    const found = source.file.endsWith(".sip") ? directive(source, "%Module") : undefined;
    if (found) modules.push(frameworkModule(found.name, "sip", found, NOTHING));
  }
  return modules;
}

/**
 * `%module name`, `%module(option="x") name`, `%Module(name=a.b)` at the start of a line outside of comments and of
 * literal code.
 */
function directive({ file, text }: Metadata, word: string): (SourcePlace & { name: string }) | undefined {
  let isLineStart = true;
  for (let i = 0; i < text.length; i++) {
    const end = skipped(text, i);
    if (end > i) {
      i = end - 1;
      continue;
    }
    if (isLineStart && isDirective(text, i, word)) {
      const name = nameAfter(text, i + word.length);
      if (name !== "") return { file, start: i, end: i + word.length, name: name.slice(name.lastIndexOf(".") + 1) };
    }
    const c = text[i];
    if (c === "\n") isLineStart = true;
    else if (c !== " " && c !== "\t" && c !== "\r") isLineStart = false;
  }
  return undefined;
}

const SKIPPED: readonly (readonly [open: string, close: string])[] = [
  ["/*", "*/"],
  ["//", "\n"],
  ["%{", "%}"],
];

/** End of the comment or literal code that begins at an offset; the offset itself if none does. */
function skipped(text: string, at: number): number {
  for (const [open, close] of SKIPPED) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    if (end < 0) return text.length;
    return close === "\n" ? end : end + close.length;
  }
  return at;
}

function isDirective(text: string, at: number, word: string): boolean {
  const next = text[at + word.length] ?? "";
  return text.startsWith(word, at) && !isAlphanumeric(next) && next !== "_";
}

function nameAfter(text: string, from: number): string {
  let at = from;
  let options = "";
  while (text[at] === " " || text[at] === "\t") at++;
  if (text[at] === "(") {
    const close = text.indexOf(")", at);
    if (close < 0) return "";
    options = text.slice(at + 1, close);
    at = close + 1;
  }
  const option = options
    .split(",")
    .map((part) => part.split("="))
    .find(([key]) => key.trim() === "name");
  const rest = option?.[1] ?? text.slice(at, text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at));
  return leadingName(rest.trim().replaceAll('"', ""));
}

/** A name, or names with dots between them, at the start of a text. */
function leadingName(text: string): string {
  let end = 0;
  while (end < text.length && (isAlphanumeric(text[end]) || text[end] === "_" || text[end] === ".")) end++;
  return text.slice(0, end);
}

const F2PY_OPTION = "--freethreading-compatible";
const F2PY_HEAD = "python module";

/** Modules of f2py signature files. Blocks of callbacks (`name__user__routines`) are no modules. */
export function f2pyModules(metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  for (const source of metadata) {
    const { file, text } = source;
    if (!file.endsWith(".pyf") && !file.endsWith(".pyf.src")) continue;
    let start = 0;
    for (const line of text.split("\n")) {
      const at = start + line.length - line.trimStart().length;
      start += line.length + 1;
      if (!line.trimStart().toLowerCase().startsWith(F2PY_HEAD)) continue;
      const name = leadingName(line.trimStart().slice(F2PY_HEAD.length).trim());
      if (name === "" || name.includes("__user__")) continue;
      const answer = yesWhere(buildFilesFor(file, metadata), F2PY_OPTION) ?? NOTHING;
      modules.push(frameworkModule(name, "f2py", { file, start: at, end: at + F2PY_HEAD.length }, answer));
    }
  }
  return modules;
}
