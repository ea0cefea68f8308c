import { describe, expect, it } from "vitest";
import { reporter } from "../../../src/report/github.ts";
import { reportPaths } from "../../../src/report/paths.ts";
import type { Risk } from "../../../src/rule-api/types.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

const render = (result = sampleResult(), quiet = true) => {
  const input = sampleInput(result);
  return reporter.render({ ...input, terminal: { ...input.terminal, quiet } });
};

interface Parsed {
  command: string;
  properties: Record<string, string>;
  data: string;
}

/** As the runner reads a line: the first `::` after the head ends it, commas part properties, escapes are undone with `%25` last. */
function parsed(line: string): Parsed {
  const end = line.indexOf("::", 2);
  const [, command, list] = /^::(\S+) (.*)$/s.exec(line.slice(0, end))!;
  const undo = (text: string, codes: [string, string][]) =>
    codes.reduce((t, [code, character]) => t.replaceAll(code, character), text);
  const data: [string, string][] = [
    ["%0D", "\r"],
    ["%0A", "\n"],
    ["%25", "%"],
  ];
  const property: [string, string][] = [["%3A", ":"], ["%2C", ","], ...data];
  const properties = list.split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), undo(pair.slice(at + 1), property)];
  });
  return { command, properties: Object.fromEntries(properties), data: undo(line.slice(end + 2), data) };
}

const commands = (text: string) => text.trimEnd().split("\n").map(parsed);

describe("GitHub annotations", () => {
  it("are workflow commands", () => {
    expect(render()).toBe(
      "::error file=src/shelf.c,line=6,endLine=6,col=18,endColumn=32,title=ungil%3A borrowed-dict-item (high)::" +
        "`PyDict_GetItem` borrows from the field `books`, which other threads change%0AFix (review): use a strong reference\n",
    );
  });

  it("have a level for each risk, worst first, in the order of places", () => {
    const risks: Risk[] = ["low", "high", "info", "medium", "high"];
    const found = commands(
      render(sampleResult(risks.map((risk, i) => finding({ risk, line: i + 1, endLine: i + 1 })))),
    );
    expect(found.map((c) => `${c.command} ${c.properties.line}`)).toEqual([
      "error 2",
      "error 5",
      "warning 4",
      "notice 1",
      "notice 3",
    ]);
  });

  it.each(["100% :: sure, 50%25", "a::b%0A", "%", "comma,line=9", "::error::x"])("survive the runner: %s", (text) => {
    const [command] = commands(render(sampleResult([finding({ file: `dir/${text}.c`, message: text, fix: null })])));
    expect(command).toMatchObject({ command: "error", data: text });
    expect(command.properties).toMatchObject({
      file: `dir/${text}.c`,
      line: "6",
      title: "ungil: borrowed-dict-item (high)",
    });
  });

  it("cannot be forged by what is audited", () => {
    const evil = "x\n::error file=secret::y\r\n##[stop-commands]z\x1b[0m\u2028";
    const lines = render(sampleResult([finding({ file: evil, message: evil, fix: null })]))
      .trimEnd()
      .split(/[\r\n\u2028]/);
    expect(lines).toHaveLength(1);
    expect(parsed(lines[0]).data).not.toMatch(/[\n\r\x1b]/);
  });

  it("have columns in one line only, as the runner drops them otherwise", () => {
    const [command] = commands(render(sampleResult([finding({ endLine: 9 })])));
    expect(Object.keys(command.properties)).toEqual(["file", "line", "endLine", "title"]);
  });

  it("say what could not be audited", () => {
    const found = commands(
      render(
        sampleResult([], {
          problems: [
            { file: "a.c", kind: "binary", message: "binary data", skipped: true },
            { file: "g.c", kind: "generated", message: "by Cython", skipped: true },
            { file: "", kind: "crash", message: "rule failed", line: 3, skipped: false },
          ],
        }),
      ),
    );
    expect(found.map((c) => [c.command, c.properties.file, c.properties.title])).toEqual([
      ["warning", "a.c", "ungil: not audited (binary)"],
      ["notice", "g.c", "ungil: not audited (generated)"],
      ["notice", undefined, "ungil: in doubt (crash)"],
    ]);
  });

  it("end with a plain line, which says so if GitHub shows a part only", () => {
    const last = (n: number) =>
      render(sampleResult(Array.from({ length: n }, () => finding())), false)
        .trimEnd()
        .split("\n")
        .pop()!;
    expect(last(10)).toBe("10 findings in 2 files, 7 functions: 10 high.");
    expect(last(11)).toMatch(
      /: 11 high\. GitHub shows the first 10 errors, warnings and notices each; all are in this log\.$/,
    );
  });

  it("are placed from the top of the repository", () => {
    const paths = reportPaths({ root: "/p/ext", cwd: "/p/ext", top: "/p" });
    expect(reporter.render(sampleInput(undefined, { paths }))).toContain("file=ext/src/shelf.c,");
  });
});
