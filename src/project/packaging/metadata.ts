/** What the metadata of a package states: classifiers, supported Pythons, requirements, the limited API. */
import { join } from "node:path";
import type { PackagingFiles, TextFile } from "./files.ts";
import { quoteOf, shortened } from "./quotes.ts";
import { codeLines } from "./settings.ts";
import type { AbiRequest, Packaging, Quote, Requirement, Setting } from "./types.ts";

const FREE_THREADING = "Programming Language :: Python :: Free Threading";
const ANY_CLASSIFIER = /\b(?:Programming Language|License|Operating System|Development Status|Intended Audience) :: /;

type Stated = Pick<Packaging, "classifiers" | "otherClassifier" | "requiresPython">;

/** The manifests that exist, as absolute paths. */
export function manifestPaths(files: PackagingFiles): string[] {
  return files.packages.flatMap((folder) =>
    ["pyproject.toml", "setup.cfg", "setup.py"].map((name) => join(folder, name)).filter((path) => files.text(path)),
  );
}

export function statedBy(files: PackagingFiles): Stated {
  const stated: Stated = { classifiers: [], requiresPython: [] };
  for (const path of manifestPaths(files)) {
    const source = files.text(path)!;
    // Classifiers are the same words in all three files, also in strings that setup.py splits.
    for (const { line, code } of codeLines(source.text)) {
      const quote = { file: source.file, line, text: shortened(code) };
      if (code.includes(FREE_THREADING)) stated.classifiers.push(quote);
      else if (stated.otherClassifier === undefined && ANY_CLASSIFIER.test(code)) stated.otherClassifier = quote;
    }
    const specifier = pythonsOf(path, files, source);
    if (specifier) stated.requiresPython.push(specifier);
  }
  return stated;
}

/** The name of the one package; undefined if there are several, or if setup.py computes it. */
export function packageName(files: PackagingFiles): string | undefined {
  const [folder, ...others] = files.packages;
  if (folder === undefined || others.length > 0) return undefined;
  const names = ["project/name", "tool/poetry/name", "metadata/name"];
  for (const file of ["pyproject.toml", "setup.cfg"]) {
    const setting = files.settings(join(folder, file)).find(({ path }) => names.includes(path.join("/")));
    if (setting) return setting.value;
  }
  const setup = files.text(join(folder, "setup.py"));
  return setup && /^[ \t]*name[ \t]*=[ \t]*["']([\w.-]+)["']/m.exec(setup.text)?.[1];
}

function pythonsOf(
  path: string,
  files: PackagingFiles,
  source: TextFile,
): Stated["requiresPython"][number] | undefined {
  if (path.endsWith("setup.py")) {
    for (const { line, code } of codeLines(source.text)) {
      const match = /\bpython_requires["']?\s*[=:]\s*["']([^"']+)["']/.exec(code);
      if (match) return { file: source.file, line, text: shortened(code), specifier: match[1] };
    }
    return undefined;
  }
  const isStated = ({ path: p }: Setting) =>
    ["project/requires-python", "tool/poetry/dependencies/python", "options/python_requires"].includes(p.join("/"));
  const setting = files.settings(path).find(isStated);
  return setting && { ...quoteOf(setting), specifier: setting.value };
}

/** PEP 508, as far as a name and its versions go. */
const CLAUSE = "(?:===|[<>=!~^]=?)\\s*[\\w.*+!-]+";
const REQUIREMENT = new RegExp(
  `^([A-Za-z][\\w.-]*)\\s*(?:\\[[^\\]]*\\])?\\s*\\(?(${CLAUSE}(?:\\s*,\\s*${CLAUSE})*)?\\s*,?\\s*\\)?\\s*(?:[;#].*)?$`,
);
const CARGO_FILES = ["Cargo.toml", "*/Cargo.toml", "{crates,rust,src}/*/Cargo.toml"];
const CRATE = /^(?:workspace\/)?dependencies\/(pyo3)(?:\/version)?$/;
const REQUIREMENT_FILES = ["*requirements*.{txt,in}", "requirements/**/*.{txt,in}", "constraints*.txt"];
/** What is worth finding in setup.py, where requirements are strings among others. */
const BUILD_TOOLS = /["']((?:cython|pybind11|nanobind|cffi|numpy|swig|mypy|pyo3)\b[^"']*)["']/gi;

export function requirementsOf(files: PackagingFiles): Requirement[] {
  const found: Requirement[] = [];
  const add = (quote: Quote, text: string, build: boolean) => {
    const match = REQUIREMENT.exec(text.trim());
    if (!match) return;
    const name = match[1].toLowerCase().replace(/[-_.]+/g, "-");
    found.push({ ...quote, name, specifier: (match[2] ?? "").replace(/\s+/g, ""), build });
  };
  for (const folder of files.packages) {
    for (const setting of files.settings(join(folder, "pyproject.toml"))) {
      const path = setting.path.join("/");
      if (path.startsWith("build-system/requires/")) add(quoteOf(setting), setting.value, true);
      else if (/^(dependency-groups|project\/optional-dependencies|tool\/(uv|hatch|pdm)\/)/.test(path)) {
        add(quoteOf(setting), setting.value, false);
      }
    }
    for (const setting of files.settings(join(folder, "setup.cfg"))) {
      if (setting.path[1] === "setup_requires") add(quoteOf(setting), setting.value, true);
      if (setting.path[0] === "options.extras_require") add(quoteOf(setting), setting.value, false);
    }
    const setup = files.text(join(folder, "setup.py"));
    for (const { line, code } of setup ? codeLines(setup.text) : []) {
      const quote = { file: setup!.file, line, text: shortened(code) };
      for (const [, text] of code.matchAll(BUILD_TOOLS)) if (/[<>=~]/.test(text)) add(quote, text, true);
    }
    for (const path of files.find(folder, CARGO_FILES)) {
      for (const setting of files.settings(path)) {
        const match = CRATE.exec(setting.path.join("/"));
        // A bare version of Cargo lets in what a caret lets in.
        if (match) add(quoteOf(setting), `${match[1]} ${setting.value.replace(/^(?=\d)/, "^")}`, true);
      }
    }
    for (const path of files.find(folder, REQUIREMENT_FILES)) {
      const source = files.text(path);
      for (const { line, code } of source ? codeLines(source.text) : []) {
        add({ file: source!.file, line, text: shortened(code) }, code, /build/i.test(path));
      }
    }
  }
  return found;
}

/** Options that ask for the limited API, by the files that they stand in. */
const LIMITED: readonly (readonly [ending: RegExp, option: RegExp])[] = [
  [
    /\.(?:py|cfg)$/,
    /\bpy[_-]limited[_-]api\b["']?\]?\s*[=:]\s*(?!\s*["']?(?:False|0|None|$))|["']Py_LIMITED_API["']|-DPy_LIMITED_API/,
  ],
  [
    /pyproject\.toml$/,
    /\bpy[_-]limited[_-]api\s*=\s*(?!["']?(?:false|["']))|\bwheel\.py-api\s*=\s*["']cp3\d+|^py-api\s*=\s*["']cp3\d+|\blimited-api\s*=\s*true/,
  ],
  [/meson\.build$/, /\blimited_api\s*:\s*(?!['"]['"])\S/],
  [/CMakeLists\.txt$|\.cmake$/, /\bUSE_SABI\b|\bSTABLE_ABI\b|Py_LIMITED_API/],
  [/Cargo\.toml$/, /["']abi3(?:-py3\d+)?["']/],
];
const BUILD_FILES = [
  "*.py",
  "*.cfg",
  "pyproject.toml",
  "**/meson.build",
  "**/CMakeLists.txt",
  "**/*.cmake",
  "**/Cargo.toml",
];
/** A build that asks which interpreter it is for decides by itself; PyO3 ignores abi3 on free-threaded ones (PyO3 guide, 0.23). */
const ASKS = /Py_GIL_DISABLED|free[-_ ]?thread|nogil/i;

export function limitedApi(files: PackagingFiles): AbiRequest[] {
  return files.packages.flatMap((folder) => {
    const scripts = files.find(folder, ["*.py", "**/meson.build"]).flatMap((path) => files.text(path) ?? []);
    // Meson's own option switches it off for all modules.
    const isOff = scripts.some(({ text }) => /python\.allow_limited_api=false/.test(text));
    const asks = scripts.some(({ text }) => ASKS.test(text));
    return files.find(folder, BUILD_FILES, ["**/{test,tests,docs,doc,examples}/**"]).flatMap((path): AbiRequest[] => {
      const option = LIMITED.find(([ending]) => ending.test(path))?.[1];
      const source = option && files.text(path);
      if (!option || !source || (isOff && path.endsWith("meson.build"))) return [];
      const found = codeLines(source.text).find(({ code }) => option.test(code));
      if (!found) return [];
      const guarded = asks || ASKS.test(source.text) || path.endsWith("Cargo.toml");
      return [{ file: source.file, line: found.line, text: shortened(found.code), guarded }];
    });
  });
}
