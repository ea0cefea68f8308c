/** How much each package is used: a number a name, from wherever the user has it. */
import { parse } from "csv-parse/sync";
import { UsageError } from "../../types.ts";

/** By normalised name. */
export type Popularity = ReadonlyMap<string, number>;

const NAME_KEYS = ["project", "package", "name"];
const NUMBER_KEYS = ["download_count", "downloads", "popularity", "weight", "count", "stars"];

/** Names of packages as the index compares them (PEP 503). */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/**
 * Reads JSON, `{"name": 12, ...}` or a list of objects with a name and a number (also below the key `rows`), or CSV with the name in the
 * first column and the number in the second.
 * @param source what the file is called in messages.
 * @throws UsageError if it is neither, or has a row without a number.
 */
export function parsePopularity(text: string, source: string): Popularity {
  const pairs = /^\s*[[{]/.test(text) ? fromJson(text, source) : fromCsv(text, source);
  const popularity = new Map<string, number>();
  for (const [place, name, value] of pairs) {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof name !== "string" || typeof number !== "number" || !Number.isFinite(number) || number < 0) {
      throw new UsageError(`${place}: not a name and a number`, HINT);
    }
    popularity.set(normalised(name.trim()), number);
  }
  return popularity;
}

const HINT =
  'Give CSV with name and number, or JSON: {"name": 12} or [{"project": "name", "download_count": 12}], also below the key "rows".';

type Pair = readonly [place: string, name: unknown, value: unknown];

function fromJson(text: string, source: string): Pair[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${source}: not valid JSON: ${(error as Error).message}`, HINT);
  }
  const rows = Array.isArray(value) ? value : (value as { rows?: unknown }).rows;
  if (!Array.isArray(rows)) return Object.entries(value as object).map(([name, n]) => [`${source}: ${name}`, name, n]);
  return rows.map((row, i) => {
    const of = (keys: readonly string[]) => keys.map((key) => row?.[key]).find((v) => v !== undefined);
    return [`${source}: row ${i + 1}`, of(NAME_KEYS), of(NUMBER_KEYS)];
  });
}

/** A first row without a number is a heading. */
function fromCsv(text: string, source: string): Pair[] {
  let rows: string[][];
  try {
    rows = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true, comment: "#" });
  } catch (error) {
    throw new UsageError(`${source}: not valid CSV: ${(error as Error).message}`, HINT);
  }
  const body = rows.length > 0 && Number.isNaN(Number(rows[0][1] ?? "x")) ? rows.slice(1) : rows;
  return body.map(([name, number]) => [`${source}: ${name}`, name, number]);
}
