/**
 * Where the keys of a TOML document stand. Parsers answer values; a message about a value needs its line. The text must
 * be valid TOML: on anything else the answer is incomplete, never an exception.
 */
import { parse } from "smol-toml";

/** Keys and, for elements of arrays, numbers, from the document downwards. */
export type KeyPath = readonly (string | number)[];

const keyOf = (path: KeyPath) => JSON.stringify(path);

export class TomlPlaces {
  private readonly text: string;
  private readonly offsets = new Map<string, number>();
  /** Tables in each `[[array]]` so far, by path. */
  private readonly counts = new Map<string, number>();
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.document();
  }

  /** Zero-based UTF-16 offset of a key or array element, or of the nearest table around it that is written down. */
  offsetOf(path: KeyPath): number {
    for (let length = path.length; length > 0; length--) {
      const found = this.offsets.get(keyOf(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return 0;
  }

  private document(): void {
    let table: KeyPath = [];
    for (this.blank(); this.at < this.text.length; this.blank()) {
      const start = this.at;
      if (this.text[this.at] === "[") table = this.header();
      else this.pair(table);
      // Never twice at one place.
      if (this.at === start) this.at++;
    }
  }

  private header(): KeyPath {
    const start = this.at;
    const isArray = this.text[this.at + 1] === "[";
    this.at += isArray ? 2 : 1;
    const keys = this.dotted();
    let path: KeyPath = [];
    keys.forEach((key, i) => {
      path = [...path, key];
      this.note(path, start);
      const count = this.counts.get(keyOf(path));
      if (isArray && i === keys.length - 1) {
        this.counts.set(keyOf(path), (count ?? 0) + 1);
        path = [...path, count ?? 0];
        this.note(path, start);
      } else if (count !== undefined) path = [...path, count - 1];
    });
    while (this.text[this.at] === "]") this.at++;
    return path;
  }

  private pair(table: KeyPath): void {
    let path = table;
    const start = this.at;
    for (const key of this.dotted()) {
      path = [...path, key];
      this.note(path, start);
    }
    if (this.text[this.at] !== "=") return;
    this.at++;
    this.blank(false);
    this.value(path);
  }

  private value(path: KeyPath): void {
    const c = this.text[this.at];
    if (c === "[") this.list("]", (i) => this.element([...path, i]));
    else if (c === "{") this.list("}", () => this.pair(path));
    else if (c === '"' || c === "'") this.quoted();
    else while (this.at < this.text.length && !",]}#\n".includes(this.text[this.at])) this.at++;
  }

  private element(path: KeyPath): void {
    this.note(path, this.at);
    this.value(path);
  }

  private list(close: string, item: (index: number) => void): void {
    this.at++;
    for (let i = 0; ; i++) {
      this.blank();
      if (this.at >= this.text.length || this.text[this.at] === close) break;
      const start = this.at;
      item(i);
      this.blank();
      if (this.text[this.at] === ",") this.at++;
      if (this.at === start) break;
    }
    this.at++;
  }

  private dotted(): string[] {
    const keys: string[] = [];
    for (;;) {
      this.blank(false);
      const c = this.text[this.at];
      if (c === '"' || c === "'") keys.push(this.quotedKey());
      else {
        const start = this.at;
        while (/[A-Za-z0-9_-]/.test(this.text[this.at] ?? "")) this.at++;
        keys.push(this.text.slice(start, this.at));
      }
      this.blank(false);
      if (this.text[this.at] !== ".") return keys;
      this.at++;
    }
  }

  private quotedKey(): string {
    const start = this.at;
    const raw = this.quoted();
    if (!raw.includes("\\")) return raw;
    try {
      return Object.keys(parse(`${this.text.slice(start, this.at)} = 0`))[0];
    } catch {
      return raw;
    }
  }

  /** The characters of a string as written, escapes and all; both kinds of quotes, single or tripled. */
  private quoted(): string {
    const quote = this.text[this.at];
    const triple = quote.repeat(3);
    const isLong = this.text.startsWith(triple, this.at);
    const close = isLong ? triple : quote;
    const start = this.at + close.length;
    this.at = start;
    while (this.at < this.text.length && !this.text.startsWith(close, this.at)) {
      this.at += quote === '"' && this.text[this.at] === "\\" ? 2 : 1;
    }
    // `""""` ends a long string whose last character is a quote.
    while (isLong && this.text[this.at + 3] === quote) this.at++;
    const end = this.at;
    this.at = Math.min(this.at + close.length, this.text.length);
    return this.text.slice(start, end);
  }

  private note(path: KeyPath, offset: number): void {
    if (!this.offsets.has(keyOf(path))) this.offsets.set(keyOf(path), offset);
  }

  /** Skips white space and, with `lines`, line ends and comments. */
  private blank(lines = true): void {
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at];
      if (lines && c === "#") {
        while (this.at + 1 < this.text.length && this.text[this.at + 1] !== "\n") this.at++;
      } else if (c !== " " && c !== "\t" && !(lines && (c === "\n" || c === "\r"))) return;
    }
  }
}
