import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixSlot } from "../../src/rule-api/fix-module.ts";
import { modulePlace } from "../../src/rule-api/modules.ts";

export default defineRule({
  name: "gil-slot-missing",
  family: "module",
  risks: ["high"],
  summary: "Multi-phase module without a `Py_mod_gil` slot",
  needs: ["index"],
  messages: {
    missing: "module `{name}` does not declare that it runs without the GIL: its slots have no `Py_mod_gil`",
    noSlots: "module `{name}` does not declare that it runs without the GIL: its definition has no slots",
  },
  docs: {
    finds: `
A module made by multi-phase initialisation (\`PyModuleDef_Init\`, \`PyModExport_*\`, \`PyModule_FromSlotsAndSpec\`)
whose slots array has no \`Py_mod_gil\` entry.`,
    breaks: `
Without the slot the module counts as one that needs the GIL. Importing it into a free-threaded interpreter switches
the GIL on for the whole process and warns with a \`RuntimeWarning\`: every other extension loses its parallelism too.`,
    notReported: `
Modules that declare through a macro of the project, an included header or another file; modules that say
\`Py_MOD_GIL_USED\` (see gil-declared-used). The declaration is a claim: a module that makes it is audited like any other.`,
    fixing: `
Add \`{Py_mod_gil, Py_MOD_GIL_NOT_USED}\` to the slots once the other findings are dealt with. The slot exists since 3.13;
for older Pythons put it inside \`#ifdef Py_GIL_DISABLED\` or \`#if PY_VERSION_HEX >= 0x030D0000\`. \`#ifdef Py_mod_gil\` is
no guard from 3.15 on, where the name is always defined.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Multi-Phase Initialization",
      "Python documentation: Module Objects, Py_mod_gil",
      "PEP 703",
    ],
  },
  checkProject(project, report) {
    for (const module of project.index.modules) {
      if (module.declared !== "no" || (module.phase !== "multi" && module.phase !== "export")) continue;
      if (module.framework !== "") continue;
      const place = modulePlace(project, module);
      report({
        messageId: module.slots === undefined ? "noSlots" : "missing",
        data: { name: module.name },
        risk: "high",
        ...place,
        function: "",
        symbol: "Py_mod_gil",
        evidence: [
          {
            text: `module \`${module.name}\` is initialised here`,
            file: module.file,
            start: module.start,
            end: module.end,
          },
        ],
        fix: {
          level: module.slots === undefined ? "manual" : "safe",
          title: "add the `Py_mod_gil` slot",
          replacement: "{Py_mod_gil, Py_MOD_GIL_NOT_USED}",
        },
      });
    }
  },
  fix: fixSlot,
});
