import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { makePlan } from "../../../../src/audit/plan/make-plan.ts";
import { readinessOf } from "../../../../src/audit/plan/readiness.ts";
import type { Plan } from "../../../../src/audit/plan/types.ts";
import type { AuditResult } from "../../../../src/audit/types.ts";
import type { Packaging } from "../../../../src/project/packaging/types.ts";
import { reportPaths } from "../../../../src/report/paths.ts";
import { linksBelow, noLinks } from "../../../../src/report/plan/links.ts";
import { ISSUE_LIMIT, type PlanPage, renderPlan } from "../../../../src/report/plan/markdown.ts";
import { renderStatus } from "../../../../src/report/plan/status-text.ts";
import type { Finding } from "../../../../src/rule-api/types.ts";
import { finding, sampleResult } from "../sample-result.ts";

const PACKAGING = { manifests: [], systems: [] } as unknown as Packaging;
const PAGE: PlanPage = {
  paths: reportPaths({ root: "/lamp", cwd: "/lamp", top: "/lamp" }),
  link: linksBelow("https://example.org/lamp/blob/main"),
  audited: [],
  maxLength: ISSUE_LIMIT,
};

function planOf(result: AuditResult, over: Partial<Packaging> = {}): Plan {
  const readiness = readinessOf(result, { ...PACKAGING, ...over }, () => "");
  return makePlan({ result, readiness, fixes: undefined, triage: new Map() });
}

const HOSTILE = "a|b`<img src=x onerror=alert(1)>@ada #12 [x](javascript:1) --> ![](http://evil) \u202e\x1b[31m";

describe("the plan", () => {
  it("lets nothing of the project become markup, a mention or a link", () => {
    const bad: Partial<Finding> = { file: `src/${HOSTILE}.c`, function: HOSTILE, symbol: HOSTILE, message: HOSTILE };
    const result = sampleResult([
      finding({ ...bad, rule: "global-mutable", family: "globals" }),
      finding({ ...bad, rule: "borrowed-list-item" }),
    ]);
    result.summary.modules[0].name = HOSTILE;
    result.problems.push({ file: HOSTILE, kind: "unreadable", message: HOSTILE, skipped: true });
    const plan = planOf(result, { name: HOSTILE, documentation: [] });
    for (const link of [PAGE.link, noLinks]) {
      const html = marked.parse(renderPlan(plan, { ...PAGE, link }), { async: false });
      const outside = html.replace(/<code>[^<]*<\/code>/g, "CODE");
      expect(outside.replace(/href="[^"]*"/g, "")).not.toMatch(/<img|onerror|@ada|#12|javascript:|evil/);
      expect([...outside.matchAll(/href="([^"]*)"/g)].filter(([, h]) => !h.startsWith("https://example.org/"))).toEqual(
        [],
      );
      expect(html).not.toMatch(/[\x1b\u202e]/);
      // Bars end no cell: every row has the columns of its head.
      for (const table of html.match(/<table>[\s\S]*?<\/table>/g) ?? []) {
        const rows = table.match(/<tr>[\s\S]*?<\/tr>/g) ?? [];
        const widths = new Set(rows.map((r) => (r.match(/<t[hd]/g) ?? []).length));
        expect(widths.size).toBe(1);
      }
    }
  });

  it.each([65_536, 20_000, 8_000, 5_000])("fits into %i characters, and says what was left out", (maxLength) => {
    const findings = Array.from({ length: 900 }, (_, i) =>
      finding({
        file: `src/folder${i % 60}/file${i % 300}.c`,
        line: i + 1,
        function: `function_number_${i}`,
        fingerprint: `${i}`,
      }),
    );
    const plan = planOf(sampleResult(findings));
    const text = renderPlan(plan, { ...PAGE, maxLength });
    expect(text.length).toBeLessThanOrEqual(maxLength);
    const [, shown, hidden] = [
      text,
      /900 findings/.exec(text),
      /and (\d+) more tasks? with (\d+) findings?/.exec(text),
    ];
    expect(shown).not.toBeNull();
    const listed = [...text.matchAll(/^- \[ \] \*\*.*?\*\*: (\d+) findings?/gm)].reduce((n, [, c]) => n + Number(c), 0);
    expect(listed + Number(hidden?.[2] ?? 0)).toBe(900);
    expect(text).toMatch(/^## What this plan does not know$/m);
    if (maxLength < 65_536) expect(hidden).not.toBeNull();
  });

  it("has no limit with 0, and the shortest form where even that is too long", () => {
    const plan = planOf(sampleResult());
    expect(renderPlan(plan, { ...PAGE, maxLength: 10 }).length).toBeGreaterThan(10);
    expect(renderPlan(plan, { ...PAGE, maxLength: 0 })).toBe(renderPlan(plan, PAGE));
  });

  it("names places where no host is known", () => {
    const plan = planOf(sampleResult());
    expect(renderPlan(plan, { ...PAGE, link: noLinks })).toContain("`shelf` `src/shelf.c:8`");
    expect(renderPlan(plan, PAGE)).toContain("[`shelf`](https://example.org/lamp/blob/main/src/shelf.c#L8)");
  });

  it("says it where there is no module and no finding", () => {
    const result = sampleResult([]);
    const text = renderPlan(planOf({ ...result, summary: { ...result.summary, modules: [] }, modules: [] }), PAGE);
    expect(text).toContain("Nothing to fix in 2 files");
    expect(text).toContain("No extension module was found");
  });
});

describe("the status", () => {
  const options = { color: false, columns: 80, verbose: false };

  it("takes 24 lines of 80 columns at most, however many modules there are", () => {
    const findings = Array.from({ length: 90 }, (_, i) => finding({ file: `m${i}.c`, module: `m${i}` }));
    const result = sampleResult(findings);
    const [module] = result.summary.modules;
    const modules = findings.map((f, i) => ({ ...module, name: `m${i}${"x".repeat(i)}`, file: f.file }));
    const all = {
      ...result,
      summary: { ...result.summary, modules },
      modules: modules.map((m) => ({ files: [m.file, "shared.c"], declaredAt: [] })),
      findings: [...findings, finding({ file: "lost.c" })],
    };
    const packaging = {
      ...PACKAGING,
      manifests: ["setup.py"],
      classifiers: [],
      requiresPython: [],
      requirements: [],
      jobs: [],
      wheels: [],
      environments: [],
      gilOff: [],
      threadSanitizer: [],
      tests: { files: 0, threaded: [], plugins: [] },
      abi3: [{ file: "setup.py", line: 1, text: "", guarded: false }],
      compatCopies: [{ file: "c.h", line: 1, text: "", lacking: ["x"] }],
      documentation: [],
    };
    const readiness = readinessOf(all, packaging, () => "");
    const lines = renderStatus(all, readiness, options).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(80);
    expect(lines.join("\n")).toContain("and 82 more modules: 82 not started");
    const verbose = renderStatus(all, readiness, { ...options, verbose: true });
    expect(verbose.match(/not started/g)?.length).toBeGreaterThanOrEqual(90);
  });

  it("has colours only where they are wanted, and shows no hidden characters", () => {
    const result = sampleResult();
    result.summary.modules[0].name = "a\x1b[31mb";
    const readiness = readinessOf(result, PACKAGING, () => "");
    expect(renderStatus(result, readiness, options)).not.toContain("\x1b");
    expect(renderStatus(result, readiness, { ...options, color: true })).toContain("\x1b[");
  });
});
