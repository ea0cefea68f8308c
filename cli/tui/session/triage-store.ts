/** `.ungil/triage.json` on disk. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { triageIn, triagePath } from "../../../src/audit/triage/apply.ts";
import { renderTriage, TRIAGE_ATTRIBUTES, type Triage } from "../../../src/audit/triage/triage.ts";
import { moveInto, temporaryPath, writeThrough } from "../../../src/fix/write/atomic.ts";
import { keepOutOfGit } from "../../../src/fix/write/journal.ts";

/** Entries before and after a change, by fingerprint; an empty entry is none. */
export interface TriageChange {
  before: ReadonlyMap<string, Triage>;
  after: ReadonlyMap<string, Triage>;
}

export class TriageStore {
  readonly path: string;
  private entries: Map<string, Triage>;
  private lastRead: string | undefined;

  /** @throws UsageError with the place for a file that is no triage file. */
  constructor(folder: string) {
    this.path = triagePath(folder);
    this.entries = this.read();
  }

  get(fingerprint: string): Triage | undefined {
    return this.entries.get(fingerprint);
  }

  /** Changes entries; what others wrote meanwhile stays. @throws if the file cannot be read or written. */
  change(fingerprints: readonly string[], make: (before: Triage, fingerprint: string) => Triage): TriageChange {
    const fresh = this.read();
    const before = new Map(fingerprints.map((f) => [f, fresh.get(f) ?? {}]));
    const after = new Map(fingerprints.map((f) => [f, make(before.get(f)!, f)]));
    this.write(fresh, after);
    return { before, after };
  }

  /** Sets entries as they were. @throws as `change`. */
  set(entries: ReadonlyMap<string, Triage>): void {
    this.write(this.read(), entries);
  }

  /** Reads the file again if somebody else changed it, and says whether. @throws UsageError once for a text that is no triage file. */
  refresh(): boolean {
    if (this.onDisk() === this.lastRead) return false;
    this.entries = this.read();
    return true;
  }

  private write(fresh: Map<string, Triage>, changed: ReadonlyMap<string, Triage>): void {
    for (const [fingerprint, triage] of changed) fresh.set(fingerprint, triage);
    mkdirSync(dirname(this.path), { recursive: true });
    keepOutOfGit(dirname(this.path));
    const attributes = join(dirname(this.path), ".gitattributes");
    if (!existsSync(attributes)) writeFileSync(attributes, TRIAGE_ATTRIBUTES);
    const temporary = temporaryPath(this.path, String(process.pid));
    const text = renderTriage(fresh);
    writeThrough(temporary, Buffer.from(text));
    moveInto(temporary, this.path);
    this.entries = fresh;
    this.lastRead = text;
  }

  private onDisk(): string | undefined {
    return existsSync(this.path) ? readFileSync(this.path, "utf8") : undefined;
  }

  private read(): Map<string, Triage> {
    const text = this.onDisk();
    this.lastRead = text;
    return text === undefined ? new Map() : triageIn(this.path, text);
  }
}
