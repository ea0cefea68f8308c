/** Varint output and input with a string table: the bottom of codec.ts. */

/** Shared by all writers; only one function is encoded at a time and `finish` copies out of it. */
let scratch = new Uint8Array(1 << 16);

/** Collects numbers and strings of one record. Only one writer may be in use at a time. */
export class Writer {
  private at = 0;
  private previous = 0;
  private readonly strings = new Map<string, number>();
  private readonly version: number;
  private readonly preset: ReadonlyMap<string, number>;

  constructor(version: number, preset: ReadonlyMap<string, number>) {
    this.version = version;
    this.preset = preset;
  }

  byte(value: number): void {
    if (this.at + 1 >= scratch.length) this.grow();
    scratch[this.at++] = value;
  }

  /** A non-negative integer below 2^31. */
  uint(value: number): void {
    if (this.at + 6 >= scratch.length) this.grow();
    while (value > 127) {
      scratch[this.at++] = (value & 127) | 128;
      value >>>= 7;
    }
    scratch[this.at++] = value;
  }

  int(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  /** An index that may be -1. */
  id(value: number): void {
    this.uint(value + 1);
  }

  ids(values: readonly number[]): void {
    this.uint(values.length);
    for (const value of values) this.id(value);
  }

  /** An offset near `base`. */
  relative(value: number, base: number): void {
    this.int(value - base);
  }

  /** Start as the difference from the last span's start, end as the length. */
  span(span: { start: number; end: number }): void {
    this.int(span.start - this.previous);
    this.uint(span.end - span.start);
    this.previous = span.start;
  }

  string(text: string): void {
    const known = this.preset.get(text);
    if (known !== undefined) {
      this.uint(known);
      return;
    }
    let index = this.strings.get(text);
    if (index === undefined) {
      index = this.strings.size;
      this.strings.set(text, index);
    }
    this.uint(this.preset.size + index);
  }

  optionalString(text: string | undefined): void {
    this.byte(text === undefined ? 0 : 1);
    if (text !== undefined) this.string(text);
  }

  /** The record: version, string table, body. */
  finish(): Uint8Array {
    const bodyEnd = this.at;
    let joined = "";
    this.uint(this.version);
    this.uint(this.strings.size);
    for (const text of this.strings.keys()) {
      this.uint(text.length);
      joined += text;
    }
    let blob = Buffer.from(joined, "utf8");
    // A string cut through a surrogate pair has no UTF-8 form; such a table keeps its UTF-16 units.
    const lossless = blob.length === joined.length || blob.toString("utf8") === joined;
    if (!lossless) blob = Buffer.from(joined, "utf16le");
    this.byte(lossless ? 0 : 1);
    this.uint(blob.length);
    const head = this.at - bodyEnd;
    const record = new Uint8Array(head + blob.length + bodyEnd);
    record.set(scratch.subarray(bodyEnd, this.at), 0);
    record.set(blob, head);
    record.set(scratch.subarray(0, bodyEnd), head + blob.length);
    return record;
  }

  private grow(): void {
    const larger = new Uint8Array(scratch.length * 2);
    larger.set(scratch);
    scratch = larger;
  }
}

/** Reads what a `Writer` wrote. Reading past the end throws a RangeError. */
export class Reader {
  private at = 0;
  private previous = 0;
  private readonly bytes: Uint8Array;
  private readonly preset: readonly string[];
  private readonly strings: string[] = [];

  constructor(bytes: Uint8Array, version: number, preset: readonly string[]) {
    this.bytes = bytes;
    this.preset = preset;
    if (this.uint() !== version) throw new RangeError("function record of another version");
    const count = this.count();
    const lengths = new Array<number>(count);
    for (let i = 0; i < count; i++) lengths[i] = this.uint();
    const encoding = this.byte() === 0 ? "utf8" : "utf16le";
    const size = this.uint();
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + this.at, this.bounded(size)).toString(encoding);
    this.at += size;
    for (let i = 0, start = 0; i < count; start += lengths[i++]) {
      this.strings.push(text.slice(start, start + lengths[i]));
    }
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError("damaged function record: too short");
    return this.bytes[this.at++];
  }

  uint(): number {
    let b = this.byte();
    if (b < 128) return b;
    let value = b & 127;
    for (let shift = 7; shift < 35; shift += 7) {
      b = this.byte();
      value += (b & 127) * 2 ** shift;
      if (b < 128) return value;
    }
    throw new RangeError("damaged function record: number");
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  id(): number {
    return this.uint() - 1;
  }

  ids(): number[] {
    const values = new Array<number>(this.count());
    for (let i = 0; i < values.length; i++) values[i] = this.uint() - 1;
    return values;
  }

  relative(base: number): number {
    return base + this.int();
  }

  /** Start of a span; its length is the next `uint`. */
  offset(): number {
    this.previous += this.int();
    return this.previous;
  }

  string(): string {
    const index = this.uint();
    const text = index < this.preset.length ? this.preset[index] : this.strings[index - this.preset.length];
    if (text === undefined) throw new RangeError("damaged function record: string");
    return text;
  }

  optionalString(): string | undefined {
    return this.byte() === 0 ? undefined : this.string();
  }

  /** A length of something that takes at least one byte each, so that damage cannot ask for gigabytes. */
  count(): number {
    return this.bounded(this.uint());
  }

  list<T>(read: (reader: Reader) => T): T[] {
    const items = new Array<T>(this.count());
    for (let i = 0; i < items.length; i++) items[i] = read(this);
    return items;
  }

  private bounded(count: number): number {
    if (count > this.bytes.length - this.at) throw new RangeError("damaged function record: length");
    return count;
  }
}
