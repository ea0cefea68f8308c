import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { FOREIGN_ALLOCATORS, foreignObjects } from "../../src/rule-api/memory-blocks.ts";

export default defineRule({
  name: "object-outside-domain",
  family: "memory",
  risks: ["high"],
  summary: "Python object in memory that is not from the object domain",
  needs: ["def-use"],
  callTriggers: FOREIGN_ALLOCATORS,
  messages: {
    object: "`{api}` allocates memory that becomes a Python object: objects must come from the object domain",
  },
  docs: {
    finds: `
Memory from \`malloc\`, \`PyMem_Malloc\`, \`PyMem_RawMalloc\` or \`new\` that is made a Python object: by \`PyObject_Init\`, or by
writing count and type into its header.`,
    breaks: `
The free-threaded build finds the objects that the garbage collector has to visit by walking the heaps of the object
domain, and it delays the reuse of object memory until no lock-free reader can still look at it. An object in other
memory is never visited, and its memory can be reused under a reader. Released by \`tp_free\`, it corrupts the heap.`,
    notReported: `
Objects embedded in static memory, arrays of pointers to objects, placement \`new\` in memory that \`tp_alloc\` or
\`PyObject_Malloc\` gave, and C++ members that a Python object points to.`,
    fixing: `
\`tp_alloc\`, \`PyObject_New\`, \`PyObject_GC_New\`, or \`PyObject_Malloc\` followed by \`PyObject_Init\`. For a C++ object that
is a Python object too, allocate with \`tp_alloc\` and construct in place with \`new (memory) T\`.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Memory Allocation APIs",
      "Python documentation: Allocating Objects on the Heap",
    ],
  },
  checkFunction(fn, report) {
    for (const { call, evidence } of foreignObjects(fn)) {
      report({
        messageId: "object",
        data: { api: call.callee },
        risk: "high",
        ...placeIn(fn, call),
        function: fn.facts.name,
        symbol: call.callee,
        evidence,
        fix: { level: "manual", title: "allocate it with `tp_alloc` or `PyObject_New`", replacement: "PyObject_New" },
      });
    }
  },
  fix: () => [
    {
      level: "manual",
      reason: "where the object is released, by whom and how is decided by its type",
      recipe: [
        "allocate it with `tp_alloc` of its type, or `PyObject_Malloc` followed by `PyObject_Init`",
        "release it with `tp_free` of its type in `tp_dealloc`, or `PyObject_Free`",
        "take the destructor out of the list of places that call `free`",
      ],
    },
  ],
});
