/** The terminal around the review screen: taken over, lent to an editor or the shell, given back clean. */
import { spawnSync } from "node:child_process";

const ENTER = "\u001b[?1049h\u001b[?25l\u001b[H";
const LEAVE = "\u001b[?25h\u001b[?1049l";

export class Terminal {
  private readonly stdin: NodeJS.ReadStream;
  private readonly stdout: NodeJS.WriteStream;
  private isTaken = false;

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream) {
    this.stdin = stdin;
    this.stdout = stdout;
  }

  /** The alternate screen, without a cursor. */
  take(): void {
    if (this.isTaken) return;
    this.isTaken = true;
    this.stdout.write(ENTER);
  }

  /** As it was before; may be called at any time, also twice. */
  giveBack(): void {
    if (!this.isTaken) return;
    this.isTaken = false;
    this.stdout.write(LEAVE);
  }

  /** Lends the terminal to `work`, which waits until it is done with it. */
  lend(work: () => void): void {
    const wasTaken = this.isTaken;
    this.giveBack();
    this.raw(false);
    this.stdin.pause();
    try {
      work();
    } finally {
      this.stdin.resume();
      this.raw(true);
      if (wasTaken) this.take();
    }
  }

  /** Runs a program in the terminal; its exit code, or null if it could not be started. */
  run(command: string, args: readonly string[]): number | null {
    let status: number | null = null;
    this.lend(() => {
      status = spawnSync(command, args, { stdio: "inherit", shell: false }).status;
    });
    return status;
  }

  /** Stops the process as Ctrl-Z does in a shell; `resumed` is called when it goes on. */
  suspend(resumed: () => void): void {
    this.giveBack();
    this.raw(false);
    process.once("SIGCONT", () => {
      this.raw(true);
      this.take();
      resumed();
    });
    process.kill(process.pid, "SIGSTOP");
  }

  private raw(on: boolean): void {
    if (this.stdin.isTTY) this.stdin.setRawMode(on);
  }
}
