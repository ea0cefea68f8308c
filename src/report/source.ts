/** Lines of the audited files, for code frames. */

/** Text of a scanned file as it was audited, or undefined if it is gone or has changed since. */
export type SourceReader = (file: string) => string | undefined;

/** Splits texts into lines once per file. */
export class SourceLines {
  readonly #read: SourceReader;
  readonly #lines = new Map<string, readonly string[] | undefined>();

  constructor(read: SourceReader) {
    this.#read = read;
  }

  /** The 1-based line without its newline; undefined if there is none. */
  line(file: string, line: number): string | undefined {
    if (!this.#lines.has(file)) this.#lines.set(file, this.#read(file)?.split(/\r\n|\r|\n/));
    return this.#lines.get(file)?.[line - 1];
  }
}
