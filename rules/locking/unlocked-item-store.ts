import { callSpan } from "../../src/rule-api/borrowed.ts";
import { callsOf } from "../../src/rule-api/calls.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixItemStore } from "../../src/rule-api/fix-containers.ts";
import { containerEvidence, sharedContainer } from "../../src/rule-api/locking-containers.ts";
import { isUnderConstruction } from "../../src/rule-api/under-construction.ts";

const STORES: ReadonlyMap<string, string> = new Map([
  ["PyList_SET_ITEM", "PyList_SetItem"],
  ["PyTuple_SET_ITEM", "PyTuple_Pack"],
  ["PyTuple_SetItem", "PyTuple_Pack"],
  ["PyStructSequence_SET_ITEM", "PyStructSequence_New"],
  ["PyStructSequence_SetItem", "PyStructSequence_New"],
]);

export default defineRule({
  name: "unlocked-item-store",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "Item stored into a list or tuple that is not fresh, without a lock",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: new Set(STORES.keys()),
  messages: {
    list: "`{api}` stores into {container} without a lock, and without releasing the old item",
    tuple: "`{api}` changes {container}: other threads take a tuple for constant and read it without a lock",
  },
  docs: {
    finds: `
\`PyList_SET_ITEM\`, \`PyTuple_SET_ITEM\`, \`PyTuple_SetItem\` and the struct-sequence stores on a container that the function has not just made:
a field, a static, an argument.`,
    breaks: `
The stores are meant for filling a new container. They lock nothing and, the macros, do not release what was there. A thread that reads the
same item at that moment sees it freed, and everybody reads tuples without a lock because they do not change. A result tuple
that is kept and refilled is handed to two threads at once.`,
    notReported: `
Containers that the function has made and not yet given away, also those that every caller of a helper has just made, code that
runs only while a module is initialised, and stores inside a critical section on the list. Filling a new container that already hangs in
a field, or that another function has just returned, is low, and so is an argument of a helper whose callers are not known.`,
    fixing: `
For a list use \`PyList_SetItem\`, which locks the list and releases the old item. For a tuple make a new one (\`PyTuple_Pack\`,
\`PyTuple_FromArray\`) instead of changing one that others can have.`,
    references: [
      "Python documentation: List Objects, PyList_SET_ITEM",
      "Python documentation: Tuple Objects, PyTuple_SET_ITEM",
      "Python documentation: C API Extension Support for Free Threading",
    ],
  },
  checkFunction(fn, report) {
    for (const { call, point } of callsOf(fn, new Set(STORES.keys()))) {
      const container = sharedContainer(fn, call.args[0], point);
      if (container === undefined) continue;
      const unlikely =
        isUnderConstruction(fn, call.args[0], point, container.facts) ||
        (container.facts.origin?.kind === "parameter" && container.facts.fn === fn.id && fn.entries.length === 0);
      const risk = unlikely ? "low" : container.risk;
      const replacement = STORES.get(call.callee)!;
      const text = `${call.callee} writes the item of ${container.facts.what}`;
      report({
        messageId: call.callee.startsWith("PyList") ? "list" : "tuple",
        data: { api: call.callee, container: container.facts.what },
        risk,
        file: fn.file,
        ...callSpan(call),
        function: fn.indexed.name,
        symbol: call.callee,
        evidence: containerEvidence(fn, container, [{ ...callSpan(call), text }]),
        fix: {
          level: call.callee === "PyList_SET_ITEM" ? "review" : "manual",
          title: call.callee === "PyList_SET_ITEM" ? "use `PyList_SetItem`" : "make a new object",
          replacement,
        },
      });
    }
  },
  fix: fixItemStore,
});
