/** `ungil explain [RULE]`: the documentation of a rule. */
import { Command } from "commander";
import { emit, wantsColor } from "../output.ts";

export function explainCommand(): Command {
  return new Command("explain")
    .description("Explain a rule: what it finds, why it matters, how to fix it")
    .argument("[RULE]", "name of a rule; of a family, or none: list the rules")
    .action(explain);
}

/** In a pipe it is the Markdown of the docs page, byte for byte. */
async function explain(name: string | undefined): Promise<void> {
  const [{ registry }, { ruleNamed }, { ruleMarkdown }, { renderRuleList, renderRulePage }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/select-rules.ts"),
    import("../../src/rule-api/markdown.ts"),
    import("../../src/report/rule-page.ts"),
  ]);
  const color = wantsColor(undefined, process.stdout);
  const family = registry.filter((r) => name === undefined || r.family === name);
  if (family.length > 0) return emit(renderRuleList(family, color));
  const rule = ruleNamed(registry, name as string);
  emit(
    process.stdout.isTTY ? renderRulePage(rule, { color, columns: process.stdout.columns || 80 }) : ruleMarkdown(rule),
  );
}
