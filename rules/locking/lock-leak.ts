import { defineRule } from "../../src/rule-api/define-rule.ts";
import { fixLockLeak } from "../../src/rule-api/fix-regions.ts";
import { unreleasedReturns } from "../../src/rule-api/guarded-locks.ts";
import { isHandedOver } from "../../src/rule-api/lock-handover.ts";
import { lockWords } from "../../src/rule-api/locking-regions.ts";
import { isSection } from "../../src/rule-api/protection.ts";

const MAX_RETURNS = 4;

export default defineRule({
  name: "lock-leak",
  family: "locking",
  risks: ["high"],
  summary: "Lock that is not released on some path",
  needs: ["locks"],
  messages: {
    leaks: "{lock} is still held where the function returns on some path: the next thread that wants it waits for ever",
  },
  docs: {
    finds: `
A \`PyMutex\`, thread lock or native lock that the function takes and releases, but not on every path to a return.`,
    breaks: `
The next thread that takes the lock waits for ever; a \`PyMutex\` is not recursive, so the same thread deadlocks too. Error paths are the
usual place: locks were added later than the \`return NULL\` between them.`,
    notReported: `
Functions that take a lock and never release it (a pair of lock and unlock helpers), guards of C++ that release by themselves, and
attempts (\`trylock\`), locks that are taken and released on the same condition, and
locks that another function of the project releases without having taken them (events, locks handed to the caller). Critical sections are section-escape.`,
    fixing:
      "Release on every path: jump to one label before the unlock, or compute the result inside and return after. In C++ use a guard object.",
    references: ["Python documentation: Synchronization Primitives, PyMutex"],
  },
  checkFunction(fn, report) {
    if (!fn.project.locksOf(fn.id)) return;
    const { locks } = fn.flow;
    for (const site of locks.sites) {
      if (isSection(site.kind) || site.kind === "raii" || site.point.block < 0) continue;
      // Whether an attempt succeeded is often known to later code only; semaphores are released by others.
      if (site.result !== undefined || site.form.startsWith("sem_")) continue;
      // Events and semaphores are made of these; a PyMutex belongs to the thread that took it.
      if (site.kind !== "pymutex" && site.objects.some((o) => isHandedOver(fn.project, o))) continue;
      const isCall = fn.ir.blocks[site.point.block].instrs[site.point.index].op === "call";
      if (isCall || locks.releasesOf(site).length === 0) continue;
      const returns = unreleasedReturns(fn.flow, site);
      if (returns.length === 0) continue;
      report({
        messageId: "leaks",
        data: { lock: lockWords(site) },
        risk: "high",
        file: fn.file,
        start: site.start,
        end: site.end,
        function: fn.indexed.name,
        symbol: site.form,
        evidence: returns.slice(0, MAX_RETURNS).map(({ term }) => ({
          file: fn.file,
          start: term.start,
          end: term.end,
          text: "returns here with the lock held",
        })),
        fix: { level: "review", title: "release the lock on every path" },
      });
    }
  },
  fix: fixLockLeak,
});
