/** A real terminal to run the built command in: a server of tmux for each, that nobody else uses. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAIN, temporaryFolder, ungil } from "../cli/ungil.ts";

/** Why tests that need a terminal cannot run here; undefined if they can. */
export function whyNoTerminal(): string | undefined {
  if (process.platform === "win32") return "there is no tmux on Windows";
  return spawnSync("tmux", ["-V"]).status === 0 ? undefined : "tmux is not installed";
}

/** Starts the program as `npx` would, outlives the terminal, and writes down how it ended. */
const RUNNER = `
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
const [, , folder, ...command] = process.argv;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on("error", () => {});
const child = spawn(process.execPath, command, { stdio: "inherit" });
writeFileSync(folder + "/pid", String(child.pid));
child.on("exit", (code, signal) => {
  writeFileSync(folder + "/end", signal ?? String(code));
  process.exit(code ?? 1);
});
`;

const WAIT_MS = 60_000;
let servers = 0;

export class PseudoTerminal {
  private readonly server = `ungil-test-${process.pid}-${++servers}`;
  private readonly own = temporaryFolder();

  /** A shell in `cwd`. `program` is another script than the built command. */
  constructor(
    cwd: string,
    size: { columns: number; rows: number },
    env: Record<string, string> = {},
    private readonly program = MAIN,
  ) {
    // Builds what is not built.
    ungil(["--version"], cwd);
    writeFileSync(join(this.own, "runner.mjs"), RUNNER);
    writeFileSync(join(this.own, "tmux.conf"), "set -g default-terminal screen-256color\nset -g escape-time 0\n");
    const { NO_COLOR: _, TMUX: __, ...inherited } = process.env;
    execFileSync(
      "tmux",
      [
        ...["-L", this.server, "-f", join(this.own, "tmux.conf"), "new-session", "-d", "-c", cwd],
        ...["-x", String(size.columns), "-y", String(size.rows), "sh"],
      ],
      { env: { ...inherited, PS1: "$ ", ENV: "", UNGIL_CACHE_DIR: join(this.own, "cache"), ...env } },
    );
  }

  /** Types `ungil args...` at the shell. */
  start(args: readonly string[]): void {
    this.type(
      `'${process.execPath}' '${join(this.own, "runner.mjs")}' '${this.own}' '${this.program}' ${args.join(" ")}`,
    );
    this.press("Enter");
  }

  /** Keys by tmux's names. */
  press(...keys: string[]): void {
    this.tmux("send-keys", "--", ...keys);
  }

  type(text: string): void {
    this.tmux("send-keys", "-l", "--", text);
  }

  resize(columns: number, rows: number): void {
    this.tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** What can be seen. */
  screen(): string {
    return this.tmux("capture-pane", "-p");
  }

  /** True while the alternate screen is on; whether the cursor can be seen. */
  modes(): { alternate: boolean; cursor: boolean } {
    const [alternate, cursor] = this.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}").trim().split(" ");
    return { alternate: alternate === "1", cursor: cursor === "1" };
  }

  /** Waits until the screen shows `what`. @throws Error with the screen if it never does. */
  async shows(what: RegExp): Promise<string> {
    let screen = "";
    await this.until(
      () => {
        screen = this.screen();
        return what.test(screen);
      },
      () => `${what} is not on the screen:\n${screen}`,
    );
    return screen;
  }

  async until(happened: () => boolean, complaint: () => string): Promise<void> {
    for (const end = Date.now() + WAIT_MS; !happened(); await pause(50)) {
      if (Date.now() > end) throw new Error(complaint());
    }
  }

  get pid(): number {
    return Number(readFileSync(join(this.own, "pid"), "utf8"));
  }

  /** Exit code of the program, or the signal that ended it. */
  async ended(): Promise<string> {
    const path = join(this.own, "end");
    await this.until(
      () => existsSync(path) && readFileSync(path, "utf8") !== "",
      () => `it does not end:\n${this.screen()}`,
    );
    return readFileSync(path, "utf8");
  }

  /** What `stty -a` says of the terminal, once the shell is back. */
  async settings(): Promise<string> {
    this.type("clear; stty -a; echo done-$((1+1))");
    this.press("Enter");
    return this.shows(/done-2/);
  }

  /** Ends the terminal and all that runs in it. */
  kill(): void {
    spawnSync("tmux", ["-L", this.server, "kill-server"]);
  }

  private tmux(...args: string[]): string {
    return execFileSync("tmux", ["-L", this.server, ...args], { encoding: "utf8" });
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
