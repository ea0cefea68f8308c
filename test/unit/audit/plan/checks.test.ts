import { describe, expect, it } from "vitest";
import { packagingChecks } from "../../../../src/audit/plan/checks.ts";
import type { CheckState } from "../../../../src/audit/plan/types.ts";
import { boundsOf } from "../../../../src/audit/plan/versions.ts";
import type { CiJob, Packaging, Quote } from "../../../../src/project/packaging/types.ts";

const quote: Quote = { file: "f", line: 1, text: "t" };
const EMPTY: Packaging = {
  files: [],
  problems: [],
  manifests: ["pyproject.toml"],
  classifiers: [],
  requiresPython: [],
  requirements: [],
  systems: ["GitHub Actions"],
  jobs: [],
  wheels: [],
  environments: [],
  gilOff: [],
  threadSanitizer: [],
  tests: { files: 0, threaded: [], plugins: [] },
  abi3: [],
  compatCopies: [],
  documentation: [],
};
const job = (over: Partial<CiJob>): CiJob => ({
  system: "GitHub Actions",
  file: "ci.yml",
  line: 1,
  name: "t",
  freeThreaded: [quote],
  tests: [],
  wheels: [],
  ...over,
});
const module = (declared: string, framework = "") => ({
  module: {
    name: "m",
    file: "m.c",
    line: 1,
    phase: "multi",
    declared,
    framework,
    risks: { high: 0, medium: 0, low: 0, info: 0 },
  },
});
const wheel = (tags: string[], over = {}) => ({
  ...quote,
  tool: "cibuildwheel",
  tags: tags.map((tag) => ({ tag, place: quote })),
  doubt: "",
  ...over,
});
const asks = (name: string, specifier: string) => ({ ...quote, name, specifier, build: true });

function state(id: string, packaging: Partial<Packaging>, modules = [module("no")]): CheckState | undefined {
  return packagingChecks({ ...EMPTY, ...packaging }, modules).find((c) => c.id === id)?.state;
}

describe("each check", () => {
  it.each<[string, Partial<Packaging>, CheckState]>([
    ["threaded-tests", {}, "unknown"],
    ["threaded-tests", { tests: { files: 3, threaded: [], plugins: [] } }, "missing"],
    ["threaded-tests", { tests: { files: 3, threaded: [quote], plugins: [] } }, "partly"],
    ["threaded-tests", { tests: { files: 3, threaded: [], plugins: [quote] } }, "done"],
    ["ci-job", { systems: [] }, "unknown"],
    ["ci-job", {}, "missing"],
    ["ci-job", { environments: [quote] }, "partly"],
    ["ci-job", { jobs: [job({ tests: [quote] })] }, "done"],
    ["ci-job", { jobs: [job({})] }, "unknown"],
    ["ci-job", { jobs: [job({ wheels: [quote] })] }, "missing"],
    ["ci-job", { jobs: [job({ freeThreaded: [], tests: [quote] })] }, "missing"],
    ["ci-job", { wheels: [wheel(["cp314t"], { test: quote })] }, "done"],
    ["gil-off", {}, "missing"],
    ["gil-off", { gilOff: [quote] }, "done"],
    ["thread-sanitizer", {}, "missing"],
    ["thread-sanitizer", { threadSanitizer: [quote] }, "done"],
    ["abi3", {}, "not needed"],
    ["abi3", { abi3: [{ ...quote, guarded: false }] }, "missing"],
    ["abi3", { abi3: [{ ...quote, guarded: true }] }, "partly"],
    ["abi3", { abi3: [{ ...quote, guarded: true }], wheels: [wheel(["cp314t"])] }, "done"],
    ["requires-python", {}, "unknown"],
    ["requires-python", { requiresPython: [{ ...quote, specifier: ">=3.9" }] }, "done"],
    ["requires-python", { requiresPython: [{ ...quote, specifier: ">=3.9,<3.14" }] }, "missing"],
    ["requires-python", { requiresPython: [{ ...quote, specifier: ">=3.9,<4" }] }, "done"],
    ["wheels", {}, "unknown"],
    ["wheels", { wheels: [wheel([])] }, "missing"],
    ["wheels", { wheels: [wheel([], { doubt: "computed" })] }, "unknown"],
    ["wheels", { wheels: [wheel(["cp313t"])] }, "partly"],
    ["wheels", { wheels: [wheel(["cp313t", "cp314t"])] }, "done"],
    ["documentation", {}, "missing"],
    ["documentation", { documentation: [{ ...quote, text: "thread-safe" }] }, "partly"],
    ["documentation", { documentation: [{ ...quote, text: "free-threaded" }] }, "done"],
    ["classifier", {}, "missing"],
    ["classifier", { classifiers: [quote] }, "partly"],
    ["compat-header", { compatCopies: [{ ...quote, lacking: [] }] }, "done"],
    ["compat-header", { compatCopies: [{ ...quote, lacking: ["PyList_GetItemRef"] }] }, "missing"],
  ])("%s with %j is %s", (id, packaging, wanted) => {
    expect(state(id, packaging)).toBe(wanted);
  });

  it("depends on what modules declare", () => {
    expect(state("gil-off", {}, [module("yes")])).toBe("not needed");
    expect(state("gil-off", {}, [module("yes"), module("used")])).toBe("missing");
    expect(state("classifier", { classifiers: [quote] }, [module("yes")])).toBe("done");
    expect(state("classifier", { classifiers: [quote] }, [module("yes"), module("no")])).toBe("partly");
  });

  it.each<[string, string, string[], CheckState]>([
    ["cython", "version-cython", [">=3.1"], "done"],
    ["cython", "version-cython", [""], "done"],
    ["cython", "version-cython", [">=3.0"], "partly"],
    ["cython", "version-cython", [">=3.0,<3.1"], "missing"],
    ["cython", "version-cython", ["==0.29.*"], "missing"],
    ["cython", "version-cython", [], "unknown"],
    ["pybind11", "version-pybind11", ["~=2.12"], "partly"],
    ["pybind11", "version-pybind11", ["~=2.12.0"], "missing"],
    ["nanobind", "version-nanobind", [">=2.2"], "done"],
    ["pyo3", "version-pyo3", ["^0.22"], "missing"],
    ["pyo3", "version-pyo3", ["^0.28"], "done"],
    // One for older Pythons, one for newer ones.
    ["cython", "version-cython", ["~=3.0.1", ">=3.1"], "done"],
    ["swig", "version-swig", [">=4.2,<5"], "partly"],
  ])("%s: %s with %j is %s", (framework, id, specifiers, wanted) => {
    const requirements = specifiers.map((s) => asks(framework, s));
    expect(state(id, { requirements }, [module("no", framework)])).toBe(wanted);
    expect(state(id, { requirements }, [module("no")])).toBeUndefined();
  });

  it("is one only where nothing is packaged", () => {
    const checks = packagingChecks({ ...EMPTY, manifests: [], systems: [] }, []);
    expect(checks.map((c) => c.state)).toEqual(["unknown"]);
  });
});

describe("bounds", () => {
  it.each([
    [">=3.1,<4", { lower: 3001, below: 4000 }],
    ["<3.14.2", { below: 3015 }],
    ["<=3.13", { below: 3014 }],
    ["==3.0.*", { lower: 3000, below: 3001 }],
    ["~=1.17", { lower: 1017, below: 2000 }],
    ["^0.23", { lower: 23, below: 24 }],
    ["^1.2", { lower: 1002, below: 2000 }],
    ["!=2.13.3", {}],
    ["", {}],
  ])("of %s", (specifier, bounds) => {
    expect(boundsOf(specifier)).toEqual(bounds);
  });
});
