import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { keptStates } from "../../src/rule-api/thread-state-gil.ts";

export default defineRule({
  name: "cached-thread-state",
  family: "thread-state",
  risks: ["high", "medium", "low"],
  summary: "`PyThreadState *` kept in a static variable or in an object",
  needs: ["def-use"],
  messages: {
    static: "the thread state of `{source}` is kept in the static `{place}`, which all threads share",
    passed: "a thread state is kept in `{place}`, where another thread can overwrite or use it",
    member: "the thread state of `{source}` is kept in `{place}`, where another thread can overwrite or use it",
  },
  docs: {
    finds: `
Results of \`PyEval_SaveThread\`, \`PyThreadState_Get\` and their like that are stored in a static variable or in memory
that outlives the function. Saving into a static is risk high, into a C struct that may belong to one thread low.`,
    breaks: `
A thread state belongs to one thread. If two threads detach at the same time, the second overwrites what the first has
saved, and the first attaches with a state that is not its own: two threads run with one state, and the interpreter
crashes. The GIL did not prevent this, it only made it rare. A kept state is also freed when its thread ends.`,
    notReported: "Local variables, thread-local variables, structs on the stack, and `PyInterpreterState *`.",
    fixing: `
Keep the saved state in a local variable and pass it down, or use a thread-local variable. To attach a thread that the
library made, use \`PyGILState_Ensure\`, or a thread state that the thread makes for itself with \`PyThreadState_New\`.`,
    references: ["Python documentation: Initialization, Finalization, and Threads; Low-level API"],
  },
  checkFunction(fn, report) {
    for (const { place, isStatic, inObject, source, start, end } of keptStates(fn)) {
      const saves = source === "PyEval_SaveThread";
      report({
        messageId: source === "" ? "passed" : isStatic ? "static" : "member",
        data: { place, source },
        // A struct of C often belongs to the thread that is in the middle of a call.
        risk: isStatic && saves && !fn.initOnly ? "high" : isStatic || inObject || !saves ? "medium" : "low",
        ...placeIn(fn, { start, end }),
        function: fn.facts.name,
        symbol: place,
        fix: { level: "manual", title: "keep it in a local or thread-local variable" },
      });
    }
  },
});
