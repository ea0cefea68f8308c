import { defineRule } from "../../src/rule-api/define-rule.ts";
import { opposedLocks } from "../../src/rule-api/locking-order.ts";
import { lockOrder } from "../../src/rule-api/recipes.ts";

export default defineRule({
  name: "lock-order",
  family: "locking",
  risks: ["high", "medium"],
  summary: "Two locks that different functions take in opposite orders",
  needs: ["locks", "index"],
  messages: {
    opposed: "{inner} is taken here while {outer} is held; `{other}` takes them the other way round",
  },
  docs: {
    finds: `
Two locks (a \`PyMutex\`, thread lock or native lock in a static variable or in a field) where one function takes the second while it holds the
first, and another function the reverse, itself or in a function that it calls.`,
    breaks: `
Two threads that run the two functions at once can each hold one lock and wait for the other: both stand still for ever.`,
    notReported: `
Critical sections: they give their lock up while the thread waits. Locks that are reached through pointers whose origin is not known, attempts
(\`trylock\`), and fields of one structure type that are locked for several objects of it.`,
    fixing:
      "Agree on one order and take the locks in it everywhere, or release the first before taking the second. Say the order in a comment beside the locks.",
    references: ["Python documentation: Synchronization Primitives, PyMutex"],
  },
  checkProject(project, report) {
    for (const { first, second } of opposedLocks(project)) {
      report({
        messageId: "opposed",
        data: {
          inner: `\`${second.inner}\``,
          outer: `\`${second.outer}\``,
          other: project.index.functions[first.function].name,
        },
        risk: first.certain && second.certain ? "high" : "medium",
        file: second.file,
        start: second.innerSpan.start,
        end: second.innerSpan.end,
        function: project.index.functions[second.function].name,
        symbol: second.inner,
        evidence: [
          { file: second.file, ...second.outerSpan, text: `\`${second.outer}\` is taken here` },
          { file: second.file, ...second.innerSpan, text: `then \`${second.inner}\`` },
          {
            file: first.file,
            ...first.outerSpan,
            text: `\`${project.index.functions[first.function].name}\` takes \`${first.outer}\``,
          },
          { file: first.file, ...first.innerSpan, text: `then \`${first.inner}\`` },
        ],
        fix: { level: "manual", title: "take the two locks in one order" },
      });
    }
  },
  fix: lockOrder,
});
