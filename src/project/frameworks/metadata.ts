/** Build files and the sources of frameworks: which of them speak for a given source, and what they say outside of comments. */
import type { GilDeclaration, ModuleInfo, SourcePlace } from "../index-types.ts";

/** A build file or framework source with its text. */
export interface Metadata {
  file: string;
  text: string;
}

/** What a module declares, and where. */
export interface Answer {
  declared: GilDeclaration;
  evidence: ModuleInfo["evidence"];
}

export const NOTHING: Answer = { declared: "no", evidence: [] };
/** Nothing in the project says how the module is built. */
export const CANNOT_TELL: Answer = { declared: "unknown", evidence: [] };

export function frameworkModule(name: string, framework: string, place: SourcePlace, answer: Answer): ModuleInfo {
  const { file, start, end } = place;
  return {
    name,
    file,
    start,
    end,
    phase: "framework",
    slotRows: [],
    methods: [],
    stateSize: "",
    ...answer,
    framework,
    files: [],
  };
}

/** Last part of a path. */
export function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** Folder of a path with a slash at its end; "" for the root of the scan. */
export function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

/** True for a folder that holds the file, at any depth. Build files above the root of the scan (`../setup.py`) hold everything. */
export function holds(folder: string, file: string): boolean {
  return folder.endsWith("../") || file.startsWith(folder);
}

const BUILD_EXTENSIONS = [".py", ".cfg", ".toml", ".build", ".cmake", ".txt"];
const PROJECT_FILES = ["setup.py", "pyproject.toml"];

export function isBuildFile(file: string): boolean {
  return BUILD_EXTENSIONS.some((extension) => file.endsWith(extension)) && baseName(file) !== "Cargo.toml";
}

export function isCMake(file: string): boolean {
  return file.endsWith("CMakeLists.txt") || file.endsWith(".cmake");
}

/**
 * The build files that speak for a source, the nearest first: those in the folders above it, then the others of the same
 * project, which is the nearest folder with a `setup.py` or `pyproject.toml`.
 */
export function buildFilesFor(source: string, metadata: readonly Metadata[]): Metadata[] {
  const builds = metadata.filter(({ file }) => isBuildFile(file));
  const above = builds.filter(({ file }) => holds(folderOf(file), source)).sort(byDepth);
  const project = above.find(({ file }) => PROJECT_FILES.includes(baseName(file)));
  const top = project ? folderOf(project.file) : "";
  const others = builds.filter((build) => !above.includes(build) && holds(top, build.file));
  return [...above, ...others];
}

/** Deepest folder first; folders above the root of the scan come last, the nearest of them first. */
function byDepth(a: Metadata, b: Metadata): number {
  const depth = ({ file }: Metadata) => {
    const names = file.split("/");
    const ups = names.filter((name) => name === "..").length;
    return names.length - 2 * ups;
  };
  return depth(b) - depth(a);
}

/** Start offsets of `word` where it stands alone, outside of comments. Hyphens count as part of a word. */
export function wordsIn(text: string, word: string): number[] {
  return uncommented(text, word).filter((at) => !isWordPart(text[at - 1]) && !isWordPart(text[at + word.length]));
}

function isWordPart(c: string | undefined): boolean {
  return c !== undefined && (c === "_" || c === "-" || isAlphanumeric(c));
}

export function isAlphanumeric(c: string): boolean {
  return (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || (c >= "0" && c <= "9");
}

/**
 * Start offsets of a text outside of comments. A comment begins with a `#` that is not within quotes: Python, CMake, Meson and TOML
 * agree on that. Looks at every line once, however long it is.
 */
export function uncommented(text: string, wanted: string): number[] {
  const found: number[] = [];
  let line = { end: -1, comment: 0 };
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (at >= line.end) line = lineFrom(text, text.lastIndexOf("\n", at - 1) + 1);
    if (at < line.comment) found.push(at);
  }
  return found;
}

/** End of a line, and where its comment begins: the end of the line if it has none. */
function lineFrom(text: string, start: number): { end: number; comment: number } {
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  let quote = "";
  for (let i = start; i < end; i++) {
    const c = text[i];
    if (quote !== "") {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "#") return { end, comment: i };
  }
  return { end, comment: end };
}

/** How much of a long line is quoted on either side. */
const QUOTED = 120;

/** Text of the line around an offset without the blanks around it; of a very long line only what is near. */
export function lineAround(text: string, offset: number): string {
  const from = Math.max(0, offset - QUOTED);
  const near = text.slice(from, offset + QUOTED);
  const start = near.lastIndexOf("\n", offset - from - 1) + 1;
  const end = near.indexOf("\n", offset - from);
  return near.slice(start, end < 0 ? near.length : end).trim();
}

/** The first place of a word in build files that says that the GIL is not needed. */
export function yesWhere(builds: readonly Metadata[], word: string): Answer | undefined {
  for (const { file, text } of builds) {
    const [at] = wordsIn(text, word);
    if (at !== undefined)
      return { declared: "yes", evidence: [{ file, start: at, end: at + word.length, text: word }] };
  }
  return undefined;
}
