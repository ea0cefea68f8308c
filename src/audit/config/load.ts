/** Finds and reads the configuration of a project. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { parse, TomlError } from "smol-toml";
import { LineMap } from "../../text/lines.ts";
import { type KeyPath, TomlPlaces } from "../../text/toml-places.ts";
import { UsageError } from "../types.ts";
import { foldersUpwards } from "./find.ts";
import type { ConfigValues } from "./values.ts";

export interface Config {
  /** Absolute path of the file. */
  file: string;
  /** Folder that globs in it start from. */
  folder: string;
  values: ConfigValues;
  /** `ungil.toml:3` for a key, from the table of the configuration downwards. */
  placeOf(path: KeyPath): string;
}

const OWN_FILE = "ungil.toml";
const PROJECT_FILE = "pyproject.toml";
/** Where the configuration stands in `pyproject.toml`. */
const TABLE: KeyPath = ["tool", "ungil"];

/**
 * The configuration that counts for `folder`: the nearest `ungil.toml`, or `pyproject.toml` with a table `[tool.ungil]`, from
 * there upwards to the top of the repository. `cwd` is what paths in messages are relative to. Undefined if there is none.
 * @throws UsageError for a file that is wrong, with file and line.
 */
export async function findConfig(folder: string, cwd: string): Promise<Config | undefined> {
  for (const at of foldersUpwards(folder)) {
    const own = join(at, OWN_FILE);
    if (existsSync(own)) return readConfig(own, cwd);
    const project = join(at, PROJECT_FILE);
    if (existsSync(project) && hasTable(project)) return readConfig(project, cwd);
  }
  return undefined;
}

/**
 * Reads one configuration file; in a `pyproject.toml` the table `[tool.ungil]`, which may be absent.
 * @throws UsageError for a file that cannot be read or is wrong, with file and line.
 */
export async function readConfig(file: string, cwd: string): Promise<Config> {
  const shown = shownPath(file, cwd);
  const text = readText(file, shown);
  const document = parseToml(text, shown);
  const prefix = basename(file) === PROJECT_FILE ? TABLE : [];
  const values = tableAt(document, prefix) ?? {};
  const lines = LineMap.of(text);
  let places: TomlPlaces | undefined;
  const offsetOf = (path: KeyPath) => {
    places ??= new TomlPlaces(text);
    return places.offsetOf([...prefix, ...path]);
  };
  const placeOf = (path: KeyPath) => `${shown}:${lines.lineOf(offsetOf(path))}`;
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

const SEE_DOCS = "docs/configuration.md lists all keys.";

/** A broken `pyproject.toml` that does not speak of ungil is not ours to complain about. */
function hasTable(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return false;
  }
  if (!text.includes("ungil")) return false;
  try {
    return tableAt(parse(text), TABLE) !== undefined;
  } catch {
    return text.includes("tool.ungil");
  }
}

function readText(file: string, shown: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`cannot read the configuration ${shown} (${reason})`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${shown}: not UTF-8`, "TOML files are UTF-8 by definition.");
  }
}

function parseToml(text: string, shown: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first] = error.message.split("\n");
    throw new UsageError(`${shown}:${error.line}: ${first.replace("Invalid TOML document: ", "not valid TOML: ")}`);
  }
}

/** The value at `path`, undefined if there is none. */
function tableAt(document: unknown, path: KeyPath): unknown {
  let value = document;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith("..") ? file : path.split(sep).join("/");
}
