import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { rank } from "../../../../src/audit/sweep/ranking/rank.ts";
import { renderCsv } from "../../../../src/report/sweep/csv.ts";
import { renderRankingJson } from "../../../../src/report/sweep/json.ts";
import { renderMarkdown } from "../../../../src/report/sweep/markdown.ts";
import { done, failed, moduleOf } from "../../audit/sweep/sample-records.ts";

const EVIL = [
  '=HYPERLINK("//x";"y")',
  "+1",
  "-1",
  "@SUM(A1)",
  "<img src=x onerror=alert(1)>",
  "a|b`c",
  "\tx",
  "@someone",
];
const records = [
  done("lamp", {
    modules: [moduleOf("yes", 2, "<b>")],
    risks: { high: 2, low: 1 },
    lines: 1234,
    work: { "borrowed-dict-item": { review: 2, low: 0 }, "global-mutable": { manual: 1, low: 1, family: "globals" } },
  }),
  done("shade", { modules: [moduleOf("yes")] }),
  ...EVIL.map((name) => failed(name, "<script>alert(2)</script> | #12")),
];
const ranking = rank({ records, sort: "score", wanted: ["gone"] });

describe("Markdown", () => {
  const text = renderMarkdown(ranking, "score");

  it("has a table a group, with the columns that say something there", () => {
    expect(text.slice(0, text.indexOf("### Not audited"))).toMatchInlineSnapshot(`
      "## Sweep

      11 packages: 1 urgent, 1 has nothing to do, 8 not audited, 1 missing.

      ### Urgent (1)

      | # | Package | Version | Score | Effort | High | Medium | Low | Safe | Review | By hand | Modules | Lines of C | Remark |
      | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | --- |
      | 1 | \`lamp\` | \`1.0\` | 71.1 | 4.2 | 2 | 0 | 1 | 0 | 2 | 1 | 1/1 | 1234 | declared, but high findings in \`<b>\`; 2 borrowed-dict-item, 1 global-mutable |

      ### Nothing to do (1)

      | # | Package | Version | High | Medium | Low | Safe | Review | By hand | Modules | Lines of C |
      | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |
      | 2 | \`shade\` | \`1.0\` | 0 | 0 | 0 | 0 | 0 | 0 | 1/1 | 0 |

      "
    `);
  });

  it("takes nothing of a name or reason for markup", () => {
    for (const line of text.split("\n").filter((l) => /^\| \d/.test(l))) {
      const plain = line.replaceAll("\\|", "").replace(/(`+)[^`].*?[^`]\1(?!`)|(`+)[^`]\2/g, "");
      expect(plain).not.toMatch(/[<>@#]/);
      expect(line).not.toContain("\t");
    }
    expect(text).toContain("| ``a\\|b`c`` |");
  });

  it("is one table in another order", () => {
    const sorted = renderMarkdown(rank({ records, sort: "name" }), "name");
    expect(sorted.match(/^\| # /gm)).toHaveLength(1);
  });
});

describe("CSV", () => {
  it("has a row a package, and nothing that a spreadsheet runs", () => {
    const rows: string[][] = parse(renderCsv(ranking));
    expect(rows[0].slice(0, 4)).toEqual(["rank", "group", "name", "version"]);
    expect(rows).toHaveLength(records.length + 2);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(rows.map((r) => r[2])).toContain('\'=HYPERLINK("//x";"y")');
  });
});

describe("JSON", () => {
  it("follows the schema that the package exports", () => {
    const root = join(import.meta.dirname, "../../../..");
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const schema = (name: string) => {
      const path = exports[`./schema/${name}`].replace("./dist/", "");
      return JSON.parse(readFileSync(join(root, path), "utf8"));
    };
    const ajv = new Ajv({ strict: true, strictTuples: false, allErrors: true }).addSchema(
      schema("ungil-report-1.schema.json"),
    );
    const validate = ajv.compile(schema("ungil-ranking-1.schema.json"));
    const report = JSON.parse(renderRankingJson(ranking, "score"));
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.packages[0]).toMatchObject({ rank: 1, name: "lamp", group: "urgent", broken: ["<b>"] });
  });
});
