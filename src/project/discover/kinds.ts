/** What a file is for the audit, told by its name. */

/** C and C++ sources, headers and NumPy's templates of them. */
export const SOURCE_EXTENSIONS: readonly string[] = [
  ".c",
  ".h",
  ".cc",
  ".cpp",
  ".cxx",
  ".c++",
  ".hpp",
  ".hh",
  ".hxx",
  ".inl",
  ".ipp",
  ".tpp",
  ".c.src",
  ".h.src",
  ".cpp.src",
];

/** Files that say how a module is built or made by a framework. */
export const METADATA_EXTENSIONS: readonly string[] = [
  ".pyx",
  ".pyx.in",
  ".pyx.tp",
  ".pxd",
  ".pxd.in",
  ".pyf",
  ".pyf.src",
  ".cmake",
  ".sip",
  ".i",
  ".swg",
  ".swig",
  ".rs",
];
export const METADATA_NAMES: readonly string[] = [
  "CMakeLists.txt",
  "meson.build",
  "setup.py",
  "setup.cfg",
  "pyproject.toml",
  "Cargo.toml",
  "Cargo.lock",
];
/** Words in the names of Python files that help to build: `setupinfo.py`, `_custom_build.py`. */
const BUILD_SCRIPT_WORDS: readonly string[] = ["setup", "build"];

export type FileKind = "source" | "metadata" | "other";

/** Kind by name alone; upper-case extensions count like lower-case ones, except `.C`, which is C++ by old habit. */
export function fileKind(path: string): FileKind {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const lower = name.toLowerCase();
  if (SOURCE_EXTENSIONS.some((extension) => lower.endsWith(extension))) return "source";
  if (METADATA_EXTENSIONS.some((extension) => lower.endsWith(extension))) return "metadata";
  return isBuildFile(path) ? "metadata" : "other";
}

/** True for files that a build begins with or reads, by name: not for the sources of frameworks. */
export function isBuildFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const lower = name.toLowerCase();
  const isScript = lower.endsWith(".py") && BUILD_SCRIPT_WORDS.some((word) => lower.includes(word));
  return isScript || METADATA_NAMES.includes(name);
}

/** True for templates that repeat blocks of C before they are compiled. */
export function isTemplate(path: string): boolean {
  return path.toLowerCase().endsWith(".src");
}

/** Glob pattern of everything `fileKind` calls source or metadata. */
export const WANTED_GLOBS: readonly string[] = [
  `**/*{${[...SOURCE_EXTENSIONS, ...METADATA_EXTENSIONS].join(",")}}`,
  `**/{${METADATA_NAMES.join(",")}}`,
  `**/*{${BUILD_SCRIPT_WORDS.join(",")}}*.py`,
];
