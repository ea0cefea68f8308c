import { borrowedNames, isDeclaredLending, reportBorrowed } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixBorrowedOut } from "../../src/rule-api/fix-borrowed-out.ts";

export default defineRule({
  name: "borrowed-dict-item",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Value of a dict that another thread may change, used without a reference of one's own",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: borrowedNames("borrowed-dict-item"),
  alsoTriggeredBy: (name, declared) => isDeclaredLending(declared, name, "borrowed-dict-item"),
  messages: {
    used: "`{api}` lends a value of {container}: another thread can replace and free it before it is used",
    tested: "`{api}` asks for a key of {container} that another thread can change meanwhile",
  },
  docs: {
    finds: `
Results of \`PyDict_GetItem\`, \`PyDict_GetItemWithError\`, \`PyDict_GetItemString\`, \`PyDict_SetDefault\` and their private relatives that
are used, returned or incremented, where the dict may be known to another thread: a field of an instance, a static, the dict of a
module or type, an attribute (high), or an argument (medium). A result that is only compared with NULL is
low, and so is a dict in a field that nothing in the scan changes, replaces or hands out.`,
    breaks: `
The value is kept alive by the dict alone. The lookup itself is safe, but before it returns it gives up its reference;
another thread can then replace or delete the entry, and the value is freed while the pointer is in use. \`Py_INCREF\` right after
the call does not help: the object may be gone before it runs.`,
    notReported: `
The keyword dict of a call, dicts that the function (or every caller of a helper) has just made, statics that are filled
while the module is initialised and only looked up later, initialisation code, and code inside a critical section on the dict, or on
the object that holds it, that covers the call and the uses up to the first strong reference.`,
    fixing: `
    PyObject *value;
    int found = PyDict_GetItemRef(dict, key, &value);   /* 1 found, 0 missing, -1 error */
    ...
    Py_XDECREF(value);

\`PyDict_GetItemRef\`, \`PyDict_GetItemStringRef\` and \`PyDict_SetDefaultRef\` exist since 3.13 and in pythoncapi-compat. The forms without
"WithError" swallowed errors: code that relied on it must handle -1. Where only the presence matters, \`PyDict_Contains\` says it
without a reference.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading, Borrowed References",
      "Python documentation: Dictionary Objects, PyDict_GetItemRef",
      "PEP 703, Borrowed References",
    ],
  },
  checkFunction(fn, report) {
    reportBorrowed(fn, "borrowed-dict-item", report);
  },
  fix(request, context) {
    return fixBorrowedOut(request, context, "borrowed-dict-item");
  },
});
