import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { blockingWhileAttached } from "../../src/rule-api/recipes.ts";
import { attachedWaits } from "../../src/rule-api/thread-state-locks.ts";

export default defineRule({
  name: "blocking-while-attached",
  family: "thread-state",
  risks: ["medium", "low"],
  summary: "Blocking native lock taken while the thread state is attached",
  needs: ["thread-state", "locks"],
  messages: {
    held: "`{lock}` waits while attached, and the lock is held over `{use}`: this can deadlock with the interpreter",
    short: "`{lock}` waits while attached: a garbage collection waits as long as this thread does",
  },
  docs: {
    finds: `
Locks of the operating system and of C++, and \`PyThread_acquire_lock\` with waiting, that a function takes while its thread
state is attached. If something that may run Python code or wait for other threads is called while the lock is held, the risk
is medium, else low.`,
    breaks: `
A stop-the-world pause (garbage collection, among others) waits until every attached thread has reached a safe point. The
holder of the lock reaches one when it runs Python code or has to wait, and stops there; a thread that waits for the lock attached never
reaches one: nobody moves again. With the GIL the same code deadlocks when the holder needs the GIL that the waiter has.`,
    notReported: `
- Locks taken detached, and attempts (\`try\` forms, \`PyThread_acquire_lock(lock, 0)\`).
- \`PyMutex\` and critical sections: they detach while they wait.
- Code that only module initialisation or threads without Python run.
A lock that is taken in one function and released in another is risk low.`,
    fixing: `
\`PyMutex\` needs no care of this kind. For a lock that must stay native, try first and detach only to wait:

    if (!PyThread_acquire_lock(lock, NOWAIT_LOCK)) {
        Py_BEGIN_ALLOW_THREADS
        PyThread_acquire_lock(lock, WAIT_LOCK);
        Py_END_ALLOW_THREADS
    }`,
    references: [
      "Python documentation: Synchronization Primitives, PyMutex",
      "Python documentation: C API Extension Support for Free Threading, Thread State and GIL APIs",
    ],
  },
  checkFunction(fn, report) {
    for (const { lock, use } of attachedWaits(fn)) {
      report({
        messageId: use ? "held" : "short",
        data: { lock: lock.form, use: use?.name ?? "" },
        risk: use ? "medium" : "low",
        ...placeIn(fn, lock),
        function: fn.facts.name,
        symbol: lock.form,
        evidence: use ? [{ text: `\`${use.name}\` is called while the lock is held`, ...placeIn(fn, use) }] : [],
        fix: { level: "manual", title: "use a `PyMutex`, or detach while waiting", replacement: "PyMutex_Lock" },
      });
    }
  },
  fix: blockingWhileAttached,
});
