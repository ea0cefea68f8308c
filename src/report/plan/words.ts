/** Words for what plan and status both show of modules and checks. */
import type { CheckState } from "../../audit/plan/types.ts";
import type { ModuleSummary } from "../../audit/types.ts";

export const DECLARED: Readonly<Record<string, string>> = {
  yes: "yes",
  no: "no",
  used: "needs the GIL",
  unknown: "unclear",
};

const PHASES: Readonly<Record<string, string>> = {
  single: "C API, single-phase",
  multi: "C API, multi-phase",
  export: "C API, export hook",
};
const FRAMEWORKS: Readonly<Record<string, string>> = {
  pybind11: "pybind11",
  nanobind: "nanobind",
  cython: "Cython",
  pyo3: "PyO3",
  "pyo3-ffi": "Rust, by hand",
  f2py: "f2py",
  swig: "SWIG",
  sip: "SIP",
  "boost-python": "Boost.Python",
};

/** What a module is made with. */
export function kindOf({ framework, phase }: Pick<ModuleSummary, "framework" | "phase">): string {
  return FRAMEWORKS[framework] ?? PHASES[phase] ?? phase;
}

/** One column for each state, also where there are no colours. */
export const MARKS: Readonly<Record<CheckState, string>> = {
  done: "+",
  partly: "~",
  missing: "-",
  unknown: "?",
  "not needed": " ",
};
