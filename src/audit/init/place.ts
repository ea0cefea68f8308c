/** Where a first configuration goes, and how it gets there. */
import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { moveInto, syncFolder, temporaryPath, writeThrough } from "../../fix/write/atomic.ts";
import { reasonOf } from "../../fix/write/refused.ts";
import { mistakesIn } from "../config/check.ts";
import {
  configIn,
  findConfig,
  OWN_FILE,
  PROJECT_FILE,
  readConfig,
  readConfigText,
  shownPath,
  TABLE,
  tableAt,
} from "../config/load.ts";
import { parseToml } from "../config/toml.ts";
import { UsageError } from "../types.ts";

export interface InitPlace {
  /** Absolute path. */
  file: string;
  /** The file as messages show it. */
  shown: string;
  /** The table that the configuration stands in, "" for the top of the file. */
  table: string;
  /** Undefined if the file is new. */
  before: Buffer | undefined;
}

const STANDALONE = "`ungil init --standalone` writes ungil.toml instead.";

/**
 * The place for the configuration of `folder`: its `pyproject.toml` if there is one and nobody asks for a file of ungil's own.
 * @throws UsageError if a configuration is there already, with its place, and for a `pyproject.toml` that is not valid TOML.
 */
export async function initPlace(folder: string, cwd: string, standalone: boolean): Promise<InitPlace> {
  const existing = configIn(folder, cwd) ?? (isPackage(folder) ? undefined : (await findConfig(folder, cwd))?.file);
  if (existing !== undefined) throw await alreadyThere(existing, cwd);
  const project = join(folder, PROJECT_FILE);
  if (standalone || !statSync(project, { throwIfNoEntry: false })?.isFile()) {
    const file = join(folder, OWN_FILE);
    return { file, shown: shownPath(file, cwd), table: "", before: undefined };
  }
  const shown = shownPath(project, cwd);
  const before = readFileSync(project);
  try {
    parseToml(readConfigText(project, cwd), shown);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message, `${error.hint}\n${STANDALONE}`);
  }
  return { file: project, shown, table: TABLE.join("."), before };
}

/** A folder that is packaged on its own may have a configuration of its own, whatever stands above it. */
function isPackage(folder: string): boolean {
  return [PROJECT_FILE, "setup.py", "setup.cfg"].some((name) =>
    lstatSync(join(folder, name), { throwIfNoEntry: false }),
  );
}

async function alreadyThere(file: string, cwd: string): Promise<UsageError> {
  const place = await readConfig(file, cwd).then(
    (config) => config.placeOf([]),
    () => shownPath(file, cwd),
  );
  return new UsageError(
    `${place}: there is a configuration already`,
    "`ungil config` shows what it says; edit it, or remove it first.",
  );
}

/**
 * The bytes of the file with `block` at its end, everything before it as it is. The block takes the file's newlines.
 * @throws UsageError if the result would not be valid: a `pyproject.toml` can define the table `tool` in a way that nothing can be added to.
 */
export function withBlock({ before, shown, table }: InitPlace, block: string): Buffer {
  const old = before?.toString("utf8") ?? "";
  const newline = old.includes("\r\n") ? "\r\n" : "\n";
  const added = gapAfter(old).replaceAll("\n", newline) + block.replaceAll("\n", newline);
  const text = (old + added).replace("\ufeff", "");
  let values: unknown;
  try {
    values = tableAt(parseToml(text, shown), table === "" ? [] : TABLE);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${shown}: a table [${table}] cannot be added at its end`, STANDALONE);
  }
  const mistakes = mistakesIn(values);
  if (mistakes.length > 0)
    throw new Error(`the configuration would be wrong: ${mistakes.map((m) => m.message).join("; ")}`);
  return Buffer.concat([before ?? Buffer.alloc(0), Buffer.from(added)]);
}

/** What makes one blank line of the end of a text. */
function gapAfter(text: string): string {
  if (/^\ufeff?\s*$/.test(text)) return "";
  const [end] = /(\r?\n[ \t]*)*$/.exec(text) ?? [""];
  return "\n".repeat(Math.max(2 - end.split("\n").length + 1, 0));
}

/**
 * Writes the file at one stroke; a link's target is what is written.
 * @throws UsageError if it changed meanwhile, is read-only or cannot be written.
 */
export function writeInit({ file, shown, before }: InitPlace, content: Buffer): void {
  const refuse = (reason: string) =>
    new UsageError(`cannot write ${shown} (${reason})`, "`ungil init --dry-run` prints what would be written.");
  const exists = lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  if (exists !== (before !== undefined)) throw refuse("it changed meanwhile");
  const target = exists ? realpathSync(file) : file;
  const temporary = temporaryPath(target, String(process.pid));
  try {
    const stat = exists ? statSync(target) : undefined;
    if (stat && (stat.mode & 0o222) === 0) throw refuse("it is read-only");
    if (before && !readFileSync(target).equals(before)) throw refuse("it changed meanwhile");
    writeThrough(temporary, content, stat);
    moveInto(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    throw error instanceof UsageError ? error : refuse(reasonOf(error));
  }
}
