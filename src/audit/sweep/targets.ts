/** What a sweep audits: folders and archives, named on the command line or in a list. */
import { basename, resolve } from "node:path";
import { UsageError } from "../types.ts";

export interface Target {
  /** What the target is called in records and reports; no two targets of a sweep share it. */
  name: string;
  /** As it was given. */
  path: string;
  /** Absolute. */
  location: string;
}

/** Archives by the end of their name, longest first. */
const ARCHIVES = {
  ".tar.gz": "tar",
  ".tgz": "tar",
  ".tar": "tar",
  ".zip": "zip",
  ".whl": "zip",
  ".tar.bz2": "unsupported",
  ".tbz2": "unsupported",
  ".tar.xz": "unsupported",
  ".txz": "unsupported",
  ".tar.zst": "unsupported",
  ".tar.lz": "unsupported",
  ".tar.lzma": "unsupported",
  ".tar.Z": "unsupported",
  ".7z": "unsupported",
  ".rar": "unsupported",
} as const;

export type ArchiveKind = (typeof ARCHIVES)[keyof typeof ARCHIVES];

/** What kind of archive a file is, by its name; undefined for all other files. */
export function archiveKind(path: string): ArchiveKind | undefined {
  const ending = archiveEnding(path);
  return ending === undefined ? undefined : ARCHIVES[ending];
}

function archiveEnding(path: string): keyof typeof ARCHIVES | undefined {
  const lower = path.toLowerCase();
  const endings = Object.keys(ARCHIVES) as (keyof typeof ARCHIVES)[];
  return endings.find((ending) => lower.endsWith(ending.toLowerCase()) && lower.length > ending.length);
}

/** The target at `path`, which is relative to `base`. Without a name it is called as its file or folder, less the ending of an archive. */
export function targetAt(path: string, base: string, name?: string): Target {
  const location = resolve(base, path);
  const file = basename(location);
  return { name: name ?? file.slice(0, file.length - (archiveEnding(file)?.length ?? 0)), path, location };
}

/** An equals sign between spaces, or at an end. */
const NAMED = /^(|.*?\s)=(?:\s+(.*)|)$/;
/** A line feed inside a name would break every report that is read by lines. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The targets in the text of a list: one a line, `PATH` or `NAME = PATH`. A `#` at the start of a line or after a space begins a
 * comment. Paths are relative to `base`.
 * @param source what the list is called in messages.
 * @throws UsageError with the line, for text that is no list.
 */
export function parseList(text: string, source: string, base: string): Target[] {
  const targets: Target[] = [];
  text.split(/\r\n|\r|\n/).forEach((line, i) => {
    const content = line
      .replace(/(^|\s)#.*$/, "")
      .replace(/^\ufeff/, "")
      .trim();
    if (content === "") return;
    const at = `${source}:${i + 1}`;
    if (CONTROL.test(content)) {
      throw new UsageError(`${at}: a control character`, "A list is a text file with one folder or archive a line.");
    }
    const [, name, path = ""] = NAMED.exec(content) ?? [undefined, undefined, content];
    if (name === "" || path === "") throw new UsageError(`${at}: half of NAME = PATH is missing`);
    targets.push(targetAt(path, base, name?.trim()));
  });
  return targets;
}

/**
 * `targets` in their order; one that is given twice counts once.
 * @throws UsageError if two different ones have the same name.
 */
export function distinct(targets: readonly Target[]): Target[] {
  const byName = new Map<string, Target>();
  for (const target of targets) {
    const other = byName.get(target.name);
    if (other !== undefined && other.location !== target.location) {
      throw new UsageError(
        `two targets are called ${target.name}: ${other.path} and ${target.path}`,
        "Give one of them another name in a list: NAME = PATH",
      );
    }
    if (other === undefined) byName.set(target.name, target);
  }
  return [...byName.values()];
}
