import { describe, expect, it } from "vitest";
import { registry } from "../../../../rules/index.generated.ts";
import { PHASES, phaseOf } from "../../../../src/audit/plan/phases.ts";
import { type FixOutcome, tasksOf } from "../../../../src/audit/plan/tasks.ts";
import type { Finding } from "../../../../src/rule-api/types.ts";
import { finding } from "../../report/sample-result.ts";

let line = 0;
const make = (file: string, n: number, over: Partial<Finding> = {}) =>
  Array.from({ length: n }, () => finding({ file, line: ++line, fingerprint: `${line}`, ...over }));
const names = (findings: Finding[], fixes?: FixOutcome) =>
  tasksOf("p", findings, fixes, new Map()).map((t) => `${t.title} ${t.findings.length}`);

describe("phases", () => {
  it("take every rule once, by name or family", () => {
    for (const { name: rule, family } of registry) {
      const id = phaseOf({ rule, family });
      const { takes } = PHASES.find((p) => p.id === id)!;
      expect(takes.includes(rule) || takes.includes(family), rule).toBe(true);
    }
    const named = PHASES.flatMap((p) => p.takes);
    const known = new Set<string>(registry.flatMap((r) => [r.name, r.family]));
    expect(named.filter((n) => !known.has(n))).toEqual([]);
    expect(PHASES.at(-1)?.id).toBe("declare");
  });
});

describe("tasks", () => {
  it("are files; those with little to do share one with their folder", () => {
    const findings = [...make("src/a.c", 4), ...make("src/b.c", 2), ...make("src/c.c", 1), ...make("lib/d.c", 1)];
    expect(names(findings)).toEqual(["src/a.c 4", "src, 2 files 3", "lib/d.c 1"]);
  });

  it("are split by rule where a file has too much for one pull request", () => {
    const findings = [
      ...make("a.c", 20, { rule: "borrowed-dict-item" }),
      ...make("a.c", 12, { rule: "borrowed-list-item" }),
      ...make("a.c", 1, { rule: "borrowed-cell" }),
    ];
    const tasks = tasksOf("p", findings, undefined, new Map());
    expect(tasks.map((t) => t.rules)).toEqual([
      [["borrowed-dict-item", 20]],
      [["borrowed-list-item", 12]],
      [["borrowed-cell", 1]],
    ]);
    expect(new Set(tasks.map((t) => t.id)).size).toBe(3);
  });

  it("come worst first, and so do their findings", () => {
    const findings = [
      ...make("mild.c", 9, { risk: "medium" }),
      ...make("bad.c", 3, { risk: "low" }),
      ...make("bad.c", 1, { risk: "high" }),
    ];
    const tasks = tasksOf("p", findings, undefined, new Map());
    expect(tasks.map((t) => t.title)).toEqual(["bad.c", "mild.c"]);
    expect(tasks[0].findings.map((f) => f.risk)).toEqual(["high", "low", "low", "low"]);
  });

  it("say what can be fixed, and why the rest stays", () => {
    const findings = make("a.c", 5);
    const result = { title: "", reason: "", recipe: [], newLine: 0 };
    const applied = [
      { finding: findings[0], level: "safe", review: [], round: 1, files: [], ...result, oldLine: findings[0].line },
    ];
    const left = findings
      .slice(3)
      .map((f) => ({ ...result, finding: f, level: "manual", reason: "r", recipe: ["do"], oldLine: f.line }));
    const [task] = tasksOf("p", findings, { applied, left } as unknown as FixOutcome, new Map());
    expect(task.fix).toEqual({
      safe: 1,
      review: 2,
      left: [{ reason: "r", count: 2, rule: findings[0].rule, recipe: ["do"] }],
    });
  });

  it("name the people who took them, if these can be names of people", () => {
    const findings = make("a.c", 3);
    const names = ["@ada", "not a login <b>", "bob-2"];
    const triage = new Map(findings.map((f, i) => [f.fingerprint, { assignee: names[i] }]));
    expect(tasksOf("p", findings, undefined, triage)[0].assignees).toEqual(["ada", "bob-2"]);
  });
});
