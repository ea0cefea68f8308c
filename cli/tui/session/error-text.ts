/** Errors as one line for the screen. */
import { LockHeld } from "../../../src/fix/write/lock.ts";
import { WriteRefused, WriteStopped } from "../../../src/fix/write/refused.ts";

/** What went wrong and with which files. */
export function textOf(error: unknown): string {
  if (error instanceof WriteRefused && error.files.length > 0) {
    return `${error.message}: ${error.files.map((f) => `${f.file}: ${f.reason}`).join("; ")}`;
  }
  if (error instanceof WriteStopped) {
    return `${error.message}: written: ${names(error.done)}; as before: ${names(error.open)}`;
  }
  if (error instanceof LockHeld) return `nothing was written: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function names(files: readonly string[]): string {
  return files.length === 0 ? "none" : files.join(", ");
}
