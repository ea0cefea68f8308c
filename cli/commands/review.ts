/** `ungil review`: go through the findings in the terminal. */
import { Command, Option } from "commander";
import { type AuditFlags, addProjectOptions, addSelectionOptions, givenBy } from "../audit-options.ts";
import { EXIT } from "../output.ts";

interface ReviewFlags extends AuditFlags {
  theme?: "dark" | "light" | "none";
  resume?: boolean;
}

const NO_TERMINAL = `ungil: review needs a terminal, and this is none (a pipe, or CI).
\`ungil\` prints a report, \`ungil fix --dry-run\` says what would be fixed, \`ungil --format json\` is for programs.
`;

export function reviewCommand(): Command {
  const command = new Command("review")
    .description("Go through the findings in the terminal: look, fix, suppress, assign")
    .argument("[PATH...]", "files and folders to review (default: the current folder)");
  addSelectionOptions(command)
    .option("--resume", "begin where the last review of this project ended")
    .addOption(
      new Option("--theme <name>", "colours for a dark or a light background").choices(["dark", "light", "none"]),
    );
  return addProjectOptions(command).action(review);
}

async function review(paths: string[], flags: ReviewFlags): Promise<void> {
  if (!process.stdout.isTTY || !process.stdin.isTTY) {
    process.stderr.write(NO_TERMINAL);
    process.exitCode = EXIT.failure;
    return;
  }
  const { startReview } = await import("../tui/start.ts");
  await startReview(givenBy(paths, flags), { theme: flags.theme, resume: flags.resume === true });
}
