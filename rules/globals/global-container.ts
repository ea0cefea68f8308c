import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixGlobalContainer } from "../../src/rule-api/fix-insert.ts";
import { staticProblems } from "../../src/rule-api/globals.ts";
import { staticDraft } from "../../src/rule-api/globals-report.ts";

export default defineRule({
  name: "global-container",
  family: "globals",
  risks: ["medium"],
  summary: "Static dict, list or set that a function looks into and then changes",
  needs: ["index", "locks", "accesses"],
  messages: {
    race: "static container `{name}`: `{function}` looks (`{look}`) and then changes it (`{change}`) as two separate operations",
  },
  docs: {
    finds: `
Static variables that refer to a dict, list or set which a function first looks into and then changes: caches, registries,
lists of recent items. Helpers that do one of the two steps count where they are called.`,
    breaks: `
Each operation locks the container by itself, so nothing is corrupted. But between the two another thread can do the
same: work is done twice, a value that somebody already has is replaced by another one, a limit is exceeded, an index no
longer fits.`,
    notReported: `
- Containers that a function only reads or only writes, and single operations that do both (\`PyDict_SetDefaultRef\`,
  \`PyDict_Pop\`).
- Both operations inside one critical section on the container, or under one lock.
- Code that runs only while the module is initialised.
Borrowed references out of the container are findings of the borrowed family; containers in fields of instances are
check-then-act.`,
    fixing: `
For "get or insert" use \`PyDict_SetDefaultRef\` (3.13, or from pythoncapi_compat.h): it inserts only if the key is still
missing and gives back what is there. For everything else:

    Py_BEGIN_CRITICAL_SECTION(cache);
    ...
    Py_END_CRITICAL_SECTION();

The section does not hold over calls that may block or run Python code, so make the new value before it. A cache where
the last writer may win needs nothing more than strong references.`,
    references: [
      "Python documentation: Dictionary Objects, PyDict_SetDefaultRef",
      "Python documentation: C API, Critical Section API",
    ],
  },
  checkProject(project, report) {
    for (const problem of staticProblems(project, "global-container")) {
      const { race } = problem;
      if (!race) continue;
      const draft = staticDraft(project, problem);
      const isDict = race.lookApi.startsWith("PyDict_") && race.changeApi.startsWith("PyDict_SetItem");
      report({
        ...draft,
        messageId: "race",
        data: {
          name: problem.variable.facts.name,
          function: project.index.functions[race.function].name,
          look: race.lookApi,
          change: race.changeApi,
        },
        fix: isDict
          ? { level: "review", title: "use `PyDict_SetDefaultRef`", replacement: "PyDict_SetDefaultRef" }
          : {
              level: "review",
              title: "put both operations into one critical section",
              replacement: "Py_BEGIN_CRITICAL_SECTION",
            },
      });
    }
  },
  fix: fixGlobalContainer,
});
