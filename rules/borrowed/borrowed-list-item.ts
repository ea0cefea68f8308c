import { borrowedNames, isDeclaredLending, reportBorrowed } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixBorrowed } from "../../src/rule-api/fix-borrowed.ts";

export default defineRule({
  name: "borrowed-list-item",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Item of a list that another thread may change, used without a reference of one's own",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: borrowedNames("borrowed-list-item"),
  alsoTriggeredBy: (name, declared) => isDeclaredLending(declared, name, "borrowed-list-item"),
  messages: {
    used: "`{api}` lends an item of {container}: another thread can remove and free it before it is used",
    tested: "`{api}` looks at an item of {container} that another thread can remove meanwhile",
  },
  docs: {
    finds: `
Results of \`PyList_GetItem\` and \`PyList_GET_ITEM\` that are used, returned or incremented, where the list may be known to another
thread. The list's own way into the function decides: a field of an instance, a static or an attribute is shared (high), an
argument is shared if the caller shares it (medium). A result that is only compared with NULL is low, and so is a list
in a field that nothing in the scan changes, replaces or hands out. Wrapper macros count as the API that they wrap.`,
    breaks: `
A borrowed item is kept alive by the list alone. Without the GIL another thread can replace it, pop it or clear the list
between the call and the use; the object is freed and the pointer dangles. \`Py_INCREF\` right after the call does not help: the
object may be gone before it runs. \`PyList_GET_ITEM\` also reads the item array while a resize may free it.`,
    notReported: `
Lists that the function has just made and not given away, lists that every caller of a helper has just made, code that runs
only while a module is initialised, statics that are filled there and only looked up later, and code inside a critical
section on the list, or on the object that holds it, that covers the call and the uses up to the first strong reference. A helper is
followed to its callers, three calls up; a list that is stored where the scan cannot see it counts as an argument.`,
    fixing: `
    PyObject *item = PyList_GetItemRef(list, i);
    if (item == NULL) {
        return NULL;
    }
    ...
    Py_DECREF(item);

\`PyList_GetItemRef\` exists since 3.13 and in pythoncapi-compat. Unlike the macro it can fail, because the list may have become
shorter: check the result, and release it on every path. For a loop a snapshot (\`PyList_AsTuple\`) or a critical section
around the whole loop is often simpler.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Borrowed References",
      "Python documentation: List Objects, PyList_GetItemRef",
      "PEP 703, Borrowed References",
    ],
  },
  checkFunction(fn, report) {
    reportBorrowed(fn, "borrowed-list-item", report);
  },
  fix: (request, context) => fixBorrowed(request, context, "borrowed-list-item"),
});
