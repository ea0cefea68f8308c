/** Starts the review screen: terminal, session, signals. */
import { render } from "ink";
import type { Given } from "../../src/audit/config/configure.ts";
import type { ReviewState } from "./model/types.ts";
import { Controller } from "./session/controller.ts";
import { loadResume, saveResume } from "./session/resume.ts";
import { Terminal } from "./session/terminal.ts";
import { TriageStore } from "./session/triage-store.ts";
import { App } from "./view/app.tsx";
import { guessTheme, type ThemeName } from "./view/theme.ts";

export interface ReviewOptions {
  theme?: ThemeName;
  resume: boolean;
}

/** Runs until the user quits. @throws UsageError for a wrong configuration, before the terminal is touched. */
export async function startReview(given: Given, { theme, resume }: ReviewOptions): Promise<void> {
  const [{ registry }, { configure }, { settleFix }, { scannedRoot }, { workTreeOf }] = await Promise.all([
    import("../../rules/index.generated.ts"),
    import("../../src/audit/config/configure.ts"),
    import("../../src/audit/fixing/fix-settings.ts"),
    import("../../src/project/discover/discover.ts"),
    import("../../src/project/discover/gitignore.ts"),
  ]);
  const configured = await configure(given, registry);
  const { options } = configured;
  const settings = settleFix({}, configured);
  const root = scannedRoot(options.paths, options.cwd);
  const folder = workTreeOf(root) ?? root;
  const triage = new TriageStore(folder);
  const terminal = new Terminal(process.stdin, process.stdout);
  const rules = new Map(registry.map((r) => [r.name, r]));
  const colors = theme ?? guessTheme(process.env);
  const initial: Partial<ReviewState> = {
    color: colors !== "none",
    size: { columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 },
    ...(resume ? loadResume(folder) : {}),
  };
  const stop = new AbortController();
  let redraw = () => {};
  let quit = () => {};
  const controller = new Controller({
    open: async (onProgress) => {
      const { ReviewSession } = await import("../../src/audit/review/review-session.ts");
      return ReviewSession.open(options, settings, { registry, onProgress, signal: stop.signal });
    },
    triage,
    terminal,
    quit: () => quit(),
    redraw: () => redraw(),
    initial,
    env: process.env,
  });
  const context = { read: (file: string) => controller.read(file), ruleNamed: (name: string) => rules.get(name) };
  terminal.take();
  const leave = () => terminal.giveBack();
  process.on("exit", leave);
  const screen = render(<App store={controller.store} context={context} theme={colors} />, {
    exitOnCtrlC: false,
    patchConsole: false,
  });
  redraw = () => screen.clear();
  quit = () => screen.unmount();
  const onSignal = () => screen.unmount();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, onSignal);
  void controller.start();
  try {
    await screen.waitUntilExit();
  } finally {
    stop.abort();
    controller.stop();
    leave();
    process.off("exit", leave);
    saveResume(folder, controller.store.state());
  }
  // A scan that is still running would keep the program.
  process.exit();
}
