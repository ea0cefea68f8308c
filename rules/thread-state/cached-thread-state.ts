import { defineRule } from "../../src/rule-api/define-rule.ts";
import { cachedThreadState } from "../../src/rule-api/recipes.ts";
import { type KeptState, keptStateGroups } from "../../src/rule-api/thread-state-gil.ts";

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
that outlives the function; one finding for each variable or member. Saving into a static is risk high, into a C struct that may belong to one thread low.`,
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
  checkProject(project, report) {
    for (const group of keptStateGroups(project)) {
      const risks = group.map(({ fn, kept }) => riskOf(kept, project.index.isInitOnly(fn)));
      const worst = risks.includes("high") ? "high" : risks.includes("medium") ? "medium" : "low";
      const first = group[risks.indexOf(worst)];
      const { place, isStatic, source, start, end } = first.kept;
      const { facts } = project.index.functions[first.fn];
      report({
        messageId: source === "" ? "passed" : isStatic ? "static" : "member",
        data: { place, source },
        risk: worst,
        file: facts.file,
        start,
        end,
        function: facts.name,
        symbol: place,
        evidence: group
          .filter((g) => g !== first)
          .slice(0, 10)
          .map(({ fn, kept }) => ({
            text: `stored in \`${project.index.functions[fn].name}\` too`,
            file: project.index.functions[fn].facts.file,
            start: kept.start,
            end: kept.end,
          })),
        fix: { level: "manual", title: "keep it in a local or thread-local variable" },
      });
    }
  },
  fix: cachedThreadState,
});

function riskOf({ isStatic, inObject, source }: KeptState, initOnly: boolean): "high" | "medium" | "low" {
  const saves = source === "PyEval_SaveThread";
  if (isStatic && saves && !initOnly) return "high";
  // A struct of C often belongs to the thread that is in the middle of a call.
  return isStatic || inObject || !saves ? "medium" : "low";
}
