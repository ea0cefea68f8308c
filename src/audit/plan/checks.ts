/** What packaging says about free threading, question by question. */
import type { Packaging, Quote, WheelBuild } from "../../project/packaging/types.ts";
import { check, count } from "./check.ts";
import { toolChecks } from "./tool-checks.ts";
import type { Check, CheckState, ModuleReadiness } from "./types.ts";
import { boundsOf, ordinal } from "./versions.ts";

type Modules = readonly Pick<ModuleReadiness, "module">[];

/** All checks, in the order that a port deals with them. */
export function packagingChecks(packaging: Packaging, modules: Modules): Check[] {
  if (packaging.manifests.length === 0 && packaging.systems.length === 0) return [notPackaged()];
  return [
    threadedTests(packaging),
    ciJob(packaging),
    gilOff(packaging, modules),
    threadSanitizer(packaging),
    ...toolChecks(packaging, modules),
    limitedApi(packaging),
    pythons(packaging),
    wheels(packaging),
    documentation(packaging),
    classifier(packaging, modules),
  ];
}

/** Packaging that is neither asked nor answered counts nowhere. */
export function countedChecks(checks: readonly Check[]): Check[] {
  return checks.filter((c) => c.state !== "not needed");
}

function notPackaged(): Check {
  return check(
    "packaging",
    "Packaging",
    "unknown",
    "neither pyproject.toml, setup.py nor setup.cfg, and no CI configuration, is in or above the audited folder",
    [],
    "Run the plan on the folder that holds them.",
  );
}

/** A few places are enough to look up; the count is in the sentence. */
const SHOWN = 3;

function some(quotes: readonly Quote[]): Quote[] {
  return quotes.slice(0, SHOWN);
}

function threadedTests({ tests }: Packaging): Check {
  const title = "Tests with several threads";
  const { files, threaded, plugins } = tests;
  const share = `${threaded.length} of ${files} test files start${threaded.length === 1 ? "s" : ""} threads`;
  const advice =
    "Run the suite with `pytest-run-parallel`, which calls each test in several threads at once, and add tests in which threads share one object of each type.";
  const snippet = { language: "sh", text: "python -m pip install pytest-run-parallel\npytest --parallel-threads=8" };
  const make = (state: CheckState, summary: string, evidence: readonly Quote[], next = advice, code = true) =>
    check("threaded-tests", title, state, summary, some(evidence), next, code ? snippet : undefined);
  if (plugins.length > 0) {
    return make("done", `a runner calls tests in several threads; ${share}`, [...plugins, ...threaded], "", false);
  }
  if (files === 0) return make("unknown", "no test files are in this checkout", []);
  if (threaded.length > 0) return make("partly", `${share}; nothing runs the others in parallel`, threaded);
  return make("missing", `none of ${files} test files starts threads`, []);
}

const CI_SNIPPET = {
  language: "yaml",
  text: [
    "free-threaded:",
    "  runs-on: ubuntu-latest",
    "  steps:",
    "    - uses: actions/checkout@v6",
    "    - uses: actions/setup-python@v6",
    "      with:",
    "        python-version: 3.14t",
    "    - run: python -m pip install . pytest",
    "    - run: python -m pytest",
    "      env:",
    '        PYTHON_GIL: "0"',
  ].join("\n"),
};

/** Whether tests run on a free-threaded interpreter, by themselves or in the build of wheels. */
function ciJob({ jobs, wheels: builds, environments, systems }: Packaging): Check {
  const make = (state: CheckState, summary: string, evidence: readonly Quote[], advice = "") =>
    check(
      "ci-job",
      "CI job on a free-threaded Python",
      state,
      summary,
      some(evidence),
      advice,
      advice ? CI_SNIPPET : undefined,
    );
  const free = jobs.filter((j) => j.freeThreaded.length > 0);
  const tested = free.filter((j) => j.tests.length > 0);
  if (tested.length > 0) {
    return make(
      "done",
      `${count(tested.length, "job")} of ${[...new Set(tested.map((j) => j.system))].join(" and ")} ${tested.length === 1 ? "runs" : "run"} tests on one`,
      tested.flatMap((j) => j.freeThreaded.slice(0, 1)),
    );
  }
  const inBuild = builds.filter((b) => b.tags.length > 0 && b.test !== undefined);
  if (inBuild.length > 0) {
    return make(
      "done",
      "tests run on each free-threaded wheel that is built",
      inBuild.flatMap((b) => b.test ?? []),
    );
  }
  const silent = free.filter((j) => j.wheels.length === 0);
  if (silent.length > 0) {
    const places = silent.flatMap((j) => j.freeThreaded.slice(0, 1));
    return make("unknown", "a job names a free-threaded Python, but no command of it is known to run tests", places);
  }
  const advice = "Add a job that installs the package on 3.14t and runs the tests with `PYTHON_GIL=0`.";
  if (environments.length > 0) {
    return make(
      "partly",
      "a test environment exists, but no CI job names a free-threaded Python",
      environments,
      advice,
    );
  }
  if (systems.length === 0) return make("unknown", "no CI configuration is in this checkout", [], advice);
  return make("missing", `no job of ${systems.join(" and ")} names a free-threaded Python`, [], advice);
}

/** Importing a module that does not declare switches the GIL on, so that tests find nothing unless it is forced off. */
function gilOff({ gilOff: places, jobs }: Packaging, modules: Modules): Check {
  const title = "Tests run with the GIL off";
  if (places.length > 0) return check("gil-off", title, "done", "the GIL is forced off", some(places));
  const undeclared = modules.filter(({ module }) => module.declared !== "yes");
  if (undeclared.length === 0) {
    const all = "every module declares support, so importing them leaves the GIL off";
    const summary = modules.length > 0 ? all : "there is no extension module that could switch it on";
    return check("gil-off", title, "not needed", summary, []);
  }
  const isTested = jobs.some((j) => j.freeThreaded.length > 0);
  const why = "importing a module that does not declare support switches the GIL on, and tests then say nothing";
  const advice =
    "Set `PYTHON_GIL=0` (or `-X gil=0`) where tests run on a free-threaded Python, until all modules declare.";
  return check("gil-off", title, "missing", isTested ? why : `${why}; there is no such job yet`, [], advice);
}

function threadSanitizer({ threadSanitizer: places }: Packaging): Check {
  const title = "Thread Sanitizer";
  if (places.length > 0) return check("thread-sanitizer", title, "done", "tests can run under it", some(places));
  const advice =
    "Build CPython (`--disable-gil --with-thread-sanitizer`) and the extension (`-fsanitize=thread`) with clang, and run the multi-threaded tests. It sees races that no reading of the source can prove or rule out.";
  return check("thread-sanitizer", title, "missing", "nothing in CI or the test environments uses it", [], advice);
}

function limitedApi({ abi3, wheels: builds }: Packaging): Check {
  const title = "Limited API (abi3)";
  if (abi3.length === 0) return check("abi3", title, "not needed", "the build does not ask for it", []);
  const facts =
    "abi3 wheels do not load in 3.13t and 3.14t, and their headers refuse `Py_LIMITED_API`; the free-threaded stable ABI (abi3t) begins with 3.15";
  const unguarded = abi3.filter((a) => !a.guarded);
  if (unguarded.length > 0) {
    return check(
      "abi3",
      title,
      "missing",
      `${facts}; the build asks for the limited API whatever the interpreter is`,
      some(unguarded),
      "Ask for it only where the interpreter has a GIL, and build version-specific wheels for cp314t.",
      {
        language: "python",
        text: 'import sysconfig\n\nuse_limited_api = not sysconfig.get_config_var("Py_GIL_DISABLED")',
      },
    );
  }
  const isBuilt = builds.some((b) => b.tags.length > 0);
  const state = isBuilt ? "done" : "partly";
  const rest = isBuilt ? "" : ", but no version-specific free-threaded wheel is built";
  return check(
    "abi3",
    title,
    state,
    `${facts}; the build leaves it out on free-threaded interpreters${rest}`,
    some(abi3),
    isBuilt ? "" : "Build wheels for cp314t beside the abi3 ones.",
  );
}

function pythons({ requiresPython }: Packaging): Check {
  const title = "Upper bound of `requires-python`";
  const tooLow = requiresPython.filter(
    ({ specifier }) => (boundsOf(specifier).below ?? Number.POSITIVE_INFINITY) <= ordinal(3, 14),
  );
  if (tooLow.length > 0) {
    const advice = "Raise or drop the upper bound: installers skip the project on 3.14t otherwise.";
    return check("requires-python", title, "missing", "an upper bound keeps 3.14 out", some(tooLow), advice);
  }
  if (requiresPython.length === 0) {
    return check("requires-python", title, "unknown", "no file states which Pythons are supported", []);
  }
  return check("requires-python", title, "done", "no upper bound is in the way", some(requiresPython));
}

const NEWEST = "3.13t was experimental, and newer tools drop it: aim at cp314t and later.";

function wheels({ wheels: builds, manifests }: Packaging): Check {
  const title = "Wheels for free-threaded Pythons";
  const tags = [...new Map(builds.flatMap((b) => b.tags).map((t) => [t.tag, t])).values()];
  tags.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const names = tags.map((t) => t.tag).join(", ");
  const evidence = some(tags.map((t) => t.place));
  if (tags.some((t) => t.tag !== "cp313t")) return check("wheels", title, "done", `built: ${names}`, evidence);
  const advice = `${adviceFor(builds)} ${NEWEST}`;
  if (tags.length > 0) return check("wheels", title, "partly", `built: ${names} alone`, evidence, advice);
  const doubts = builds.filter((b) => b.doubt !== "");
  if (doubts.length > 0) return check("wheels", title, "unknown", doubts[0].doubt, some(doubts), advice);
  if (builds.length > 0) {
    const tools = [...new Set(builds.map((b) => b.tool))].join(", ");
    const against = builds.flatMap((b) => b.against ?? []);
    const summary = `no free-threaded wheel is among those that this checkout builds (${tools})`;
    return check("wheels", title, "missing", summary, some(against.length > 0 ? against : builds), advice);
  }
  if (manifests.length === 0) return check("wheels", title, "unknown", "nothing here is packaged", []);
  return check("wheels", title, "unknown", "nothing in this checkout builds wheels", [], advice);
}

function adviceFor(builds: readonly WheelBuild[]): string {
  const tools = new Set(builds.map((b) => b.tool));
  if (tools.has("cibuildwheel") || builds.length === 0) {
    return "cibuildwheel builds cp314t by itself from version 3.1 on: add `cp314t-*` to `build` if it lists Pythons, and take patterns that match it out of `skip`.";
  }
  if (tools.has("maturin")) return "Give maturin `--interpreter 3.14t` beside the others.";
  return "Run the same build with a 3.14t interpreter.";
}

function documentation({ documentation: places }: Packaging): Check {
  const title = "Documentation of thread safety";
  const own = places.filter((q) => /free[- ]?thread|no-?gil/i.test(q.text));
  if (own.length > 0) return check("documentation", title, "done", "free threading is spoken of", some(own));
  const advice =
    "Say in the documentation which objects threads may share, which need a lock of the caller, and since which version.";
  if (places.length > 0) {
    return check(
      "documentation",
      title,
      "partly",
      "threads are spoken of, free threading is not",
      some(places),
      advice,
    );
  }
  return check("documentation", title, "missing", "neither README nor documentation speaks of it", [], advice);
}

/** The last thing that a port does. */
function classifier({ classifiers, otherClassifier, manifests }: Packaging, modules: Modules): Check {
  const title = "Trove classifier";
  const silent = modules.filter(({ module }) => module.declared !== "yes" && module.declared !== "unknown");
  if (classifiers.length > 0 && silent.length > 0) {
    const names = count(silent.length, "module");
    const advice = "Take it out until the modules declare support, or declare them when they are ready.";
    return check(
      "classifier",
      title,
      "partly",
      `claimed, although ${names} ${silent.length === 1 ? "does" : "do"} not declare support`,
      some(classifiers),
      advice,
    );
  }
  if (classifiers.length > 0) return check("classifier", title, "done", "free threading is claimed", some(classifiers));
  if (manifests.length === 0) return check("classifier", title, "unknown", "no packaging metadata is here", []);
  return check(
    "classifier",
    title,
    "missing",
    "the metadata does not claim free threading",
    otherClassifier ? [otherClassifier] : [],
    `${silent.length > 0 ? "When the modules declare support, add" : "Add"} one of \`:: 1 - Unstable\`, \`:: 2 - Beta\`, \`:: 3 - Stable\`, \`:: 4 - Resilient\`.`,
    { language: "toml", text: 'classifiers = [\n  "Programming Language :: Python :: Free Threading :: 2 - Beta",\n]' },
  );
}
