/** Files of records: one JSON object a line. Whatever ends a sweep, all lines but the last are whole. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { UsageError } from "../types.ts";
import type { SweepRecord } from "./record.ts";

export interface RecordsRead {
  /** In their order, also those that a later one replaces. */
  records: SweepRecord[];
  /** Bytes of whole lines; what follows them is a line that was not finished. */
  wholeBytes: number;
  /** True if the last line was not finished. */
  isTorn: boolean;
}

/**
 * Reads the records in `bytes`.
 * @param source what the file is called in messages.
 * @throws UsageError with the line for anything that is no record, save a last line without its end.
 */
export function readRecords(bytes: Buffer, source: string): RecordsRead {
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString("utf8", 0, wholeBytes).split("\n").slice(0, -1);
  const records = lines.flatMap((line, i) => (line.trim() === "" ? [] : [recordIn(line, `${source}:${i + 1}`)]));
  return { records, wholeBytes, isTorn: wholeBytes < bytes.length };
}

function recordIn(line: string, place: string): SweepRecord {
  const hint = "Give files that `ungil sweep` wrote.";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UsageError(`${place}: not JSON`, hint);
  }
  if (validator()(value)) return value as SweepRecord;
  // Where a value may be one of two things, the mistake inside of it says more than that it is neither.
  const mistakes = (validator().errors ?? []).sort((a, b) => b.instancePath.length - a.instancePath.length);
  const [{ instancePath, message }] = mistakes;
  throw new UsageError(`${place}: no record of a sweep: ${instancePath || "it"} ${message}`, hint);
}

let validate: ValidateFunction | undefined;

/** Files come from other machines, and every report of them relies on their shape. */
function validator(): ValidateFunction {
  if (validate === undefined) {
    const own = readFileSync(join(import.meta.dirname, "schema/ungil-sweep-1.schema.json"), "utf8");
    const report = readFileSync(join(import.meta.dirname, "../../report/schema/ungil-report-1.schema.json"), "utf8");
    validate = new Ajv().addSchema(JSON.parse(report)).compile(JSON.parse(own));
  }
  return validate;
}

export function recordLine(record: SweepRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The last record of each target, in any order. */
export function lastOfEach(records: readonly SweepRecord[]): Map<string, SweepRecord> {
  return new Map(records.map((record) => [record.name, record]));
}

export function byName(a: SweepRecord, b: SweepRecord): number {
  return a.name < b.name ? -1 : 1;
}

/** The records of several files, each with one a target, sorted by name. The later file counts, but no failure replaces an audit. */
export function merged(files: readonly ReadonlyMap<string, SweepRecord>[]): SweepRecord[] {
  const all = new Map<string, SweepRecord>();
  for (const record of files.flatMap((file) => [...file.values()])) {
    const before = all.get(record.name);
    if (before === undefined || isAudited(record) || !isAudited(before)) all.set(record.name, record);
  }
  return [...all.values()].sort(byName);
}

/** True if the target was audited, and has to be again only if something changes. */
export function isAudited({ state }: SweepRecord): boolean {
  return state === "done" || state === "no-extension";
}
