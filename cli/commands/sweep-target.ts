/** `ungil sweep-target`: the process that `ungil sweep` starts for one target. Not for people, so no help names it. */
import { Command } from "commander";
import { UsageError } from "../../src/audit/types.ts";
import { TARGET_COMMAND } from "../sweep/target-command.ts";

export function sweepTargetCommand(): Command {
  return new Command(TARGET_COMMAND).action(async () => {
    if (process.send === undefined) throw new UsageError("only `ungil sweep` starts this command");
    const { serveTarget } = await import("../sweep/target-process.ts");
    serveTarget();
  });
}
