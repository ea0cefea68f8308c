/** Why files were not written. */

export interface RefusedFile {
  /** As the caller named it. */
  file: string;
  reason: string;
}

/** Nothing was written, because something speaks against these files. */
export class WriteRefused extends Error {
  readonly files: readonly RefusedFile[];

  constructor(message: string, files: readonly RefusedFile[]) {
    super(message);
    this.name = "WriteRefused";
    this.files = files;
  }
}

/** The work ended in the middle: `done` files are as they should be, `open` ones as they were. None is in between. */
export class WriteStopped extends Error {
  readonly done: readonly string[];
  readonly open: readonly string[];

  constructor(message: string, done: readonly string[], open: readonly string[]) {
    super(message);
    this.name = "WriteStopped";
    this.done = done;
    this.open = open;
  }
}

/** `EACCES: permission denied` and its like, without paths. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message ?? String(error);
}
