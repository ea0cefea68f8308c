/** Shared by the rules of the family `module`. */
import type { FileFacts } from "../ir/facts.ts";
import type { ModuleInfo } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { FixSuggestion, Place } from "./types.ts";

/** Where a finding about the module as a whole belongs: its slots array, its definition if it needs one for them, the call that creates it, its init function. */
export function modulePlace(project: ProjectContext, module: ModuleInfo): Place {
  for (const id of [module.slots, module.phase === "multi" ? module.def : undefined]) {
    if (id === undefined) continue;
    const { file, facts } = project.index.static(id);
    return { file, start: facts.nameStart, end: facts.nameEnd };
  }
  const { file, start, end } = module.createCall ?? module;
  return { file, start, end };
}

const ONE_TOKEN: Record<string, FixSuggestion> = {
  pybind11: { level: "safe", title: "pass `py::mod_gil_not_used()`", replacement: "py::mod_gil_not_used()" },
  nanobind: { level: "manual", title: "add `FREE_THREADED` to `nanobind_add_module`", replacement: "FREE_THREADED" },
  cython: {
    level: "safe",
    title: "set the `freethreading_compatible` directive",
    replacement: "# cython: freethreading_compatible=True",
  },
  pyo3: { level: "manual", title: "set `gil_used = false` on `#[pymodule]`", replacement: "gil_used = false" },
  f2py: {
    level: "manual",
    title: "run f2py with `--freethreading-compatible`",
    replacement: "--freethreading-compatible",
  },
  "pyo3-ffi": {
    level: "manual",
    title: "add the `Py_mod_gil` slot to the module's slots",
    replacement: "Py_MOD_GIL_NOT_USED",
  },
  swig: { level: "manual", title: "run swig with `-nogil`", replacement: "-nogil" },
};

/** How a module of this framework is declared. */
export function frameworkFix(framework: string): FixSuggestion {
  return (
    ONE_TOKEN[framework] ?? { level: "manual", title: `${framework} has no way to declare it yet: ask its maintainers` }
  );
}

/**
 * How well the conditionals around a declaration keep it out of builds that lack it. `weak`: only `#ifdef Py_mod_gil`,
 * which 3.15 defines always.
 */
export function declarationGuard(token: FileFacts["declarationTokens"][number]): "good" | "weak" | "none" {
  const guards = token.guards ?? [];
  if (
    guards.some(
      (g) => g.includes("Py_GIL_DISABLED") || g.includes("PY_VERSION_HEX") || g.includes("Py_MOD_GIL_NOT_USED"),
    )
  ) {
    return "good";
  }
  return guards.some((g) => g.includes("Py_mod_gil")) ? "weak" : "none";
}
