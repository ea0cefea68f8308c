import { borrowedNames, reportBorrowed } from "../../src/rule-api/borrowed.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixBorrowed } from "../../src/rule-api/fix-borrowed.ts";

export default defineRule({
  name: "borrowed-module",
  family: "borrowed",
  risks: ["medium", "low"],
  summary: "Module taken out of `sys.modules` without a reference of one's own",
  needs: ["def-use", "provenance", "locks", "index"],
  callTriggers: borrowedNames("borrowed-module"),
  messages: {
    used: "`{api}` lends a module out of {container}: another thread can drop the entry before it is used",
    tested: "`{api}` looks for a module in {container} that another thread can drop meanwhile",
  },
  docs: {
    finds: `
Results of \`PyImport_AddModule\` and \`PyImport_AddModuleObject\` that are used. Both lend what \`sys.modules\` holds.`,
    breaks: `
Python code in another thread can delete or replace the entry of \`sys.modules\`, which may be the only thing that keeps the module
alive.`,
    notReported: `
Code that runs only while a module is initialised: the import lock of the module under construction is held, and entries that others
drop then are rare. \`PyImport_ImportModule\` and \`PyImport_GetModule\` return new references and are fine.`,
    fixing: `
Use \`PyImport_AddModuleRef\` (3.13, in pythoncapi-compat) and release the module after use, or \`PyImport_ImportModule\` if it should be
imported.`,
    references: ["Python documentation: Importing Modules, PyImport_AddModuleRef"],
  },
  checkFunction(fn, report) {
    reportBorrowed(fn, "borrowed-module", report);
  },
  fix: (request, context) => fixBorrowed(request, context, "borrowed-module"),
});
