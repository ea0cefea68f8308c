/** The text of the view while it is made: the original's code units, overwritten in place. */

/** Writes over a text without ever changing its length. Offsets are UTF-16 offsets of the original. */
export class Overlay {
  readonly units: Uint16Array;

  constructor(text: string) {
    const bytes = Buffer.from(text, "utf16le");
    // A pooled buffer need not be aligned; the copy is.
    this.units =
      bytes.byteOffset % 2 === 0
        ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1)
        : new Uint16Array(new Uint8Array(bytes).buffer);
  }

  /** Replaces everything but line breaks by spaces. */
  blank(start: number, end: number): void {
    const { units } = this;
    for (let i = start; i < end; i++) if (units[i] !== 10 && units[i] !== 13) units[i] = 32;
  }

  /** Writes `text` at `at`; the caller makes sure that it fits. */
  put(at: number, text: string): void {
    for (let i = 0; i < text.length; i++) this.units[at + i] = text.charCodeAt(i);
  }

  isSpace(at: number): boolean {
    const c = this.units[at];
    return c === 32 || (c !== undefined && c >= 9 && c <= 13);
  }

  /** Writes one character over the white space (also a line break) at `at`; false if something else stands there. */
  putOverSpace(at: number, character: string): boolean {
    if (!this.isSpace(at)) return false;
    this.units[at] = character.charCodeAt(0);
    return true;
  }

  /** Writes `text` at `at` if there is nothing but white space up to `limit` and it fits. */
  putIfBlank(at: number, text: string, limit: number): boolean {
    if (at + text.length > limit) return false;
    for (let i = 0; i < text.length; i++) if (!this.isSpace(at + i)) return false;
    this.put(at, text);
    return true;
  }

  toString(): string {
    return Buffer.from(this.units.buffer, this.units.byteOffset, this.units.byteLength).toString("utf16le");
  }
}
