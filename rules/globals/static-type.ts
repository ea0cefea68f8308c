import { defineRule } from "../../src/rule-api/define-rule.ts";
import { staticType } from "../../src/rule-api/recipes.ts";

export default defineRule({
  name: "static-type",
  family: "globals",
  risks: ["info"],
  summary: "Static `PyTypeObject`",
  needs: ["index"],
  messages: { static: "type `{type}` is a static `PyTypeObject`, shared by all interpreters" },
  docs: {
    finds: "Type objects that are C variables with static storage, made ready by `PyType_Ready`.",
    breaks: `
Nothing: static types work in the free-threaded build, and are immortal there as everywhere. They keep a module out of
subinterpreters with a GIL of their own, and their \`tp_dict\` is one that all interpreters share.`,
    notReported: "Types made by `PyType_FromSpec` and its relatives, and types that are only declared (`extern`).",
    fixing: `
Nothing is needed for free threading. For isolation, make the type with \`PyType_FromModuleAndSpec\` in the exec function and
keep it in the module state.`,
    references: ["Python documentation: Isolating Extension Modules", "PEP 630"],
  },
  checkProject(project, report) {
    for (const type of project.index.types) {
      if (type.isHeap || type.typeObject === undefined) continue;
      const { file, facts } = project.index.static(type.typeObject);
      if (facts.isExtern && !facts.init) continue;
      report({
        messageId: "static",
        data: { type: type.pythonName || type.variable },
        risk: "info",
        file,
        start: facts.nameStart,
        end: facts.nameEnd,
        function: facts.owner ?? "",
        symbol: facts.name,
        fix: {
          level: "manual",
          title: "make it a heap type if the module is to run in subinterpreters",
          replacement: "PyType_FromModuleAndSpec",
        },
      });
    }
  },
  fix: staticType,
});
