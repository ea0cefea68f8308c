/** What a reader takes along from a finding. */
import type { Item, Report } from "./report.ts";

export function placeText({ fileName, line, column }: Item): string {
  return `${fileName}:${line}:${column}`;
}

/** The comment that goes behind the finding's line, or on a line above it. */
export function commentText({ ruleName }: Item): string {
  return `/* ungil: ignore[${ruleName}] REASON */`;
}

/** Digits of a fingerprint that `ungil fix --only` takes for a name. */
const SHORT = 12;

/** What fixes this one finding; undefined if nothing does. */
export function commandText({ id, level }: Item, { data }: Report): string | undefined {
  if (!data.fixes.proven || (level !== "safe" && level !== "review")) return undefined;
  return `ungil fix --only ${id.slice(0, SHORT)}${level === "review" ? " --level review" : ""}`;
}
