import { callSpan } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixCheckThenAct } from "../../src/rule-api/fix-insert.ts";
import { CHECKS, checkThenActs } from "../../src/rule-api/locking-check-act.ts";
import { containerEvidence } from "../../src/rule-api/locking-containers.ts";

export default defineRule({
  name: "check-then-act",
  family: "locking",
  risks: ["medium", "low"],
  summary: "Look up, then insert or replace in a shared container as two separate calls",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: CHECKS,
  messages: {
    suspended:
      "`{detach}` between `{check}` and `{act}` on {container} suspends any critical section: another thread can change it",
    separate: "`{check}` and `{act}` on {container} are two steps: another thread can change it in between",
  },
  docs: {
    finds: `
A lookup (\`PyDict_Contains\`, \`PyDict_GetItem\` and its relatives, \`PySet_Contains\`, the size of a list) that is followed by a change of the same
container under the same key (or, for a list, by removing or replacing items), where the container is a field or came out of
something shared (medium), or is an argument (low), and no lock covers both. A critical section does not cover them if the
thread is detached in between: the section is given up then.`,
    breaks: `
Each call is atomic, the pair is not. Two threads can both find the key missing and both insert: one value is lost, work is done
twice, an object that must be unique exists twice, and a counter that is read and written back loses counts.`,
    notReported: `
Containers that nobody else has, pairs under one critical section on the container or on the object that holds it, pairs under any
other lock, and atomic calls (\`PyDict_SetDefaultRef\`, \`PyDict_Pop\`). A container in a static variable is reported as global-container, once for the variable.
Keys that are not seen to be the same are not paired.`,
    fixing: `
To insert only if the key is missing use \`PyDict_SetDefaultRef\`: its result tells whether it inserted. To remove use \`PyDict_Pop\`. For
anything else hold a critical section on the container around both calls, and compute what takes long before it.`,
    references: [
      "Python documentation: Dictionary Objects, PyDict_SetDefaultRef",
      "Python documentation: C API Extension Support for Free Threading, Critical Sections",
    ],
  },
  checkFunction(fn, report) {
    for (const { check, act, container, suspension } of checkThenActs(fn)) {
      const isDict = act.callee.startsWith("PyDict_SetItem");
      report({
        messageId: suspension ? "suspended" : "separate",
        data: {
          check: check.callee,
          act: act.callee,
          container: container.facts.what,
          detach: suspension?.form ?? "",
        },
        risk: container.risk,
        file: fn.file,
        ...callSpan(check),
        function: fn.indexed.name,
        symbol: check.callee,
        evidence: containerEvidence(fn, container, [
          { ...callSpan(check), text: `${check.callee} looks` },
          ...(suspension
            ? [
                {
                  start: suspension.start,
                  end: suspension.end,
                  text: "the thread detaches here: sections are suspended",
                },
              ]
            : []),
          { ...callSpan(act), text: `${act.callee} changes it, on the strength of what was true before` },
        ]),
        fix: {
          level: "review",
          title: isDict
            ? "use `PyDict_SetDefaultRef`, or hold a critical section around both"
            : "hold a critical section around both",
          replacement: isDict ? "PyDict_SetDefaultRef" : "Py_BEGIN_CRITICAL_SECTION",
        },
      });
    }
  },
  fix: fixCheckThenAct,
});
