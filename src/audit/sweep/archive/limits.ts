/** How much an archive may hold. */

export interface ArchiveLimits {
  /** Bytes of the whole archive, unpacked. */
  unpacked: number;
  /** Bytes of one file, unpacked; larger ones are left out. */
  file: number;
  entries: number;
  /** Bytes unpacked for each byte of the archive. */
  ratio: number;
}

export const MB = 1024 * 1024;

/** Source archives of large projects have 300 MB, 30 000 entries and shrink to a tenth. */
export const DEFAULT_LIMITS: ArchiveLimits = { unpacked: 4096 * MB, file: 50 * MB, entries: 500_000, ratio: 200 };

/** Small archives shrink as they like: what they unpack to does no harm. */
const HARMLESS = 16 * MB;

/** An archive that cannot be read, or is refused. The message is for people. */
export class ArchiveError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ArchiveError";
  }
}

/** Counts what is unpacked. */
export class Meter {
  readonly #limits: ArchiveLimits;
  readonly #packed: number;
  #bytes = 0;
  #entries = 0;

  /** @param packed bytes of the archive. */
  constructor(limits: ArchiveLimits, packed: number) {
    this.#limits = limits;
    this.#packed = packed;
  }

  /** @throws ArchiveError above the limits. */
  addBytes(bytes: number): void {
    const { unpacked, ratio } = this.#limits;
    this.#bytes += bytes;
    if (this.#bytes > unpacked) {
      throw new ArchiveError(`unpacks to more than ${unpacked / MB} MB (--max-unpacked raises the limit)`);
    }
    if (this.#bytes > HARMLESS && this.#bytes > ratio * this.#packed) {
      throw new ArchiveError(`unpacks to more than ${ratio} times its size (--max-ratio raises the limit)`);
    }
  }

  /** @throws ArchiveError above the limits. */
  addEntry(): void {
    if (++this.#entries > this.#limits.entries) {
      throw new ArchiveError(`more than ${this.#limits.entries} entries (--max-entries raises the limit)`);
    }
  }

  counts(): { entries: number; bytes: number } {
    return { entries: this.#entries, bytes: this.#bytes };
  }
}
