import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixDetachedEscape } from "../../src/rule-api/fix-regions.ts";
import { detachedExits } from "../../src/rule-api/thread-state-regions.ts";

export default defineRule({
  name: "detached-escape",
  family: "thread-state",
  risks: ["high"],
  summary: "`return`, `goto` or `break` out of a region that runs detached",
  needs: ["thread-state"],
  messages: {
    returns: "returns with the thread state detached by `{begin}`",
    jumps: "jumps out of the region of `{begin}` without attaching again",
  },
  docs: {
    finds: `
Statements, and macros that contain them, that leave the code between \`Py_BEGIN_ALLOW_THREADS\` and
\`Py_END_ALLOW_THREADS\` on a path that does not attach the thread state again; and returns after \`PyEval_SaveThread\` in a
function whose other paths call \`PyEval_RestoreThread\`.`,
    breaks: `
The caller continues without a thread state: the next call of the API crashes, in the free-threaded build and in the
ordinary one. The saved state is lost, so that the thread can never attach with it again.`,
    notReported: `
Paths that attach before they leave (\`Py_BLOCK_THREADS\`), jumps inside the region, and functions that detach on purpose
and leave attaching to another function.`,
    fixing: `
Keep the result in a variable and leave after \`Py_END_ALLOW_THREADS\`. Where that is not possible, put \`Py_BLOCK_THREADS\`
before the \`return\`.`,
    references: [
      "Python documentation: Initialization, Finalization, and Threads; Releasing the GIL from extension code",
    ],
  },
  checkFunction(fn, report) {
    for (const { at, returns, begin } of detachedExits(fn)) {
      const form = begin.op === "detach" ? begin.form : "";
      report({
        messageId: returns ? "returns" : "jumps",
        data: { begin: form },
        risk: "high",
        ...placeIn(fn, at),
        function: fn.facts.name,
        symbol: form,
        evidence: [{ text: "the thread state is detached here", ...placeIn(fn, begin) }],
        fix: { level: "review", title: "leave after attaching again", replacement: "Py_BLOCK_THREADS" },
      });
    }
  },
  fix: fixDetachedEscape,
});
