/** What runs of `fix` changed, kept until it is undone: `.ungil/undo/<run>/` with a list of files and their bytes before. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type Attributes, syncFolder, writeThrough } from "./atomic.ts";
import { type Lock, takeLock } from "./lock.ts";

/** One file that a run writes. Paths are relative to the folder of the journal, with forward slashes, absolute if outside of it. */
export interface JournalEntry {
  /** The file itself, never a link to it. */
  path: string;
  /** Null for a file that the run makes. `copy` is the name of the file with the bytes, in the run's folder. */
  before: ({ copy: string; sha256: string } & Attributes) | null;
  after: { sha256: string };
  /** Where the new content waits for its place: a name in the file's folder. */
  temporary: string;
  /** The run ended before it came to this file. */
  unwritten?: true;
}

export interface JournalRun {
  version: 1;
  /** When the run began, as in ISO 8601, UTC. */
  started: string;
  /** Name and version of the program. */
  tool: string;
  entries: JournalEntry[];
  /** Folders that the run makes, outermost first. */
  folders: string[];
}

export interface StoredRun extends JournalRun {
  /** From 1, later runs have higher ones. */
  number: number;
  /** All new contents were on disk, so that files may have been written. */
  ready: boolean;
  /** All files were written. */
  complete: boolean;
}

const FOLDER = ".ungil";
const IGNORE = ".gitignore";
/** What the journal itself has in its folder. */
const OWN: ReadonlySet<string> = new Set([IGNORE, "locks", "undo"]);
/** Decisions, and how they are merged, are shared; all else is this machine's; the list itself is no change of the project either. */
const IGNORED = "*\n!baseline.json\n!triage.json\n!.gitattributes\n";
/** As older versions wrote it. */
const IGNORED_BEFORE: readonly string[] = ["*\n", "*\n!triage.json\n!.gitattributes\n"];
const LIST = "journal.json";
const MARKS = ["ready", "complete"] as const;
/** Runs that can be undone; older ones are forgotten. */
const KEPT = 20;

/** Tells git what in the folder `own` (`.ungil`), which must exist, is not for it. A list that somebody wrote is left alone. */
export function keepOutOfGit(own: string): void {
  const path = join(own, IGNORE);
  if (existsSync(path) && !IGNORED_BEFORE.includes(readFileSync(path, "utf8"))) return;
  writeThrough(path, Buffer.from(IGNORED));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export class Journal {
  /** Absolute path of the folder that has the journal. */
  readonly folder: string;
  private readonly own: string;
  private readonly undo: string;

  /** @param folder must exist. */
  constructor(folder: string) {
    this.folder = realpathSync(folder);
    this.own = join(this.folder, FOLDER);
    this.undo = join(this.own, "undo");
  }

  /** @throws LockHeld if another process writes here. */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    const lock: Lock = await takeLock(join(this.own, "locks"));
    try {
      return await work();
    } finally {
      const isEmpty = this.numbers().length === 0;
      if (isEmpty) {
        rmSync(this.undo, { recursive: true, force: true });
        // What else is kept here needs the list of what git shall not see.
        if (readdirSync(this.own).every((name) => OWN.has(name))) rmSync(join(this.own, IGNORE), { force: true });
      }
      lock.release();
      if (isEmpty) this.removeFolders();
    }
  }

  /** Oldest first; folders that are not, or no longer, a whole journal do not count. */
  runs(): StoredRun[] {
    return this.numbers().flatMap((number) => this.read(number) ?? []);
  }

  /**
   * Writes a new journal so that it is on disk when this returns, and gives its number. `copies` are the bytes before, by the names that
   * the entries have for them.
   */
  begin(run: JournalRun, copies: ReadonlyMap<string, Uint8Array>): number {
    mkdirSync(this.undo, { recursive: true });
    keepOutOfGit(this.own);
    const number = (this.numbers().at(-1) ?? 0) + 1;
    const folder = this.folderOf(number);
    // Remains of a journal that was never finished: without its list it counts for nothing.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [name, bytes] of copies) writeThrough(join(folder, name), bytes);
    this.writeList(number, run);
    for (const f of [folder, this.undo, this.own, this.folder]) syncFolder(f);
    for (const old of this.numbers().slice(0, -KEPT)) this.forget(old);
    return number;
  }

  /** Marks how far a run has come. */
  mark(number: number, mark: (typeof MARKS)[number]): void {
    writeThrough(join(this.folderOf(number), mark), new Uint8Array());
    syncFolder(this.folderOf(number));
  }

  /** Notes which files a run did not come to. */
  setUnwritten({ number, ready: _, complete: __, ...run }: StoredRun, unwritten: ReadonlySet<JournalEntry>): void {
    const entries = run.entries.map((e): JournalEntry => (unwritten.has(e) ? { ...e, unwritten: true } : e));
    this.writeList(number, { ...run, entries });
    syncFolder(this.folderOf(number));
  }

  /** Removes a journal: first what makes it one. */
  forget(number: number): void {
    const folder = this.folderOf(number);
    rmSync(join(folder, LIST), { force: true });
    syncFolder(folder);
    rmSync(folder, { recursive: true, force: true });
    syncFolder(this.undo);
  }

  /** The bytes of an entry before the run. @throws if they are gone or damaged. */
  before(number: number, { before, path }: JournalEntry): Buffer {
    const bytes = readFileSync(join(this.folderOf(number), basename(before!.copy)));
    if (sha256(bytes) !== before!.sha256) throw new Error(`the journal's copy of ${path} is damaged`);
    return bytes;
  }

  /** As entries name a path. */
  nameOf(path: string): string {
    const inside = relative(this.folder, path);
    return inside.startsWith("..") || isAbsolute(inside) ? path : inside.split(sep).join("/");
  }

  /** The absolute path of a name in an entry. */
  pathOf(name: string): string {
    return resolve(this.folder, name);
  }

  private writeList(number: number, run: JournalRun): void {
    const list = join(this.folderOf(number), LIST);
    writeThrough(`${list}.tmp`, Buffer.from(`${JSON.stringify(run, null, 2)}\n`));
    renameSync(`${list}.tmp`, list);
  }

  private read(number: number): StoredRun | undefined {
    const folder = this.folderOf(number);
    let run: JournalRun;
    try {
      run = JSON.parse(readFileSync(join(folder, LIST), "utf8"));
    } catch {
      return undefined;
    }
    const [ready, complete] = MARKS.map((mark) => existsSync(join(folder, mark)));
    return run.version === 1 ? { ...run, number, ready, complete } : undefined;
  }

  private numbers(): number[] {
    let names: string[];
    try {
      names = readdirSync(this.undo);
    } catch {
      return [];
    }
    return names
      .filter((n) => /^\d+$/.test(n) && existsSync(join(this.undo, n, LIST)))
      .map(Number)
      .sort((a, b) => a - b);
  }

  private folderOf(number: number): string {
    return join(this.undo, String(number).padStart(6, "0"));
  }

  /** Without the lock: folders are removed only if nobody has put anything there. */
  private removeFolders(): void {
    try {
      rmdirSync(join(this.own, "locks"));
      rmdirSync(this.own);
    } catch {
      // Somebody else is at work here, or keeps something here.
    }
  }
}

/** The nearest folder, from `start` upwards, whose journal has a run; undefined if there is none. */
export function findJournal(start: string): Journal | undefined {
  for (let folder = realpathSync(start); ; folder = dirname(folder)) {
    const journal = new Journal(folder);
    if (journal.runs().length > 0) return journal;
    if (dirname(folder) === folder) return undefined;
  }
}
