import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixGlobalMutable } from "../../src/rule-api/fix-statics.ts";
import { staticProblems } from "../../src/rule-api/globals.ts";
import { byFunction, staticDraft } from "../../src/rule-api/globals-report.ts";

export default defineRule({
  name: "global-mutable",
  family: "globals",
  risks: ["high", "medium", "low"],
  summary: "Static number, flag, buffer, struct or free list that is written after the module is initialised",
  needs: ["index", "locks", "accesses"],
  messages: {
    written: "static `{name}` is written in {writers} without a lock that its other uses hold too",
    many: "`{function}` keeps {count} of its variables static, and writes them without a lock: `{name}` and others",
    readUnlocked: "static `{name}` is written under a lock in {writers}, but read without it",
  },
  docs: {
    finds: `
Static variables that hold C data and that code outside module initialisation writes: counters, flags, buffers for
results, structs, arrays, free lists, containers of the C++ library. Writes through a pointer that a helper gets, and
addresses handed to functions that are not part of the project, count too. There is one finding for each variable, at
its definition, with all functions that write and read it; more than four such variables of one function are one finding.`,
    breaks: `
The GIL made every piece of C code between two calls of the interpreter atomic. Without it a counter loses updates, a
buffer gets the text of two threads, two threads take the same node off a free list, and a container of the C++ library
is corrupted by a change during any other use.`,
    notReported: `
- Constants, variables that nobody writes, and those that only module initialisation or a once-call writes.
- Thread-local variables, atomics, locks, and accesses that all hold one common lock.
- Method tables, keyword lists, type objects and other tables that the interpreter reads.
A flag or level that is only set, never computed from its old value, is reported at risk low. Whether a foreign function
that gets the address really writes is not known.`,
    fixing: `
Counters and flags: an atomic (\`<stdatomic.h>\`, \`std::atomic\`). Buffers: an automatic variable, or memory of the
caller. Caches and free lists: \`thread_local\`, or drop them: the allocator of the free-threaded build is fast. Structures
that belong together: a static \`PyMutex\` around every access, or the module state with a lock in it.`,
    references: [
      "Python documentation: C API Extension Support for Free Threading",
      "Python documentation: Synchronization Primitives, PyMutex",
      "C11, 7.17 Atomics",
    ],
  },
  checkProject(project, report) {
    for (const { problem, others } of byFunction(staticProblems(project, "global-mutable"))) {
      const draft = staticDraft(project, problem);
      report({
        ...draft,
        messageId: others.length > 0 ? "many" : problem.onlyReadsUnlocked ? "readUnlocked" : "written",
        data: { ...draft.data, function: draft.function, count: others.length + 1 },
        fix: {
          level: "review",
          title:
            problem.shape === "scalar"
              ? "make it atomic or thread-local, or hold one lock at every access"
              : "make it local or thread-local, or hold one `PyMutex` at every access",
        },
      });
    }
  },
  fix: fixGlobalMutable,
});
