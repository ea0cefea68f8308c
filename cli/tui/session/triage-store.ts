/** `.ungil/triage.json` on disk. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseTriage, renderTriage, type Triage } from "../../../src/audit/triage/triage.ts";
import { moveInto, temporaryPath, writeThrough } from "../../../src/fix/write/atomic.ts";

export class TriageStore {
  readonly path: string;
  private entries: Map<string, Triage>;
  private lastRead: string | undefined;

  /** @throws Error with the place for a file that is no triage file. */
  constructor(folder: string) {
    this.path = join(folder, ".ungil", "triage.json");
    this.entries = this.read();
  }

  get(fingerprint: string): Triage | undefined {
    return this.entries.get(fingerprint);
  }

  /** Changes entries; what others wrote meanwhile stays. @throws if the file cannot be read or written. */
  change(fingerprints: readonly string[], make: (before: Triage, fingerprint: string) => Triage): void {
    const fresh = this.read();
    for (const fingerprint of fingerprints) fresh.set(fingerprint, make(fresh.get(fingerprint) ?? {}, fingerprint));
    this.entries = fresh;
    mkdirSync(dirname(this.path), { recursive: true });
    const temporary = temporaryPath(this.path, String(process.pid));
    const text = renderTriage(fresh);
    writeThrough(temporary, Buffer.from(text));
    moveInto(temporary, this.path);
    this.lastRead = text;
  }

  /** Reads the file again; true if somebody else changed it. */
  refresh(): boolean {
    const before = this.lastRead;
    this.entries = this.read();
    return before !== this.lastRead;
  }

  private read(): Map<string, Triage> {
    if (!existsSync(this.path)) {
      this.lastRead = undefined;
      return new Map();
    }
    const text = readFileSync(this.path, "utf8");
    this.lastRead = text;
    try {
      return parseTriage(text);
    } catch (error) {
      throw new Error(`${this.path}: ${(error as Error).message}`);
    }
  }
}
