/** What packaging files say, as plain data: facts with their places, no judgement. */
import type { Problem } from "../../ir/facts.ts";

/** A line of a file that says something. */
export interface Quote {
  /** Relative to the root of the audit, forward slashes; begins with `../` for what lies above it. */
  file: string;
  /** From 1. */
  line: number;
  /** What is said there, in one line. */
  text: string;
}

/** One value of a YAML, TOML or INI file. */
export interface Setting {
  file: string;
  line: number;
  /** Keys from the document down to the value; elements of lists by their number. */
  path: readonly string[];
  value: string;
  /** The comment behind the value, where the format keeps it: `# v3.1.4` behind a pinned action. */
  comment?: string;
}

/** The packages of a build or test environment, as PEP 508 writes them. */
export interface Requirement extends Quote {
  /** Lower case, with hyphens. */
  name: string;
  /** `>=3.1,<4`; "" if any version will do. */
  specifier: string;
  /** True if the build needs it, false for tests and development. */
  build: boolean;
}

/** One job of a CI system. */
export interface CiJob {
  /** `GitHub Actions`, `GitLab CI`, ... */
  system: string;
  file: string;
  line: number;
  name: string;
  /** Values that choose a free-threaded interpreter. */
  freeThreaded: Quote[];
  /** Commands that run tests. */
  tests: Quote[];
  /** Commands and actions that build wheels. */
  wheels: Quote[];
}

/** Wheels that a tool builds. */
export interface WheelBuild extends Quote {
  /** `cibuildwheel`, `maturin`, `build`. */
  tool: string;
  /** Free-threaded tags (`cp314t`) with the place that asks for each; sorted. */
  tags: { tag: string; place: Quote }[];
  /** What cannot be said from the files, "" if the answer is whole. */
  doubt: string;
  /** What keeps free-threaded wheels out. */
  against?: Quote;
  /** The command that tests each wheel. */
  test?: Quote;
}

export interface TestFiles {
  /** Python files that hold tests. */
  files: number;
  /** Those that start threads, at the first place that does. */
  threaded: Quote[];
  /** Plugins and runners that run tests in several threads. */
  plugins: Quote[];
}

export interface AbiRequest extends Quote {
  /** The build asks whether the interpreter is free-threaded. */
  guarded: boolean;
}

export interface CompatCopy extends Quote {
  /** Names that newer copies define and this one does not. */
  lacking: string[];
}

/** Everything that is known of how a project is packaged. */
export interface Packaging {
  /** Files that were read, sorted. */
  files: string[];
  /** Files that could not be read or understood. */
  problems: Problem[];
  /** Files that hold the metadata of a package; none: nothing here is packaged. */
  manifests: string[];
  /** As the metadata states it; undefined if it is computed, or if there are several packages. */
  name?: string;
  /** Trove classifiers `Programming Language :: Python :: Free Threading`. */
  classifiers: Quote[];
  /** The first line that has any trove classifier. */
  otherClassifier?: Quote;
  requiresPython: (Quote & { specifier: string })[];
  requirements: Requirement[];
  /** CI systems with a configuration in the checkout, sorted. */
  systems: string[];
  jobs: CiJob[];
  wheels: WheelBuild[];
  /** Environments of tox, nox and hatch for a free-threaded interpreter. */
  environments: Quote[];
  /** `PYTHON_GIL=0`, `-X gil=0`. */
  gilOff: Quote[];
  /** Thread Sanitizer in CI or in test environments. */
  threadSanitizer: Quote[];
  tests: TestFiles;
  abi3: AbiRequest[];
  /** Copies of pythoncapi_compat.h. */
  compatCopies: CompatCopy[];
  /** Where the documentation speaks of free threading or thread safety. */
  documentation: Quote[];
}
