/** Runs the command line: what is thrown becomes a message and an exit code. */
import { CommanderError } from "commander";
import { visible } from "../src/report/visible.ts";
import { EXIT, endQuietlyOnBrokenPipe } from "./output.ts";
import { ungilProgram } from "./program.ts";

async function main(): Promise<void> {
  endQuietlyOnBrokenPipe();
  await ungilProgram().parseAsync();
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
