import { spawnSync } from "node:child_process";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { reporter } from "../../../src/report/junit.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
  text: string;
}

/** The document as another library reads it. @throws for what is not well-formed XML 1.0. */
function parsed(xml: string): Node {
  const top: Node = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  const parser = new SaxesParser({ position: false });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node: Node = { name, attributes: attributes as Record<string, string>, children: [], text: "" };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  parser.on("text", (text) => {
    open.at(-1)!.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return top.children[0];
}

const render = (result = sampleResult()) => reporter.render(sampleInput(result));
const tests = (root: Node) => root.children.flatMap((s) => s.children.filter((c) => c.name === "testcase"));
const problems = [
  { file: "a.c", kind: "binary" as const, message: "binary data", skipped: true },
  { file: "a.c", kind: "binary" as const, message: "binary data", line: 4, skipped: false },
  { file: "", kind: "crash" as const, message: "rule failed", skipped: false },
];

describe("JUnit report", () => {
  it("has a suite a file and a failed test a finding", () => {
    const root = parsed(
      render(sampleResult([finding(), finding({ file: "b.c", fix: null, evidence: [], function: "" })])),
    );
    expect(root).toMatchObject({
      name: "testsuites",
      attributes: { tests: "2", failures: "2", errors: "0", skipped: "0" },
    });
    expect(root.children.map((s) => [s.name, s.attributes.name, s.attributes.failures])).toEqual([
      ["testsuite", "src/shelf.c", "1"],
      ["testsuite", "b.c", "1"],
    ]);
    const [first, second] = tests(root);
    expect(first.attributes).toEqual({
      classname: "ungil.borrowed-dict-item",
      name: "src/shelf.c: PyDict_GetItem in shelf_find",
      file: "src/shelf.c",
      line: "6",
      time: "0",
    });
    expect(first.children[0].attributes.type).toBe("high");
    expect(first.children[0].text.split("\n")).toEqual([
      "src/shelf.c:6:18 in shelf_find",
      "high: `PyDict_GetItem` borrows from the field `books`, which other threads change",
      "- src/shelf.c:6: the dict is a field of `self`",
      "Fix (review): use a strong reference",
      "",
    ]);
    expect(second.attributes.name).toBe("b.c: PyDict_GetItem");
  });

  it("is one passed test if nothing is found", () => {
    const root = parsed(render(sampleResult([])));
    expect(root.attributes).toMatchObject({ tests: "1", failures: "0", skipped: "0" });
    expect(tests(root)).toHaveLength(1);
    expect(tests(root)[0].children).toEqual([]);
  });

  it("shows what could not be audited as skipped, beside a passed test", () => {
    const root = parsed(render(sampleResult([], { problems })));
    expect(root.attributes).toMatchObject({ tests: "4", failures: "0", errors: "0", skipped: "3" });
    expect(tests(root).map((t) => [t.attributes.name, t.children[0]?.name])).toEqual([
      ["audit", undefined],
      ["a.c", "skipped"],
      ["a.c (2)", "skipped"],
      ["audit", "skipped"],
    ]);
  });

  it("gives each test a name of its own that does not move with its line", () => {
    const many = [
      finding(),
      finding({ line: 9 }),
      finding({ function: "other" }),
      finding({ rule: "borrowed-weakref" }),
    ];
    const names = (shift: number) =>
      tests(parsed(render(sampleResult(many.map((f) => ({ ...f, line: f.line + shift })))))).map(
        (t) => `${t.attributes.classname} ${t.attributes.name}`,
      );
    expect(new Set(names(0)).size).toBe(4);
    expect(names(5)).toEqual(names(0));
  });

  it("is well-formed whatever is audited", () => {
    const evil = `<a b="c">&amp;']]>\x00\x01\x0b\x1f\x7f\ufffe\uffff\ud800\u2028 \r\n\t😀`;
    const step = { file: evil, start: 0, end: 1, line: 1, column: 1, text: evil };
    const bad = finding({ file: evil, message: evil, symbol: evil, function: evil, evidence: [step] });
    const xml = render(sampleResult([bad], { problems: [{ ...problems[0], file: evil, message: evil }] }));
    const [test] = tests(parsed(xml));
    expect(test.attributes.file).toBe(
      `<a b="c">&amp;']]>\\x00\\x01\\x0b\\x1f\\x7f\\ufffe\\uffff\\ud800\\u2028 \\x0d\\x0a\\x09😀`,
    );
    expect(test.children[0].text).toContain(`<a b="c">&amp;']]>`);
  });

  const lint = spawnSync("xmllint", ["--version"]).status === 0;
  it.skipIf(!lint)(`is read by xmllint${lint ? "" : " (not installed)"}`, () => {
    const { status, stderr } = spawnSync("xmllint", ["--noout", "-"], {
      input: render(sampleResult(undefined, { problems })),
    });
    expect(stderr.toString()).toBe("");
    expect(status).toBe(0);
  });

  it("says what it leaves out", () => {
    const result = sampleResult([finding(), finding({ risk: "low" })]);
    const xml = reporter.render(sampleInput(result, { risk: "medium" }));
    const [properties] = parsed(xml).children[0].children;
    expect(properties.children.map((p) => p.attributes.value)).toContain("1 milder than --risk medium is not shown.");
  });
});
