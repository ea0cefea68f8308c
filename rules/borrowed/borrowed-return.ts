import {
  type BorrowedCall,
  borrowedCalls,
  borrowedEvidence,
  borrowedFix,
  LENDING_RULES,
} from "../../src/rule-api/borrowed.ts";
import { callSites } from "../../src/rule-api/callers.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixReturn } from "../../src/rule-api/fix-borrowed-return.ts";
import { atLeast, type EvidenceStep } from "../../src/rule-api/types.ts";

/** Callers shown as evidence. */
const MAX_CALLERS = 6;

export default defineRule({
  name: "borrowed-return",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Function that returns a reference it borrowed from something another thread may change",
  needs: ["def-use", "provenance", "locks", "index"],
  messages: {
    returns:
      "`{function}` returns what `{api}` lends out of {container}: its callers use an object that another thread can free",
  },
  docs: {
    finds: `
A function of the project that returns a borrowed reference, got from an API such as \`PyDict_GetItem\` or \`PyList_GET_ITEM\`, without
having made it strong. Its callers are listed: each of them uses the reference.`,
    breaks: `
The reference is kept alive by the container alone, and the stretch in which another thread can free the object now reaches into
every caller. A critical section inside the function does not help: it ends before the caller uses the result.`,
    notReported: `
Functions that increment what they return; containers that nobody else has, such as the keyword dict or a list made by every
caller; tuples. A function that also uses the object itself has a finding of its own at the call.`,
    fixing: `
Return a strong reference (\`PyDict_GetItemRef\`, \`PyList_GetItemRef\`, \`Py_NewRef\` inside the critical section) and release it in
every caller. Rename the function, or say in its comment that the reference is new: callers in other files compile unchanged and would
leak.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Borrowed References",
      "Python documentation: Reference Counting in Python, Ownership Rules",
    ],
  },
  checkFunction(fn, report) {
    const lent: BorrowedCall[] = LENDING_RULES.flatMap((rule) => borrowedCalls(fn, rule)).filter(
      (c) => c.returns.length > 0 && fn.entries.length === 0,
    );
    if (lent.length === 0) return;
    const worst = lent.reduce((a, b) => (atLeast(a.risk, b.risk) ? a : b));
    const callers: EvidenceStep[] = (callSites(fn.project, fn.id) ?? [])
      .slice(0, MAX_CALLERS)
      .map(({ caller, call }) => {
        const { facts, name } = fn.project.index.functions[caller];
        return { file: facts.file, start: call.start, end: call.end, text: `\`${name}\` uses what it returns` };
      });
    report({
      messageId: "returns",
      data: { function: fn.indexed.name, api: worst.api.name, container: worst.container.what },
      risk: worst.risk,
      file: fn.file,
      start: fn.facts.nameStart,
      end: fn.facts.nameEnd,
      function: fn.indexed.name,
      symbol: worst.api.name,
      evidence: [...borrowedEvidence(fn, worst), ...callers],
      fix: { ...(borrowedFix(fn, worst.api) ?? { title: "return a new reference" }), level: "review" },
    });
  },
  fix: fixReturn,
});
