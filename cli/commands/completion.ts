/** `ungil completion SHELL`: a script that makes the shell complete commands, options and their values. */
import { Argument, Command } from "commander";
import { emit } from "../output.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

const EXAMPLES = `
Examples:
  source <(ungil completion bash)     in ~/.bashrc
  source <(ungil completion zsh)      in ~/.zshrc, after compinit
  ungil completion fish | source      in ~/.config/fish/config.fish
`;

export function completionCommand(): Command {
  return new Command("completion")
    .description("Print a script that completes commands, options and rules")
    .addArgument(new Argument("<SHELL>", "the shell to complete in").choices(SHELLS))
    .addHelpText("after", EXAMPLES.trimEnd())
    .action(printCompletion);
}

async function printCompletion(shell: (typeof SHELLS)[number], _: object, command: Command): Promise<void> {
  const [{ completionModel }, { registry }, { FAMILIES }] = await Promise.all([
    import("../completion/model.ts"),
    import("../../rules/index.generated.ts"),
    import("../../src/rule-api/types.ts"),
  ]);
  const names = [
    ...FAMILIES.map((name) => ({ name, description: "all rules of the family" })),
    ...registry.map(({ name, summary }) => ({ name, description: summary })),
  ];
  const model = completionModel(command.parent as Command, "scan", names);
  switch (shell) {
    case "bash":
      return emit((await import("../completion/bash.ts")).bashScript(model));
    case "zsh":
      return emit((await import("../completion/zsh.ts")).zshScript(model));
    case "fish":
      return emit((await import("../completion/fish.ts")).fishScript(model));
  }
}
