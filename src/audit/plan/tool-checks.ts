/** Whether frameworks and borrowed headers are new enough for free threading. */
import type { Packaging, Requirement } from "../../project/packaging/types.ts";
import { check } from "./check.ts";
import type { Check, ModuleReadiness } from "./types.ts";
import { boundsOf, ordinal } from "./versions.ts";

interface Tool {
  /** Package that the build requires. */
  requirement: string;
  /** Framework of modules that it makes; undefined: whoever requires it uses it. */
  framework?: string;
  title: string;
  from: readonly [major: number, minor: number];
  /** What the version brings. */
  brings: string;
}

/** First versions that know free threading: changelogs of the projects. */
const TOOLS: readonly Tool[] = [
  {
    requirement: "cython",
    framework: "cython",
    title: "Cython",
    from: [3, 1],
    brings: "the directive `freethreading_compatible`",
  },
  {
    requirement: "pybind11",
    framework: "pybind11",
    title: "pybind11",
    from: [2, 13],
    brings: "`py::mod_gil_not_used()`",
  },
  { requirement: "nanobind", framework: "nanobind", title: "nanobind", from: [2, 2], brings: "`FREE_THREADED`" },
  { requirement: "pyo3", framework: "pyo3", title: "PyO3", from: [0, 23], brings: "`gil_used = false`" },
  { requirement: "cffi", title: "cffi", from: [2, 0], brings: "modules that declare support" },
  { requirement: "swig", framework: "swig", title: "SWIG", from: [4, 4], brings: "`-nogil`" },
];

export function toolChecks(packaging: Packaging, modules: readonly Pick<ModuleReadiness, "module">[]): Check[] {
  const checks = TOOLS.flatMap((tool) => {
    const asked = packaging.requirements.filter((r) => r.name === tool.requirement && r.build);
    const isUsed =
      tool.framework === undefined ? asked.length > 0 : modules.some((m) => m.module.framework === tool.framework);
    return isUsed ? [toolCheck(tool, asked)] : [];
  });
  return [...checks, ...compatCheck(packaging)];
}

function toolCheck({ requirement, title, from, brings }: Tool, asked: readonly Requirement[]): Check {
  const version = from.join(".");
  const id = `version-${requirement}`;
  const name = `${title} ${version} or newer`;
  const wanted = ordinal(...from);
  const bounds = asked.map((r) => boundsOf(r.specifier));
  const tooOld = asked.filter((_, i) => (bounds[i].below ?? Number.POSITIVE_INFINITY) <= wanted);
  const advice = `Require \`${requirement}>=${version}\` for the build: it brings ${brings}.`;
  if (asked.length === 0) {
    return check(id, name, "unknown", "no requirement of the build names it", [], advice);
  }
  const old = asked.filter((_, i) => bounds[i].lower !== undefined && bounds[i].lower! < wanted);
  const isSure = bounds.some((b) => b.lower !== undefined && b.lower >= wanted);
  // Others may stand for older Pythons, behind a marker.
  if (tooOld.length > 0 && !isSure) {
    return check(id, name, "missing", "the build keeps newer ones out", tooOld.slice(0, 3), advice);
  }
  if (old.length > 0 && !isSure) {
    return check(id, name, "partly", "the build takes older ones, too", old.slice(0, 3), advice);
  }
  const summary = isSure ? "the build asks for it" : "the build takes the newest";
  return check(id, name, "done", summary, asked.slice(0, 3));
}

function compatCheck({ compatCopies }: Packaging): Check[] {
  if (compatCopies.length === 0) return [];
  const title = "`pythoncapi_compat.h` is new enough";
  const old = compatCopies.filter((c) => c.lacking.length > 0);
  if (old.length === 0) {
    return [check("compat-header", title, "done", "it has what a port needs", compatCopies.slice(0, 3))];
  }
  const lacking = [...new Set(old.flatMap((c) => c.lacking))].map((name) => `\`${name}\``).join(", ");
  const advice = "Copy the current header of the pythoncapi-compat project over it.";
  return [check("compat-header", title, "missing", `the copy lacks ${lacking}`, old.slice(0, 3), advice)];
}
