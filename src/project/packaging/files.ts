/** Finding and reading the files that say how a project is packaged and tested. Nothing is executed. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import fg from "fast-glob";
import type { Problem } from "../../ir/facts.ts";
import { readSource } from "../../text/source.ts";
import { NOT_WALKED_GLOBS } from "../discover/folders.ts";
import { workTreeOf } from "../discover/gitignore.ts";
import { iniSettings, Malformed, tomlSettings, yamlSettings } from "./settings.ts";
import type { Setting } from "./types.ts";

/** Larger files hold data, not configuration. */
const MAX_BYTES = 1024 * 1024;
/** Files of one kind that are read; what is more is counted as a problem. */
const MOST_FILES = 4000;
/** Packages that lie beside each other below a folder without one. */
const MOST_PACKAGES = 40;
const PACKAGE_DEPTH = 4;
const MANIFESTS = ["pyproject.toml", "setup.py", "setup.cfg"];
const BUILT = ["**/build/**", "**/dist/**", "**/__pycache__/**", "**/*.egg-info/**"];

/** The text of a file with its name relative to the root of the audit. */
export interface TextFile {
  file: string;
  text: string;
}

export class PackagingFiles {
  /** Absolute path of the folder with the CI configuration: the top of the work tree, else the outermost package. */
  readonly top: string;
  /** Absolute paths of the folders that hold a package, sorted. */
  readonly packages: readonly string[];
  readonly problems: Problem[] = [];
  private readonly root: string;
  private readonly texts = new Map<string, TextFile | undefined>();
  private readonly parsed = new Map<string, Setting[]>();

  /** @param root absolute path that names are relative to: the root of the audit. */
  constructor(root: string) {
    this.root = root;
    const tree = workTreeOf(root);
    this.packages = packageFolders(root, tree);
    this.top = tree ?? this.packages[0] ?? root;
  }

  /** What belongs to the packages alone: of a repository that holds other things, too, only their folders. */
  ownFolders(): readonly string[] {
    return this.packages.length > 0 ? this.packages : [this.top];
  }

  /** Names of the files that were read, sorted. */
  read(): string[] {
    return [...this.texts.values()].flatMap((f) => (f ? [f.file] : [])).sort();
  }

  /** Absolute path of a file of the audit. */
  pathOf(file: string): string {
    return join(this.root, file);
  }

  text(path: string): TextFile | undefined {
    if (this.texts.has(path)) return this.texts.get(path);
    let found: TextFile | undefined;
    if (this.isOwn(path) && statSync(path, { throwIfNoEntry: false })?.isFile()) {
      const file = this.nameOf(path);
      const source = readSource(path, file, { maxBytes: MAX_BYTES });
      if ("text" in source) found = { file, text: source.text };
      else this.problems.push(source.problem);
    }
    this.texts.set(path, found);
    return found;
  }

  /** What configurations name may lie anywhere; what is read belongs to the project. */
  private isOwn(path: string): boolean {
    return [this.top, ...this.packages].some((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  }

  /** Values of a YAML, TOML or INI file, by its ending; none if it is not there or not well-formed, which is a problem. */
  settings(path: string): Setting[] {
    const known = this.parsed.get(path);
    if (known) return known;
    let settings: Setting[] = [];
    const source = this.text(path);
    if (source) {
      const parse = /\.ya?ml$/.test(path) ? yamlSettings : path.endsWith(".toml") ? tomlSettings : iniSettings;
      try {
        settings = parse(source.file, source.text);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        const { message, line } = error;
        this.problems.push({ file: source.file, kind: "parse-error", message, skipped: true, ...(line && { line }) });
      }
    }
    this.parsed.set(path, settings);
    return settings;
  }

  /** Absolute paths below `folder`, sorted. Hidden folders are walked only where the pattern names them. */
  find(folder: string, patterns: readonly string[], ignore: readonly string[] = []): string[] {
    const hidden = NOT_WALKED_GLOBS.filter((glob) => glob !== "**/.*/**/*");
    const found = fg
      .sync([...patterns], {
        cwd: folder,
        onlyFiles: true,
        followSymbolicLinks: false,
        suppressErrors: true,
        ignore: [...hidden, ...BUILT, ...ignore],
      })
      .sort();
    if (found.length > MOST_FILES) {
      const message = `${found.length} files match ${patterns.join(", ")}; the first ${MOST_FILES} are read`;
      this.problems.push({ file: this.nameOf(folder) || ".", kind: "too-large", message, skipped: false });
    }
    return found.slice(0, MOST_FILES).map((path) => join(folder, path));
  }

  nameOf(path: string): string {
    return relative(this.root, path).split(sep).join("/");
  }
}

/** The nearest package at or above `root`; else the outermost ones below it. */
function packageFolders(root: string, tree: string | undefined): string[] {
  for (let folder = root; ; folder = dirname(folder)) {
    if (holdsPackage(folder)) return [folder];
    if (tree === undefined || folder === tree || dirname(folder) === folder) break;
  }
  const below = fg
    .sync([`**/{${MANIFESTS.join(",")}}`], {
      cwd: root,
      deep: PACKAGE_DEPTH,
      followSymbolicLinks: false,
      suppressErrors: true,
      ignore: [...NOT_WALKED_GLOBS, ...BUILT, "**/{test,tests,docs,doc,examples,benchmarks}/**"],
    })
    .map((path) => dirname(path));
  const folders = [...new Set(below)].filter((folder) => holdsPackage(join(root, folder))).sort();
  const depth = (folder: string) => folder.split("/").length;
  const outermost = Math.min(...folders.map(depth));
  return folders
    .filter((folder) => depth(folder) === outermost)
    .slice(0, MOST_PACKAGES)
    .map((folder) => join(root, folder));
}

/** A pyproject.toml may hold the settings of tools alone. */
function holdsPackage(folder: string): boolean {
  if (existsSync(join(folder, "setup.py"))) return true;
  const read = (name: string, pattern: RegExp) => {
    const source = readSource(join(folder, name), name, { maxBytes: MAX_BYTES });
    return "text" in source && pattern.test(source.text);
  };
  return read("pyproject.toml", /^\[(project|build-system|tool\.poetry)\b/m) || read("setup.cfg", /^\[metadata\]/m);
}
