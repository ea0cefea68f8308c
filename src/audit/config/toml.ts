/** Parses TOML, and says what is wrong with it in words. */
import { parse, TomlError } from "smol-toml";
import { UsageError } from "../types.ts";

/**
 * The document as plain objects. `shown` is what the file is called in messages.
 * @throws UsageError for what is not TOML, with line and column, and the line itself as the hint.
 */
export function parseToml(text: string, shown: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    const source = text.split("\n")[line - 1] ?? "";
    const shownLine = source.length > LONGEST ? `${source.slice(0, LONGEST)}...` : source.trimEnd();
    throw new UsageError(
      `${shown}:${line}:${column}: not valid TOML: ${inWords(error, source)}`,
      `  ${line} | ${shownLine}`,
    );
  }
}

/** A line of a broken file may be anything. */
const LONGEST = 200;

/** What the parser means where its own words mislead. */
function inWords({ message, column }: TomlError, line: string): string {
  const said = message.split("\n", 1)[0].replace("Invalid TOML document: ", "");
  const atEnd = column > line.trimEnd().length;
  if (atEnd && said.includes("not allowed in strings")) return "the string does not end on its line";
  if (said.startsWith("trying to redefine")) return "this key or table was there before";
  return said;
}

/** A value as TOML on one line. */
export function inlineToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineToml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key} = ${inlineToml(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
