import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixSectionEscape } from "../../src/rule-api/fix-regions.ts";
import { endOfSection, escapesFrom, isSectionMacro, lockWords } from "../../src/rule-api/locking-regions.ts";
import { isSection } from "../../src/rule-api/protection.ts";

export default defineRule({
  name: "section-escape",
  family: "locking",
  risks: ["high"],
  summary: "Critical section that is left without its end",
  needs: ["locks"],
  messages: {
    leaves: "{how} leaves the critical section on {object} without ending it",
  },
  docs: {
    finds: `
A \`return\`, \`goto\`, \`break\`, \`continue\`, \`longjmp\`, or a macro that contains one, between \`Py_BEGIN_CRITICAL_SECTION\` and its END.`,
    breaks: `
The section stays on the thread's list of sections although its record lay in a stack frame that is gone. The lock of the object is
never released, and the next section that this thread begins or ends works on a dangling record. With the GIL the macros are
mere braces, so ordinary builds show nothing.`,
    notReported: `
Jumps that stay inside the section (a \`break\` out of an inner loop, a \`goto\` to a label before the END).`,
    fixing: `
Leave by the end: keep the result in a variable declared before the section, jump to a label right before the END, and return after it.

    PyObject *result = NULL;
    Py_BEGIN_CRITICAL_SECTION(self);
    if (failed) {
        goto done;
    }
    result = ...;
    done:
    ;
    Py_END_CRITICAL_SECTION();
    return result;

Or move the body into a helper \`name_lock_held\` that may return from anywhere, and call it inside the section.`,
    references: [
      "Python documentation: Synchronization Primitives, Py_BEGIN_CRITICAL_SECTION",
      "Python documentation: C API Extension Support for Free Threading, Critical Sections",
    ],
  },
  checkFunction(fn, report) {
    if (!fn.project.locksOf(fn.id)) return;
    for (const site of fn.flow.locks.sites) {
      if (!isSection(site.kind)) continue;
      // A Begin without any End is section-unbalanced; the macros do not compile without one.
      const isMacro = isSectionMacro(site);
      if (!isMacro && fn.flow.locks.releasesOf(site).length === 0) continue;
      for (const exit of escapesFrom(fn, site, isMacro ? endOfSection(fn, site) : fn.facts.bodyEnd)) {
        report({
          messageId: "leaves",
          data: { how: `\`${exit.how}\``, object: lockWords(site) },
          risk: "high",
          file: fn.file,
          start: exit.start,
          end: exit.end,
          function: fn.indexed.name,
          symbol: site.form,
          evidence: [{ file: fn.file, start: site.start, end: site.end, text: "the section begins here" }],
          fix: { level: "review", title: "leave by the end of the section", replacement: "goto" },
        });
      }
    }
  },
  fix: fixSectionEscape,
});
