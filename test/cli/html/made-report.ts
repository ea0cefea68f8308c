/** HTML reports of invented audits, with the scripts and styles that are built. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FixPreviews } from "../../../src/audit/fixing/previews.ts";
import type { AuditResult } from "../../../src/audit/types.ts";
import { pageData } from "../../../src/report/html/build-data.ts";
import { page } from "../../../src/report/html/html.ts";
import type { PageData } from "../../../src/report/html/page-data.ts";
import type { ReportInput } from "../../../src/report/reporter.ts";
import type { Finding } from "../../../src/rule-api/types.ts";
import { finding, sampleInput, sampleResult } from "../../unit/report/sample-result.ts";

const assets = join(import.meta.dirname, "../../../dist/src/report/html/assets");
export const builtScript = () => readFileSync(join(assets, "client.js"), "utf8");
export const builtStyle = () => readFileSync(join(assets, "page.css"), "utf8");

export interface Made {
  html: string;
  data: PageData;
}

export function madeReport(input: ReportInput, script = builtScript()): Made {
  const data = pageData(input);
  return { html: page(data, { script, style: builtStyle() }), data };
}

/** A text that tries everything, `where` it stands among it. */
export function hostile(where: string): string {
  return (
    `${where}</script><script>hacked=1</script><!--<script><img src=x onerror=hacked=1>"'><a href=javascript:hacked=1>` +
    "\u202ereversed\u202c\u2066\u200b\u0007\u001b[31mred\u0085\u2028\u2029\ufeff\u0000\ud800"
  );
}

/** An audit of a project in which everything that comes from outside is `hostile`. */
export function hostileReport(): Made {
  const h = hostile;
  const code = `${h("code")}\n`.repeat(20);
  const own: Finding = finding({
    file: h("file"),
    function: h("function"),
    symbol: h("symbol"),
    message: `${h("message")} \`${h("quoted")}\``,
    module: h("module"),
    evidence: [{ file: h("file"), start: 0, end: 9, line: 3, column: 1, text: h("evidence"), function: h("caller") }],
    fix: { level: "review", title: h("claimed") },
  });
  const fixes: FixPreviews = {
    byFingerprint: new Map([
      [
        own.fingerprint,
        {
          level: "review",
          title: h("the title"),
          notes: [h("note")],
          recipe: [h("recipe")],
          files: [
            {
              file: h("file"),
              isNew: false,
              hunks: [
                { oldStart: 1, newStart: 1, lines: [`-${h("old")}`, `+${h("new")}`, ` ${h("same")}`], isCompat: false },
              ],
            },
          ],
        },
      ],
    ]),
    problem: h("problem"),
  };
  const plain = sampleResult([own]);
  const result: AuditResult = {
    ...plain,
    root: `/${h("root").replaceAll("/", "")}`,
    summary: {
      ...plain.summary,
      modules: [{ ...plain.summary.modules[0], name: h("module"), framework: h("framework"), file: h("file") }],
    },
    problems: [{ file: h("broken"), kind: "binary", message: h("why"), start: 0, end: 0, line: 1, skipped: true }],
    excluded: [{ reason: "tests", files: 1, folders: 1, examples: [h("example")] }],
  };
  return madeReport(sampleInput(result, { read: () => code, fixes }));
}

const LINES = 400;

/** An audit with so many findings, in `files` files with places in each of their lines. */
export function largeReport(findings: number, files: number): Made {
  const code = Array.from({ length: LINES }, (_, i) => `    PyObject *item_${i} = PyList_GetItem(self->items, ${i});`);
  const text = code.join("\n");
  const risks = ["high", "medium", "low", "info"] as const;
  const all = Array.from({ length: findings }, (_, i): Finding => {
    const line = 1 + ((i * 37) % LINES);
    const file = `src/part${(i % files) % 7}/file${i % files}.c`;
    const start = code.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    return finding({
      file,
      line,
      endLine: line,
      risk: risks[i % 4],
      function: `function_${i % 400}`,
      message: `\`PyList_GetItem\` lends item ${i} of the field \`items\`: another thread can replace and free it`,
      module: `module${i % 9}`,
      fingerprint: i.toString(16).padStart(32, "0"),
      evidence: [1, 2, 3].map((step) => ({ file, start, end: start + 12, line, column: 5, text: `step ${step}` })),
    });
  });
  const result = sampleResult(all);
  return madeReport(sampleInput(result, { read: () => text }));
}
