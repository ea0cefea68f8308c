/** A compilation database (`compile_commands.json`), as CMake, Meson and others write it. */
import { readFileSync, realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import fg from "fast-glob";
import { isInside, type Shadow } from "./shadow.ts";
import { shellWords } from "./shell-words.ts";

export interface CompileCommand {
  /** Absolute path of the folder that the command runs in. */
  directory: string;
  /** The compiler and its arguments. */
  words: string[];
}

/** One command a file: the first that the database has for it. */
export interface CompileCommands {
  /** Absolute path of the database. */
  path: string;
  /** By absolute path of the file, links resolved. */
  commands: ReadonlyMap<string, CompileCommand>;
}

/** Where build systems leave it, most usual first. */
const PLACES = [
  "compile_commands.json",
  "{build,builddir,_build,out}/{,*/}compile_commands.json",
  "build*/compile_commands.json",
];

/** The database of a project, undefined if there is none. @throws if it is no such thing. */
export function findCompileCommands(top: string): CompileCommands | undefined {
  for (const place of PLACES) {
    const [found] = fg.sync(place, { cwd: top, absolute: true, dot: true }).sort();
    if (found !== undefined) return readCompileCommands(found);
  }
  return undefined;
}

function readCompileCommands(path: string): CompileCommands {
  const entries = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(entries)) throw new Error(`${path} is not a compilation database`);
  const commands = new Map<string, CompileCommand>();
  for (const { directory, file, arguments: list, command } of entries) {
    if (typeof file !== "string" || typeof directory !== "string") continue;
    const at = real(resolve(directory, file));
    const words: string[] = Array.isArray(list) ? list.map(String) : shellWords(String(command ?? ""));
    if (words.length > 0 && !commands.has(at)) commands.set(at, { directory, words });
  }
  return { path, commands };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Options whose next word is the name of something written. */
const WRITES = new Set(["-o", "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics"]);
/** Options, and beginnings of options, that make the compiler write. */
const WRITING = new Set(["-c", "-S", "-E", "-MD", "-MMD", "-MP", "-save-temps"]);

/** The same command, but the compiler only looks and writes nothing. */
export function lookingOnly({ directory, words }: CompileCommand): CompileCommand {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    if (WRITES.has(words[i])) i++;
    else if (!WRITING.has(words[i]) && !/^-(o|MF|MT|MQ|MJ)./.test(words[i])) kept.push(words[i]);
  }
  return { directory, words: [...kept, "-fsyntax-only"] };
}

/** Options whose value, in the same word or the next, is a path. */
const PATH_OPTION = /^(-I|-L|-F|-isystem|-iquote|-idirafter|-include|-imacros|--sysroot=|-isysroot)(.+)$/;

/** The same command for the shadow: every path into the project becomes one into its shadow. */
export function inShadow({ directory, words }: CompileCommand, top: string, shadow: Shadow): CompileCommand {
  const moved = (path: string): string => {
    const absolute = resolve(directory, path);
    if (!isInside(absolute, top)) return path;
    const target = shadow.pathOf(absolute);
    return path === absolute ? target : relative(shadow.pathOf(directory), target) || ".";
  };
  const isPath = (word: string, before: string | undefined) =>
    !word.startsWith("-") &&
    (word.includes("/") || PATH_OPTION.test(`${before ?? ""}x`) || isInside(join(directory, word), top));
  const mapped = words.map((word, i) => {
    if (i === 0) return word;
    const option = PATH_OPTION.exec(word);
    if (option) return option[1] + moved(option[2]);
    return isPath(word, words[i - 1]) ? moved(word) : word;
  });
  return { directory: shadow.pathOf(directory), words: mapped };
}
