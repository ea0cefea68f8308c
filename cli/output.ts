/** Where a command's text goes. */
import { statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../src/audit/types.ts";

/** Exit codes, the same for every command. */
export const EXIT = { clean: 0, findings: 1, failure: 2, interrupted: 130 } as const;

/** Writes `text`, or bytes, to a file, or to standard output. @throws UsageError if the file cannot be written. */
export function emit(text: string | Uint8Array, file?: string): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw notWritten(file, error);
  }
}

/** Asked before work that takes long. @throws UsageError if there is no folder for `file`. */
export function checkFolderOf(file: string): void {
  try {
    statSync(dirname(file));
  } catch (error) {
    throw notWritten(file, error);
  }
}

function notWritten(file: string, error: unknown): UsageError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new UsageError(`cannot write ${file} (${reason})`, "Name a file in a folder that exists.");
}

/** A reader that goes away (`| head`, a closed terminal) ends the program without a word, with the exit code it would have had. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      // The terminal is gone. The signal that says so comes, too, and has its own exit code.
      if (error.code === "EIO") return;
      throw error;
    });
  }
}

/** Whether to colour what goes to `stream`; `wanted` is the user's --color/--no-color. */
export function wantsColor(
  wanted: boolean | undefined,
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (wanted !== undefined) return wanted;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true && env.TERM !== "dumb";
}
