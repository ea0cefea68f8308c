import { defineRule } from "../../src/rule-api/define-rule.ts";
import { modulePlace } from "../../src/rule-api/modules.ts";
import { gilDeclaredUsed } from "../../src/rule-api/recipes.ts";

export default defineRule({
  name: "gil-declared-used",
  family: "module",
  risks: ["low"],
  summary: "Module that says it needs the GIL (`Py_MOD_GIL_USED`)",
  needs: ["index"],
  messages: { used: "module `{name}` declares `Py_MOD_GIL_USED`: importing it switches the GIL on" },
  docs: {
    finds: `
A module whose declaration is \`Py_MOD_GIL_USED\`, in a \`Py_mod_gil\` slot, in \`PyUnstable_Module_SetGIL\` or through the
option of a framework.`,
    breaks: `
The declaration is honest and nothing breaks, but importing the module switches the GIL on for the whole process, now
without a warning.`,
    notReported: "Modules that declare nothing: those are gil-slot-missing and gil-call-missing.",
    fixing:
      "Deal with the other findings of the module, test it on a free-threaded build with several threads, then change the declaration to `Py_MOD_GIL_NOT_USED`.",
    references: ["Python documentation: Module Objects, Py_mod_gil"],
  },
  checkProject(project, report) {
    for (const module of project.index.modules) {
      if (module.declared !== "used") continue;
      const [place] = module.evidence;
      report({
        messageId: "used",
        data: { name: module.name },
        risk: "low",
        ...(place ? { file: place.file, start: place.start, end: place.end } : modulePlace(project, module)),
        function: "",
        symbol: "Py_MOD_GIL_USED",
        evidence: [
          {
            text: `module \`${module.name}\` is initialised here`,
            file: module.file,
            start: module.start,
            end: module.end,
          },
        ],
        fix: {
          level: "manual",
          title: "declare `Py_MOD_GIL_NOT_USED` once the module is ready",
          replacement: "Py_MOD_GIL_NOT_USED",
        },
      });
    }
  },
  fix: gilDeclaredUsed,
});
