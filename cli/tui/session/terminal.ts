/** The terminal around the review screen: taken over, lent to an editor or the shell, given back clean. */
import { spawnSync } from "node:child_process";
import type { Painter } from "./painter.ts";

const ENTER = "\u001b[?1049h\u001b[?25l\u001b[H";
const LEAVE = "\u001b[0m\u001b[?25h\u001b[?1049l";
/** A stop that comes at all comes by then. */
const STOP_MS = 60;

export class Terminal {
  private readonly stdin: NodeJS.ReadStream;
  private readonly stdout: NodeJS.WriteStream;
  private readonly painter: Painter;
  private isTaken = false;
  private isLent = false;

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, painter: Painter) {
    this.stdin = stdin;
    this.stdout = stdout;
    this.painter = painter;
  }

  /** True while Ctrl-C is for the program that has the terminal. */
  get lent(): boolean {
    return this.isLent;
  }

  /** The alternate screen, without a cursor; keys come one by one. */
  take(): void {
    if (this.isTaken) return;
    this.isTaken = true;
    this.raw(true);
    this.stdout.write(ENTER);
    this.painter.open();
  }

  /** As it was before; may be called at any time, also twice. Never throws: the terminal may be gone. */
  giveBack(): void {
    if (!this.isTaken) return;
    this.isTaken = false;
    this.painter.close();
    try {
      this.stdout.write(LEAVE);
      this.raw(false);
    } catch {}
  }

  /** Runs a program in the terminal; its exit code, or null if it could not be started. */
  run(command: string, args: readonly string[]): number | null {
    this.giveBack();
    this.isLent = true;
    this.stdin.pause();
    try {
      const { status, error, signal } = spawnSync(command, args, { stdio: "inherit", shell: false });
      return error !== undefined ? null : (status ?? (signal === null ? null : 128));
    } finally {
      this.stdin.resume();
      this.take();
      // A signal for the other program comes to this one, too, as soon as it listens again.
      setTimeout(() => {
        this.isLent = false;
      }, STOP_MS).unref();
    }
  }

  /** Stops the program and whoever started it, as Ctrl-Z does in a shell. Where there is no shell to go on from, nothing happens. */
  suspend(): void {
    this.giveBack();
    const back = () => {
      clearTimeout(timer);
      process.off("SIGCONT", back);
      this.take();
    };
    process.on("SIGCONT", back);
    const timer = setTimeout(back, STOP_MS);
    process.kill(0, "SIGTSTP");
  }

  /** Takes the terminal again after somebody else stopped and continued the program: what it is set to is unknown. */
  resume(): void {
    if (!this.isTaken) return;
    this.raw(false);
    this.isTaken = false;
    this.take();
  }

  private raw(on: boolean): void {
    if (this.stdin.isTTY) this.stdin.setRawMode(on);
  }
}
