/** Starts the review screen: terminal, session, signals. */
import { constants } from "node:os";
import { isatty } from "node:tty";
import type { Given } from "../../src/audit/config/configure.ts";
import { visible } from "../../src/report/visible.ts";
import { EXIT } from "../output.ts";
import type { ReviewState } from "./model/types.ts";
import { Controller } from "./session/controller.ts";
import { Painter } from "./session/painter.ts";
import { loadResume, saveResume } from "./session/resume.ts";
import type { Drawn } from "./session/screen.tsx";
import { Terminal } from "./session/terminal.ts";
import { TriageStore } from "./session/triage-store.ts";
import { screenLines } from "./view/screen-lines.ts";
import { guessTheme, type ThemeName } from "./view/theme.ts";

export interface ReviewOptions {
  theme?: ThemeName;
  resume: boolean;
}

/** How long work that writes files may take to end when the user quits. */
const LAST_WORK_MS = 5000;
const HUNG_UP = 128 + constants.signals.SIGHUP;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs until the user quits. @throws UsageError for a wrong path, configuration or triage file, before the terminal is touched. */
export async function startReview(given: Given, { theme, resume }: ReviewOptions): Promise<never> {
  const [{ registry }, { configure }, { settleFix }, { projectOf }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../src/audit/fixing/fix-settings.ts"),
    import("../../src/project/discover/discover.ts"),
  ]);
  const configured = await configure(given, registry);
  const { options } = configured;
  const settings = settleFix({}, configured);
  const folder = projectOf(options.paths, options.cwd);
  const triage = new TriageStore(folder);
  const painter = new Painter(process.stdout);
  const terminal = new Terminal(process.stdin, process.stdout, painter);
  const rules = new Map(registry.map((r) => [r.name, r]));
  const colors = theme ?? guessTheme(process.env);
  const initial: Partial<ReviewState> = {
    size: { columns: painter.columns, rows: painter.rows },
    color: colors !== "none",
    ...(resume ? loadResume(folder) : {}),
  };
  const stop = new AbortController();
  let drawn: Drawn | undefined;
  let code: number = EXIT.clean;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const controller = new Controller({
    open: async (onProgress) => {
      const { ReviewSession } = await import("../../src/audit/review/review-session.ts");
      return ReviewSession.open(options, settings, { registry, onProgress, signal: stop.signal });
    },
    triage,
    terminal,
    quit: end,
    initial,
    env: process.env,
  });
  const { store } = controller;
  const context = { read: (file: string) => controller.read(file), ruleNamed: (name: string) => rules.get(name) };
  const leave = () => terminal.giveBack();
  process.on("exit", leave);
  // Before the message: on the alternate screen nobody would see it.
  process.prependListener("uncaughtException", leave);
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (signal === "SIGINT" && terminal.lent) return;
      code = 128 + constants.signals[signal];
      end();
    });
  }
  process.on("SIGCONT", () => terminal.resume());
  // The terminal is gone: there is nothing to draw on and nobody to ask.
  for (const stream of [process.stdin, process.stdout]) {
    stream.on("error", () => {
      code = HUNG_UP;
      end();
    });
  }
  // Loading the drawing library takes longer than anything else: the first frame does not wait for it.
  painter.write(
    screenLines(store.state(), context)
      .map((line) => line.map((segment) => segment.text).join(""))
      .join("\n"),
  );
  terminal.take();
  setImmediate(() => void controller.start());
  try {
    const { draw } = await screenModule();
    drawn = draw(store, context, colors, painter);
    await Promise.race([ended, drawn.ended]);
  } finally {
    stop.abort();
    controller.stop();
    await Promise.race([controller.idle(), new Promise((resolve) => setTimeout(resolve, LAST_WORK_MS))]);
    leave();
    drawn?.end();
    painter.end();
    process.off("exit", leave);
    saveResume(folder, store.state());
  }
  const { phase, failure } = store.state();
  if (phase === "failed") {
    process.stderr.write(`ungil: ${visible(failure ?? "the scan failed")}\n`);
    code ||= EXIT.failure;
  }
  // The end of the input may come before the signal.
  if (code === HUNG_UP || !isatty(0) || !isatty(1)) hangUp();
  // A scan that is still running would keep the program.
  process.exit(code);
}

/** Node gives a terminal its settings back when it exits, and crashes if the terminal is gone: the signal itself ends the program. */
function hangUp(): void {
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
  // Whoever started the program may have it ignore that signal.
  process.kill(process.pid, "SIGKILL");
}

/** React checks less and is faster in production, which it asks the environment for while it is loaded. */
async function screenModule(): Promise<typeof import("./session/screen.tsx")> {
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = NODE_ENV ?? "production";
  try {
    return await import("./session/screen.tsx");
  } finally {
    // Not for the editor and what is started from it.
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  }
}
