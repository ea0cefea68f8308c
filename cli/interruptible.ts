/** Work that the user may interrupt. */
import type { ProgressEvent } from "../src/audit/types.ts";
import { EXIT } from "./output.ts";

export interface Interruptible {
  signal: AbortSignal;
  onProgress?: (event: ProgressEvent) => void;
  /** Takes the progress line away, if there is one. */
  clear(): void;
}

/**
 * Runs `work` with a progress line on a terminal, unless `quiet`. An interrupt (any of `signals`) aborts the signal; if the work ends with an error then,
 * this says so in one line, sets the exit code and returns undefined. A second interrupt ends the program.
 */
export async function interruptible<T>(
  quiet: boolean,
  work: (run: Interruptible) => Promise<T>,
  signals: readonly NodeJS.Signals[] = ["SIGINT"],
): Promise<T | undefined> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  for (const name of signals) process.once(name, onInterrupt);
  const bar = await progressBar(quiet);
  const clear = () => bar?.clear();
  try {
    return await work({ signal: interrupt.signal, onProgress: bar?.update.bind(bar), clear });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    clear();
    process.stderr.write("ungil: interrupted\n");
    process.exitCode = EXIT.interrupted;
    return undefined;
  } finally {
    clear();
    for (const name of signals) process.off(name, onInterrupt);
  }
}

async function progressBar(quiet: boolean) {
  if (!process.stderr.isTTY || quiet) return undefined;
  const { ProgressBar } = await import("./progress.ts");
  return new ProgressBar(process.stderr);
}
