import { borrowedNames, callSpan } from "../../src/rule-api/borrowed.ts";
import { outputUses } from "../../src/rule-api/borrowed-uses.ts";
import { callsOf } from "../../src/rule-api/calls.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixDictIteration } from "../../src/rule-api/fix-containers.ts";
import { containerEvidence, sharedContainer } from "../../src/rule-api/locking-containers.ts";

const CALLS = borrowedNames("unlocked-dict-iteration");

export default defineRule({
  name: "unlocked-dict-iteration",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "`PyDict_Next` over a dict that another thread may change",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: CALLS,
  messages: {
    unlocked:
      "`{api}` walks {container} without a lock: another thread can change it and free keys and values meanwhile",
  },
  docs: {
    finds: `
Loops over \`PyDict_Next\` (and the private set iteration) where the dict may be known to another thread: a field of an instance, a
static, the dict of a module or type (high), or an argument (medium), and no critical section on it covers the loop. A
dict in a field that nothing in the scan changes, replaces or hands out is low.`,
    breaks: `
\`PyDict_Next\` locks nothing. Another thread that inserts can resize the table under the loop, and one that replaces or deletes an entry
frees the key or value that the loop holds without a reference of its own.`,
    notReported: `
Dicts that the function, or every caller of a helper, has just made; the keyword dict; statics that are only looked up after
initialisation; initialisation code; loops inside a critical section on the dict or on the object that holds it.`,
    fixing: `
    Py_BEGIN_CRITICAL_SECTION(dict);
    while (PyDict_Next(dict, &pos, &key, &value)) {
        ...
    }
    Py_END_CRITICAL_SECTION();

The section must enclose the whole loop and be left by its end: turn a \`return\` or \`goto\` inside into a flag and a \`break\`. Code in the
loop that may run Python code suspends the section, so increment key and value first. If the loop does much, walk a snapshot
(\`PyDict_Items\`, \`PyDict_Copy\`) instead.`,
    references: [
      "Python documentation: Dictionary Objects, PyDict_Next",
      "Python documentation: C API Extension Support for Free Threading, Critical Sections",
    ],
  },
  checkFunction(fn, report) {
    for (const { call, point } of callsOf(fn, CALLS)) {
      const uses = outputUses(fn.flow, point);
      const container = sharedContainer(
        fn,
        call.args[0],
        point,
        uses.map((u) => u.point),
        [],
        true,
      );
      if (container === undefined) continue;
      const steps = [{ ...callSpan(call), text: `${call.callee} reads the table of ${container.facts.what} unlocked` }];
      const [used] = uses;
      if (used !== undefined) {
        steps.push({
          ...(used.instr ?? used.term!),
          text: "a key or value is used here without a reference of its own",
        });
      }
      report({
        messageId: "unlocked",
        data: { api: call.callee, container: container.facts.what },
        risk: container.risk,
        file: fn.file,
        ...callSpan(call),
        function: fn.indexed.name,
        symbol: call.callee,
        evidence: containerEvidence(fn, container, steps),
        fix: {
          level: "review",
          title: "hold a critical section on the dict around the loop",
          replacement: "Py_BEGIN_CRITICAL_SECTION",
        },
      });
    }
  },
  fix: fixDictIteration,
});
