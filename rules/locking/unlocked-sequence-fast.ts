import { callSpan } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixSequenceFast } from "../../src/rule-api/fix-containers.ts";
import { containerEvidence } from "../../src/rule-api/locking-containers.ts";
import { fastSequences, SEQUENCE_FAST_CALLS } from "../../src/rule-api/locking-sequences.ts";

export default defineRule({
  name: "unlocked-sequence-fast",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "Items of a `PySequence_Fast` result read unlocked, although it may be the caller's own list",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: SEQUENCE_FAST_CALLS,
  messages: {
    unlocked:
      "`{api}` reads {container} without a lock: if it is a list, another thread can resize it and free its items meanwhile",
  },
  docs: {
    finds: `
\`PySequence_Fast_GET_ITEM\`, \`PySequence_Fast_ITEMS\` (and the list macros on the same object) on the result of \`PySequence_Fast\`, where the
sequence may be known to another thread: an argument (medium), a field, a static or an attribute (high). A field
that nothing in the scan changes, replaces or hands out is low. One finding for each \`PySequence_Fast\`, at the first item that
is read.`,
    breaks: `
For an exact list \`PySequence_Fast\` returns the list itself, not a copy. Another thread can then replace an item, which frees it, or
append, which moves the item array that \`PySequence_Fast_ITEMS\` gave; a size that was read once is stale.`,
    notReported: `
Sequences that the function has just made, the argument tuple, tuples, results of which only the size is read, and reads inside a
critical section on the original sequence or on the result. Anything but an exact list or tuple is copied by \`PySequence_Fast\`; that the caller
always passes such a thing cannot be seen.`,
    fixing: `
Take a snapshot: \`PySequence_Tuple(seq)\` instead of \`PySequence_Fast\` (or \`PySequence_List\` if a list is needed); its items stay as
long as the tuple does. Where the copy is too dear, hold a critical section on the original sequence, not on the result, while
items are read, and increment an item before code runs that may run Python code.`,
    references: [
      "Python documentation: Sequence Protocol, PySequence_Fast",
      "Python documentation: C API Extension Support for Free Threading",
    ],
  },
  checkFunction(fn, report) {
    for (const found of fastSequences(fn)) {
      const { first, made, container } = found;
      const steps = [{ ...callSpan(first), text: `${first.callee} reads an item without a lock` }];
      if (made !== undefined) {
        steps.unshift({ ...callSpan(made), text: "PySequence_Fast gives the very same object if it is an exact list" });
      }
      report({
        messageId: "unlocked",
        data: { api: first.callee, container: container.facts.what },
        risk: container.risk,
        file: fn.file,
        ...callSpan(first),
        function: fn.indexed.name,
        symbol: made === undefined ? first.callee : "PySequence_Fast",
        evidence: containerEvidence(fn, container, steps),
        fix: { level: "review", title: "take a snapshot with `PySequence_Tuple`", replacement: "PySequence_Tuple" },
      });
    }
  },
  fix: fixSequenceFast,
});
