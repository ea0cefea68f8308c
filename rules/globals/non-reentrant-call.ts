import { placeIn } from "../../src/rule-api/context.ts";
import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixNonReentrantCall, hasReentrantForm } from "../../src/rule-api/fix-statics.ts";
import { libraryCalls, libraryOf, NON_REENTRANT_CALLS, unsafeCalls } from "../../src/rule-api/globals-calls.ts";

export default defineRule({
  name: "non-reentrant-call",
  family: "globals",
  risks: ["medium", "low", "info"],
  summary: "C library function that is not thread-safe",
  needs: ["locks"],
  callTriggers: NON_REENTRANT_CALLS,
  alsoTriggeredBy: (name, declared) => libraryOf(name, declared) !== undefined,
  messages: {
    buffer: "`{api}` returns a buffer that the next call overwrites, in any thread",
    state: "`{api}` works on state that all threads share",
    environment: "`{api}` changes the environment, which other threads may be reading",
    locale: "`{api}` changes the locale of the whole process",
    library: "`{api}` belongs to a library that the configuration names as not thread-safe",
    portable: "`{api}` is safe in glibc, but POSIX does not promise it",
  },
  docs: {
    finds: `
Calls of functions of C and POSIX that keep their result or their state in static memory, or that change something of the
whole process: \`strtok\`, \`localtime\`, \`getpwnam\`, \`gethostbyname\`, \`setlocale\`, \`setenv\` and others. One finding for each
of them in a function. Libraries that the configuration names (\`not-thread-safe\`) count as well, with one finding for each library in
a function. What glibc makes safe although POSIX does not is risk low or info.`,
    breaks: `
The GIL let only one thread into such a function at a time, as long as nobody detached around it. Without it two threads
write the same static buffer, or one changes the environment or locale while the other reads it, which can crash.`,
    notReported: `
Calls in module initialisation, under a mutex or a lock guard, and methods that happen to have such a name. A critical
section on an object does not count: it excludes only users of the same object.`,
    fixing:
      "Use the reentrant form that the finding names, or take one lock around every call and the use of its result.",
    references: ["POSIX, System Interfaces, 2.9.1 Thread-Safety", "Linux man-pages: attributes(7)"],
  },
  checkFunction(fn, report) {
    for (const { call, facts, others } of unsafeCalls(fn)) {
      const isUnsafe = facts.glibc === "unsafe";
      report({
        messageId: isUnsafe ? MESSAGE[facts.hazard] : "portable",
        data: { api: facts.name },
        risk: isUnsafe ? "medium" : facts.hazard === "environment" || facts.hazard === "process" ? "info" : "low",
        ...placeIn(fn, { start: call.calleeStart, end: call.calleeEnd }),
        function: fn.facts.name,
        symbol: facts.name,
        evidence: others.slice(0, 8).map((c) => ({ text: "and here", ...placeIn(fn, c) })),
        fix: {
          level: hasReentrantForm(facts.name) ? "review" : "manual",
          title: `use ${facts.replacement}`,
          replacement: facts.replacement,
        },
      });
    }
    for (const { call, others } of libraryCalls(fn)) {
      report({
        messageId: "library",
        data: { api: call.callee },
        risk: "medium",
        ...placeIn(fn, { start: call.calleeStart, end: call.calleeEnd }),
        function: fn.facts.name,
        symbol: call.callee,
        evidence: others.slice(0, 8).map((c) => ({ text: `and \`${c.callee}\` here`, ...placeIn(fn, c) })),
        fix: { level: "manual", title: "take one lock around every call of the library" },
      });
    }
  },
  fix: fixNonReentrantCall,
});

const MESSAGE = {
  "static-buffer": "buffer",
  "global-state": "state",
  environment: "environment",
  locale: "locale",
  process: "state",
} as const;
