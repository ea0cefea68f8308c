import { defineRule } from "../../src/rule-api/define-rule.ts";
import { unbalancedSections } from "../../src/rule-api/locking-balance.ts";
import { lockWords } from "../../src/rule-api/locking-regions.ts";
import { sectionUnbalanced } from "../../src/rule-api/recipes.ts";

export default defineRule({
  name: "section-unbalanced",
  family: "locking",
  risks: ["high", "medium"],
  summary: "Critical section without an end, or ended by the other form or in another scope",
  needs: ["locks"],
  messages: {
    open: "the critical section on {object} begun here is never ended",
    form: "the critical section on {object} begun by `{begin}` is ended by `{end}`",
    scope: "the critical section on {object} is ended in another scope than it is begun in",
  },
  docs: {
    finds: `
\`PyCriticalSection_Begin\` without \`PyCriticalSection_End\`, a section for two objects closed by the form for one and the reverse, and an END that
stands in another block than its BEGIN.`,
    breaks: `
The plain END does not release the second lock; a section that is never ended keeps its lock for ever, and its record stays on the
thread's list when the stack frame is gone. With the GIL both forms are braces, so the mistake compiles there; in the
free-threaded build the wrong form mostly does not compile.`,
    notReported: `
Helper functions of the project that begin a section and leave the end to another helper. Ways out of a balanced section are
section-escape.`,
    fixing:
      "End each section in the block that begins it, with the form that belongs to it: `Py_END_CRITICAL_SECTION2` after `Py_BEGIN_CRITICAL_SECTION2`.",
    references: ["Python documentation: Synchronization Primitives, Critical sections"],
  },
  checkFunction(fn, report) {
    for (const { site, problem, end } of unbalancedSections(fn)) {
      report({
        messageId: problem,
        data: { object: lockWords(site), begin: site.form, end: end?.form ?? "" },
        risk: problem === "scope" ? "medium" : "high",
        file: fn.file,
        start: site.start,
        end: site.end,
        function: fn.indexed.name,
        symbol: site.form,
        evidence:
          end === undefined
            ? []
            : [{ file: fn.file, start: end.start, end: end.end, text: "this is where it is ended" }],
        fix: { level: "manual", title: "end the section in its own block, with its own form" },
      });
    }
  },
  fix: sectionUnbalanced,
});
