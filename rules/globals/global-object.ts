import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixGlobalObject } from "../../src/rule-api/fix-statics.ts";
import { staticProblems } from "../../src/rule-api/globals.ts";
import { staticDraft } from "../../src/rule-api/globals-report.ts";

export default defineRule({
  name: "global-object",
  family: "globals",
  risks: ["high", "medium", "low", "info"],
  summary: "Static `PyObject *` that is assigned after the module is initialised",
  needs: ["index", "locks", "accesses"],
  messages: {
    replaced: "static object `{name}` is replaced in {writers} without a lock that its other uses hold too",
    readUnlocked: "static object `{name}` is replaced under a lock in {writers}, but read without it",
    initOnly: "static object `{name}` is assigned only while the module is initialised",
  },
  docs: {
    finds: `
Static variables that hold a Python object (or an array or struct of them) and that methods, slots or callbacks assign:
settings, hooks, free lists, "last" objects. Assignments through a pointer that a helper gets are followed. There is one
finding for each variable, at its definition, with all functions that write and read it.`,
    breaks: `
A reader loads the pointer and then uses the object or increments its count. In between, another thread can replace the
variable and drop the last reference: the reader works on freed memory. Two writers at the same time release the old
object twice.`,
    notReported: `
- Statics that only module initialisation assigns (listed at risk info), and clearing them in \`m_free\` or \`m_clear\`.
- Thread-local and atomic variables, and variables that are accessed under one common lock everywhere.
- Variables that are filled on first use (lazy-static) and containers that are changed in place (global-container).
Assignments in other libraries through an exported variable cannot be seen.`,
    fixing: `
Keep the object in the module state, or assign it in the exec function only. A setting that users can change needs a
\`PyMutex\` around both sides; the reader takes a strong reference inside it:

    PyMutex_Lock(&lock);
    value = Py_XNewRef(current);
    PyMutex_Unlock(&lock);

Release the old object after unlocking: its destructor can run any code.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading",
      "Python documentation: Isolating Extension Modules",
      "PEP 703",
    ],
  },
  checkProject(project, report) {
    for (const problem of staticProblems(project, "global-object")) {
      const isInit = problem.risk === "info";
      report({
        ...staticDraft(project, problem),
        messageId: isInit ? "initOnly" : problem.onlyReadsUnlocked ? "readUnlocked" : "replaced",
        fix: {
          level: isInit ? "manual" : "review",
          title: isInit
            ? "move it to the module state, for the sake of subinterpreters"
            : "keep it in the module state, or hold one `PyMutex` at every access",
        },
      });
    }
  },
  fix: fixGlobalObject,
});
