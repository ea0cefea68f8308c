import { defineRule } from "../../src/rule-api/define-rule.ts";
import { matchRelease } from "../../src/rule-api/fix-memory.ts";
import { memoryMismatches } from "../../src/rule-api/memory.ts";

export default defineRule({
  name: "mismatched-free",
  family: "memory",
  risks: ["high", "medium", "low"],
  summary: "Memory released by another family of functions than allocated it",
  needs: ["index", "def-use"],
  messages: {
    local: "`{free}` releases memory that `{allocate}` allocated",
    stored: "`{free}` releases `{place}`, which `{allocate}` allocated",
  },
  docs: {
    finds: `
Memory from one family (\`malloc\`, \`PyMem_RawMalloc\`, \`PyMem_Malloc\`, \`PyObject_Malloc\`, \`new\`) that is released or
resized by another one. Pointers are followed through variables, fields, statics and small helper functions that
allocate or release. Memory that the C API hands out counts: \`PyUnicode_AsWideCharString\` goes with \`PyMem_Free\`,
\`Py_DecodeLocale\` with \`PyMem_RawFree\`.`,
    breaks: `
The ordinary build forgives some mixtures, because small blocks come from the same allocator and foreign pointers are
passed on to \`free\`. The free-threaded build allocates with mimalloc, which takes a foreign pointer for one of its own:
the heap is corrupted, or the process aborts. From 3.15 on the raw family is no longer the \`malloc\` of the C library
either (reported at risk low before that).`,
    notReported: `
Pointers that only pass through code that is not in the scan, and fields in which blocks of two families lie, each with
its own release: which one is meant where cannot be told.`,
    fixing: "Release with the function that belongs to the allocation, or allocate with the family of the release.",
    references: [
      "Python documentation: Memory Management, Allocator Domains",
      "Python documentation: C API Extension Support for Free Threading, Memory Allocation APIs",
    ],
  },
  checkProject(project, report) {
    const { functions } = project.index;
    for (const { release, through, allocations, place, risk } of memoryMismatches(project)) {
      const at = through ?? release;
      const fn = functions[at.function];
      const [first] = allocations;
      const evidence = allocations.slice(0, 4).map((a) => ({
        text: `allocated with \`${a.api}\` in \`${functions[a.function].name}\``,
        file: functions[a.function].facts.file,
        start: a.start,
        end: a.end,
      }));
      if (through) {
        evidence.push({
          text: `\`${through.name}\` releases it with \`${release.api}\``,
          file: functions[release.function].facts.file,
          start: release.start,
          end: release.end,
        });
      }
      report({
        messageId: place === "" ? "local" : "stored",
        data: { free: through?.name ?? release.api, allocate: first.api, place },
        risk,
        file: fn.facts.file,
        start: at.start,
        end: at.end,
        function: fn.name,
        symbol: through?.name ?? release.api,
        evidence,
        fix: { level: "review", title: `release it with the function that belongs to \`${first.api}\`` },
      });
    }
  },
  fix: matchRelease,
});
