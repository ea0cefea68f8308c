import { crossings } from "../../src/rule-api/borrowed-across.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { entryStep } from "../../src/rule-api/entries.ts";
import { fixAcrossCall } from "../../src/rule-api/fix-borrowed.ts";

export default defineRule({
  name: "borrowed-across-call",
  family: "borrowed",
  risks: ["high", "medium"],
  summary: "Borrowed reference used after a call that can free it",
  needs: ["def-use", "provenance", "locks", "index"],
  messages: {
    released: "what `{source}` lent is used after {killer} has released {container}, which kept it alive",
    replaced: "what `{source}` lent is used after {killer} has taken it out of {container}",
    python: "what `{source}` lent out of {container} is used after {killer}, which can run code that drops it",
  },
  docs: {
    finds: `
A borrowed reference that is used after the container was released, after the entry was removed or replaced (high), or after a call that
runs Python code while the container can be reached from there (medium). The borrowed reference may also be an object field that was read
into a variable under a lock.`,
    breaks: `
The call can drop the last reference to the object: the code that runs may delete the entry or replace the field. This goes wrong with the GIL
too. Without it a critical section does not help either: it is suspended while Python code runs.`,
    notReported: `
References that were made strong before the call, items of the argument tuple, which the interpreter keeps, containers that only this
function has (unless it releases or changes them itself), and references whose container is not locked at all: those have a finding at the
call that lent them.`,
    fixing:
      "Take a strong reference (`Py_NewRef`, or the `Ref` form of the call) before the call, and release it after the last use.",
    references: [
      "Python documentation: Extending and Embedding, Thin Ice",
      "Python documentation: C API Extension Support for Free Threading, Borrowed References",
    ],
  },
  checkFunction(fn, report) {
    for (const found of crossings(fn)) {
      const entry = entryStep(fn);
      const at = (span: { start: number; end: number }, text: string) => ({
        file: fn.file,
        start: span.start,
        end: span.end,
        text,
      });
      report({
        messageId: found.how,
        data: { source: found.source, container: found.container.what, killer: `\`${found.killer.callee}\`` },
        risk: found.how === "python" ? "medium" : "high",
        ...at(found.use, ""),
        function: fn.indexed.name,
        symbol: found.source,
        evidence: [
          ...found.container.steps,
          at(found.lent, `\`${found.source}\` lends the reference`),
          at(found.killer, `${found.killer.callee} can drop the object`),
          at(found.use, "used here"),
          ...(entry === undefined ? [] : [entry]),
        ],
        fix: { level: "review", title: "hold a strong reference over the call", replacement: "Py_NewRef" },
      });
    }
  },
  fix: fixAcrossCall,
});
