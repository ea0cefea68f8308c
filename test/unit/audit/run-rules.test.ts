import { describe, expect, it } from "vitest";
import { runRules, sortedProblems } from "../../../src/audit/run-rules.ts";
import type { FileFacts } from "../../../src/ir/facts.ts";
import { NOTHING_DECLARED } from "../../../src/project/declared.ts";
import type { ProjectContext } from "../../../src/rule-api/context.ts";
import type { AnyRule } from "../../../src/rule-api/define-rule.ts";
import type { Draft } from "../../../src/rule-api/types.ts";
import { sampleRule } from "../report/sample-result.ts";

/** Just enough of a project for the rules of these tests. */
function fakeProject(functions: { name: string; calls: string[] }[]): ProjectContext {
  const lineStarts = [0, 10, 20, 30];
  return {
    options: { target: 13, minPython: 9 },
    files: [],
    declared: NOTHING_DECLARED,
    functionContext: (id: number) => ({ id, facts: functions[id] }),
    index: {
      functions: functions.map((facts, id) => ({
        id,
        file: "f.c",
        name: facts.name,
        facts: { ...facts, nameStart: 12 },
      })),
      file: () => ({ lineStarts, functions: [], statics: [], structs: [], macros: [], prototypes: [] }),
      modulesOfFile: () => [{ name: "mod" }],
    },
  } as unknown as ProjectContext;
}

const draft = (over: Partial<Draft> = {}): Draft => ({
  messageId: "borrowed",
  data: { api: "F" },
  risk: "high",
  file: "f.c",
  start: 12,
  end: 21,
  function: "g",
  symbol: "F",
  ...over,
});

function rule(over: Partial<AnyRule>): AnyRule {
  return { ...sampleRule, ...over };
}

const quiet = () => {};

describe("runRules", () => {
  it("calls a rule only for functions that call one of its triggers", async () => {
    const seen: string[] = [];
    const watch = (name: string) => (fn: { facts: { name: string } }) => void seen.push(`${name}:${fn.facts.name}`);
    const project = fakeProject([
      { name: "a", calls: ["F", "G"] },
      { name: "b", calls: ["H"] },
    ]);
    await runRules(
      project,
      [
        rule({ name: "triggered", callTriggers: new Set(["G", "X"]), checkFunction: watch("triggered") as never }),
        rule({ name: "always", checkFunction: watch("always") as never }),
      ],
      quiet,
    );
    expect(seen.sort()).toEqual(["always:a", "always:b", "triggered:a"]);
  });

  it("adds lines, module and message, and sorts", async () => {
    const check: AnyRule["checkProject"] = (_, report) => {
      report(draft({ start: 31, end: 32 }));
      report(draft({ evidence: [{ file: "f.c", start: 5, end: 6, text: "here" }] }));
      report(draft({ file: "a.c" }));
      report(draft({ start: 31, end: 32 }));
    };
    const { findings } = await runRules(fakeProject([]), [rule({ checkProject: check })], quiet);
    expect(findings.map((f) => `${f.file}:${f.line}:${f.column}-${f.endLine}:${f.endColumn}`)).toEqual([
      "a.c:2:3-3:2",
      "f.c:2:3-3:2",
      "f.c:4:2-4:3",
    ]);
    expect(findings[1]).toMatchObject({
      message: "F borrows",
      module: "mod",
      family: "borrowed",
      fix: null,
      evidence: [{ line: 1, column: 6, text: "here" }],
    });
  });

  it("turns a rule that throws into a problem and goes on", async () => {
    const bad = rule({
      name: "bad",
      checkFunction: () => {
        throw new Error("oops");
      },
      checkProject: (_, report) => report(draft({ data: {} })),
    });
    const good = rule({ name: "good", checkProject: (_, report) => report(draft()) });
    const { findings, problems } = await runRules(fakeProject([{ name: "a", calls: [] }]), [bad, good], quiet);
    expect(findings.map((f) => f.rule)).toEqual(["good"]);
    expect(problems.map((p) => p.message)).toEqual([
      "internal error: rule bad failed in a: oops",
      "internal error: rule bad failed: message placeholder {api} has no value",
    ]);
    expect(problems[0]).toMatchObject({ file: "f.c", line: 2, kind: "crash", skipped: false });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const abort = rule({ checkProject: () => controller.abort(new Error("stop")) });
    await expect(runRules(fakeProject([]), [abort], quiet, controller.signal)).rejects.toThrow("stop");
  });
});

describe("sortedProblems", () => {
  it("fills in lines and sorts by file and place", () => {
    const facts = new Map([["b.c", { lineStarts: [0, 5] } as FileFacts]]);
    const problem = { kind: "parse-error" as const, message: "m", skipped: false };
    const sorted = sortedProblems(
      [
        { file: "b.c", start: 6, ...problem },
        { file: "b.c", line: 1, ...problem },
        { file: "a.c", ...problem },
      ],
      facts,
    );
    expect(sorted.map((p) => `${p.file}:${p.line}`)).toEqual(["a.c:undefined", "b.c:1", "b.c:2"]);
  });
});
