import { borrowedNames, isDeclaredLending, reportBorrowed } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixBorrowed } from "../../src/rule-api/fix-borrowed.ts";
import { fixBorrowedOut } from "../../src/rule-api/fix-borrowed-out.ts";

/** Their strong form gives the object through an out parameter. */
const SYS: ReadonlySet<string> = new Set(["PySys_GetObject", "_PySys_GetObjectId"]);

export default defineRule({
  name: "borrowed-other",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Reference lent by another object that Python code can change",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: borrowedNames("borrowed-other"),
  alsoTriggeredBy: (name, declared) => isDeclaredLending(declared, name, "borrowed-other"),
  messages: {
    used: "`{api}` lends an object that {container} can let go of in another thread before it is used",
    tested: "`{api}` asks for an object that {container} can let go of in another thread",
  },
  docs: {
    finds: `
Results of other functions that borrow from something that can change: \`PySys_GetObject\`, \`PyEval_GetLocals\`, the accessors of a function's
\`__defaults__\`, \`__code__\`, \`__annotations__\` and so on, \`_PyType_Lookup\`, and the borrowing frame accessors of pythoncapi-compat.`,
    breaks: `
The owner is a dict or object that any thread can change: \`sys.stdout = f\` frees the old stream while another thread writes to it, an
assignment to \`function.__defaults__\` frees the old tuple. The borrowed result then dangles.`,
    notReported: `
What the running thread or the running frame keeps (\`PyEval_GetFrame\`, \`PyEval_GetGlobals\`, \`PyThreadState_GetDict\`), what is fixed
once made (\`PyCFunction_GetSelf\`, \`PyMethod_Function\`, \`PyModule_GetDict\`), tuples, and initialisation code. \`PyErr_Occurred\` is fine for tests
for NULL.`,
    fixing: `
Take the strong form: \`PySys_GetAttrString\` and \`PySys_GetOptionalAttrString\` (3.15; the compatibility header's version for older Pythons
still races, so import \`sys\` and use \`PyObject_GetAttrString\` there), \`PyEval_GetFrameLocals\` (3.13), \`PyObject_GetAttrString(function,
"__defaults__")\`. Release the result.`,
    references: [
      "Python documentation: System Functions, PySys_GetAttr",
      "Python documentation: Reflection, PyEval_GetFrameLocals",
      "Python documentation: C API Extension Support for Free Threading, Borrowed References",
    ],
  },
  checkFunction(fn, report) {
    reportBorrowed(fn, "borrowed-other", report);
  },
  fix: (request, context) =>
    SYS.has(request.symbol)
      ? fixBorrowedOut(request, context, "borrowed-other")
      : fixBorrowed(request, context, "borrowed-other"),
});
