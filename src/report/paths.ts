/** How a report names files, for readers who know nothing of the scanned root. */
import { posix, relative, sep } from "node:path";

/** All take a path relative to the scanned root, as findings have it; all answers have forward slashes. */
export interface ReportPaths {
  /** What opens the file from the working folder, for people and their terminals. */
  shown(file: string): string;
  /** Relative to the top of the repository, without `./`, for code hosts. */
  inRepository(file: string): string;
  /** The scanned root relative to the top of the repository; `.` if it is the top. */
  root: string;
}

export interface Folders {
  /** The scanned root, as the user named it. */
  root: string;
  /** The same without links, if there are any on the way. */
  realRoot?: string;
  /** Where the user is. */
  cwd: string;
  /** The top of the work tree that holds the root, else the root; without links. */
  top: string;
}

/** Names for files below the root; all folders are absolute. */
export function reportPaths({ root, realRoot = root, cwd, top }: Folders): ReportPaths {
  const fromTop = slashes(relative(top, realRoot));
  return {
    shown: shownFrom(cwd, root),
    inRepository: (file) => posix.join(fromTop, file),
    root: fromTop === "" ? "." : fromTop,
  };
}

/** What opens files below `root` for a user in `cwd`: relative if that is shorter. */
export function shownFrom(cwd: string, root: string): ReportPaths["shown"] {
  const fromCwd = relative(cwd, root);
  // `../src` is what its user typed, `../../../../opt/src` helps nobody.
  const prefix = slashes(fromCwd.length > root.length ? root : fromCwd);
  return (file) => posix.join(prefix, file);
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
