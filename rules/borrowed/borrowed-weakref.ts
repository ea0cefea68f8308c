import { borrowedNames, reportBorrowed } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixBorrowedOut } from "../../src/rule-api/fix-borrowed-out.ts";

export default defineRule({
  name: "borrowed-weakref",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Target of a weak reference used without a reference of one's own",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: borrowedNames("borrowed-weakref"),
  messages: {
    used: "`{api}` lends the target of {container}: its last owner can let go in another thread before it is used",
    tested: "`{api}` asks whether the target of {container} is alive: the answer can be wrong at once",
  },
  docs: {
    finds: `
Results of \`PyWeakref_GetObject\` and \`PyWeakref_GET_OBJECT\` that are used, returned or incremented. A result that is only compared
with \`Py_None\` or NULL is low.`,
    breaks: `
A weak reference does not keep its target alive, and neither does the borrowed result: the last owner can let go of it in
another thread right after the call, whoever has the weak reference. Incrementing at once does not help.`,
    notReported: `
Code that runs only while a module is initialised. That somebody else keeps the target alive for other reasons cannot be seen;
such places are reported.`,
    fixing: `
    PyObject *target;
    if (PyWeakref_GetRef(ref, &target) < 0) {
        return NULL;
    }
    if (target == NULL) {
        /* dead: the old functions gave Py_None here */
    }

\`PyWeakref_GetRef\` exists since 3.13 and in pythoncapi-compat; the borrowing functions are gone from the headers of 3.15. Every comparison
with \`Py_None\` has to become a test of the result.`,
    references: [
      "Python documentation: Weak Reference Objects, PyWeakref_GetRef",
      "Python documentation: C API Extension Support for Free Threading, Borrowed References",
    ],
  },
  checkFunction(fn, report) {
    reportBorrowed(fn, "borrowed-weakref", report);
  },
  fix(request, context) {
    return fixBorrowedOut(request, context, "borrowed-weakref");
  },
});
