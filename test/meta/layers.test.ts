import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import fg from "fast-glob";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** From the bottom up: a module may import from its own layer and from the ones before it. */
const LAYERS: { name: string; paths: string[] }[] = [
  { name: "text", paths: ["src/text/"] },
  { name: "ir", paths: ["src/ir/"] },
  { name: "capi", paths: ["src/capi/"] },
  { name: "syntax", paths: ["src/syntax/"] },
  { name: "project", paths: ["src/project/"] },
  { name: "flow", paths: ["src/flow/"] },
  { name: "fix", paths: ["src/fix/"] },
  { name: "rule API", paths: ["src/rule-api/"] },
  { name: "rules", paths: ["rules/"] },
  { name: "audit", paths: ["src/audit/"] },
  { name: "report", paths: ["src/report/"] },
  { name: "cli", paths: ["cli/"] },
];

/** `text`, `ir` and `capi` are the ground floor: of each other they may name only types of the IR. */
const GROUND: Record<string, string[]> = { text: ["ir"], ir: [], capi: ["ir"] };

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)import\s+"([^"]+)"/g;

function layerOf(file: string): number {
  return LAYERS.findIndex((l) => l.paths.some((p) => file.startsWith(p)));
}

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(IMPORT)].map((m) => m[1] ?? m[2] ?? m[3]!);
}

const files = fg.sync(["src/**/*.{ts,tsx}", "rules/**/*.ts", "cli/**/*.{ts,tsx}"], { cwd: root }).sort();

describe("layers", () => {
  it("sees the source files", () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(files)("%s imports downwards only", (file) => {
    const from = layerOf(file);
    expect(from, "belongs to a layer").toBeGreaterThanOrEqual(0);
    for (const spec of imports(file)) {
      if (!spec.startsWith(".")) {
        if (spec === "web-tree-sitter") expect(file).toMatch(/^src\/syntax\//);
        continue;
      }
      const target = normalize(join(dirname(file), spec));
      const to = layerOf(target);
      expect(to, `${target} belongs to a layer`).toBeGreaterThanOrEqual(0);
      const name = LAYERS[from].name;
      if (name in GROUND) {
        if (to !== from) expect(GROUND[name], `${file} imports ${target}`).toContain(LAYERS[to].name);
      } else {
        expect(to, `${file} imports ${target}`).toBeLessThanOrEqual(from);
      }
      if (name === "rules") {
        expect(["rule API", "rules"], `${file} imports ${target}`).toContain(LAYERS[to].name);
      }
      if (file.startsWith("src/")) expect(target).not.toMatch(/^(rules|cli)\//);
    }
  });

  it.each(files.filter((f) => f.startsWith("src/")))("%s writes to no stream", (file) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(text).not.toMatch(/\bconsole\.|process\.(stdout|stderr)/);
  });
});

/** What runs in a browser, and what it shares with the code that does not. */
const PAGE = "src/report/html/client/";
const SHARED_WITH_PAGE = [
  "src/report/html/page-data.ts",
  "src/report/html/words.ts",
  "src/report/filter-terms.ts",
  "src/report/hidden-characters.ts",
  "src/rule-api/risks.ts",
];

describe("code for the browser", () => {
  it.each(files.filter((f) => f.startsWith(PAGE)))("%s stands alone", (file) => {
    for (const spec of imports(file)) {
      if (!spec.startsWith(".")) expect(spec).toMatch(/^preact(\/hooks)?$/);
      else {
        const target = normalize(join(dirname(file), spec));
        expect(target.startsWith(PAGE) || SHARED_WITH_PAGE.includes(target), target).toBe(true);
      }
    }
  });

  it("is not imported by code that runs elsewhere", () => {
    const importers = files.filter(
      (f) => !f.startsWith(PAGE) && imports(f).some((spec) => spec.includes("html/client/")),
    );
    expect(importers).toEqual([]);
  });

  it("shares only what stands alone, too", () => {
    for (const file of SHARED_WITH_PAGE) {
      for (const spec of imports(file)) expect(SHARED_WITH_PAGE).toContain(normalize(join(dirname(file), spec)));
    }
  });
});
