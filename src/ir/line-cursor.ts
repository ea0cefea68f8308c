/** Reading the text form of the IR word by word. */

/** A position in one line. */
export class LineCursor {
  readonly text: string;
  readonly offset: number;
  readonly number: number;
  at = 0;

  constructor(text: string, offset: number, number: number) {
    this.text = text;
    this.offset = offset;
    this.number = number;
  }

  fail(expected: string): never {
    throw new SyntaxError(`line ${this.number}: expected ${expected} at "${this.text.slice(this.at)}"`);
  }

  skip(): void {
    while (this.text[this.at] === " ") this.at++;
  }

  atEnd(): boolean {
    this.skip();
    return this.at >= this.text.length || this.text.startsWith("; ", this.at);
  }

  /** Text that matches `pattern` (sticky) here, or undefined. */
  match(pattern: RegExp): string | undefined {
    this.skip();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found[0];
  }

  take(literal: string): boolean {
    this.skip();
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  expect(literal: string): void {
    if (!this.take(literal)) this.fail(`"${literal}"`);
  }

  /** A keyword followed by a space, or the end of the line. */
  word(word: string): boolean {
    this.skip();
    const next = this.text[this.at + word.length];
    if (!this.text.startsWith(word, this.at) || (next !== undefined && next !== " ")) return false;
    this.at += word.length;
    return true;
  }

  quoted(): string | undefined {
    const raw = this.match(/"(?:[^"\\]|\\.)*"/y);
    return raw === undefined ? undefined : (JSON.parse(raw) as string);
  }

  name(): string {
    return this.quoted() ?? this.match(/[A-Za-z_~$][A-Za-z0-9_:~#$]*/y) ?? this.fail("a name");
  }

  type(): string {
    return this.quoted() ?? this.match(/[A-Za-z_][A-Za-z0-9_ *&:]*/y)?.trim() ?? this.fail("a type");
  }

  integer(): number {
    return Number(this.match(/-?[0-9]+/y) ?? this.fail("an integer"));
  }

  block(): number {
    this.expect("bb");
    return this.integer();
  }
}
