/** Globs of a configuration file, which start from its folder, seen from a scanned folder. */
import { relative, sep } from "node:path";
import picomatch from "picomatch";

/** The pattern as people mean it: `./` in front says nothing, and a folder stands for what is in it. */
export function meant(glob: string): string[] {
  const clean = glob.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return clean.endsWith("*") ? [clean] : [clean, `${clean}/**`];
}

/**
 * Patterns that match below `folder` what `glob` matches below `base`. None if it matches nothing there. For a folder that is not
 * below `base` (a configuration file from elsewhere) the pattern starts from the folder itself.
 */
export function rebaseGlob(glob: string, base: string, folder: string): string[] {
  const path = relative(base, folder);
  if (path === "" || path.startsWith("..")) return [glob];
  return [...new Set(rest(glob.split("/"), path.split(sep)))];
}

/** What of the pattern is left for paths below the folders `names`. */
function rest(pattern: readonly string[], names: readonly string[]): string[] {
  if (names.length === 0) return pattern.length === 0 ? [] : [pattern.join("/")];
  const [first, ...others] = pattern;
  if (first === undefined) return [];
  if (first === "**") return [pattern.join("/"), ...rest(others, names)];
  return picomatch.isMatch(names[0], first, { dot: true, nocase: true }) ? rest(others, names.slice(1)) : [];
}
