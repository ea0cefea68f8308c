/** Modules that Cython makes from `.pyx` files. */
import type { ModuleInfo } from "../index-types.ts";
import {
  type Answer,
  baseName,
  buildFilesFor,
  folderOf,
  frameworkModule,
  isAlphanumeric,
  lineAround,
  type Metadata,
  NOTHING,
  uncommented,
} from "./metadata.ts";

const DIRECTIVE = "freethreading_compatible";
/** Templates of `.pyx` files (Tempita) have their own ending after it, or `.templ` before it. */
const TEMPLATES = [".in", ".tp"];
const TEMPLATE_BEFORE = ".templ.p";

/**
 * One module for each `.pyx` file that no other one includes. It declares by the directive: in a header comment of its own or of its
 * `.pxd`, in the build files, or on Cython's command line in them.
 */
export function cythonModules(metadata: readonly Metadata[]): ModuleInfo[] {
  const sources = metadata.filter(({ file }) => moduleName(file) !== undefined);
  const files = new Set(sources.map(({ file }) => file));
  const included = new Set(sources.flatMap((source) => includes(source)));
  return sources
    .filter(({ file }) => !included.has(file) && !(output(file) !== file && files.has(output(file))))
    .map((source) => {
      const place = { file: source.file, start: 0, end: 0 };
      return frameworkModule(moduleName(source.file) ?? "", "cython", place, answerOf(source, metadata));
    });
}

/** The file that a template is expanded to; the file itself if it is none. */
function output(file: string): string {
  const end = TEMPLATES.find((ending) => file.endsWith(ending)) ?? "";
  return file.slice(0, file.length - end.length).replace(TEMPLATE_BEFORE, ".p");
}

function moduleName(file: string): string | undefined {
  const name = baseName(output(file));
  return name.endsWith(".pyx") ? name.slice(0, -".pyx".length) : undefined;
}

/** Paths of the `.pyx` files that `include "..."` lines name, from the folder of the file. */
function includes({ file, text }: Metadata): string[] {
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const [word, quote, name = ""] = line.trim().split(/\s*(["'])/, 3);
    if (word === "include" && quote !== undefined && name.endsWith(".pyx")) found.push(folderOf(file) + name);
  }
  return found;
}

function answerOf(source: Metadata, metadata: readonly Metadata[]): Answer {
  const header = `${output(source.file).slice(0, -".pyx".length)}.pxd`;
  const pxd = metadata.find(({ file }) => output(file) === header);
  return (
    headerDirective(source) ??
    (pxd && headerDirective(pxd)) ??
    firstAnswer(buildFilesFor(source.file, metadata).map(buildDirective)) ??
    NOTHING
  );
}

function firstAnswer(answers: readonly (Answer | undefined)[]): Answer | undefined {
  return answers.find((answer) => answer !== undefined);
}

/** `# cython: name=value, name=value` among the comments that stand before any code. */
function headerDirective({ file, text }: Metadata): Answer | undefined {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (line !== "" && !line.startsWith("#")) return undefined;
    const comment = line.slice(1).trim();
    const at = text.slice(start, end).indexOf(DIRECTIVE);
    if (comment.startsWith("cython") && comment.slice("cython".length).trimStart().startsWith(":") && at >= 0)
      return answerAt(file, text, start + at);
    start = end + 1;
  }
  return undefined;
}

/** By the object of the file: many sources ask the same build files. */
const remembered = new WeakMap<Metadata, Answer | null>();

/** `"name": True`, `name=True`, `["name"] = True`, `-Xname=True` in a build file. One that says yes outweighs the others. */
function buildDirective(build: Metadata): Answer | undefined {
  let answer = remembered.get(build);
  if (answer === undefined) {
    const { file, text } = build;
    const answers = uncommented(text, DIRECTIVE).map((at) => answerAt(file, text, at));
    const best = ["yes", "unknown", "no"].map((declared) => answers.find((a) => a.declared === declared));
    answer = firstAnswer(best) ?? null;
    remembered.set(build, answer);
  }
  return answer ?? undefined;
}

/** The value behind the name of the directive: what stands between them is quotes, brackets, and a separator. */
function answerAt(file: string, text: string, at: number): Answer {
  let valueAt = at + DIRECTIVE.length;
  while (" \t\r\n\"'])}:=,".includes(text[valueAt] ?? "x")) valueAt++;
  let end = valueAt;
  while (isAlphanumeric(text[end] ?? "\n") || text[end] === "_") end++;
  const value = text.slice(valueAt, end).toLowerCase();
  const isYes = value === "true" || value === "1";
  const declared = isYes ? "yes" : value === "false" || value === "0" ? "no" : "unknown";
  const place = { file, start: at, end: at + DIRECTIVE.length, text: lineAround(text, at) };
  return { declared, evidence: declared === "no" ? [] : [place] };
}
