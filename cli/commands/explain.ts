/** `ungil explain RULE`: the documentation of a rule. */
import { Command } from "commander";
import { createColors } from "picocolors";
import { emit, wantsColor } from "../output.ts";

export function explainCommand(): Command {
  return new Command("explain")
    .description("Explain a rule: what it finds, why it matters, how to fix it")
    .argument("<RULE>", "name of a rule")
    .action(async (name: string) => {
      const [{ registry }, { ruleNamed }, { ruleMarkdown }] = await Promise.all([
        import("../../rules/index.generated.ts"),
        import("../../src/audit/select-rules.ts"),
        import("../../src/rule-api/markdown.ts"),
      ]);
      const c = createColors(wantsColor(undefined, process.stdout));
      const lines = ruleMarkdown(ruleNamed(registry, name)).split("\n");
      emit(lines.map((line) => (line.startsWith("#") ? c.bold(line) : line)).join("\n"));
    });
}
