import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixInstanceState } from "../../src/rule-api/fix-sections.ts";
import { fieldNames, groupSpan, stateEvidence, stateGroups } from "../../src/rule-api/instance-state.ts";

export default defineRule({
  name: "unlocked-field-ref",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "Object field that is returned or used without a lock while another method may replace it",
  needs: ["index", "locks", "accesses"],
  messages: {
    read: "`{function}` uses {fields} of `{type}` without a lock: another thread can replace and free the object first",
  },
  docs: {
    finds: `
A \`PyObject *\` field that a method or getter reads and then returns, increments or uses, while another method, setter or
\`__init__\` may replace it.`,
    breaks: `
Between reading the pointer and incrementing the count another thread can replace the field and drop the last
reference. \`Py_INCREF\` then works on freed memory. Incrementing at once does not help: the object may be gone already.`,
    notReported: `
Fields that nobody replaces after construction, reads under a lock of the object, and functions that also write fields: those
are unlocked-instance-state.`,
    fixing: `
Take a strong reference inside a critical section on the object:

    Py_BEGIN_CRITICAL_SECTION(self);
    result = Py_XNewRef(self->value);
    Py_END_CRITICAL_SECTION();

and replace the field inside one too. A \`PyMemberDef\` entry of type \`Py_T_OBJECT_EX\` does both.`,
    references: ["Python documentation: C API, Critical Section API"],
  },
  checkProject(project, report) {
    for (const group of stateGroups(project)) {
      if (!group.onlyObjectReads) continue;
      const fn = project.index.functions[group.function];
      const [first] = group.collisions;
      const { start, end } = groupSpan(group);
      report({
        messageId: "read",
        data: {
          function: fn.name,
          fields: fieldNames(group),
          type: project.index.structs[first.access.struct].name,
        },
        risk: group.risk,
        file: fn.facts.file,
        start,
        end,
        function: fn.name,
        symbol: first.access.field,
        evidence: stateEvidence(group, project.index),
        fix: {
          level: "review",
          title: "take a strong reference inside a critical section on the object",
          replacement: "Py_NewRef",
        },
      });
    }
  },
  fix: fixInstanceState,
});
