/** `ungil rules`: list the rules. */
import { Command, Option } from "commander";
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
      const { renderRuleList } = await import("../../src/report/rule-page.ts");
      emit(renderRuleList(registry, wantsColor(undefined, process.stdout)));
    });
}
