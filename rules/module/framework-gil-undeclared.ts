import { defineRule } from "../../src/rule-api/define-rule.ts";
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
the framework's own declaration.`,
    breaks: `
The generated module lacks the declaration, so that importing it switches the GIL on for the whole process.`,
    notReported: `
Frameworks that always declare (mypyc, cffi from 2.0, PyO3 from 0.28). Options given only on a command line that is not
in the project cannot be seen.`,
    fixing: `
- pybind11: \`PYBIND11_MODULE(name, m, py::mod_gil_not_used())\`, since 2.13
- nanobind: \`nanobind_add_module(name FREE_THREADED ...)\` in CMakeLists.txt, since 2.2
- Cython: \`# cython: freethreading_compatible=True\`, since 3.1
- f2py: \`--freethreading-compatible\`, since NumPy 2.1
- SWIG: \`-nogil\`, since 4.4
- PyO3: \`#[pymodule(gil_used = false)]\`, 0.23 to 0.27`,
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
});
