import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixNestedSections } from "../../src/rule-api/fix-regions.ts";
import { nestedSections } from "../../src/rule-api/locking-nested.ts";
import { lockWords } from "../../src/rule-api/locking-regions.ts";

export default defineRule({
  name: "section-nested",
  family: "locking",
  risks: ["medium"],
  summary: "Nested critical sections that rely on both locks being held",
  needs: ["locks", "def-use"],
  messages: {
    nested: "the section on {inner} may suspend the one on {outer}, whose object is used inside it",
  },
  docs: {
    finds: `
A critical section begun inside another one, on another object, where the object of the outer section is used inside the inner one.`,
    breaks: `
A critical section gives its lock up while the thread waits. If the lock of the inner object is taken, beginning the inner section detaches
the thread, and the outer lock is released meanwhile: another thread can change the outer object between what was read before and what is
done inside. Both locks are held together only in the form for two objects.`,
    notReported: `
Inner sections that do not touch the outer object, sections one after the other, and sections on the same object.`,
    fixing: `
    Py_BEGIN_CRITICAL_SECTION2(self, other);
    ...
    Py_END_CRITICAL_SECTION2();

The form for two objects takes both locks in a fixed order and holds them together. Objects may be equal.`,
    references: [
      "Python documentation: Synchronization Primitives, Py_BEGIN_CRITICAL_SECTION2",
      "Python documentation: C API Extension Support for Free Threading, Critical Sections",
    ],
  },
  checkFunction(fn, report) {
    for (const { outer, inner, use } of nestedSections(fn)) {
      report({
        messageId: "nested",
        data: { outer: lockWords(outer), inner: lockWords(inner) },
        risk: "medium",
        file: fn.file,
        start: inner.start,
        end: inner.end,
        function: fn.indexed.name,
        symbol: inner.form,
        evidence: [
          { file: fn.file, start: outer.start, end: outer.end, text: `the outer section, on ${lockWords(outer)}` },
          {
            file: fn.file,
            start: use.start,
            end: use.end,
            text: `${lockWords(outer)} is used inside the inner section`,
          },
        ],
        fix: {
          level: "review",
          title: "lock both objects in one section",
          replacement: "Py_BEGIN_CRITICAL_SECTION2",
        },
      });
    }
  },
  fix: fixNestedSections,
});
