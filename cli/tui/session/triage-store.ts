/** `.ungil/triage.json` on disk. */
import { existsSync, readFileSync } from "node:fs";
import { writeShared } from "../../../src/audit/shared-file.ts";
import { triageIn, triagePath } from "../../../src/audit/triage/apply.ts";
import { renderTriage, type Triage } from "../../../src/audit/triage/triage.ts";

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
    const text = renderTriage(fresh);
    writeShared(this.path, text);
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
