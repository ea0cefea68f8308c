import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixFramework } from "../../src/rule-api/fix-module.ts";
import { frameworkFix, modulePlace } from "../../src/rule-api/modules.ts";

export default defineRule({
  name: "framework-gil-undeclared",
  family: "module",
  risks: ["high"],
  summary: "Module made by a framework or generator that is not told that the GIL is not needed",
  needs: ["index"],
  messages: { undeclared: "{framework} module `{name}` does not declare that it runs without the GIL" },
  docs: {
    finds: `
Modules made by pybind11, nanobind, Cython, f2py, SWIG, SIP, Boost.Python or PyO3 whose source or build files do not carry
the framework's own declaration. Modules that Rust code makes by hand count too. The finding stands in the source that a
developer edits; the C file that a generator writes from it is not audited.`,
    breaks: `
The generated module lacks the declaration, so that importing it switches the GIL on for the whole process.`,
    notReported: `
Frameworks that always declare (mypyc, cffi from 2.0, PyO3 from 0.28). Modules of which the project does not say how they
are built: nanobind and SWIG without a build file that runs them, PyO3 without a version, options behind a variable or
a condition that is not evaluated. Build files above the scanned folder are read up to the top of the git work tree.
Options given only on a command line that is not in the project cannot be seen. Modules that another one makes and adds to
itself need no declaration.`,
    fixing: `
- pybind11: \`PYBIND11_MODULE(name, m, py::mod_gil_not_used())\`, since 2.13
- nanobind: \`nanobind_add_module(name FREE_THREADED ...)\` in CMakeLists.txt, since 2.2
- Cython: \`# cython: freethreading_compatible=True\`, since 3.1, for one source; for all of them
  \`compiler_directives={"freethreading_compatible": True}\` in \`cythonize\`, or \`-Xfreethreading_compatible=True\`
- f2py: \`--freethreading-compatible\`, since NumPy 2.1
- SWIG: \`-nogil\`, since 4.4
- PyO3: \`#[pymodule(gil_used = false)]\`, 0.23 to 0.27; by hand, the \`Py_mod_gil\` slot as in C
- SIP and Boost.Python: no way yet`,
    references: ["Documentation of the framework, free-threading section"],
  },
  checkProject(project, report) {
    for (const module of project.index.modules) {
      if (module.framework === "" || module.declared !== "no") continue;
      report({
        messageId: "undeclared",
        data: { name: module.name, framework: module.framework },
        risk: "high",
        ...modulePlace(project, module),
        function: "",
        symbol: module.framework,
        fix: frameworkFix(module.framework),
      });
    }
  },
  fix: fixFramework,
});
