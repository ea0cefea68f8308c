import { defineRule } from "../../src/rule-api/define-rule.ts";
import { limitedApiConflict } from "../../src/rule-api/recipes.ts";

export default defineRule({
  name: "limited-api-conflict",
  family: "module",
  risks: ["medium"],
  summary: "`Py_LIMITED_API` for Pythons whose free-threaded build has no stable ABI",
  needs: ["index"],
  messages: {
    conflict:
      "`Py_LIMITED_API` is set here: the headers of free-threaded 3.13 and 3.14 refuse it, and abi3 wheels do not load there",
    mixed:
      "`Py_LIMITED_API` is set here: on free-threaded 3.15 it means abi3t, where `PyObject_HEAD` and the unchecked macros do not exist",
  },
  docs: {
    finds: `
Source files that define \`Py_LIMITED_API\`, and build files that ask for it (\`py_limited_api=True\`), without looking at
\`Py_GIL_DISABLED\` first.`,
    breaks: `
The free-threaded builds of 3.13 and 3.14 have no stable ABI: with \`Py_LIMITED_API\` defined their headers stop with
\`#error\`. From 3.15 on the macro selects abi3t, a different ABI with an opaque \`PyObject\`.`,
    notReported:
      "Definitions inside `#ifndef Py_GIL_DISABLED` or a condition that is false in the free-threaded build of the audited version.",
    fixing:
      "Define `Py_LIMITED_API` only if `Py_GIL_DISABLED` is not set, and build version-specific wheels (cp313t, cp314t) for the free-threaded interpreters.",
    references: [
      "Python documentation: C API Extension Support for Free Threading, Limited C API and Stable ABI",
      "PEP 803",
    ],
  },
  checkProject(project, report) {
    const inSources = project.files.flatMap(({ file, macros }) => {
      const macro = macros.find((m) => m.name === "Py_LIMITED_API");
      return macro ? [{ file, start: macro.start, end: macro.end }] : [];
    });
    for (const { file, start, end } of [...inSources, ...project.index.limitedApi]) {
      report({
        messageId: project.options.target >= 15 ? "mixed" : "conflict",
        risk: "medium",
        file,
        start,
        end,
        function: "",
        symbol: "Py_LIMITED_API",
        fix: { level: "manual", title: "define `Py_LIMITED_API` only where `Py_GIL_DISABLED` is not set" },
      });
    }
  },
  fix: limitedApiConflict,
});
