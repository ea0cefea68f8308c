import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { moveBlock } from "../../src/rule-api/fix-memory.ts";
import { OBJECT_ALLOCATORS, objectBlocks } from "../../src/rule-api/memory-blocks.ts";

export default defineRule({
  name: "object-domain-buffer",
  family: "memory",
  risks: ["medium", "low"],
  summary: "`PyObject_Malloc` and its relatives for memory that is no Python object",
  needs: ["def-use"],
  callTriggers: OBJECT_ALLOCATORS,
  messages: {
    buffer: "`{api}` allocates memory that is used as `{type}`: the object domain is for Python objects only",
    unknown: "`{api}` allocates memory that is not seen to become a Python object",
  },
  docs: {
    finds: `
Calls of \`PyObject_Malloc\`, \`PyObject_Calloc\` and \`PyObject_Realloc\` (and their old names) whose memory is used for
strings, arrays or structs that do not begin with the object header. Memory whose use is not seen is risk low.`,
    breaks: `
In the free-threaded build the object domain is a heap that holds Python objects and nothing else. The garbage collector
finds objects by walking such heaps, and lock-free readers rely on what freed object memory still looks like. A buffer in
it breaks the rule that the documentation states, and is released by other rules than its owner expects.`,
    notReported: "Memory that goes through `PyObject_Init` or is declared or cast as a pointer to an object struct.",
    fixing: `
\`PyMem_Malloc\`, \`PyMem_Calloc\`, \`PyMem_Realloc\` and \`PyMem_Free\`: allocation, resizing and release together. They need an
attached thread state; \`PyMem_RawMalloc\` does not.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Memory Allocation APIs",
      "Python documentation: Memory Management, Allocator Domains",
    ],
  },
  checkFunction(fn, report) {
    for (const { call, type, replacement } of objectBlocks(fn)) {
      report({
        messageId: type === "" ? "unknown" : "buffer",
        data: { api: call.callee, type },
        risk: type === "" ? "low" : "medium",
        ...placeIn(fn, { start: call.calleeStart, end: call.calleeEnd }),
        function: fn.facts.name,
        symbol: call.callee,
        fix: { level: "review", title: "use the `PyMem_*` family for allocation and release alike", replacement },
      });
    }
  },
  fix: (request, context) =>
    moveBlock(request, context, "mem", "use the `PyMem_*` family for allocation and release alike"),
});
