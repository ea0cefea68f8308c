/** How places are quoted. */
import type { Quote, Setting } from "./types.ts";

const LONGEST = 160;

/** One line, cut where nobody reads on. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** A setting with its key; elements of lists have that of the list. */
export function quoteOf({ file, line, path, value }: Setting): Quote {
  const key = path.findLast((k) => !/^\d+$/.test(k)) ?? "";
  return { file, line, text: shortened(key === "" ? value : `${key}: ${value}`) };
}
