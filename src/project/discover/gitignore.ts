/** `.gitignore` files from the top of the work tree down to the file. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import { trackedFiles } from "./git-index.ts";

interface Level {
  folder: string;
  rules: Ignore;
}

/** Answers whether git ignores a path, which it never does for a tracked one. Reads each `.gitignore` once; an unreadable one counts as empty. */
export class GitIgnore {
  private readonly levels = new Map<string, readonly Level[]>();
  private readonly folders = new Map<string, boolean>();
  private readonly top: string | undefined;
  private tracked: ReadonlySet<string> | undefined;

  /** @param root absolute path of a folder, inside a work tree or not. */
  constructor(root: string) {
    this.top = workTreeOf(root);
  }

  /** @param path absolute path of a file below the root. */
  ignores(path: string): boolean {
    if (this.top === undefined) return false;
    const ignored = this.ignoresFolder(dirname(path), this.top) || this.matches(path, "", this.top);
    return ignored && !this.isTracked(path, this.top);
  }

  /** What an ignored folder holds is ignored, whatever a `.gitignore` in it says. */
  private ignoresFolder(folder: string, top: string): boolean {
    if (folder === top || dirname(folder) === folder) return false;
    let known = this.folders.get(folder);
    if (known === undefined) {
      known = this.ignoresFolder(dirname(folder), top) || this.matches(folder, "/", top);
      this.folders.set(folder, known);
    }
    return known;
  }

  private matches(path: string, end: string, top: string): boolean {
    let ignored = false;
    for (const { folder, rules } of this.levelsOf(dirname(path), top)) {
      const result = rules.test(relative(folder, path).split(sep).join("/") + end);
      if (result.ignored) ignored = true;
      else if (result.unignored) ignored = false;
    }
    return ignored;
  }

  private isTracked(path: string, top: string): boolean {
    this.tracked ??= trackedFiles(top);
    return this.tracked.has(relative(top, path).split(sep).join("/"));
  }

  private levelsOf(folder: string, top: string): readonly Level[] {
    const known = this.levels.get(folder);
    if (known) return known;
    const above = folder === top || dirname(folder) === folder ? [] : this.levelsOf(dirname(folder), top);
    const texts = [readText(join(folder, ".gitignore"))];
    if (folder === top) texts.unshift(readText(join(folder, ".git", "info", "exclude")));
    const text = texts.join("\n");
    const levels = text.trim() === "" ? above : [...above, { folder, rules: ignore().add(text) }];
    this.levels.set(folder, levels);
    return levels;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Outside of work trees, a folder with one of these is a project's. */
const PROJECT_MARKS = [".ungil", "ungil.toml", "pyproject.toml", "setup.py", "setup.cfg"];

/**
 * The folder that keeps what belongs to the project: the top of the work tree that holds `root`; without one the nearest folder
 * at or above `root` that packaging or ungil has a file in, else `root` itself.
 */
export function projectFolder(root: string): string {
  const tree = workTreeOf(root);
  if (tree !== undefined) return tree;
  for (let folder = root; ; folder = dirname(folder)) {
    if (PROJECT_MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return root;
  }
}

/** The nearest folder at or above `root` that has a `.git`; undefined outside of work trees. */
export function workTreeOf(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
