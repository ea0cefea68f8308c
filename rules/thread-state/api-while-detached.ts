import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { apiWhileDetached } from "../../src/rule-api/recipes.ts";
import { detachedUses, groupedUses } from "../../src/rule-api/thread-state.ts";

export default defineRule({
  name: "api-while-detached",
  family: "thread-state",
  risks: ["high"],
  summary: "Python API used while the thread state is detached",
  needs: ["thread-state"],
  messages: {
    direct: "`{api}` is called while the thread state is detached",
    helper: "`{helper}` is called while the thread state is detached, and it calls `{api}`",
  },
  docs: {
    finds: `
Calls of the C API, and changes of reference counts, between \`Py_BEGIN_ALLOW_THREADS\` and \`Py_END_ALLOW_THREADS\` (or
\`PyEval_SaveThread\` and \`PyEval_RestoreThread\`, or in the life of a guard object), on every path that leads there. Helper
functions of the project that use the API are followed.`,
    breaks: `
Without a thread state the interpreter does not know the thread: many functions read it and crash. In the free-threaded
build the garbage collector and other stop-the-world operations do not wait for a detached thread either, so that it
looks at objects while they are moved and freed. That other threads were kept out by nothing but luck was already
wrong with the GIL.`,
    notReported: `
- Functions that may be called detached: \`PyMem_Raw*\`, \`PyMutex_*\`, \`PyThread_*\`, \`Py_AddPendingCall\` and others.
- Helpers that attach first (\`PyGILState_Ensure\`, \`Py_BLOCK_THREADS\`), or ask with \`PyGILState_Check\`.
- Macros that only read a field of an object or check its type, and plain C fields of an instance.
Calls through pointers and of other libraries are not followed. Allocators are alloc-while-detached.`,
    fixing: `
Take what is needed out of the objects before detaching, and report errors after attaching again: keep \`errno\` or a
status in a variable. In the middle of a region, \`Py_BLOCK_THREADS\` ... \`Py_UNBLOCK_THREADS\` around the call; in code that
any thread can run, \`PyGILState_Ensure\` and \`PyGILState_Release\`.`,
    references: [
      "Python documentation: Initialization, Finalization, and Threads; Releasing the GIL from extension code",
      "Python documentation: C API Extension Support for Free Threading",
    ],
  },
  checkFunction(fn, report) {
    for (const { first, others } of groupedUses(detachedUses(fn, "api"))) {
      const isHelper = first.api !== first.call.callee;
      report({
        messageId: isHelper ? "helper" : "direct",
        data: { api: first.api, helper: first.call.callee },
        risk: "high",
        ...placeIn(fn, first.call),
        function: fn.facts.name,
        symbol: first.call.callee,
        evidence: [...first.evidence, ...others.slice(0, 6).map((o) => ({ text: "and here", ...placeIn(fn, o.call) }))],
        fix: {
          level: "manual",
          title: "move it out of the region, or attach around it",
          replacement: "Py_BLOCK_THREADS",
        },
      });
    }
  },
  fix: apiWhileDetached,
});
