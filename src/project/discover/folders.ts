/** Which folders are left out by default, and why. Only folders below the scanned one count, never the scanned one itself. */

export type ExcludeReason =
  | "version control"
  | "hidden folder"
  | "build output"
  | "installed packages"
  | "vendored code"
  | "tests"
  | "documentation and examples"
  | ".gitignore"
  | "--exclude"
  | "symbolic link"
  | "not a regular file";

const NAMES: readonly (readonly [ExcludeReason, readonly string[]])[] = [
  ["version control", [".git", ".hg", ".svn", ".bzr", "_darcs", "CVS"]],
  [
    "installed packages",
    ["node_modules", "site-packages", "dist-packages", "venv", "virtualenv", ".venv", ".tox", ".nox"],
  ],
  ["build output", ["build", "builddir", "_build", "dist", "_skbuild", "CMakeFiles", "__pycache__", "target"]],
  [
    "vendored code",
    [
      "third_party",
      "third-party",
      "thirdparty",
      "3rdparty",
      "3rd_party",
      "vendor",
      "vendors",
      "vendored",
      "_vendor",
      "_vendored",
      "extern",
      "external",
      "externals",
      "subprojects",
      "submodules",
    ],
  ],
  [
    "documentation and examples",
    ["doc", "docs", "Doc", "documentation", "example", "examples", "_examples", "benchmark", "benchmarks"],
  ],
  ["tests", ["test", "tests", "testing", "testsuite", "unittests", "unit_tests", "Test", "Tests"]],
];

const BY_NAME: ReadonlyMap<string, ExcludeReason> = new Map(
  NAMES.flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

/** Reason to leave out a folder of this name; undefined to go into it. */
export function folderReason(name: string): ExcludeReason | undefined {
  const known = BY_NAME.get(name);
  if (known) return known;
  if (name.startsWith(".")) return "hidden folder";
  if (name.endsWith(".egg-info") || name.startsWith("cmake-build-") || name.startsWith("build-")) return "build output";
  if (name.startsWith("_test")) return "tests";
  return undefined;
}

/**
 * Headers that projects copy in as they are. pythoncapi-compat defines functions of later Pythons under their own names: it
 * is a piece of CPython, not of the project.
 */
const VENDORED_FILES: ReadonlySet<string> = new Set(["pythoncapi_compat.h"]);

/** Reason to leave out a file of this name; undefined to take it. */
export function fileReason(name: string): ExcludeReason | undefined {
  return VENDORED_FILES.has(name) ? "vendored code" : undefined;
}

/**
 * Folders that are not even walked unless an `--include` pattern asks for them: they are large, and nothing in them
 * belongs to the project.
 */
const NOT_WALKED: ReadonlySet<ExcludeReason> = new Set(["version control", "hidden folder", "installed packages"]);

export function isWalked(reason: ExcludeReason): boolean {
  return !NOT_WALKED.has(reason);
}

/** Glob patterns of the insides of folders that are not walked; the folders themselves stay visible and are counted. */
export const NOT_WALKED_GLOBS: readonly string[] = [
  "**/.*/**/*",
  ...NAMES.filter(([reason]) => NOT_WALKED.has(reason)).flatMap(([, names]) => names.map((name) => `**/${name}/**/*`)),
];
