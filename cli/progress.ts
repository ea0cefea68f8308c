/** The progress line on a terminal. */
import type { Phase, ProgressEvent } from "../src/audit/types.ts";
import { cutStart, visible, width } from "../src/report/visible.ts";

const BAR = 20;
/** Milliseconds between two drawings. */
const PERIOD = 60;

const VERBS: Record<Phase, string> = {
  discover: "Looking for files",
  read: "Reading",
  analyse: "Analysing",
  index: "Connecting functions, types and modules",
  rules: "Checking",
  fixes: "Proving fixes",
};

const NOUNS: Partial<Record<Phase, string>> = { rules: "functions", fixes: "findings" };

/** One line of at most `columns` columns: bar, counts, current file. */
export function progressLine(event: ProgressEvent, columns: number): string {
  const { phase, done, total, functions, findings, file } = event;
  let text = VERBS[phase];
  if (total > 0 && phase !== "index") {
    const full = Math.round((done / total) * BAR);
    const noun = NOUNS[phase] ?? "files";
    text = `${"━".repeat(full)}${"╌".repeat(BAR - full)} ${text} ${done}/${total} ${noun}`;
    if (phase === "analyse" && functions > 0) text += `, ${functions} functions`;
    if (findings > 0) text += `, ${findings} findings`;
  }
  if (width(text) > columns) return [...text].slice(0, columns).join("");
  const room = columns - width(text) - 2;
  return file !== "" && room > 10 ? `${text}  ${cutStart(visible(file), room)}` : text;
}

/** Draws progress over itself on `stream`, which must be a terminal. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #last = 0;
  #drawn = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update(event: ProgressEvent): void {
    const now = performance.now();
    if (now - this.#last < PERIOD) return;
    this.#last = now;
    this.#drawn = true;
    this.#stream.write(`\r\x1b[2K${progressLine(event, (this.#stream.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#drawn) this.#stream.write("\r\x1b[2K");
    this.#drawn = false;
  }
}
