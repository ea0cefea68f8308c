import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixCall } from "../../src/rule-api/fix-module.ts";
import { modulePlace } from "../../src/rule-api/modules.ts";

export default defineRule({
  name: "gil-call-missing",
  family: "module",
  risks: ["high"],
  summary: "Single-phase module without a call of `PyUnstable_Module_SetGIL`",
  needs: ["index"],
  messages: {
    missing:
      "module `{name}` does not declare that it runs without the GIL: no `PyUnstable_Module_SetGIL` on what it creates",
  },
  docs: {
    finds: `
A module made by single-phase initialisation (\`PyModule_Create\` in \`PyInit_*\`) that never calls
\`PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED)\`.`,
    breaks: `
Importing such a module into a free-threaded interpreter switches the GIL on for the whole process and warns with a
\`RuntimeWarning\`.`,
    notReported: `
Modules that make the call through a macro or function of the project or in another file, and modules that a generator
or framework makes (see framework-gil-undeclared). Whether the module really is safe is not judged by this rule.`,
    fixing: `
After the NULL check of the created module add

    #ifdef Py_GIL_DISABLED
        PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
    #endif

The function exists only in free-threaded builds, so the guard is needed whatever Pythons the project supports. Moving
to multi-phase initialisation is the better long-term answer.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Single-Phase Initialization",
      "Python documentation: Module Objects, PyUnstable_Module_SetGIL",
    ],
  },
  checkProject(project, report) {
    for (const module of project.index.modules) {
      if (module.declared !== "no" || module.phase !== "single" || module.framework !== "") continue;
      report({
        messageId: "missing",
        data: { name: module.name },
        risk: "high",
        ...modulePlace(project, module),
        function: module.createCall ? project.index.functions[module.createCall.function].name : "",
        symbol: "PyUnstable_Module_SetGIL",
        evidence: [
          {
            text: `module \`${module.name}\` is initialised here`,
            file: module.file,
            start: module.start,
            end: module.end,
          },
        ],
        fix: {
          level: module.createCall ? "safe" : "manual",
          title: "declare the created module as not using the GIL",
          replacement: "PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED)",
        },
      });
    }
  },
  fix: fixCall,
});
