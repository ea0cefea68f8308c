/**
 * What people said of findings, kept in `.ungil/triage.json`: one line an entry, sorted by fingerprint, so that git merges what
 * two people say. The last entry is always `{}`, so that no line changes because another one follows.
 */

/** `suppressed`: known and accepted. `false-positive`: ungil is wrong. Undefined: only assigned, or noted. */
export type TriageState = "suppressed" | "false-positive";

export interface Triage {
  state?: TriageState;
  reason?: string;
  assignee?: string;
  note?: string;
  /** Rule and place when it was written, for people who read the file. */
  rule?: string;
  place?: string;
}

export type TriageEntries = ReadonlyMap<string, Triage>;

const FIELDS = ["state", "reason", "assignee", "note", "rule", "place"] as const;
const STATES: readonly string[] = ["suppressed", "false-positive"];
const FINGERPRINT = /^[0-9a-f]{32}$/;

/** The text of a triage file; ends with a newline. */
export function renderTriage(entries: TriageEntries): string {
  const lines = [...entries]
    .filter(([, triage]) => !isEmpty(triage))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([fingerprint, triage]) => {
      const fields = FIELDS.flatMap((f) => (triage[f] === undefined ? [] : [[f, triage[f]]]));
      return `${JSON.stringify({ fingerprint, ...Object.fromEntries(fields) })},`;
    });
  return `[\n${[...lines, "{}"].join("\n")}\n]\n`;
}

/** True if nothing is said: such an entry is not written. */
export function isEmpty({ state, reason, assignee, note }: Triage): boolean {
  return state === undefined && reason === undefined && !assignee && !note;
}

/**
 * Reads the text of a triage file. Of two entries for one finding (a merge) the later one wins, field by field.
 * @throws Error with the line for text that is no triage file.
 */
export function parseTriage(text: string): Map<string, Triage> {
  const entries = new Map<string, Triage>();
  text.split(/\r?\n/).forEach((raw, i) => {
    const line = raw.trim().replace(/,$/, "");
    if (line === "" || line === "[" || line === "]" || line === "{}" || line === "[]") return;
    const entry = parseLine(line, i + 1);
    const { fingerprint, ...fields } = entry;
    entries.set(fingerprint, { ...entries.get(fingerprint), ...fields });
  });
  return entries;
}

function parseLine(line: string, number: number): Triage & { fingerprint: string } {
  if (/^(<{7}|={7}|>{7}|\|{7})/.test(line))
    throw new Error(`line ${number}: a merge conflict is not resolved: keep the lines of both`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`line ${number}: not an entry`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`line ${number}: not an entry`);
  }
  const entry = value as Record<string, unknown>;
  if (typeof entry.fingerprint !== "string" || !FINGERPRINT.test(entry.fingerprint)) {
    throw new Error(`line ${number}: no fingerprint`);
  }
  for (const [key, field] of Object.entries(entry)) {
    if (key !== "fingerprint" && !(FIELDS as readonly string[]).includes(key)) {
      throw new Error(`line ${number}: unknown key "${key}"`);
    }
    if (typeof field !== "string") throw new Error(`line ${number}: "${key}" is no text`);
  }
  if (entry.state !== undefined && !STATES.includes(entry.state as string)) {
    throw new Error(`line ${number}: unknown state "${entry.state}"`);
  }
  return entry as unknown as Triage & { fingerprint: string };
}
