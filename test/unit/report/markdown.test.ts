import { lexer, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { reporter } from "../../../src/report/markdown.ts";
import { code, prose } from "../../../src/report/markdown-text.ts";
import { reportPaths } from "../../../src/report/paths.ts";
import type { Risk } from "../../../src/rule-api/types.ts";
import { finding, sampleInput, sampleResult } from "./sample-result.ts";

const render = (result = sampleResult()) => reporter.render(sampleInput(result));

/** Every token, flat. */
function tokens(markdown: string): Token[] {
  const all: Token[] = [];
  const walk = (list: Token[]) => {
    for (const token of list) {
      all.push(token);
      if (token.type === "table") {
        for (const cell of [token.header, ...token.rows].flat()) walk(cell.tokens);
      }
      if (token.type === "list") walk(token.items);
      else if ("tokens" in token && token.tokens) walk(token.tokens);
    }
  };
  walk(lexer(markdown, { gfm: true }));
  return all;
}

const OURS = ["space", "heading", "paragraph", "text", "strong", "codespan", "table", "list", "list_item", "html"];
const HTML = /^\s*(<details>(<summary>[A-Za-z0-9 ,()]+<\/summary>)?|<\/details>)\s*$/;

/** Nothing but what the report itself has: no links, pictures, emphasis, foreign HTML; nothing in plain text that a code host links. */
function expectHarmless(markdown: string) {
  for (const token of tokens(markdown)) {
    expect(OURS, token.raw).toContain(token.type);
    if (token.type === "html") expect(token.raw).toMatch(HTML);
    if (token.type === "text" && !("tokens" in token && token.tokens)) {
      expect(token.raw).not.toMatch(/[@#<>&\\*_~[\]{}|$^!]\w|https?:|www\.|\b[0-9a-f]{7,}\b|\bGH-\d/i);
    }
  }
}

const NASTY = [
  "@octocat",
  "#123",
  "owner/repo#1",
  "GH-12",
  "deadbeefcafe1234",
  "https://example.com/x",
  "www.example.com",
  "me@example.com",
  "<script>alert(1)</script>",
  "<img src=x onerror=y>",
  "</details>",
  "<!--",
  "[a](javascript:b)",
  "![a](b)",
  "**bold**",
  "_it_",
  "~~gone~~",
  "`",
  "``",
  "a`b",
  "| a | b |",
  "&lt;",
  "\\",
  "$x$",
  "!12",
  "~label",
  ":tada:",
  "1.",
  "- x",
  "# head",
  "\n\n# head",
  "\r",
  "\u202e",
  "\x1b[31m",
  "PyList_GET_ITEM",
  "plain",
  "(x)",
  "words,",
];

/** The same numbers in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

describe("Markdown report", () => {
  it("has totals, then findings by risk and file, with their evidence folded", () => {
    const other = finding({ file: "b.c", risk: "medium", function: "", evidence: [], fix: null });
    const problem = { file: "x.c", kind: "binary" as const, message: "binary data", line: 2, skipped: true };
    expect(render(sampleResult([finding(), other], { problems: [problem] }))).toMatchInlineSnapshot(`
      "## ungil

      **2 findings in 2 files, 7 functions: 1 high, 1 medium.**

      | Family | high | medium | low | info |
      | --- | ---: | ---: | ---: | ---: |
      | borrowed | 1 | 1 |  |  |
      | **all** | 1 | 1 |  |  |

      ### 1 finding at risk high

      #### \`src/shelf.c\`: 1 high

      - **borrowed-dict-item** line 6 in \`shelf_find\`: \`PyDict_GetItem\` borrows from the field \`books\`, which other threads change
        <details><summary>Evidence and fix</summary>

        - line 6: the dict is a field of \`self\`
        - Fix (review): use a strong reference

        </details>

      ### 1 finding at risk medium

      #### \`b.c\`: 1 medium

      - **borrowed-dict-item** line 6: \`PyDict_GetItem\` borrows from the field \`books\`, which other threads change

      <details><summary>1 place not audited or in doubt (1 skipped)</summary>

      - \`x.c:2\` binary: binary data

      </details>
      "
    `);
  });

  it("is short if nothing is found", () => {
    expect(render(sampleResult([]))).toBe("## ungil\n\n**No findings in 2 files, 7 functions.**\n");
  });

  it("puts the worst first, whatever the file", () => {
    const risks: Risk[] = ["low", "high", "medium", "high"];
    const text = render(sampleResult(risks.map((risk, i) => finding({ risk, file: `${"dacb"[i]}.c` }))));
    const headings = [...text.matchAll(/^#### `(.)\.c`/gm)].map(([, file]) => file);
    expect(headings).toEqual(["a", "b", "c", "d"]);
  });

  it("fits a comment, and says what it leaves out", () => {
    const many = (n: number) =>
      Array.from({ length: n }, (_, i) => finding({ line: i + 1, risk: i % 2 ? "low" : "high" }));
    const whole = render(sampleResult(many(20)));
    expect(whole).toContain("<details>");
    expect(whole).not.toContain("left out");

    const brief = render(sampleResult(many(300)));
    expect(brief).not.toContain("<details>");
    expect(brief).toContain("Evidence and fixes are left out");
    expect(brief.match(/^- \*\*/gm)).toHaveLength(300);

    const cut = render(sampleResult(many(5000)));
    expect(cut.length).toBeLessThanOrEqual(64_000);
    const written = cut.match(/^- \*\*/gm)!.length;
    expect(written).toBeGreaterThan(300);
    expect(cut).toContain(`And ${5000 - written} more (${2500 - written} high, 2500 low) that do not fit here.`);
    expectHarmless(cut);
  });

  it("holds the limit for every number of findings", () => {
    const long = finding({ message: "word ".repeat(50) });
    for (let n = 1; n < 1000; n += 97) {
      const text = render(sampleResult(Array.from({ length: n }, (_, i) => ({ ...long, file: `f${i}.c` }))));
      expect(text.length).toBeLessThanOrEqual(64_000);
    }
  });

  it("names files from the top of the repository", () => {
    const paths = reportPaths({ root: "/p/ext", cwd: "/p/ext", top: "/p" });
    expect(reporter.render(sampleInput(undefined, { paths }))).toContain("`ext/src/shelf.c`: 1 high");
  });

  it("does not name a function twice", () => {
    const text = render(sampleResult([finding({ message: "`shelf_find` does it" })]));
    expect(text).toContain("- **borrowed-dict-item** line 6: `shelf_find` does it\n");
  });

  it("names the baseline as the repository does", () => {
    const result = sampleResult();
    result.summary.baseline = { file: "../base_line.json", target: "3.13", known: 3, worse: 0, gone: 0 };
    const paths = reportPaths({ root: "/p/ext", cwd: "/home/me", top: "/p" });
    expect(reporter.render(sampleInput(result, { paths }))).toContain("3 known: in `base_line.json`.");
  });

  it("makes nothing of audited text but text", () => {
    const next = random(7);
    const text = () => Array.from({ length: 1 + next(6) }, () => NASTY[next(NASTY.length)]).join(next(2) ? " " : "");
    for (let i = 0; i < 300; i++) {
      const step = { file: text(), start: 0, end: 1, line: 1, column: 1, text: text() };
      const of = { file: text(), message: text(), function: text(), symbol: text(), evidence: [step] };
      const bad = finding({ ...of, fix: { level: "review", title: text() } });
      const problem = { file: text(), kind: "crash" as const, message: text(), skipped: true };
      expectHarmless(render(sampleResult([bad, finding()], { problems: [problem] })));
    }
  });
});

describe("text in Markdown", () => {
  it("keeps messages readable", () => {
    expect(prose("`f` lends an item (in macro `X`): use it, or don't; 3.13 has thread-local ones.")).toBe(
      "`f` lends an item (in macro `X`): use it, or don't; 3.13 has thread-local ones.",
    );
    expect(prose("calls PyObject_Call, see #12 (@me)")).toBe("calls `PyObject_Call`, see `#12` (`@me`)");
    expect(prose("a `b")).toBe("a `` `b ``");
  });

  it("ends no code span early", () => {
    expect(code("a`b``c")).toBe("```a`b``c```");
    expect(code("`")).toBe("`` ` ``");
    expect(code("a\nb")).toBe("`a\\x0ab`");
  });
});
