/** Files of the project's `.ungil` folder that a team shares through git. */
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { moveInto, temporaryPath, writeThrough } from "../fix/write/atomic.ts";
import { keepOutOfGit } from "../fix/write/journal.ts";

const FOLDER = ".ungil";

/**
 * For git: where two people add entries at the same place, it keeps the lines of both. Lines of these files need no order, and of
 * two that speak of one finding the later one counts, so that is always right.
 */
export const SHARED_ATTRIBUTES: readonly string[] = ["baseline.json merge=union", "triage.json merge=union"];

/**
 * Replaces a file at one stroke, and makes its folder. In `.ungil` git is told which files are shared and how they are merged; elsewhere
 * that is up to whoever chose the place.
 * @throws as `writeFileSync`
 */
export function writeShared(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  if (basename(folder) === FOLDER) {
    keepOutOfGit(folder);
    addAttributes(join(folder, ".gitattributes"));
  }
  const target = existsSync(path) ? realpathSync(path) : path;
  const temporary = temporaryPath(target, String(process.pid));
  writeThrough(temporary, Buffer.from(text));
  moveInto(temporary, target);
}

/** What somebody else wrote there stays. */
function addAttributes(path: string): void {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = text.split(/\r?\n/);
  const missing = SHARED_ATTRIBUTES.filter((line) => !lines.some((l) => l.startsWith(line.split(" ")[0])));
  if (missing.length === 0) return;
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  writeThrough(path, Buffer.from(`${before}${missing.map((line) => `${line}\n`).join("")}`));
}
