/** Names for findings that stay the same while the code around them moves. */
import { createHash } from "node:crypto";

export interface FingerprintInput {
  rule: string;
  file: string;
  function: string;
  symbol: string;
  /** Source text of the statement that the finding stands on. */
  statement: string;
}

/** What is said to ungil about one finding of a statement must not rename the others. */
const OWN_COMMENTS = /\/\*\s*ungil:[\s\S]*?\*\/|\/\/\s*ungil:.*/g;

/** White space folded to single blanks, so that re-indenting or re-wrapping a statement changes nothing; without ungil's comments. */
export function normaliseStatement(text: string): string {
  return text.replace(OWN_COMMENTS, " ").replace(/\s+/g, " ").trim();
}

/**
 * Fingerprints of findings in their final order, as 32 hex digits. Equal statements of one function are told apart by
 * their ordinal, so inserting lines above or below changes no fingerprint, and removing one finding changes only the later equal ones.
 */
export function fingerprints(inputs: readonly FingerprintInput[]): string[] {
  const seen = new Map<string, number>();
  return inputs.map((input) => {
    const key = [input.rule, input.file, input.function, input.symbol, normaliseStatement(input.statement)].join("\0");
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return createHash("sha256").update(`${key}\0${ordinal}`).digest("hex").slice(0, 32);
  });
}
