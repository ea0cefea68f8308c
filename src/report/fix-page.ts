/** What the parts of the text report of `fix` share. */
import type { FixReport } from "./fix-report.ts";
import type { Colors } from "./page.ts";
import { visible, width, wrap } from "./visible.ts";

export interface FixTextOptions {
  color: boolean;
  /** Width of the terminal; the report uses at most 100 columns. */
  columns: number;
  /** What was fixed, without what is left. */
  quiet: boolean;
  /** Each finding that is left, with the recipe; conflicts and problems one by one. */
  verbose: boolean;
  /** Path of a file of the result, for a user in the working folder. */
  shown(file: string): string;
}

/** What every part of the report needs. */
export interface FixPage {
  c: Colors;
  columns: number;
  options: FixTextOptions;
  report: FixReport;
}

/** Name of a file, for a terminal. */
export function nameOf({ options }: FixPage, file: string): string {
  return visible(options.shown(file));
}

/** Lines of `text` with a hanging indent. */
export function hang(text: string, columns: number, first: string, rest: string): string[] {
  return wrap(text, columns - width(rest)).map((line, i) => (i === 0 ? first : rest) + line);
}
