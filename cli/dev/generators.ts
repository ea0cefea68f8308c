import type { AnyRule } from "../../src/rule-api/define-rule.ts";
import { ruleMarkdown } from "../../src/rule-api/markdown.ts";
import type { RuleExample } from "../../src/rule-api/types.ts";

/** The registry module: one import a rule file, in path order, and the union of the names. */
export function rulesIndex(ruleFiles: string[]): string {
  const names = ruleFiles.map((f) => f.replace(/^.*\//, "").replace(/\.ts$/, ""));
  const ident = (name: string) => name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());
  return [
    "// Written by `npm run generate` from the files in rules/; do not edit.",
    'import type { AnyRule } from "../src/rule-api/define-rule.ts";',
    'import { examples } from "./examples.generated.ts";',
    ...ruleFiles.map((f, i) => `import ${ident(names[i])} from "./${f.slice("rules/".length)}";`),
    "",
    "const rules: readonly AnyRule[] = [",
    ...names.map((n) => `  ${ident(n)},`),
    "];",
    "",
    "export const registry: readonly AnyRule[] = rules.map((rule) => ({ ...rule, example: examples[rule.name] }));",
    "",
    `export type RuleName =${names.map((n) => `\n  | "${n}"`).join("")};`,
    "",
  ].join("\n");
}

/** The module of the examples, in the order of the registry. */
export function examplesModule(examples: ReadonlyMap<string, RuleExample>): string {
  return [
    "// Written by `npm run generate` from samples/rules; do not edit.",
    'import type { RuleExample } from "../src/rule-api/types.ts";',
    "",
    `export const examples: Readonly<Record<string, RuleExample>> = ${JSON.stringify(Object.fromEntries(examples), null, 2)};`,
    "",
  ].join("\n");
}

/** One documentation page a rule and an index page, as [path, text]. */
export function rulePages(registry: readonly AnyRule[]): [string, string][] {
  const pages: [string, string][] = registry.map((r) => [`docs/rules/${r.name}.md`, ruleMarkdown(r)]);
  const families = [...new Set(registry.map((r) => r.family))];
  const index = [
    "# Rules",
    "",
    "Written by `npm run generate` from the rules themselves.",
    "",
    ...families.flatMap((family) => [
      `## ${family}`,
      "",
      "| Rule | Finds | Risk |",
      "| --- | --- | --- |",
      ...registry
        .filter((r) => r.family === family)
        .map((r) => `| [${r.name}](${r.name}.md) | ${r.summary} | ${r.risks.join(", ")} |`),
      "",
    ]),
  ];
  pages.push(["docs/rules/README.md", index.join("\n")]);
  return pages;
}
