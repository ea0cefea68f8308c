/** Finds and reads the configuration of a project. */
import { lstatSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { LineMap } from "../../text/lines.ts";
import { type KeyPath, TomlPlaces } from "../../text/toml-places.ts";
import { UsageError } from "../types.ts";
import { foldersUpwards } from "./find.ts";
import { parseToml } from "./toml.ts";
import type { ConfigValues } from "./values.ts";

export interface Config {
  /** Absolute path of the file. */
  file: string;
  /** Folder that globs in it start from. */
  folder: string;
  values: ConfigValues;
  /** `ungil.toml:3:1` for a key, from the table of the configuration downwards. */
  placeOf(path: KeyPath): string;
}

export const OWN_FILE = "ungil.toml";
export const PROJECT_FILE = "pyproject.toml";
/** Where the configuration stands in `pyproject.toml`. */
export const TABLE: KeyPath = ["tool", "ungil"];

/** The same in a text that is not valid TOML: a header or a dotted key. */
const TABLE_WRITTEN = /^[ \t]*(\[+[ \t]*)?["']?tool["']?[ \t]*\.[ \t]*["']?ungil\b|^[ \t]*["']?ungil["']?[ \t]*[.=]/m;

/**
 * The configuration that counts for `folder`: the nearest `ungil.toml`, or `pyproject.toml` with a table `[tool.ungil]`, from
 * there upwards to the top of the repository. `cwd` is what paths in messages are relative to. Undefined if there is none.
 * @throws UsageError for a file that is wrong, with file and line.
 */
export async function findConfig(folder: string, cwd: string): Promise<Config | undefined> {
  for (const at of foldersUpwards(folder)) {
    const file = configIn(at, cwd);
    if (file !== undefined) return readConfig(file, cwd);
  }
  return undefined;
}

/**
 * Absolute path of the configuration file that stands in `folder` itself, valid or not.
 * @throws UsageError for a `pyproject.toml` that cannot be read: nobody can tell whether it is one.
 */
export function configIn(folder: string, cwd: string): string | undefined {
  const own = join(folder, OWN_FILE);
  if (kindOf(own, cwd) !== undefined) return own;
  const project = join(folder, PROJECT_FILE);
  return kindOf(project, cwd) === "file" && hasTable(project, cwd) ? project : undefined;
}

/** A link counts as a file, wherever it leads. @throws UsageError for a pipe and its like: reading it might never end. */
function kindOf(path: string, cwd: string): "file" | "folder" | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) return "folder";
  if (stat.isFile() || stat.isSymbolicLink()) return "file";
  throw new UsageError(`${shownPath(path, cwd)} is not a regular file`, CHOOSE);
}

/**
 * Reads one configuration file; in a `pyproject.toml` the table `[tool.ungil]`.
 * @throws UsageError for a file that cannot be read or is wrong, with file and line.
 */
export async function readConfig(file: string, cwd: string): Promise<Config> {
  const shown = shownPath(file, cwd);
  const text = readConfigText(file, cwd);
  const document = parseToml(text, shown);
  const prefix = basename(file) === PROJECT_FILE ? TABLE : [];
  const values = tableAt(document, prefix);
  if (values === undefined) {
    throw new UsageError(
      `${shown} has no table [tool.ungil]`,
      "`ungil init` writes one; without --config the nearest counts.",
    );
  }
  const lines = LineMap.of(text);
  let places: TomlPlaces | undefined;
  const offsetOf = (path: KeyPath) => {
    places ??= new TomlPlaces(text);
    return places.offsetOf([...prefix, ...path]);
  };
  const placeOf = (path: KeyPath) => {
    const { line, column } = lines.position(offsetOf(path));
    return `${shown}:${line}:${column}`;
  };
  // The validator takes as long to load as a small audit: only projects with a configuration pay for it.
  const { mistakesIn } = await import("./check.ts");
  const mistakes = mistakesIn(values)
    .map((m) => ({ ...m, offset: offsetOf(m.path) }))
    .sort((a, b) => a.offset - b.offset);
  if (mistakes.length > 0) {
    throw new UsageError(mistakes.map((m) => `${placeOf(m.path)}: ${m.message}`).join("\n"), SEE_DOCS);
  }
  return { file, folder: dirname(file), values: values as ConfigValues, placeOf };
}

/** @throws UsageError for a file that cannot be read or is not UTF-8. */
export function readConfigText(file: string, cwd: string): string {
  const shown = shownPath(file, cwd);
  return decoded(bytesOf(file, shown), shown);
}

const CHOOSE = "--config names another file, --no-config audits without one.";
const SEE_DOCS = "docs/configuration.md and `ungil config --schema` have all keys.";

/** A broken `pyproject.toml` that does not speak of ungil is not ours to complain about. */
function hasTable(file: string, cwd: string): boolean {
  // Latin-1 in a comment of a file without the table is nobody's mistake, so nothing is decoded strictly yet.
  const text = bytesOf(file, shownPath(file, cwd)).toString("utf8");
  if (!text.includes("ungil")) return false;
  try {
    return tableAt(parseToml(text, file), TABLE) !== undefined;
  } catch {
    return TABLE_WRITTEN.test(text);
  }
}

function bytesOf(file: string, shown: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read the configuration ${shown} (${code ?? String(error)})`, CHOOSE);
  }
}

function decoded(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const { line, column } = placeOfBadByte(bytes);
    throw new UsageError(
      `${shown}:${line}:${column}: not UTF-8`,
      "TOML files are UTF-8 by definition: save it as such.",
    );
  }
}

/** Where the longest valid beginning of a text ends. */
function placeOfBadByte(bytes: Buffer): { line: number; column: number } {
  const good = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const valid = Buffer.from(good, "utf8");
  let at = 0;
  while (at < bytes.length && bytes[at] === valid[at]) at++;
  const before = bytes.subarray(0, at).toString("utf8").replace("\ufeff", "");
  return LineMap.of(before).position(before.length);
}

/** The value at `path`, undefined if there is none. */
export function tableAt(document: unknown, path: KeyPath): unknown {
  let value = document;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

/** A path as messages show it: relative to `cwd` if it is below, with forward slashes. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") ? file : path.split(sep).join("/");
}
