/** Finding the files of a project: what is scanned, what is left out and why. */
import fs from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import fg from "fast-glob";
import type { Problem } from "../../ir/facts.ts";
import { type ExcludeReason, fileReason, folderReason, isWalked, NOT_WALKED_GLOBS } from "./folders.ts";
import { GitIgnore, projectFolder, workTreeOf } from "./gitignore.ts";
import { meant, rebaseGlob } from "./globs.ts";
import { fileKind, isBuildFile, isTemplate, WANTED_GLOBS } from "./kinds.ts";

/** A glob that starts from each scanned folder, or one that starts from the folder `base`. */
export type Pattern = string | { glob: string; base: string };

export interface DiscoverOptions {
  /** Folder that relative paths and patterns start from; default: the process's. */
  cwd?: string;
  /** Files to take although a default would leave them out. */
  include?: readonly Pattern[];
  /** Files to leave out. */
  exclude?: readonly Pattern[];
  /** Default true. */
  gitignore?: boolean;
}

export interface DiscoveredFile {
  /** Absolute path. */
  path: string;
  /** Relative to `Discovered.root`, forward slashes. */
  file: string;
  /** Named by the user, not found in a folder. */
  explicit: boolean;
  /** A NumPy-style `.src` template. */
  template: boolean;
}

export interface Excluded {
  reason: ExcludeReason;
  /** Files that would have been taken. Unknown, and 0, for folders that were not walked. */
  files: number;
  /** Folders left out as a whole, outermost ones only. */
  folders: number;
  /** The first few, relative to the root. */
  examples: string[];
}

export interface Discovered {
  /** Absolute path that `file` is relative to: the scanned folder, or what several paths have in common. */
  root: string;
  /** C and C++ files, sorted by `file`. */
  files: DiscoveredFile[];
  /**
   * Build files and the sources of frameworks, which say how modules are made; sorted. Build files above the root, up to the
   * top of the git work tree, are among them: `../setup.py`.
   */
  metadata: DiscoveredFile[];
  excluded: Excluded[];
  /** Folders that could not be read, broken links. */
  problems: Problem[];
  /** Paths that do not exist, as given. */
  missing: string[];
}

const EXAMPLES = 3;

/**
 * Finds the files below `paths` (files or folders). A file named by the user is always taken. Symbolic links to folders
 * are not followed, so that loops end; links to files outside the root are taken. The order does not depend on the file system.
 * Never throws for what it finds on disk: that goes to `problems` and `missing`.
 */
export async function discover(paths: readonly string[], options: DiscoverOptions = {}): Promise<Discovered> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const { missing, folders, named } = sortedOut(paths, cwd);
  const search = new Search(rootOf(folders, named, cwd), options);
  for (const path of named) search.take(path, true);
  for (const folder of folders) await search.folder(folder);
  for (const path of [...named, ...folders]) search.buildFilesAbove(path);
  return search.result(missing);
}

/** Absolute path of the folder that a scan of `paths` is relative to: see `Discovered.root`. */
export function scannedRoot(paths: readonly string[], cwd: string): string {
  const { folders, named } = sortedOut(paths, resolve(cwd));
  return rootOf(folders, named, resolve(cwd));
}

/**
 * Absolute path of the folder where the project of `paths` begins to be looked for: the scanned folder, the folder of the scanned file, or
 * what several have in common, wherever the user is. Paths that do not exist do not count.
 */
export function commonFolder(paths: readonly string[], cwd: string): string {
  const { folders, named } = sortedOut(paths, resolve(cwd));
  const [first = resolve(cwd)] = [...folders, ...named.map((path) => dirname(path))];
  return rootOf(folders, named, first);
}

/**
 * Absolute path, without links, of the folder that keeps what belongs to the project that `paths` are in. Unlike the root of a scan it
 * does not depend on how or from where the paths were given.
 */
export function projectOf(paths: readonly string[], cwd: string): string {
  return projectFolder(fs.realpathSync(commonFolder(paths, cwd)));
}

/** Gives files, named relative to the root of a scan, their names in a project: relative to its folder, with forward slashes. */
export function namesIn(project: string, root: string): (file: string) => string {
  const from = fs.realpathSync(root);
  return (file) => relative(project, join(from, file)).split(sep).join("/");
}

/** Those of `paths` that do not exist, as given. */
export function missingPaths(paths: readonly string[], cwd: string): string[] {
  return sortedOut(paths, resolve(cwd)).missing;
}

function sortedOut(paths: readonly string[], cwd: string) {
  const missing: string[] = [];
  const folders: string[] = [];
  const named: string[] = [];
  for (const given of paths.length === 0 ? ["."] : paths) {
    const path = isAbsolute(given) ? resolve(given) : resolve(cwd, given);
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (!stat) missing.push(given);
    else if (stat.isDirectory()) folders.push(path);
    else named.push(path);
  }
  return { missing, folders, named };
}

/** One folder: itself. Otherwise the working folder if it holds everything, else the common ancestor. */
function rootOf(folders: string[], named: string[], cwd: string): string {
  const [only] = folders;
  if (only !== undefined && folders.length === 1 && named.length === 0) return only;
  const all = [...folders, ...named.map((path) => dirname(path))];
  let root = cwd;
  while (!all.every((path) => isBelow(path, root)) && dirname(root) !== root) root = dirname(root);
  return root;
}

/** True for `top` itself and what is below it; both are absolute. */
export function isBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

/** Nothing if the folder cannot be read. */
function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

class Search {
  private readonly taken = new Map<string, DiscoveredFile>();
  private readonly excluded = new Map<ExcludeReason, Excluded & { seen: Set<string> }>();
  private readonly problems: Problem[] = [];
  private readonly root: string;
  private readonly options: DiscoverOptions;

  constructor(root: string, options: DiscoverOptions) {
    this.root = root;
    this.options = options;
  }

  take(path: string, explicit: boolean): void {
    if (this.taken.has(path)) return;
    const file = this.relative(path);
    this.taken.set(path, { path, file, explicit, template: isTemplate(file) });
  }

  async folder(folder: string): Promise<void> {
    const inFolder = (patterns: readonly Pattern[] = []) =>
      patterns.flatMap((p) =>
        typeof p === "string" ? meant(p) : meant(p.glob).flatMap((glob) => rebaseGlob(glob, p.base, folder)),
      );
    const include = inFolder(this.options.include);
    const exclude = inFolder(this.options.exclude);
    const broken = new Set<string>();
    const common = {
      cwd: folder,
      dot: true,
      onlyFiles: false,
      objectMode: true,
      followSymbolicLinks: false,
      caseSensitiveMatch: false,
      fs: this.reportingFs(broken),
    } as const;
    const matching = async (patterns: readonly string[]): Promise<ReadonlySet<string>> =>
      patterns.length === 0 ? new Set() : new Set((await fg([...patterns], common)).map((entry) => entry.path));
    const wanted = await fg([...WANTED_GLOBS, "**/"], { ...common, ignore: [...NOT_WALKED_GLOBS] });
    const included = await matching(include);
    const excluded = await matching(exclude);
    const git = this.options.gitignore === false ? undefined : new GitIgnore(folder);

    const entries = new Map(wanted.map((entry) => [entry.path, entry.dirent]));
    for (const path of included)
      if (!entries.has(path) && fileKind(path) !== "other") entries.set(path, undefined as never);
    const missed = [...broken].filter((path) => !entries.has(relative(folder, path).split(sep).join("/")));
    for (const path of missed.sort()) this.unreadable(path, "its name has a line break");
    for (const [path, dirent] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const full = join(folder, path);
      if (dirent?.isDirectory()) {
        this.countFolder(full, path);
        continue;
      }
      if (fileKind(path) === "other") continue;
      const reason = included.has(path)
        ? excluded.has(path)
          ? "--exclude"
          : undefined
        : this.reasonAgainst(full, path, excluded, git);
      if (reason) this.count(reason, full, path);
      else if (dirent === undefined || dirent.isFile()) this.take(full, false);
      else if (dirent.isSymbolicLink()) this.link(full, path, folder);
      else this.count("not a regular file", full, path);
    }
  }

  /**
   * Who scans `src/`, or one file, builds it with what stands beside and above. Outside of a work tree the root of the scan is
   * the end: what lies above it may belong to anybody.
   */
  buildFilesAbove(path: string): void {
    const top = workTreeOf(path) ?? this.root;
    for (let folder = path; folder !== top && folder !== dirname(folder); ) {
      folder = dirname(folder);
      for (const entry of entriesOf(folder)) {
        if (entry.isFile() && isBuildFile(entry.name)) this.take(join(folder, entry.name), false);
      }
    }
  }

  result(missing: string[]): Discovered {
    const all = [...this.taken.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
    const excluded = [...this.excluded.values()].map(({ seen: _, ...row }) => row);
    return {
      root: this.root,
      files: all.filter(({ file, explicit }) => {
        const kind = fileKind(file);
        return kind === "source" || (explicit && kind === "other");
      }),
      metadata: all.filter(({ file }) => fileKind(file) === "metadata"),
      excluded: excluded.sort((a, b) => (a.reason < b.reason ? -1 : 1)),
      problems: this.problems,
      missing,
    };
  }

  private reasonAgainst(
    full: string,
    path: string,
    excluded: ReadonlySet<string>,
    git: GitIgnore | undefined,
  ): ExcludeReason | undefined {
    if (excluded.has(path)) return "--exclude";
    const names = path.split("/");
    const file = names.pop() ?? "";
    for (const name of names) {
      const reason = folderReason(name);
      if (reason) return reason;
    }
    const reason = fileReason(file);
    if (reason) return reason;
    return git?.ignores(full) ? ".gitignore" : undefined;
  }

  /** A link to a file inside the root would only give the file twice. */
  private link(full: string, path: string, folder: string): void {
    let target: string;
    try {
      target = fs.realpathSync(full);
    } catch {
      this.problems.push({
        file: this.relative(full),
        kind: "unreadable",
        message: "broken symbolic link",
        skipped: true,
      });
      return;
    }
    const stat = fs.statSync(target, { throwIfNoEntry: false });
    const inside = target.startsWith(fs.realpathSync(folder) + sep);
    if (stat?.isFile() && !inside) this.take(full, false);
    else this.count("symbolic link", full, path);
  }

  private countFolder(full: string, path: string): void {
    const names = path.split("/").filter((name) => name !== "");
    const name = names.pop();
    // What ungil keeps for the project is no news to anybody.
    if (name === undefined || name === ".ungil" || names.some((above) => folderReason(above))) return;
    const reason = folderReason(name);
    if (reason) this.row(reason, full, !isWalked(reason)).folders++;
  }

  private count(reason: ExcludeReason, full: string, path: string): void {
    if (fileKind(path) !== "source") return;
    this.row(reason, full, true).files++;
  }

  private row(reason: ExcludeReason, full: string, asExample: boolean): Excluded & { seen: Set<string> } {
    let row = this.excluded.get(reason);
    if (!row) {
      row = { reason, files: 0, folders: 0, examples: [], seen: new Set() };
      this.excluded.set(reason, row);
    }
    if (asExample && row.examples.length < EXAMPLES && !row.seen.has(full)) {
      row.examples.push(this.relative(full));
      row.seen.add(full);
    }
    return row;
  }

  private relative(path: string): string {
    return relative(this.root, path).split(sep).join("/");
  }

  /**
   * fast-glob either throws at the first unreadable folder or hides them all; this counts each and goes on. Names with a line break, which
   * not every pattern matches, are noted in `broken`, as absolute paths.
   */
  private reportingFs(broken: Set<string>): { readdir: typeof fs.readdir } {
    const readdir = (folder: string, options: object, done: (error: Error | null, entries: unknown[]) => void) => {
      fs.readdir(folder, { ...options, withFileTypes: true }, (error, entries) => {
        if (error) this.unreadable(folder, `cannot read the folder: ${error.code ?? error.message}`);
        for (const entry of entries ?? []) {
          if (!entry.name.includes("\n") || (!entry.isDirectory() && fileKind(entry.name) === "other")) continue;
          broken.add(join(folder, entry.name));
        }
        done(null, error ? [] : entries);
      });
    };
    return { readdir: readdir as unknown as typeof fs.readdir };
  }

  private unreadable(path: string, message: string): void {
    const file = this.relative(path) || ".";
    if (this.problems.some((problem) => problem.file === file)) return;
    this.problems.push({ file, kind: "unreadable", message, skipped: true });
  }
}
