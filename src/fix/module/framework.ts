/** Declarations of modules that a framework or generator makes. Offsets are those of the framework's source, which is no C. */

import { crateVersions } from "../../project/frameworks/cargo.ts";
import type { ModuleInfo } from "../../project/index-types.ts";
import type { FixSource } from "../source.ts";
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { cythonDirective } from "./cython.ts";

/** The edit that makes the framework declare the module, or what a person has to do in the build files. */
export function declareFramework(context: FixContext, module: ModuleInfo): Proposal | Withheld {
  const source = context.source(module.file);
  if (source === undefined) return { level: "manual", reason: "the source is not there any more" };
  switch (module.framework) {
    case "pybind11":
      return pybind11(context, source, module);
    case "cython":
      return proposal(module.file, "set the `freethreading_compatible` directive", cythonDirective(source.text));
    case "pyo3":
      return pyo3(context, source, module);
    default:
      return {
        level: "manual",
        reason: REASONS[module.framework] ?? "the framework has no way to declare it yet",
        recipe: recipeOf(module),
      };
  }
}

const REASONS: Record<string, string> = {
  nanobind: "the declaration is in the build files",
  f2py: "the declaration is an option of the generator's command line",
  swig: "the declaration is an option of the generator's command line",
  "pyo3-ffi": "the module's slots are written in Rust",
};

function recipeOf({ framework, name }: ModuleInfo): string[] {
  switch (framework) {
    case "nanobind":
      return [`in CMakeLists.txt add \`FREE_THREADED\` to \`nanobind_add_module(${name} ...)\`; needs nanobind 2.2`];
    case "f2py":
      return ["run f2py with `--freethreading-compatible`; needs NumPy 2.1 at build time"];
    case "swig":
      return ["run swig with `-nogil`; needs SWIG 4.4"];
    case "pyo3-ffi":
      return [
        "add the slot `Py_mod_gil` with `Py_MOD_GIL_NOT_USED` to the array of `PyModuleDef_Slot`, for builds with the cfg `Py_GIL_DISABLED`",
      ];
    default:
      return ["ask the maintainers of the framework, or move the module to one that can declare it"];
  }
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

function proposal(file: string, title: string, edit: Edit): Proposal {
  return { level: "safe", title, edits: [{ file, ...edit }], needs: [], review: [] };
}

const PYBIND_TITLE = "pass `py::mod_gil_not_used()`";

/** One more argument for the macro. */
function pybind11(context: FixContext, source: FixSource, module: ModuleInfo): Proposal | Withheld {
  const recipe = ["pass `py::mod_gil_not_used()` as the third argument of `PYBIND11_MODULE`; needs pybind11 2.13"];
  const text = source.text.slice(module.start, module.end);
  const close = module.start + text.lastIndexOf(")");
  if (
    !text.startsWith("PYBIND11_MODULE") ||
    close < module.start ||
    !source.text.slice(module.start).startsWith(text)
  ) {
    return { level: "manual", reason: `\`${text.split("(", 1)[0]}\` takes no declaration`, recipe };
  }
  const use = { start: module.start, end: close + 1 };
  if (source.view.macros.some((m) => m.start <= use.start && use.start < m.end)) {
    return { level: "manual", reason: "the module is made in a macro", recipe };
  }
  const namespace = source.text.includes("namespace py =") ? "py" : "pybind11";
  const edit = { start: close, end: close, text: `, ${namespace}::mod_gil_not_used()` };
  const oldest = requiredVersion(context, "pybind11");
  const isOld = oldest !== undefined && oldest < PYBIND_SINCE;
  return withDoubt(
    proposal(module.file, PYBIND_TITLE, edit),
    isOld && "the project allows pybind11 before 2.13, which has no such argument",
  );
}

/** An option of the attribute. */
function pyo3(context: FixContext, source: FixSource, module: ModuleInfo): Proposal | Withheld {
  const recipe = ["write `#[pymodule(gil_used = false)]`; needs PyO3 0.23, and nothing from 0.28 on"];
  const text = source.text.slice(module.start, module.end);
  const name = text.indexOf("pymodule");
  const rest = text.slice(name + "pymodule".length);
  const at = module.start + name + "pymodule".length;
  const title = "set `gil_used = false` on `#[pymodule]`";
  if (name < 0) return { level: "manual", reason: "the attribute is not found", recipe };
  const versions = crateVersions("pyo3", module.file, cargoFiles(context, module.file));
  const doubt = (versions?.from ?? 0) < PYO3_SINCE && "the project allows PyO3 before 0.23, which has no such option";
  if (rest.startsWith("]")) {
    return withDoubt(proposal(module.file, title, { start: at, end: at, text: "(gil_used = false)" }), doubt);
  }
  if (rest.startsWith("(") && !rest.slice(1).trimStart().startsWith(")")) {
    return withDoubt(proposal(module.file, title, { start: at + 1, end: at + 1, text: "gil_used = false, " }), doubt);
  }
  return { level: "manual", reason: "the attribute is not understood", recipe };
}

function withDoubt(claim: Proposal, doubt: string | false): Proposal {
  return doubt === false ? claim : { ...claim, level: "review", review: [doubt] };
}

/** As `crateVersions` counts: major * 1000 + minor. */
const PYO3_SINCE = 23;
const PYBIND_SINCE = 2013;

/** Cargo's files in the folder of `file` and above it. */
function cargoFiles(context: FixContext, file: string): { file: string; text: string }[] {
  const folders = file.split("/").slice(0, -1);
  return folders.concat("").flatMap((_, i) => {
    const folder = folders.slice(0, folders.length - i).join("/");
    return ["Cargo.toml", "Cargo.lock"].flatMap((name) => {
      const path = folder === "" ? name : `${folder}/${name}`;
      const text = context.source(path)?.text ?? context.unscanned?.(path);
      return text === undefined ? [] : [{ file: path, text }];
    });
  });
}

/** The lowest version that `pyproject.toml` asks for: 2010 for `"pybind11>=2.10.4"`; undefined if it sets no lower bound. */
function requiredVersion(context: FixContext, name: string): number | undefined {
  const text = context.source("pyproject.toml")?.text ?? context.unscanned?.("pyproject.toml") ?? "";
  const found: number[] = [];
  for (const part of text.split(/["']/)) {
    const requirement = part.trim();
    if (!requirement.startsWith(name)) continue;
    const [major, minor] = (/^\s*(?:>=|==|~=)\s*(\d+)(?:\.(\d+))?/.exec(requirement.slice(name.length)) ?? []).slice(1);
    if (major !== undefined) found.push(Number(major) * 1000 + Number(minor ?? 0));
  }
  return found.length === 0 ? undefined : Math.min(...found);
}
