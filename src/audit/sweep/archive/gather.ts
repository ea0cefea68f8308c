/**
 * Decides what of an archive is written, and writes it. Names in archives are anybody's: nothing is written outside of the folder, no
 * link, device or file with special rights is ever made, and whatever is left out for such a reason is counted.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileKind } from "../../../project/discover/kinds.ts";
import { type ArchiveLimits, MB } from "./limits.ts";

export type EntryType =
  | "file"
  | "folder"
  | "symbolic link"
  | "hard link"
  | "device"
  | "FIFO"
  | "sparse file"
  | "unknown";

/** Entries that were left out for one reason. */
export interface SkippedEntries {
  reason: string;
  entries: number;
  /** The first few names, as they stand in the archive. */
  examples: string[];
}

/** What an archive held. */
export interface Unpacked {
  entries: number;
  /** Bytes that were unpacked. */
  bytes: number;
  /** Files that the audit reads; only they were written. */
  files: number;
  /** Files that no audit reads: Python code, documentation, data. */
  unneeded: number;
  /** Sorted by reason. */
  skipped: SkippedEntries[];
}

const EXAMPLES = 3;
/** What file systems take. */
const MAX_COMPONENT_BYTES = 255;
/** Leaves room for the folder that it is written to, below the 4096 bytes of Linux and the 1024 of macOS. */
const MAX_PATH_BYTES = 800;
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Metadata of packages, and configurations of ungil itself. */
const ALSO_NEEDED: ReadonlySet<string> = new Set(["PKG-INFO", "METADATA", "ungil.toml"]);

/** Takes the entries of one archive, in their order. */
export class Gatherer {
  readonly #folder: string;
  readonly #limits: ArchiveLimits;
  readonly #skipped = new Map<string, SkippedEntries>();
  /** Names that were used, as file systems that ignore case compare them, with the name that was first. */
  readonly #used = new Map<string, { path: string; isFolder: boolean }>();
  /** Names at the top of the archive. */
  readonly #tops = new Map<string, { isFolder: boolean }>();
  readonly #written = new Set<string>();
  #unneeded = 0;

  /** @param folder absolute path of an empty folder that nobody else can write to. */
  constructor(folder: string, limits: ArchiveLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** The path to write an entry to, relative to the folder; undefined if it is left out, which is counted. */
  accept(name: string, type: EntryType, size: number): string | undefined {
    const path = this.#checked(name, type);
    if (path === undefined) return undefined;
    const isFolder = type === "folder";
    const [top, ...rest] = path.split("/");
    if (!this.#tops.get(top)?.isFolder) this.#tops.set(top, { isFolder: isFolder || rest.length > 0 });
    if (isFolder) return undefined;
    if (!isNeeded(path)) {
      this.#unneeded++;
      return undefined;
    }
    if (size > this.#limits.file) {
      return this.skip(`larger than ${this.#limits.file / MB} MB (--max-file raises the limit)`, name);
    }
    return this.#claim(path, name);
  }

  /** Writes what `accept` gave a path. A second entry of the same name replaces the first, as in every unpacker. */
  write(path: string, content: Uint8Array): void {
    const place = join(this.#folder, path);
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    writeFileSync(place, content, { mode: 0o600 });
    this.#written.add(path);
  }

  /** Counts an entry that is left out. */
  skip(reason: string, name: string): undefined {
    const row = this.#skipped.get(reason) ?? { reason, entries: 0, examples: [] };
    row.entries++;
    if (row.examples.length < EXAMPLES) row.examples.push(name.slice(0, MAX_COMPONENT_BYTES));
    this.#skipped.set(reason, row);
    return undefined;
  }

  /** The folder that the audit starts from: the only one at the top of the archive, if there is nothing beside it. */
  root(): string {
    const [[name, { isFolder }] = ["", { isFolder: false }], ...others] = [...this.#tops];
    return others.length === 0 && isFolder ? join(this.#folder, name) : this.#folder;
  }

  counts(): Pick<Unpacked, "files" | "unneeded" | "skipped"> {
    const skipped = [...this.#skipped.values()].sort((a, b) => (a.reason < b.reason ? -1 : 1));
    return { files: this.#written.size, unneeded: this.#unneeded, skipped };
  }

  /** The name without `./`, doubled and last slashes. */
  #checked(name: string, type: EntryType): string | undefined {
    const reason = unsafeName(name) ?? (type === "file" || type === "folder" ? undefined : type);
    if (reason !== undefined) return this.skip(reason, name);
    const path = name
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    // The folder itself, as `tar -C folder .` writes it first.
    return path === "" ? undefined : path;
  }

  #claim(path: string, name: string): string | undefined {
    const parts = path.split("/");
    for (let n = 1; n <= parts.length; n++) {
      const prefix = parts.slice(0, n).join("/");
      const isFolder = n < parts.length;
      const used = this.#used.get(folded(prefix));
      if (used === undefined) continue;
      if (used.path !== prefix) return this.skip("differs from another name only by case or accents", name);
      if (used.isFolder !== isFolder) return this.skip("both a file and a folder", name);
    }
    for (let n = 1; n <= parts.length; n++) {
      const prefix = parts.slice(0, n).join("/");
      this.#used.set(folded(prefix), { path: prefix, isFolder: n < parts.length });
    }
    return path;
  }
}

/** True for files that an audit reads: sources, headers, build files and metadata. */
function isNeeded(path: string): boolean {
  return fileKind(path) !== "other" || ALSO_NEEDED.has(path.slice(path.lastIndexOf("/") + 1));
}

/** Why no file may be written under this name. */
function unsafeName(name: string): string | undefined {
  const parts = name.split("/");
  if (CONTROL.test(name)) return "control character in the name";
  if (name.includes("\\")) return "backslash in the name";
  if (name.startsWith("/")) return "absolute path";
  if (/^[A-Za-z]:/.test(name)) return "drive letter";
  if (parts.includes("..")) return "leaves the folder";
  const isLong =
    Buffer.byteLength(name) > MAX_PATH_BYTES || parts.some((p) => Buffer.byteLength(p) > MAX_COMPONENT_BYTES);
  return isLong ? "name too long" : undefined;
}

function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
