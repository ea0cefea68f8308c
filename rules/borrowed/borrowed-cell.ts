import { borrowedNames, reportBorrowed } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixBorrowed } from "../../src/rule-api/fix-borrowed.ts";

export default defineRule({
  name: "borrowed-cell",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Content of a cell used without a reference of one's own",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: borrowedNames("borrowed-cell"),
  messages: {
    used: "`{api}` lends the content of {container}: another thread can rebind the cell before it is used",
    tested: "`{api}` looks into {container} that another thread can rebind meanwhile",
  },
  docs: {
    finds: `
Results of \`PyCell_GET\` that are used, returned or incremented, where the cell may be known to another thread.`,
    breaks: `
A cell is a variable of a closure: any thread that runs one of the functions that share it can rebind it, and the old content is
freed while the pointer is in use. From 3.14 on the macro reads inside a critical section, but what it returns is still
borrowed.`,
    notReported: `
Cells that the function has just made, and code inside a critical section on the cell that covers the call and the uses up to
the first strong reference.`,
    fixing: `
\`PyCell_Get\` returns a new reference on every version. An empty cell gives NULL without an exception in both forms; release the result.`,
    references: ["Python documentation: Cell Objects, PyCell_Get"],
  },
  checkFunction(fn, report) {
    reportBorrowed(fn, "borrowed-cell", report);
  },
  fix: (request, context) => fixBorrowed(request, context, "borrowed-cell"),
});
