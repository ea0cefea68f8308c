import { defineRule } from "../../src/rule-api/define-rule.ts";
import { entryStep } from "../../src/rule-api/entries.ts";
import { fixInternals } from "../../src/rule-api/fix-uniqueness.ts";
import { internalAccesses } from "../../src/rule-api/locking-internals.ts";

export default defineRule({
  name: "object-internals",
  family: "locking",
  risks: ["high", "medium", "low"],
  summary: "Direct use of fields of an interpreter object that another thread may change",
  needs: ["def-use", "provenance", "locks", "index"],
  messages: {
    unlocked: "`{field}` of {object} is {done} without its lock: another thread can change or free what it holds",
    compile: "`{field}` does not exist in the object header of the free-threaded build",
    opaque: "`{field}` is {done} directly: the structure is not public and other threads may change it",
  },
  docs: {
    finds: `
Direct access to fields of the interpreter's own structures: the item array of a list, the tables of dicts and sets, the buffer of a
bytearray, \`tp_dict\`, \`tp_mro\`, fields of functions, frames, tracebacks and cells, and \`ob_refcnt\`.`,
    breaks: `
The accessors of these objects lock, or read atomically; plain C access does neither. The item array of a list moves when another thread
appends; \`tp_dict\` is NULL for static types in 3.12 and later. The header of the free-threaded build has no \`ob_refcnt\`: such code does not compile.`,
    notReported: `
Objects that the function has just made and not given away, code that runs only while a module is initialised, accesses
inside a critical section on the object, structures of the project that have a field of the same name, and tests of the reference count (see
refcount-uniqueness). Reading \`ob_type\` and \`ob_size\` is left alone.`,
    fixing:
      "Use the accessor: `PyList_GetItemRef`, `PyDict_Size`, `PyType_GetDict`, `PyObject_GetBuffer`, `PyObject_GetAttrString` and so on. Where there is none, hold a critical section on the object.",
    references: [
      "Python documentation: C API Extension Support for Free Threading",
      "Python documentation: Common Object Structures",
    ],
  },
  checkFunction(fn, report) {
    for (const found of internalAccesses(fn)) {
      const entry = entryStep(fn);
      report({
        messageId: found.state === "does-not-compile" ? "compile" : found.state === "unlocked" ? "unlocked" : "opaque",
        data: { field: found.field, object: found.object.what, done: found.writes ? "written" : "read" },
        risk: found.risk,
        file: fn.file,
        start: found.start,
        end: found.end,
        function: fn.indexed.name,
        symbol: found.field,
        evidence: [...found.object.steps, ...(entry === undefined ? [] : [entry])],
        fix:
          found.use === ""
            ? { level: "manual", title: "do without the field" }
            : { level: "manual", title: `use \`${found.use}\``, replacement: found.use },
      });
    }
  },
  fix: fixInternals,
});
