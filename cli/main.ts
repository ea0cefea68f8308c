/** The command line of ungil. */
import { type Command, CommanderError, Help, program } from "commander";
import { toolInfo } from "../src/audit/tool.ts";
import { visible } from "../src/report/visible.ts";
import { explainCommand } from "./commands/explain.ts";
import { fixCommand } from "./commands/fix.ts";
import { reviewCommand } from "./commands/review.ts";
import { rulesCommand } from "./commands/rules.ts";
import { scanCommand } from "./commands/scan.ts";
import { undoCommand } from "./commands/undo.ts";
import { EXIT, endQuietlyOnBrokenPipe } from "./output.ts";

const EXAMPLES = `
Examples:
  ungil                               audit the current folder
  ungil src/ --risk high              only what is certainly unsafe
  ungil --select borrowed,globals     two families of rules
  ungil --format sarif -o x.sarif     for code scanning
  ungil explain borrowed-dict-item    why it matters and how to fix it
  ungil fix --diff                    what can be fixed, as a patch

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage or failure.
`;

async function main(): Promise<void> {
  endQuietlyOnBrokenPipe();
  const scan = scanCommand();
  program
    .name("ungil")
    .description(
      "Audits C and C++ Python extensions for free-threaded CPython: what is unsafe, why, and what to do; rewrites what it can prove.",
    )
    .usage("[scan] [options] [PATH...]")
    .version(toolInfo().version)
    .option("--debug", "show stack traces of errors")
    .helpCommand("help [command]", "show help")
    .addCommand(scan, { isDefault: true })
    .addCommand(fixCommand())
    .addCommand(undoCommand())
    .addCommand(reviewCommand())
    .addCommand(rulesCommand())
    .addCommand(explainCommand())
    .addHelpText("after", () => `\n${scanOptions(scan)}\n${EXAMPLES.trimEnd()}`);
  for (const command of [program as Command, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "ungil: ")) });
    command.showHelpAfterError("(`ungil --help` lists all options)");
  }
  await program.parseAsync();
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

/** Messages quote files and paths, which may hold anything. */
function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.clean : EXIT.failure;
    return;
  }
  const debug = process.argv.includes("--debug");
  process.exitCode = EXIT.failure;
  if (error instanceof Error && error.name === "UsageError") {
    const { hint } = error as Error & { hint: string };
    process.stderr.write(visibleLines(`ungil: ${error.message}\n${hint ? `${hint}\n` : ""}`));
    if (!debug) return;
  }
  if (!(error instanceof Error)) process.stderr.write(`ungil: internal error: ${String(error)}\n`);
  else if (debug) process.stderr.write(`${error.stack}\n`);
  else if (error.name !== "UsageError") {
    process.stderr.write(
      `ungil: internal error: ${error.message}\nRun again with --debug and report the stack trace.\n`,
    );
  }
}

process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});
main().catch(fail);
