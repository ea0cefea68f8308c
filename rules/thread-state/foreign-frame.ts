import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { foreignFrame } from "../../src/rule-api/recipes.ts";
import { FOREIGN_CALLS, foreignCalls } from "../../src/rule-api/thread-state-foreign.ts";

export default defineRule({
  name: "foreign-frame",
  family: "thread-state",
  risks: ["medium", "low"],
  summary: "Frames or thread states of other threads inspected",
  needs: ["def-use"],
  callTriggers: FOREIGN_CALLS,
  messages: {
    thread: "`{api}` looks into other threads, which go on running meanwhile",
    interpreter: "`{api}` walks a list that other threads change",
  },
  docs: {
    finds: `
Walks over the thread states of an interpreter, the frames of all threads, and \`PyThreadState_GetFrame\` on a thread state
that is not known to be the caller's own. If a function gets the thread state as a parameter, the risk is low.`,
    breaks: `
With the GIL a thread that is not running could be looked at in peace. Without it the other thread goes on: the frame is
reused or freed while it is read, and the list of threads changes during the walk.`,
    notReported:
      "`PyThreadState_GetFrame` on the result of `PyThreadState_Get`, `PyEval_GetFrame`, and the caller's own interpreter.",
    fixing: `
Ask every thread to record its own state (\`sys.setprofile\`, \`threading.setprofile\`, \`sys.monitoring\`), or stop the other
thread by means of your own. Debuggers and profilers that look from outside the process are better served by the remote
debugging interface of 3.14.`,
    references: [
      "Python documentation: Initialization, Finalization, and Threads; PyThreadState_GetFrame",
      "Python documentation: sys._current_frames",
    ],
  },
  checkFunction(fn, report) {
    for (const { call, ofCaller } of foreignCalls(fn)) {
      const isInterpreter = call.callee.startsWith("PyInterpreterState_") && !call.callee.endsWith("ThreadHead");
      report({
        messageId: isInterpreter ? "interpreter" : "thread",
        data: { api: call.callee },
        risk: isInterpreter || ofCaller ? "low" : "medium",
        ...placeIn(fn, { start: call.calleeStart, end: call.calleeEnd }),
        function: fn.facts.name,
        symbol: call.callee,
        fix: { level: "manual", title: "let each thread look at itself" },
      });
    }
  },
  fix: foreignFrame,
});
