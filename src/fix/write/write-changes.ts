/** Writes new contents of files: all are checked, then the journal is on disk, then each file changes at one stroke. */
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { basename, dirname, extname } from "node:path";
import { moveInto, syncFolder, temporaryPath, writeThrough } from "./atomic.ts";
import { type Journal, type JournalEntry, sha256 } from "./journal.ts";
import { type RefusedFile, reasonOf, WriteRefused, WriteStopped } from "./refused.ts";
import { settleRuns } from "./remains.ts";

export interface FileChange {
  /** What the file is called in messages. */
  file: string;
  /** Absolute path; a link's target is what is written. */
  path: string;
  /** What the file must hold now; undefined if there must be none. */
  before: Uint8Array | undefined;
  after: Uint8Array;
}

export interface WriteOptions {
  /** Name and version of the program, for the journal. */
  tool: string;
  /** Keep what changes beside it, as `name.orig`. */
  backup: boolean;
  signal?: AbortSignal;
}

export interface Written {
  /** Number of the run in the journal. */
  run: number;
  /** In the order given. */
  files: string[];
  /** Absolute paths of the backups that were made. */
  backups: string[];
}

/** A file that is ready to be written. */
interface Prepared {
  change: FileChange;
  /** Where the content goes. */
  target: string;
  temporary: string;
  /** Of the file before; undefined for a new one. */
  stat: Stats | undefined;
}

/**
 * Writes all of `changes` or, if something speaks against any of them, none. Each file is replaced at once: whenever the program ends, a
 * file is as before or as after, and the journal can bring all of them back.
 * @throws WriteRefused before anything is written; LockHeld; WriteStopped if a file could not be put in its place, or `signal` ended it.
 */
export async function writeChanges(
  journal: Journal,
  changes: readonly FileChange[],
  options: WriteOptions,
): Promise<Written> {
  return journal.locked(async () => {
    settleRuns(journal);
    const prepared = prepare(changes);
    const backups = options.backup ? backupsOf(prepared) : [];
    const all = [...backups, ...prepared];
    const { entries, copies } = entriesOf(journal, all);
    const folders = missingFolders(all.map((p) => p.target));
    const started = new Date().toISOString();
    const names = folders.map((f) => journal.nameOf(f));
    const run = journal.begin({ version: 1, started, tool: options.tool, entries, folders: names }, copies);
    await fillTemporaries(journal, all, folders, options.signal);
    journal.mark(run, "ready");
    const done = await moveAll(journal, all, new Set(backups), options.signal);
    journal.mark(run, "complete");
    return { run, files: done, backups: backups.map((b) => b.target) };
  });
}

function prepare(changes: readonly FileChange[]): Prepared[] {
  const refused: RefusedFile[] = [];
  const byTarget = new Map<string, Prepared>();
  for (const change of changes) {
    const found = targetOf(change);
    if ("reason" in found) {
      refused.push({ file: change.file, reason: found.reason });
      continue;
    }
    const same = byTarget.get(found.target);
    if (same === undefined) {
      byTarget.set(found.target, { change, ...found, temporary: temporaryPath(found.target, String(process.pid)) });
    } else if (!equal(same.change.after, change.after)) {
      refused.push({ file: change.file, reason: `the same file as ${same.change.file}, with another content` });
    }
  }
  if (refused.length > 0) throw new WriteRefused("nothing was written", refused);
  return [...byTarget.values()];
}

function targetOf({ path, before }: FileChange): { target: string; stat: Stats | undefined } | { reason: string } {
  try {
    if (before === undefined) {
      if (lstatSync(path, { throwIfNoEntry: false })) return { reason: "it exists already" };
      const folder = nearestFolder(path);
      return isWritable(folder) ? { target: path, stat: undefined } : { reason: "its folder cannot be written to" };
    }
    if (!existsSync(path)) return { reason: "it is gone" };
    const target = realpathSync(path);
    const stat = statSync(target);
    if (!stat.isFile()) return { reason: "it is not a regular file" };
    if (!equal(readFileSync(target), before)) return { reason: "it changed since it was scanned" };
    // Root may write everywhere, but who made a file read-only does not want it changed.
    if ((stat.mode & 0o222) === 0 || !isWritable(target)) return { reason: "it is read-only" };
    if (!isWritable(dirname(target))) return { reason: "its folder cannot be written to" };
    return { target, stat };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function nearestFolder(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Outermost first. */
function missingFolders(paths: readonly string[]): string[] {
  const missing = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); !existsSync(folder); folder = dirname(folder)) missing.add(folder);
  }
  return [...missing].sort((a, b) => a.length - b.length);
}

/** `name.orig`, or `name.orig.1` and so on: what is there already may be an older backup. The same content is kept once. */
function backupsOf(prepared: readonly Prepared[]): Prepared[] {
  return prepared.flatMap(({ change, target, stat }) => {
    const { before } = change;
    if (before === undefined) return [];
    let path = `${target}.orig`;
    for (let i = 1; existsSync(path); i++) {
      if (statSync(path).isFile() && equal(readFileSync(path), before)) return [];
      path = `${target}.orig.${i}`;
    }
    const backup: FileChange = {
      file: `${change.file}${path.slice(target.length)}`,
      path,
      before: undefined,
      after: before,
    };
    return [{ change: backup, target: path, temporary: temporaryPath(path, String(process.pid)), stat }];
  });
}

function entriesOf(journal: Journal, all: readonly Prepared[]) {
  const copies = new Map<string, Uint8Array>();
  const entries = all.map(({ change, target, temporary, stat }, i): JournalEntry => {
    const { before, after } = change;
    const common = { path: journal.nameOf(target), after: { sha256: sha256(after) }, temporary: basename(temporary) };
    if (before === undefined || stat === undefined) return { ...common, before: null };
    const copy = `${String(i + 1).padStart(4, "0")}-${basename(target, extname(target)).slice(0, 80)}${extname(target)}`;
    copies.set(copy, before);
    const { mode, uid, gid } = stat;
    return { ...common, before: { copy, sha256: sha256(before), mode, uid, gid } };
  });
  return { entries, copies };
}

/** Everything that can go wrong with a disk goes wrong here, where the files themselves are untouched. */
async function fillTemporaries(
  journal: Journal,
  all: readonly Prepared[],
  folders: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const names = all.map((p) => p.change.file);
  try {
    for (const folder of folders) mkdirSync(folder);
    for (const { temporary, change, stat } of all) {
      await pause(signal);
      writeThrough(temporary, change.after, stat);
    }
  } catch (error) {
    settleRuns(journal);
    if (signal?.aborted) throw new WriteStopped("interrupted", [], names);
    throw new WriteRefused(`nothing was written (${reasonOf(error)})`, []);
  }
}

/** Backups first, so that none is missing for a file that changed. Gives the names of the files without them. */
async function moveAll(
  journal: Journal,
  all: readonly Prepared[],
  isBackup: ReadonlySet<Prepared>,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const done: string[] = [];
  try {
    for (const prepared of all) {
      await pause(signal);
      const { change, target, temporary } = prepared;
      assertUnchanged(prepared);
      moveInto(temporary, target);
      if (!isBackup.has(prepared)) done.push(change.file);
    }
  } catch (error) {
    const open = all.filter((p) => !isBackup.has(p) && !done.includes(p.change.file));
    settleRuns(journal);
    const reason = signal?.aborted ? "interrupted" : error instanceof Error ? error.message : String(error);
    throw new WriteStopped(
      reason,
      done,
      open.map((p) => p.change.file),
    );
  } finally {
    for (const folder of new Set(all.map((p) => dirname(p.target)))) syncFolder(folder);
  }
  return done;
}

function assertUnchanged({ change, target, stat }: Prepared): void {
  const isSame =
    stat === undefined || change.before === undefined
      ? !existsSync(target)
      : equal(readFileSync(target), change.before);
  if (!isSame) throw new Error(`${change.file} changed while the files were being written`);
}

/** Lets signals in. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
