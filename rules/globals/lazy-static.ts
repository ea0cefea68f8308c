import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixLazyStatic } from "../../src/rule-api/fix-statics.ts";
import { staticProblems } from "../../src/rule-api/globals.ts";
import { staticDraft } from "../../src/rule-api/globals-report.ts";

export default defineRule({
  name: "lazy-static",
  family: "globals",
  risks: ["high", "medium", "low"],
  summary: "Static that is initialised on first use, by test and assignment",
  needs: ["index", "locks", "accesses"],
  messages: {
    lazy: "static `{name}` is initialised on first use in {writers}: two threads can both find it unset",
    doubleChecked: "static `{name}` is set under a lock in {writers}, but tested or used without it",
  },
  docs: {
    finds: `
Static variables, at file or function scope, that code tests and, if they are unset, fills: cached imports and
attributes, interned strings, types and exceptions made on demand, tables behind an \`initialized\` flag. Tables that are
filled under the test of a flag belong to the flag's finding.`,
    breaks: `
Two threads can both find the variable unset. Then a value is made twice and one of them leaks, or two types or
exceptions exist that should be one. With a flag in front of a table, a third thread can see the flag set before the
table is complete. Where a value is also dropped again, the other thread can still be using it.`,
    notReported: `
- Test and assignment in module initialisation only.
- Thread-local and atomic variables, \`pthread_once\`, \`std::call_once\`, and C++ function statics that are initialised in
  their declaration: the compiler guards those.
- Both steps under one common lock, if the function that made the test under it reads the value afterwards.
A test outside the lock with a second one inside is reported at risk low: it needs an atomic load and store.`,
    fixing: `
Do the work in the module's exec function, and keep the result in the module state. If it has to wait for first use,
put test and assignment under a static \`PyMutex\`, use \`std::call_once\`, or let the loser of an atomic
compare-and-exchange drop its value. The import system already caches modules: \`PyImport_ImportModule\` on every use
may be good enough, and \`PyImport_ImportModuleAttr\` exists from 3.14 on.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading",
      "Python documentation: Synchronization Primitives, PyMutex",
      "Python documentation: Isolating Extension Modules",
    ],
  },
  checkProject(project, report) {
    for (const problem of staticProblems(project, "lazy-static")) {
      report({
        ...staticDraft(project, problem),
        messageId: problem.onlyReadsUnlocked ? "doubleChecked" : "lazy",
        fix: {
          level: "review",
          title: problem.onlyReadsUnlocked
            ? "make it atomic, or test it inside the lock only"
            : "initialise it with the module, or guard test and assignment by one `PyMutex`",
        },
      });
    }
  },
  fix: fixLazyStatic,
});
