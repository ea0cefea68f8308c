/**
 * What is known of a project and not to be reported again, as it stands in `.ungil/baseline.json`: one line an entry, sorted by file, so
 * that people can read it and git can merge it. The last entry is always `{}`, so that no line changes because another one follows.
 */
import { RISKS, type Risk } from "../../rule-api/types.ts";

/** One known finding. */
export interface BaselineEntry {
  /** Relative to the project's folder, with forward slashes. */
  file: string;
  /** `""` at file level. */
  function: string;
  rule: string;
  symbol: string;
  /** When it was recorded. */
  risk: Risk;
  fingerprint: string;
}

export interface Baseline {
  /** The free-threaded Python that it was made for, as in 3.13. */
  target: string;
  /** Sorted, each fingerprint once. */
  entries: BaselineEntry[];
}

const VERSION = 1;
const FIELDS = ["file", "function", "rule", "symbol", "risk", "fingerprint"] as const;
const FINGERPRINT = /^[0-9a-f]{32}$/;
const CONFLICT = /^(<{7}|={7}|>{7}|\|{7})/;

/** The text of a baseline; ends with a newline. */
export function renderBaseline({ target, entries }: Baseline): string {
  const lines = sorted(entries).map((entry) => JSON.stringify(Object.fromEntries(FIELDS.map((f) => [f, entry[f]]))));
  return `[\n${[JSON.stringify({ version: VERSION, target }), ...lines, "{}"].join(",\n")}\n]\n`;
}

/** By file, function, rule, symbol. */
export function sorted(entries: readonly BaselineEntry[]): BaselineEntry[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...entries].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      compare(a.function, b.function) ||
      compare(a.rule, b.rule) ||
      compare(a.symbol, b.symbol) ||
      compare(a.fingerprint, b.fingerprint),
  );
}

/** A text that is no baseline; `line` is one-based. */
export class BaselineMistake extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads the text of a baseline, whatever the order of its lines: git may have merged it. Of two entries for one finding the later
 * one counts.
 * @throws BaselineMistake
 */
export function parseBaseline(text: string): Baseline {
  let target: string | undefined;
  const entries = new Map<string, BaselineEntry>();
  for (const { value, line } of values(text)) {
    if ("version" in value) target = headOf(value, line);
    else if (Object.keys(value).length > 0) {
      const entry = entryOf(value, line);
      entries.set(entry.fingerprint, entry);
    }
  }
  if (target === undefined)
    throw new BaselineMistake(1, 'no baseline: a line {"version":1,"target":"3.13"} is missing');
  return { target, entries: sorted([...entries.values()]) };
}

interface Value {
  value: Record<string, unknown>;
  line: number;
}

function values(text: string): Value[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const conflict = lines.findIndex((l) => CONFLICT.test(l));
  if (conflict >= 0) {
    throw new BaselineMistake(conflict + 1, "a merge conflict is not resolved: keep the lines of both sides");
  }
  const found: Value[] = [];
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim().replace(/,$/, "");
    if (line === "" || line === "[" || line === "]") continue;
    const value = parsed(line);
    if (!isObject(value)) return laidOutAnew(text) ?? mistaken(i + 1, "not an entry");
    found.push({ value, line: i + 1 });
  }
  return found;
}

/** A formatter may have given every key a line of its own. Where an entry stands is then not known: it is searched by its words. */
function laidOutAnew(text: string): Value[] | undefined {
  const all = parsed(text);
  if (!Array.isArray(all) || !all.every(isObject)) return undefined;
  let at = 0;
  return all.map((value) => {
    at = Math.max(text.indexOf("{", at), 0) + 1;
    return { value, line: text.slice(0, at).split("\n").length };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mistaken(line: number, message: string): never {
  throw new BaselineMistake(line, message);
}

function headOf({ version, target, ...others }: Record<string, unknown>, line: number): string {
  if (version !== VERSION) mistaken(line, `version ${JSON.stringify(version)} is not known: a newer ungil wrote it`);
  if (typeof target !== "string" || !/^3\.\d+$/.test(target)) mistaken(line, 'no "target"');
  for (const key of Object.keys(others)) mistaken(line, `unknown key "${key}"`);
  return target;
}

function entryOf(value: Record<string, unknown>, line: number): BaselineEntry {
  for (const key of Object.keys(value)) {
    if (!(FIELDS as readonly string[]).includes(key)) mistaken(line, `unknown key "${key}"`);
  }
  for (const field of FIELDS) if (typeof value[field] !== "string") mistaken(line, `no "${field}"`);
  const entry = value as unknown as BaselineEntry;
  if (!FINGERPRINT.test(entry.fingerprint)) mistaken(line, '"fingerprint" must be 32 hexadecimal digits');
  if (!RISKS.includes(entry.risk)) mistaken(line, `"risk" must be one of ${RISKS.join(", ")}`);
  return entry;
}
