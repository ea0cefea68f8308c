/**
 * Where frames go: a stand-in for standard output that gets whole frames and writes the lines that changed, in place. Little is sent over
 * a slow line, nothing flickers, and the history of the terminal is left alone.
 */
import { EventEmitter } from "node:events";

type Output = Pick<NodeJS.WriteStream, "write" | "columns" | "rows" | "on" | "off">;

/** Terminals that know it show what is between the two at once; others ignore it. */
const BEGIN = "\u001b[?2026h";
const END = "\u001b[?2026l";

export class Painter extends EventEmitter {
  readonly isTTY = true;
  private readonly output: Output;
  private shown: readonly string[] = [];
  private frame: readonly string[] = [];
  private isOpen = false;

  constructor(output: Output) {
    super();
    this.output = output;
    output.on("resize", this.onResize);
  }

  get columns(): number {
    return this.output.columns || 80;
  }

  get rows(): number {
    return this.output.rows || 24;
  }

  /** From now on frames are shown; the last one at once. */
  open(): void {
    this.isOpen = true;
    this.redraw();
  }

  /** Frames are kept, and not shown: the terminal is somebody else's. */
  close(): void {
    this.isOpen = false;
  }

  /** Gives the output back for good. */
  end(): void {
    this.close();
    this.output.off("resize", this.onResize);
  }

  /** Shows the frame anew, whatever is on the terminal. */
  redraw(): void {
    this.shown = [];
    this.paint(`\u001b[0m\u001b[2J`);
  }

  /** As of a stream. Anything but a frame (the cursor, modes) is not for the drawing library to say. */
  write(text: string, ...rest: unknown[]): boolean {
    if (text !== "" && !text.startsWith("\u001b[?")) {
      this.frame = text.replace(/\n$/, "").split("\n");
      this.paint("");
    }
    const done = rest.find((r): r is () => void => typeof r === "function");
    if (done !== undefined) setImmediate(done);
    return true;
  }

  private paint(before: string): void {
    if (!this.isOpen) return;
    const lines = this.frame.slice(0, this.rows);
    let changes = before;
    for (let i = 0; i < Math.max(lines.length, this.shown.length); i++) {
      const line = lines[i] ?? "";
      // Cleared first: behind a full line the cursor still stands on its last column.
      if (line !== this.shown[i]) changes += `\u001b[${i + 1};1H\u001b[K${line}`;
    }
    this.shown = lines;
    if (changes !== "") this.output.write(`${BEGIN}${changes}${END}`);
  }

  private readonly onResize = (): void => {
    this.shown = [];
    if (this.isOpen) this.output.write("\u001b[2J");
    this.emit("resize");
  };
}
