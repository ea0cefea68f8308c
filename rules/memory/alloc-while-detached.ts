import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { moveBlock } from "../../src/rule-api/fix-memory.ts";
import { detachedUses, groupedUses } from "../../src/rule-api/thread-state.ts";

export default defineRule({
  name: "alloc-while-detached",
  family: "memory",
  risks: ["high"],
  summary: "`PyMem_*` or `PyObject_*` allocator used while the thread state is detached",
  needs: ["thread-state"],
  messages: {
    direct: "`{api}` is called while the thread state is detached",
    helper: "`{helper}` is called while the thread state is detached, and it calls `{api}`",
  },
  docs: {
    finds: `
Allocation, resizing and release by the \`PyMem_*\` and \`PyObject_*\` families between \`Py_BEGIN_ALLOW_THREADS\` and
\`Py_END_ALLOW_THREADS\` or their relatives, in helper functions too.`,
    breaks: `
The free-threaded build allocates from heaps that belong to the thread state. A detached thread has none: the call
crashes, or corrupts a heap that another thread uses. With the GIL it was a race in the small-object allocator.`,
    notReported: "The raw family (`PyMem_RawMalloc` and so on), `malloc`, and helpers that attach first.",
    fixing: `
\`PyMem_RawMalloc\`, \`PyMem_RawCalloc\`, \`PyMem_RawRealloc\` and \`PyMem_RawFree\` inside the region, for allocation and release
alike; or allocate before detaching and release after attaching.`,
    references: [
      "Python documentation: Memory Management, Raw Memory Interface",
      "Python documentation: C API Extension Support for Free Threading, Memory Allocation APIs",
    ],
  },
  checkFunction(fn, report) {
    for (const { first, others } of groupedUses(detachedUses(fn, "alloc"))) {
      const isHelper = first.api !== first.call.callee;
      report({
        messageId: isHelper ? "helper" : "direct",
        data: { api: first.api, helper: first.call.callee },
        risk: "high",
        ...placeIn(fn, first.call),
        function: fn.facts.name,
        symbol: first.call.callee,
        evidence: [...first.evidence, ...others.slice(0, 6).map((o) => ({ text: "and here", ...placeIn(fn, o.call) }))],
        fix: { level: "review", title: "use the raw family for this block", replacement: "PyMem_RawMalloc" },
      });
    }
  },
  fix: (request, context) => moveBlock(request, context, "raw", "use the raw family for this block"),
});
