import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixGuard } from "../../src/rule-api/fix-module.ts";
import { declarationGuard } from "../../src/rule-api/modules.ts";

export default defineRule({
  name: "gil-slot-unguarded",
  family: "module",
  risks: ["medium", "low"],
  summary: "Declaration that does not compile on the oldest Python that the project supports",
  needs: ["index"],
  messages: {
    slot: "`Py_mod_gil` exists since 3.13, the project supports 3.{oldest}: without a guard this does not compile there",
    assumed:
      "`Py_mod_gil` exists since 3.13, and nothing says which Pythons the project supports: without a guard this does not compile on older ones",
    call: "`PyUnstable_Module_SetGIL` exists only in free-threaded builds: without `#ifdef Py_GIL_DISABLED` this does not compile elsewhere",
    weak: "`#ifdef Py_mod_gil` is no guard: since 3.15 the name is always defined, also for an older limited API",
  },
  docs: {
    finds: `
A \`Py_mod_gil\` slot or a call of \`PyUnstable_Module_SetGIL\` outside a conditional that leaves it out where it does
not exist.`,
    breaks: `
Not a race: a build failure. The slot came with 3.13; the function is declared only when \`Py_GIL_DISABLED\` is defined, so
an unguarded call breaks even the ordinary build of 3.13.`,
    notReported: `
Slots when the oldest supported Python is 3.13 or newer. Which Pythons are supported is given by \`--min-python\` or the
configuration, or read from the packaging metadata (\`requires-python\`); if nothing says it, an unguarded slot is risk low.`,
    fixing: "Put `#ifdef Py_GIL_DISABLED` ... `#endif` around it.",
    references: ["Python documentation: C API Extension Support for Free Threading"],
  },
  checkProject(project, report) {
    const { minPython, minPythonKnown } = project.options;
    const slot = minPythonKnown ? "slot" : "assumed";
    for (const file of project.files) {
      for (const token of file.declarationTokens) {
        if (token.name !== "Py_mod_gil" && token.name !== "PyUnstable_Module_SetGIL") continue;
        const guard = declarationGuard(token);
        const isSlot = token.name === "Py_mod_gil";
        const messageId = guard === "none" ? (isSlot ? slot : "call") : guard === "weak" && isSlot ? "weak" : undefined;
        if (!messageId || (messageId === slot && minPython >= 13)) continue;
        if (messageId === "weak" && project.options.target < 15) continue;
        report({
          messageId,
          data: { oldest: minPython },
          risk: messageId === "assumed" ? "low" : "medium",
          file: file.file,
          start: token.start,
          end: token.end,
          function: "",
          symbol: token.name,
          fix: {
            level: "safe",
            title: "guard it with `#ifdef Py_GIL_DISABLED`",
            replacement: "#ifdef Py_GIL_DISABLED",
          },
        });
      }
    }
  },
  fix: fixGuard,
});
