import { defineRule } from "../../src/rule-api/define-rule.ts";
import { entryStep } from "../../src/rule-api/entries.ts";
import { fixUniqueness } from "../../src/rule-api/fix-uniqueness.ts";
import { uniquenessTests } from "../../src/rule-api/locking-uniqueness.ts";

export default defineRule({
  name: "refcount-uniqueness",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "Reference count used to decide whether an object may be changed in place",
  needs: ["def-use", "provenance", "index"],
  messages: {
    test: "the reference count of {object} decides here: without the GIL, 1 does not mean that nobody else has it",
    set: "`Py_SET_REFCNT` on {object} is not atomic: references that other threads count meanwhile are lost",
  },
  docs: {
    finds: `
Comparisons of \`Py_REFCNT(x)\` or \`x->ob_refcnt\` with a number that decide a branch or a result, and \`Py_SET_REFCNT\` on an object that others
may have.`,
    breaks: `
In the free-threaded build the count is the sum of two parts that are not read together, and references on the stacks of other threads and
deferred ones are not in it. A count of 1 does not mean that nobody else can reach the object, so code that changes it in place
changes it under another thread. From 3.14 on the same holds for arguments with the GIL too: the interpreter lends them without counting.`,
    notReported: `
Counts that are only shown, assertions, objects that the function has just made and not given away, and destructors that look
whether the object was revived.`,
    fixing: `
For an object that the C code itself created: \`PyUnstable_Object_IsUniquelyReferenced\` (3.14, in pythoncapi-compat). For an argument:
\`PyUnstable_Object_IsUniqueReferencedTemporary\` (3.14). Both may answer no for an object that is unique, so the copying branch has to stay.
Always copying is the simple way. A result tuple that is kept for reuse needs a lock besides.`,
    references: [
      "Python documentation: Object Protocol, PyUnstable_Object_IsUniquelyReferenced",
      "Python documentation: Reference Counting, Py_REFCNT",
      "PEP 703, Biased Reference Counting",
    ],
  },
  checkFunction(fn, report) {
    for (const found of uniquenessTests(fn)) {
      const entry = entryStep(fn);
      const { target, minPython } = fn.project.options;
      const direct = minPython >= 14 || target >= 14 ? "" : " (pythoncapi-compat)";
      report({
        messageId: found.sets ? "set" : "test",
        data: { object: found.object.what },
        risk: found.risk,
        file: fn.file,
        start: found.start,
        end: found.end,
        function: fn.indexed.name,
        symbol: found.symbol,
        evidence: [...found.object.steps, ...found.steps, ...(entry === undefined ? [] : [entry])],
        fix: found.sets
          ? { level: "manual", title: "set the count only before anybody else can have the object" }
          : {
              level: "review",
              title: `always copy, or ask \`PyUnstable_Object_IsUniquelyReferenced\`${direct}`,
              replacement: "PyUnstable_Object_IsUniquelyReferenced",
            },
      });
    }
  },
  fix: fixUniqueness,
});
