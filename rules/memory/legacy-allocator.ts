import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { renameLegacy } from "../../src/rule-api/fix-memory.ts";
import { LEGACY_ALLOCATORS, legacyCalls } from "../../src/rule-api/memory-blocks.ts";

export default defineRule({
  name: "legacy-allocator",
  family: "memory",
  risks: ["info"],
  summary: "Old name of a memory function: `PyMem_NEW`, `PyObject_DEL`, ...",
  needs: ["index"],
  callTriggers: LEGACY_ALLOCATORS,
  messages: { legacy: "`{api}` is the old name of `{current}`" },
  docs: {
    finds:
      "Macros of the old memory interface in capital letters, and `PyMem_Del`. One finding for each name in a function.",
    breaks: `
Nothing by itself: they are aliases. But they hide which family a block belongs to (\`PyMem_DEL\` is \`PyMem_Free\`,
\`PyObject_DEL\` is \`PyObject_Free\`), which is what the free-threaded build is strict about, and they are deprecated.`,
    notReported: "Names that the project defines itself.",
    fixing: "Write the current name; the arguments are the same.",
    references: ["Python documentation: Memory Management, Deprecated aliases"],
  },
  checkFunction(fn, report) {
    for (const { call, current, others } of legacyCalls(fn)) {
      report({
        messageId: "legacy",
        data: { api: call.callee, current },
        risk: "info",
        ...placeIn(fn, { start: call.calleeStart, end: call.calleeEnd }),
        function: fn.facts.name,
        symbol: call.callee,
        evidence: others.slice(0, 8).map((c) => ({ text: "and here", ...placeIn(fn, c) })),
        fix: { level: "safe", title: `write \`${current}\``, replacement: current },
      });
    }
  },
  fix: renameLegacy,
});
