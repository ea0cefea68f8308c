/** JUnit XML, as Jenkins, GitLab and Azure Pipelines read it: a suite a file, a failed test a finding. */
import { DOMImplementation, type Document, type Element, XMLSerializer } from "@xmldom/xmldom";
import { DEFAULT_FAIL_ON } from "../audit/options.ts";
import type { Problem } from "../ir/facts.ts";
import type { Finding } from "../rule-api/types.ts";
import type { ReportPaths } from "./paths.ts";
import { type Reporter, type ReportInput, shownFindings } from "./reporter.ts";
import { headline, hiddenCounts } from "./totals.ts";
import { visible } from "./visible.ts";

/** A finding that fails no run fails no test. */
export const reporter: Reporter = { defaultRisk: DEFAULT_FAIL_ON, render: renderJunit };

interface Test {
  /** Groups tests where they are shown. */
  classname: string;
  /** With `classname` unique in the report, and the same when lines move: that is how runs are compared. */
  name: string;
  file?: string;
  line?: number;
  outcome?: Outcome;
}

interface Outcome {
  tag: "failure" | "skipped";
  type: string;
  message: string;
  /** Several lines. */
  text: string;
}

interface Suite {
  name: string;
  tests: Test[];
}

function renderJunit(input: ReportInput): string {
  const suites = [...findingSuites(input), ...problemSuites(input)];
  const isClean = suites.every((s) => s.tests.every((t) => t.outcome?.tag !== "failure"));
  if (isClean) suites.unshift({ name: "ungil", tests: [{ classname: "ungil", name: "audit" }] });
  const doc = new DOMImplementation().createDocument(null, "testsuites");
  const root = doc.documentElement as Element;
  setAttributes(root, { name: "ungil", ...outcomeCounts(suites.flatMap((s) => s.tests)) });
  suites.forEach((suite, i) => {
    addLine(root, suiteElement(doc, suite, i === 0 ? summaryProperties(input) : {}));
  });
  const text = new XMLSerializer().serializeToString(doc, { requireWellFormed: true });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
}

function findingSuites(input: ReportInput): Suite[] {
  const { paths } = input;
  const suites = new Map<string, Test[]>();
  const unique = uniqueNames();
  for (const f of shownFindings(input)) {
    const path = visible(paths.inRepository(f.file));
    const tests = suites.get(path) ?? [];
    suites.set(path, tests);
    const where = f.function === "" ? "" : ` in ${visible(f.function)}`;
    const classname = `ungil.${f.rule}`;
    tests.push({
      classname,
      name: unique(classname, `${path}: ${visible(f.symbol)}${where}`),
      file: path,
      line: f.line,
      outcome: {
        tag: "failure",
        type: f.risk,
        message: `${path}:${f.line}:${f.column}: ${visible(f.message)}`,
        text: explanation(f, paths),
      },
    });
  }
  return [...suites].map(([name, tests]) => ({ name, tests }));
}

function explanation(f: Finding, paths: ReportPaths): string {
  const place = `${paths.inRepository(f.file)}:${f.line}:${f.column}${f.function === "" ? "" : ` in ${f.function}`}`;
  const steps = f.evidence.map((e) => `- ${paths.inRepository(e.file)}:${e.line}: ${e.text}`);
  const fix = f.fix === null ? [] : [`Fix (${f.fix.level}): ${f.fix.title}`];
  return [place, `${f.risk}: ${f.message}`, ...steps, ...fix].map((line) => `${visible(line)}\n`).join("");
}

/** What could not be audited is skipped, not failed: it decides no run without `--strict`. */
function problemSuites({ result: { problems }, paths }: ReportInput): Suite[] {
  if (problems.length === 0) return [];
  const unique = uniqueNames();
  const tests = problems.map(({ file, line, kind, message, skipped }: Problem): Test => {
    const classname = `ungil.${kind}`;
    const path = file === "" ? undefined : visible(paths.inRepository(file));
    const text = `${skipped ? "not audited" : "in doubt"}: ${visible(message)}`;
    return {
      classname,
      name: unique(classname, path ?? "audit"),
      ...(path === undefined ? {} : { file: path }),
      ...(line === undefined ? {} : { line }),
      outcome: { tag: "skipped", type: kind, message: text, text: `${text}\n` },
    };
  });
  return [{ name: "not audited or in doubt", tests }];
}

/** Numbers equal names of a class: of tests that share both, readers keep one. */
function uniqueNames(): (classname: string, name: string) => string {
  const seen = new Map<string, number>();
  return (classname, name) => {
    const key = `${classname}\0${name}`;
    const n = (seen.get(key) ?? 0) + 1;
    seen.set(key, n);
    return n === 1 ? name : `${name} (${n})`;
  };
}

function summaryProperties(input: ReportInput): Record<string, string> {
  const { result } = input;
  const hidden = hiddenCounts(input, shownFindings(input).length, input.paths.inRepository).join(" ");
  return {
    "ungil.version": result.tool.version,
    "ungil.summary": headline(result.summary),
    ...(hidden === "" ? {} : { "ungil.hidden": hidden }),
  };
}

/** Nobody measures a test's time: the same sources give the same bytes. */
function outcomeCounts(tests: readonly Test[]): Record<string, number> {
  const count = (tag: Outcome["tag"]) => tests.filter((t) => t.outcome?.tag === tag).length;
  return { tests: tests.length, failures: count("failure"), errors: 0, skipped: count("skipped"), time: 0 };
}

function suiteElement(doc: Document, { name, tests }: Suite, properties: Record<string, string>): Element {
  const suite = element(doc, "testsuite", { name, ...outcomeCounts(tests) });
  const entries = Object.entries(properties);
  if (entries.length > 0) {
    const list = element(doc, "properties", {});
    for (const [key, value] of entries) addLine(list, element(doc, "property", { name: key, value }));
    addLine(suite, list);
  }
  for (const test of tests) addLine(suite, testElement(doc, test));
  return suite;
}

function testElement(doc: Document, { outcome, ...attributes }: Test): Element {
  const test = element(doc, "testcase", { ...attributes, time: 0 });
  if (outcome !== undefined) {
    const { tag, type, message, text } = outcome;
    test.appendChild(element(doc, tag, { message, type })).appendChild(doc.createTextNode(text));
  }
  return test;
}

/** Appends `child` on a line of its own, for people who look into the file. */
function addLine(parent: Element, child: Element): void {
  if (parent.firstChild === null) parent.appendChild(parent.ownerDocument!.createTextNode("\n"));
  parent.appendChild(child);
  parent.appendChild(parent.ownerDocument!.createTextNode("\n"));
}

function element(doc: Document, tag: string, attributes: Record<string, string | number>): Element {
  const made = doc.createElement(tag);
  setAttributes(made, attributes);
  return made;
}

function setAttributes(of: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) of.setAttribute(name, String(value));
}
