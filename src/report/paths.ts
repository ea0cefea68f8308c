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
  /** The scanned root. */
  root: string;
  /** Where the user is. */
  cwd: string;
  /** The top of the work tree that holds the root, else the root. */
  top: string;
}

/** Names for files below `folders.root`; all folders are absolute. */
export function reportPaths({ root, cwd, top }: Folders): ReportPaths {
  const fromTop = slashes(relative(top, root));
  const fromCwd = relative(cwd, root);
  // `../src` is what its user typed, `../../../../opt/src` helps nobody.
  const prefix = slashes(fromCwd.startsWith("..") && fromCwd.length > root.length ? root : fromCwd);
  return {
    shown: (file) => posix.join(prefix, file),
    inRepository: (file) => posix.join(fromTop, file),
    root: fromTop === "" ? "." : fromTop,
  };
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
