/** An invented audit result for the reporters' tests. */
import type { AuditResult } from "../../../src/audit/types.ts";
import { reportPaths } from "../../../src/report/paths.ts";
import type { ReportInput } from "../../../src/report/reporter.ts";
import { type AnyRule, defineRule } from "../../../src/rule-api/define-rule.ts";
import { FAMILIES, type Finding } from "../../../src/rule-api/types.ts";

export const SOURCE = [
  "#include <Python.h>",
  "",
  "static PyObject *",
  "shelf_find(Shelf *self, PyObject *key)",
  "{",
  "\tPyObject *hit = PyDict_GetItem(self->books, key);",
  "\treturn Py_XNewRef(hit);",
  "}",
  "",
].join("\n");

const none = () => ({ high: 0, medium: 0, low: 0, info: 0 });

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    rule: "borrowed-dict-item",
    family: "borrowed",
    risk: "high",
    file: "src/shelf.c",
    start: 90,
    end: 104,
    line: 6,
    column: 18,
    endLine: 6,
    endColumn: 32,
    function: "shelf_find",
    symbol: "PyDict_GetItem",
    message: "`PyDict_GetItem` borrows from the field `books`, which other threads change",
    evidence: [
      { file: "src/shelf.c", start: 105, end: 116, line: 6, column: 33, text: "the dict is a field of `self`" },
    ],
    fix: { level: "review", title: "use a strong reference", replacement: "PyDict_GetItemRef" },
    fingerprint: "0123456789abcdef0123456789abcdef",
    module: "shelf",
    ...over,
  };
}

export function sampleResult(findings: Finding[] = [finding()], over: Partial<AuditResult> = {}): AuditResult {
  const risks = none();
  const families = Object.fromEntries(FAMILIES.map((f) => [f, none()])) as AuditResult["summary"]["families"];
  const rules: Record<string, number> = {};
  for (const f of findings) {
    risks[f.risk]++;
    families[f.family][f.risk]++;
    rules[f.rule] = (rules[f.rule] ?? 0) + 1;
  }
  return {
    root: "/work tree/ex€",
    project: "/work tree/ex€",
    tool: { name: "ungil", version: "0.1.0" },
    options: { target: 13, minPython: 9, minPythonKnown: true },
    summary: {
      target: "3.13",
      minPython: "3.9",
      minPythonKnown: true,
      suppressed: 0,
      baseline: null,
      diff: null,
      config: null,
      files: 2,
      functions: 7,
      bytes: 1234,
      lines: 99,
      modules: [
        {
          name: "shelf",
          file: "src/shelf.c",
          line: 8,
          phase: "multi",
          declared: "no",
          framework: "",
          risks: { ...risks },
        },
      ],
      risks,
      families,
      rules,
    },
    scanned: ["src/shelf.c"],
    modules: [{ files: ["src/shelf.c"], declaredAt: [] }],
    findings,
    problems: [],
    excluded: [],
    sources: { "src/shelf.c": { hash: "00", encoding: "utf-8" } },
    timing: { total: 12, phases: { analyse: 5 }, jobs: 1, cache: "off", cacheHits: 0 },
    ...over,
  };
}

export const sampleRule: AnyRule = defineRule({
  name: "borrowed-dict-item",
  family: "borrowed",
  risks: ["high", "medium", "low"],
  summary: "Borrowed reference from a dict",
  needs: ["provenance"],
  messages: { borrowed: "{api} borrows" },
  docs: {
    finds: "Calls that borrow.",
    breaks: "Another thread can free the value.",
    notReported: "Private dicts.",
    fixing: "Use `PyDict_GetItemRef`.",
    references: ["Python documentation: Dictionary Objects"],
  },
});

/** What a reporter is given for `result`: the sample's source, a plain terminal of 80 columns, and the root as working folder. */
export function sampleInput(result: AuditResult = sampleResult(), over: Partial<ReportInput> = {}): ReportInput {
  const { root } = result;
  return {
    result,
    rules: [sampleRule],
    risk: "info",
    read: (file) => (file === "src/shelf.c" ? SOURCE : undefined),
    paths: reportPaths({ root, cwd: root, top: root }),
    terminal: { color: false, columns: 80, quiet: false, verbose: false },
    ...over,
  };
}
