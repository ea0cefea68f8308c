import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixGilAsLock } from "../../src/rule-api/fix-statics.ts";
import { gilUses } from "../../src/rule-api/thread-state-gil.ts";

export default defineRule({
  name: "gil-as-lock",
  family: "thread-state",
  risks: ["medium", "low"],
  summary: "GIL calls used to keep other threads out",
  needs: ["thread-state"],
  messages: {
    exclusion: "`{api}` attaches only to change C data: it keeps no other thread out",
    guard: "`{api}` is asked before C data is changed: it only says that this thread is attached",
    dead: "`{api}` does nothing any more",
    removed: "`{api}` is gone since Python 3.13",
  },
  docs: {
    finds: `
- \`PyGILState_Ensure\` ... \`PyGILState_Release\` around nothing but changes of C data
- \`PyGILState_Check\` as the condition for changes of C data
- \`PyEval_AcquireLock\`, \`PyEval_ReleaseLock\`, \`PyEval_ThreadsInitialized\`, which 3.13 removed
- \`PyEval_InitThreads\`, which does nothing since 3.9 (risk low)`,
    breaks: `
In the free-threaded build any number of threads are attached at the same time. These calls attach the calling thread, or say
that it is attached, and exclude nobody: the data that they were to protect is open to all.`,
    notReported: `
The same calls around code that uses the interpreter: attaching is what they are for, and the free-threaded build needs
it as well. \`PyGILState_Check\` in an assertion, or in front of API calls.`,
    fixing: `
A \`PyMutex\` or an atomic for the data. Keep GIL calls that lead to Python code: without them a thread is not attached.
\`PyEval_InitThreads\` can be deleted.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Thread State and GIL APIs",
      "Python documentation: What's New in Python 3.13, Removed C APIs",
    ],
  },
  checkFunction(fn, report) {
    for (const { api, kind, instead, change, start, end } of gilUses(fn)) {
      report({
        messageId: kind,
        data: { api },
        risk: kind === "dead" ? "low" : "medium",
        ...placeIn(fn, { start, end }),
        function: fn.facts.name,
        symbol: api,
        evidence: change ? [{ text: "what it was to protect", ...placeIn(fn, change) }] : [],
        fix: {
          level: kind === "dead" ? "safe" : "manual",
          title: kind === "dead" ? "delete the call" : `use ${instead}`,
        },
      });
    }
  },
  fix: fixGilAsLock,
});
