/** `ungil rules`: list the rules. */
import { Command, Option } from "commander";
import { createColors } from "picocolors";
import { FAMILIES } from "../../src/rule-api/types.ts";
import { emit, wantsColor } from "../output.ts";

export function rulesCommand(): Command {
  return new Command("rules")
    .description("List all rules")
    .addOption(new Option("--format <format>", "form of the list").choices(["text", "json"]).default("text"))
    .action(async ({ format }: { format: "text" | "json" }) => {
      const { registry } = await import("../../rules/index.generated.ts");
      if (format === "json") {
        const list = registry.map(({ name, family, risks, summary }) => ({ name, family, risks, summary }));
        emit(`${JSON.stringify(list, null, 2)}\n`);
        return;
      }
      const c = createColors(wantsColor(undefined, process.stdout));
      const lines: string[] = [];
      for (const family of FAMILIES) {
        const rules = registry.filter((r) => r.family === family);
        if (rules.length === 0) continue;
        lines.push(c.bold(family));
        for (const rule of rules) {
          lines.push(`  ${c.cyan(rule.name.padEnd(26))} ${c.dim(rule.risks.join(", "))}`, `    ${rule.summary}`);
        }
        lines.push("");
      }
      lines.push(c.dim("`ungil explain RULE` tells the whole story of one."));
      emit(`${lines.join("\n")}\n`);
    });
}
