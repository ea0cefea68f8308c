/** How a project is tested: with threads or without, with the GIL off, under Thread Sanitizer; and what its documentation promises. */
import { join } from "node:path";
import type { PackagingFiles } from "./files.ts";
import { shortened } from "./quotes.ts";
import { codeLines } from "./settings.ts";
import { freeThreadedIn } from "./tokens.ts";
import type { CompatCopy, Quote, TestFiles } from "./types.ts";

const TEST_FILES = [
  "**/{test,tests,Test,Tests,testing,testsuite}/**/*.py",
  "**/test_*.py",
  "**/*_test{,s}.py",
  "**/tests.py",
  "**/conftest.py",
];
const NOT_TESTS = ["**/{third_party,vendor,vendored,extern,subprojects}/**"];
const STARTS_THREADS =
  /\bThread\(|\(\s*(?:threading\.)?Thread\s*\)|\bThreadPoolExecutor\(|\bThreadPool\(|\bstart_new_thread\(|\brun_threaded\(|\brun_in_(?:parallel|threads)\(/;
const PLUGINS =
  /pytest[-_]run[-_]parallel|pytest[-_]freethreaded|unittest[-_]ft\b|--parallel-threads|\bparallel_threads\b/;

/** Configurations of test runners and the scripts that CI calls. */
const RUNNERS = [
  "{tox,pytest,.pytest}.{ini,toml}",
  "setup.cfg",
  "pyproject.toml",
  "noxfile.py",
  "Makefile",
  "{j,J,.j}ustfile",
  "*requirements*.{txt,in}",
  "requirements/**/*.{txt,in}",
  "{ci,.ci,tools,scripts,script,build_tools,continuous_integration}/**/*.{sh,ps1,bat,toml,yml,yaml,txt}",
  "environment*.{yml,yaml}",
];
const CI_FILES = [
  ".github/**/*.{yml,yaml,sh,ps1}",
  ".gitlab-ci.{yml,yaml}",
  ".gitlab/**/*.{yml,yaml}",
  "azure-pipelines*.{yml,yaml}",
  ".azure-pipelines/**/*.{yml,yaml}",
  ".circleci/*.{yml,yaml}",
  "{appveyor,.appveyor,.cirrus,.travis}.{yml,yaml}",
];
const GIL_OFF = /\bPYTHON_GIL["']?\]?\s*[:=]\s*["']?0\b|-X\s?gil=0\b|["']-Xgil=0["']/;
const THREAD_SANITIZER =
  /-fsanitize=[\w,]*thread|\bTSAN_OPTIONS\b|\bb_sanitize\s*=\s*thread|--with-thread-sanitizer|\btsan\b/i;

/** Lines of test configurations and CI that match, first file first. */
function linesMatching(files: PackagingFiles, patterns: readonly RegExp[]): Quote[][] {
  const paths = [
    ...files.find(files.top, CI_FILES),
    ...[...new Set([files.top, ...files.packages])].flatMap((folder) => files.find(folder, RUNNERS)),
  ];
  const found: Quote[][] = patterns.map(() => []);
  for (const path of new Set(paths)) {
    const source = files.text(path);
    for (const { line, code } of source ? codeLines(source.text) : []) {
      patterns.forEach((pattern, i) => {
        if (pattern.test(code)) found[i].push({ file: source!.file, line, text: shortened(code) });
      });
    }
  }
  return found;
}

export interface Runs {
  gilOff: Quote[];
  threadSanitizer: Quote[];
  plugins: Quote[];
}

export function runsOf(files: PackagingFiles): Runs {
  const [gilOff, threadSanitizer, plugins] = linesMatching(files, [GIL_OFF, THREAD_SANITIZER, PLUGINS]);
  return { gilOff, threadSanitizer, plugins };
}

/** Test files by what they do with threads. */
export function testFiles(files: PackagingFiles, plugins: Quote[]): TestFiles {
  const paths = new Set(files.packages.flatMap((folder) => files.find(folder, TEST_FILES, NOT_TESTS)));
  const threaded: Quote[] = [];
  for (const path of paths) {
    const source = files.text(path);
    const first = source && codeLines(source.text).find(({ code }) => STARTS_THREADS.test(code));
    if (first) threaded.push({ file: source.file, line: first.line, text: shortened(first.code) });
  }
  return { files: paths.size, threaded, plugins };
}

/** Environments that tox, nox and hatch know for free-threaded interpreters. */
export function testEnvironments(files: PackagingFiles): Quote[] {
  const found: Quote[] = [];
  for (const folder of files.packages) {
    for (const name of ["tox.ini", "tox.toml", "setup.cfg", "pyproject.toml"]) {
      for (const setting of files.settings(join(folder, name))) {
        const path = setting.path.join("/");
        const isTox = name.startsWith("tox") || path.startsWith("tox") || path.startsWith("tool/tox");
        if (isTox || path.startsWith("tool/hatch/envs")) found.push(...freeThreadedIn(setting));
      }
    }
    const nox = files.text(join(folder, "noxfile.py"));
    if (nox) {
      const setting = { file: nox.file, line: 1, path: ["run"], value: nox.text };
      found.push(...freeThreadedIn(setting));
    }
  }
  return found;
}

const DOCUMENTS = ["README*", "{doc,docs,Doc,documentation}/**/*.{rst,md,txt}"];
/** Lists of changes tell what was done, not what holds. */
const NEWS = [
  "**/*{change,CHANGE,Change,history,HISTORY,news,NEWS,release,whatsnew}*",
  "**/{release,changes,news,whatsnew}*/**",
];
const OUR_WORDS = /free[- ]?thread(?:ed|ing)|\bno-?gil\b/i;
const PROMISES = /\bthread(?:s|ing|[- ]safe(?:ty)?)\b/i;

/** The first place in each document that speaks of free threading, else of threads; those of the former first. */
export function documentation(files: PackagingFiles): Quote[] {
  const quotes = files
    .ownFolders()
    .flatMap((folder) => files.find(folder, DOCUMENTS, NEWS))
    .flatMap((path) => {
      const source = files.text(path);
      const lines = source?.text.split(/\r\n|\r|\n/) ?? [];
      const own = lines.findIndex((text) => OUR_WORDS.test(text));
      const at = own >= 0 ? own : lines.findIndex((text) => PROMISES.test(text));
      return at < 0 ? [] : [{ file: source!.file, line: at + 1, text: shortened(lines[at]) }];
    });
  const unique = [...new Map(quotes.map((q) => [q.file, q])).values()];
  const isOurs = (q: Quote) => OUR_WORDS.test(q.text);
  return [...unique.filter(isOurs), ...unique.filter((q) => !isOurs(q))];
}

/** What a port needs of pythoncapi_compat.h. */
const NEEDED = [
  "PyDict_GetItemRef",
  "PyDict_GetItemStringRef",
  "PyDict_SetDefaultRef",
  "PyList_GetItemRef",
  "PyWeakref_GetRef",
  "PyImport_AddModuleRef",
  "Py_BEGIN_CRITICAL_SECTION",
];

export function compatCopies(files: PackagingFiles): CompatCopy[] {
  const paths = new Set(files.ownFolders().flatMap((folder) => files.find(folder, ["**/pythoncapi_compat.h"])));
  return [...paths].flatMap((path): CompatCopy[] => {
    const source = files.text(path);
    if (!source) return [];
    const lacking = NEEDED.filter((name) => !source.text.includes(name));
    return [{ file: source.file, line: 1, text: "pythoncapi_compat.h", lacking }];
  });
}
