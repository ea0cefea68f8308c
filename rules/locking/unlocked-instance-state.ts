import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixInstanceState } from "../../src/rule-api/fix-sections.ts";
import { fieldNames, stateEvidence, stateGroups } from "../../src/rule-api/instance-state.ts";

export default defineRule({
  name: "unlocked-instance-state",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "Instance fields that methods read and write without a lock",
  needs: ["index", "locks", "accesses"],
  messages: {
    state: "`{function}` works on {fields} of `{type}` without a lock, while another thread can do the same",
  },
  docs: {
    finds: `
Methods, slots, getters and setters that write fields of an instance, or read fields that such a function writes, with no
lock held: swapped pointers, lazily filled fields, counters, buffers with their sizes, iterators that advance an index. The
accesses are followed through helper functions, casts and macros. There is one finding for the function where a lock
would cover all of them.`,
    breaks: `
No method of an object is ever alone any more: two threads that share the object run two of its methods at the same
time. One frees or replaces what the other is using, a counter loses updates, a size no longer fits its buffer.`,
    notReported: `
- Fields that are only written while the object is made (\`tp_new\`, a factory function) and, except at risk low, in \`tp_init\`.
- \`tp_dealloc\`, \`tp_traverse\` and \`tp_clear\` on their own object.
- Accesses under a critical section on the object, a \`PyMutex\`, a native lock or a lock guard, taken in the function or by its callers.
- Atomic operations and atomic types.
Function pointers kept in structs and state behind handles of foreign libraries are followed only as far as the
pointer: handing the pointer out counts as an access to what is behind it.`,
    fixing: `
Hold one lock over the whole method: \`Py_BEGIN_CRITICAL_SECTION(self)\` ... \`Py_END_CRITICAL_SECTION()\`, most easily by
moving the body into a function with the suffix \`_lock_held\`. Two objects need \`Py_BEGIN_CRITICAL_SECTION2\`. A flag or
counter on its own can be atomic instead.`,
    references: ["Python documentation: C API, Critical Section API", "PEP 703, Container thread-safety"],
  },
  checkProject(project, report) {
    for (const group of stateGroups(project)) {
      if (group.onlyObjectReads) continue;
      const fn = project.index.functions[group.function];
      const [first] = group.collisions;
      report({
        messageId: "state",
        data: {
          function: fn.name,
          fields: fieldNames(group),
          type: project.index.structs[first.access.struct].name,
        },
        risk: group.risk,
        file: fn.facts.file,
        start: fn.facts.nameStart,
        end: fn.facts.nameEnd,
        function: fn.name,
        symbol: first.access.field,
        evidence: stateEvidence(group, project.index),
        fix: {
          level: "review",
          title: "hold a critical section on the object",
          replacement: "Py_BEGIN_CRITICAL_SECTION",
        },
      });
    }
  },
  fix: fixInstanceState,
});
