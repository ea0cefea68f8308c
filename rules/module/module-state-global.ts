import { defineRule } from "../../src/rule-api/define-rule.ts";
import { modulePlace } from "../../src/rule-api/modules.ts";
import { moduleStateGlobal } from "../../src/rule-api/recipes.ts";

export default defineRule({
  name: "module-state-global",
  family: "module",
  risks: ["info"],
  summary: "Module that keeps its state in C statics (`m_size = -1`)",
  needs: ["index"],
  messages: {
    global: "module `{name}` has `m_size` -1: its state lives in C statics that all interpreters and threads share",
  },
  docs: {
    finds:
      "A module definition whose `m_size` is -1, the promise that the module keeps its state in static C variables.",
    breaks: `
Nothing by itself. But each of those statics is shared by all threads with no lock, and by all interpreters. The rules of
the globals family report the ones that are written after initialisation.`,
    notReported: "Modules with `m_size` 0 or more, whatever statics they have.",
    fixing:
      "Move the state into a module state struct (`m_size = sizeof(state)`), which multi-phase initialisation allows; see the guide on isolating extension modules.",
    references: ["PEP 630", "Python documentation: Isolating Extension Modules"],
  },
  checkProject(project, report) {
    for (const module of project.index.modules) {
      if (module.stateSize.replaceAll(" ", "").replace(/^\((.*)\)$/, "$1") !== "-1") continue;
      report({
        messageId: "global",
        data: { name: module.name },
        risk: "info",
        ...modulePlace(project, module),
        function: "",
        symbol: "m_size",
        fix: { level: "manual", title: "keep the state in the module object" },
      });
    }
  },
  fix: moduleStateGlobal,
});
