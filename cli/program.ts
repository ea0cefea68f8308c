/** The commands of ungil and their options. */
import { Command, Help } from "commander";
import { toolInfo } from "../src/audit/tool.ts";
import { baselineCommand } from "./commands/baseline.ts";
import { completionCommand } from "./commands/completion.ts";
import { configCommand } from "./commands/config.ts";
import { explainCommand } from "./commands/explain.ts";
import { fixCommand } from "./commands/fix.ts";
import { initCommand } from "./commands/init.ts";
import { planCommand } from "./commands/plan.ts";
import { reviewCommand } from "./commands/review.ts";
import { rulesCommand } from "./commands/rules.ts";
import { scanCommand } from "./commands/scan.ts";
import { statusCommand } from "./commands/status.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { sweepTargetCommand } from "./commands/sweep-target.ts";
import { undoCommand } from "./commands/undo.ts";

const EXAMPLES = `
Examples:
  ungil                               audit the current folder
  ungil src/ --risk high              only what is certainly unsafe
  ungil --select borrowed,globals     two families of rules
  ungil --format sarif -o x.sarif     for code scanning
  ungil explain borrowed-dict-item    why it matters and how to fix it
  ungil fix --diff                    what can be fixed, as a patch
  ungil init                          a first configuration for the project

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage or failure.
`;

/** The program, ready to parse a command line. Errors are thrown as `CommanderError`, their message already printed. */
export function ungilProgram(): Command {
  const scan = scanCommand();
  const program = new Command()
    .name("ungil")
    .description(
      "Audits C and C++ Python extensions for free-threaded CPython: what is unsafe, why, and what to do; rewrites what it can prove.",
    )
    .usage("[scan] [options] [PATH...]")
    .version(toolInfo().version)
    .option("--debug", "show stack traces of errors")
    .helpCommand("help [command]", "show help")
    .addCommand(scan, { isDefault: true })
    .addCommand(baselineCommand())
    .addCommand(fixCommand())
    .addCommand(undoCommand())
    .addCommand(reviewCommand())
    .addCommand(planCommand())
    .addCommand(statusCommand())
    .addCommand(sweepCommand())
    .addCommand(sweepTargetCommand(), { hidden: true })
    .addCommand(initCommand())
    .addCommand(configCommand())
    .addCommand(rulesCommand())
    .addCommand(explainCommand())
    .addCommand(completionCommand())
    .addHelpText("after", () => `\n${scanOptions(scan)}\n${EXAMPLES.trimEnd()}`);
  for (const command of [program, ...program.commands.flatMap((c) => [c, ...c.commands])]) {
    command
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "ungil: ")) });
    command.showHelpAfterError("(`ungil --help` lists all options)");
  }
  return program;
}

/** The default command's options belong to the help of the program too. */
function scanOptions(scan: Command): string {
  const help = new Help();
  help.prepareContext({ helpWidth: process.stdout.columns || 80 });
  const options = help.visibleOptions(scan).filter((o) => o.long !== "--help");
  const column = Math.max(...options.map((o) => help.optionTerm(o).length));
  const rows = options.map((o) => help.formatItem(help.optionTerm(o), column, help.optionDescription(o), help));
  return ["Options of scan:", ...rows].join("\n");
}
