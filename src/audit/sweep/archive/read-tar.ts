/** Reads tar archives, plain and with gzip. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { type Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import type { EntryType, Gatherer } from "./gather.ts";
import { ArchiveError, type Meter } from "./limits.ts";

const TYPES: Record<string, EntryType> = {
  File: "file",
  OldFile: "file",
  ContiguousFile: "file",
  Directory: "folder",
  GNUDumpDir: "folder",
  Link: "hard link",
  SymbolicLink: "symbolic link",
  CharacterDevice: "device",
  BlockDevice: "device",
  FIFO: "FIFO",
  SparseFile: "sparse file",
};
/** The name that sparse files have in pax format, for programs that do not know them: what is stored is a map and pieces. */
const PAX_SPARSE = /(^|\/)GNUSparseFile\.\d+\//;
/** Extended headers are not files of the archive. */
const META = /Header$|^NextFile|^OldGnuLongPath$/;
const GZIP = [0x1f, 0x8b];
const BLOCK = 512;

/**
 * Gives the entries of the archive at `path` to `gatherer`.
 * @throws ArchiveError if it is damaged, or above the limits of `meter`.
 */
export async function readTar(path: string, gatherer: Gatherer, meter: Meter): Promise<void> {
  const entries = new Entries(gatherer, meter);
  const stages: (Readable | Transform | Writable)[] = [createReadStream(path), counter(meter), entries.sink()];
  if (isGzip(path)) stages.splice(1, 0, createGunzip());
  try {
    await pipeline(stages as [Readable, Writable]);
  } catch (error) {
    throw explained(error);
  }
}

function isGzip(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(GZIP.length);
    readSync(file, head, 0, head.length, 0);
    return head.equals(Buffer.from(GZIP));
  } finally {
    closeSync(file);
  }
}

function counter(meter: Meter): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      try {
        meter.addBytes(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function explained(error: unknown): unknown {
  if (error instanceof ArchiveError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") return new ArchiveError("the archive is truncated");
  return code?.startsWith("Z_") ? new ArchiveError(`the archive is damaged: ${message}`) : error;
}

/** Feeds the parser, which works as it is fed and calls back before `write` returns. */
class Entries {
  readonly #gatherer: Gatherer;
  readonly #meter: Meter;
  readonly #parser: Parser;
  #fed = 0;
  #sawEnd = false;
  #failure: unknown;

  constructor(gatherer: Gatherer, meter: Meter) {
    this.#gatherer = gatherer;
    this.#meter = meter;
    this.#parser = new Parser({
      filter: (_, entry) => this.#wants(entry as ReadEntry),
      onReadEntry: (entry) => this.#take(entry),
      onwarn: (code, message) => this.#warned(code, String(message)),
    });
    this.#parser.on("ignoredEntry", (entry: ReadEntry) => this.#ignored(entry));
    this.#parser.on("eof", () => {
      this.#sawEnd = true;
    });
    this.#parser.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  sink(): Writable {
    const guarded = (work: () => void, done: (error?: Error | null) => void) => {
      try {
        work();
        if (this.#failure !== undefined) throw this.#failure;
        done();
      } catch (error) {
        done(error as Error);
      }
    };
    return new Writable({
      write: (chunk: Buffer, _, done) => guarded(() => this.#feed(chunk), done),
      final: (done) => guarded(() => this.#end(), done),
    });
  }

  #feed(chunk: Buffer): void {
    if (this.#fed === 0 && chunk.length > 1 && chunk[0] === GZIP[0] && chunk[1] === GZIP[1]) {
      throw new ArchiveError("compressed twice");
    }
    this.#fed += chunk.length;
    // The parser would keep whatever follows the end of the archive.
    if (!this.#sawEnd) this.#parser.write(chunk);
  }

  #end(): void {
    if (this.#fed === 0) throw new ArchiveError("the archive is empty");
    if (!this.#sawEnd && this.#fed % BLOCK !== 0) throw new ArchiveError("the archive is truncated");
    if (!this.#sawEnd) this.#parser.end();
  }

  #wants(entry: ReadEntry): boolean {
    this.#meter.addEntry();
    const type = PAX_SPARSE.test(entry.path) ? "sparse file" : (TYPES[entry.type] ?? "unknown");
    const path = this.#gatherer.accept(entry.path, type, Math.max(entry.size, entry.remain));
    if (path === undefined) return false;
    entry.path = path;
    return true;
  }

  #take(entry: ReadEntry): void {
    const chunks: Buffer[] = [];
    entry.on("data", (chunk: Buffer) => chunks.push(chunk));
    entry.on("end", () => {
      // A truncated archive ends its last entry, too.
      if (entry.remain === 0) this.#gatherer.write(entry.path, Buffer.concat(chunks));
    });
  }

  /** Also called for what `#wants` refused; those types are known. */
  #ignored(entry: ReadEntry): void {
    if (entry.type in TYPES && entry.type !== "SparseFile") return;
    if (META.test(entry.type)) throw new ArchiveError("an extended header of more than 1 MB");
    this.#meter.addEntry();
    this.#gatherer.accept(entry.path, TYPES[entry.type] ?? "unknown", 0);
  }

  #warned(code: string, message: string): void {
    if (code === "TAR_BAD_ARCHIVE" && message.startsWith("Truncated"))
      throw new ArchiveError("the archive is truncated");
    throw new ArchiveError(code === "TAR_BAD_ARCHIVE" ? "not a tar archive" : `the archive is damaged: ${message}`);
  }
}
