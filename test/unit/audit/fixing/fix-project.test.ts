import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import legacy from "../../../../rules/memory/legacy-allocator.ts";
import { fixProject } from "../../../../src/audit/fixing/fix-project.ts";
import { defaultOptions } from "../../../../src/audit/options.ts";
import type { Proposal } from "../../../../src/fix/types.ts";
import type { AnyRule } from "../../../../src/rule-api/define-rule.ts";
import { fixTexts } from "../../../fixes/fix-text.ts";

const TEXT = `#include <Python.h>

char *
first(Py_ssize_t n)
{
    return PyMem_NEW(char, n);
}

char *
second(Py_ssize_t n)
{
    return PyMem_NEW(char, n);
}
`;

/** A rule whose fix replaces what was found by `text`. */
function replacing(text: string, claims: Partial<Proposal> = {}): AnyRule {
  return {
    ...(legacy as AnyRule),
    fix: ({ file, start, end }) => [
      { level: "safe", title: "replace it", edits: [{ file, start, end, text }], needs: [], review: [], ...claims },
    ],
  };
}

describe("fixProject", () => {
  it("applies what removes the finding", async () => {
    const { texts, applied, left, rounds } = await fixTexts({ "m.c": TEXT }, { rules: [replacing("PyMem_New")] });
    expect(texts["m.c"]).toBe(TEXT.replaceAll("PyMem_NEW", "PyMem_New"));
    expect(applied).toHaveLength(2);
    expect(left).toEqual([]);
    expect(rounds).toBe(1);
  });

  it("gives up what leaves the finding where it was, and says so", async () => {
    const { files, left } = await fixTexts({ "m.c": TEXT }, { rules: [replacing("PyMem_NEW")] });
    expect(files).toEqual([]);
    expect(left.map((l) => [l.level, l.reason])).toEqual([
      ["manual", "the finding would still be there"],
      ["manual", "the finding would still be there"],
    ]);
  });

  it("gives up what the parser does not understand", async () => {
    const { files, left } = await fixTexts({ "m.c": TEXT }, { rules: [replacing(") } ) PyMem_New")] });
    expect(files).toEqual([]);
    expect(left[0].reason).toContain("not understood");
  });

  it("gives up what edits different branches of conditionals in one function", async () => {
    const text = `#include <Python.h>

char *
first(Py_ssize_t n)
{
#if PY_VERSION_HEX >= 0x03080000
    n++;
#else
    n--;
#endif
    return PyMem_NEW(char, n);
}
`;
    const at = text.indexOf("n++");
    const rule: AnyRule = {
      ...replacing(""),
      fix: ({ file, start, end }) => {
        const edits = [
          { file, start, end, text: "PyMem_New" },
          { file, start: at, end: at, text: "int failed;\n    " },
        ];
        return [{ level: "safe", title: "replace it", edits, needs: [], review: [] }];
      },
    };
    const { files, left } = await fixTexts({ "m.c": text }, { rules: [rule] });
    expect(files).toEqual([]);
    expect(left[0].reason).toContain("different branches");
  });

  it("needs few rounds where one of many fixes breaks the file", async () => {
    const names = Array.from({ length: 16 }, (_, i) => `f${i}`);
    const text = names.map((n) => `char *\n${n}(Py_ssize_t n)\n{\n    return PyMem_NEW(char, n);\n}\n`).join("\n");
    const rule: AnyRule = {
      ...replacing(""),
      fix: ({ file, start, end, function: name }) => {
        const edit = { file, start, end, text: name === "f9" ? ") } ) PyMem_New" : "PyMem_New" };
        return [{ level: "safe", title: "replace it", edits: [edit], needs: [], review: [] }];
      },
    };
    const { applied, left, rounds } = await fixTexts({ "m.c": `#include <Python.h>\n\n${text}` }, { rules: [rule] });
    expect([applied.length, left.length]).toEqual([15, 1]);
    expect(rounds).toBeLessThan(7);
  });

  it("writes review fixes only when asked to", async () => {
    const rules = [replacing("PyMem_New", { level: "review", review: ["look at it"] })];
    const safe = await fixTexts({ "m.c": TEXT }, { rules });
    expect(safe.files).toEqual([]);
    expect(safe.left[0]).toMatchObject({ level: "review", reason: "look at it" });
    const review = await fixTexts({ "m.c": TEXT }, { rules, level: "review" });
    expect(review.applied.map((a) => a.level)).toEqual(["review", "review"]);
  });

  it("writes the line breaks of the file", async () => {
    const text = TEXT.replaceAll("\n", "\r\n");
    const { texts } = await fixTexts({ "m.c": text }, { rules: [replacing("\n  PyMem_New")] });
    expect(texts["m.c"]).toBe(text.replaceAll("PyMem_NEW", "\r\n  PyMem_New"));
  });

  it("tries fixes one by one where it cannot be said which one breaks the file", async () => {
    const rule: AnyRule = {
      ...(legacy as AnyRule),
      fix: ({ file, start, end, function: name }) => {
        const text = name === "first" ? ") } ) PyMem_New" : "PyMem_New";
        return [{ level: "safe", title: "replace it", edits: [{ file, start, end, text }], needs: [], review: [] }];
      },
    };
    const { texts, left, applied } = await fixTexts({ "m.c": TEXT }, { rules: [rule] });
    expect(applied.map((a) => a.finding.function)).toEqual(["second"]);
    expect(left.map((l) => l.finding.function)).toEqual(["first"]);
    expect(texts["m.c"].match(/PyMem_NEW/g)).toHaveLength(1);
  });

  /** Two findings in `first`, one in `second`; fixes that are `lines` lines longer. */
  const twice = TEXT.replace(
    "return PyMem_NEW(char, n);",
    "char *p = PyMem_NEW(char, n);\n    PyMem_DEL(p);\n    return 0;",
  );
  const longer = (lines: number): AnyRule => ({
    ...(legacy as AnyRule),
    fix: ({ file, start, end, symbol }) => {
      const text = "\n".repeat(lines) + (symbol === "PyMem_NEW" ? "PyMem_New" : "PyMem_Free");
      return [{ level: "safe", title: "replace it", edits: [{ file, start, end, text }], needs: [], review: [] }];
    },
  });

  it("lets the second of two fixes in one function wait, and tells so", async () => {
    const { texts, conflicts, rounds } = await fixTexts({ "m.c": twice }, { rules: [longer(0)] });
    expect(texts["m.c"]).toBe(twice.replaceAll("PyMem_NEW", "PyMem_New").replace("PyMem_DEL", "PyMem_Free"));
    expect(rounds).toBe(2);
    expect(conflicts.map((c) => [c.finding.line, c.with.line, c.round])).toEqual([[7, 6, 1]]);
  });

  it("knows the lines of what it fixed before and after, and the files", async () => {
    const refused = (f: { symbol: string; function: string }) =>
      f.symbol === "PyMem_DEL" && f.function === "second" ? "not this one" : undefined;
    const text = `${twice}\nvoid\nsecond(void *p)\n{\n    PyMem_DEL(p);\n}\n`.replace("\nsecond(Py", "\nthird(Py");
    const { applied, left } = await fixTexts({ "m.c": text }, { rules: [longer(2)], refused });
    expect(left.map((l) => [l.oldLine, l.newLine])).toEqual([[20, 26]]);
    const lines = applied.map((a) => [a.finding.symbol, a.round, a.files.join(), a.oldLine, a.newLine]);
    expect(lines).toEqual([
      ["PyMem_NEW", 1, "m.c", 6, 6],
      ["PyMem_NEW", 1, "m.c", 14, 18],
      ["PyMem_DEL", 2, "m.c", 7, 9],
    ]);
  });

  it("leaves what is refused, with the reason", async () => {
    const refused = (f: { function: string }) => (f.function === "first" ? "it would not compile" : undefined);
    const { applied, left } = await fixTexts({ "m.c": TEXT }, { rules: [replacing("PyMem_New")], refused });
    expect(applied.map((a) => a.finding.function)).toEqual(["second"]);
    expect(left).toMatchObject([{ level: "manual", reason: "it would not compile" }]);
  });

  it("ends with a word if a file changes while it is being fixed", async () => {
    const change: AnyRule = {
      ...(legacy as AnyRule),
      fix: ({ file, start, end }, { project }) => {
        expect(project.index.file(file)).toBeDefined();
        writeFileSync(join(root, file), "int other;\n");
        return [
          { level: "safe", title: "it", edits: [{ file, start, end, text: "PyMem_New" }], needs: [], review: [] },
        ];
      },
    };
    const root = mkdtempSync(join(tmpdir(), "ungil-fix-"));
    try {
      writeFileSync(join(root, "m.c"), TEXT);
      const options = { ...defaultOptions(), cwd: root, cache: false, jobs: 1 };
      const work = fixProject(options, { level: "safe" }, { registry: [change] });
      await expect(work).rejects.toMatchObject({ name: "UsageError", message: "m.c: it changed since it was scanned" });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
