/** Runs a compiler, or whatever stands in for one. */
import { spawn } from "node:child_process";

export interface CommandResult {
  ok: boolean;
  /** The first line that says what is wrong; empty if nothing is. */
  error: string;
}

/** What one command may print before the rest is dropped. */
const MAX_OUTPUT = 1 << 20;

/**
 * Runs `command` in `cwd`: a text goes through the shell, words do not. Every exit code but 0 is a failure.
 * @throws the reason of `signal` if it is aborted; the command is ended then.
 */
export function runCommand(
  command: string | readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<CommandResult> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const options = { cwd, signal, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
    const child =
      typeof command === "string"
        ? spawn(command, { ...options, shell: true })
        : spawn(command[0], command.slice(1), options);
    let output = "";
    const take = (data: Buffer) => {
      if (output.length < MAX_OUTPUT) output += data.toString("utf8");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      if (signal?.aborted) reject(signal.reason);
      else resolve({ ok: false, error: error.message });
    });
    child.on("close", (code, killed) => {
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve({ ok: true, error: "" });
      else resolve({ ok: false, error: firstError(output) || `ended with ${killed ?? `exit code ${code}`}` });
    });
  });
}

/** The first line of a compiler's output with an error in it, else its first line. */
export function firstError(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  return lines.find((line) => /\berror\b/i.test(line)) ?? lines.find((line) => line !== "") ?? "";
}
