/** Does what the reducer asks for: fixes, files, triage, the editor, the clipboard. One thing after the other. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReviewSession } from "../../../src/audit/review/review-session.ts";
import type { ProgressEvent } from "../../../src/audit/types.ts";
import { WriteRefused } from "../../../src/fix/write/refused.ts";
import type { Finding } from "../../../src/rule-api/types.ts";
import { initialState } from "../model/reducer.ts";
import type { Effect, Item, Message, ReviewState } from "../model/types.ts";
import { editorCommand } from "./editor.ts";
import { selectionMarkdown } from "./export-markdown.ts";
import { ReviewStore } from "./store.ts";
import { withSuppressions } from "./suppress.ts";
import type { Terminal } from "./terminal.ts";
import type { TriageStore } from "./triage-store.ts";

/** How often files are looked at for changes from outside. */
const WATCH_MS = 1500;
/** Progress is shown at most this often. */
const PROGRESS_MS = 60;

/** What is shown while it takes time. */
const BUSY: Partial<Record<Effect["type"], string>> = {
  apply: "fixing",
  undo: "undoing",
  redo: "doing again",
  "suppress-comment": "suppressing",
  rescan: "scanning",
};

export interface ControllerSetup {
  open(onProgress: (event: ProgressEvent) => void): Promise<ReviewSession>;
  triage: TriageStore;
  terminal: Terminal;
  /** Ends the program. */
  quit(): void;
  /** Draws everything anew. */
  redraw(): void;
  initial: Partial<ReviewState>;
  env: NodeJS.ProcessEnv;
}

export class Controller {
  readonly store: ReviewStore;
  private readonly setup: ControllerSetup;
  private session: ReviewSession | undefined;
  private queue: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private fixed = 0;
  private triaged = 0;
  private lastProgress = 0;

  constructor(setup: ControllerSetup) {
    this.setup = setup;
    this.store = new ReviewStore(initialState(setup.initial), (effect) => this.perform(effect));
  }

  /** Scans, then watches; never throws: what goes wrong is shown. */
  async start(): Promise<void> {
    try {
      this.session = await this.setup.open((event) => this.progress(event));
    } catch (error) {
      this.store.dispatch({ type: "failed", text: textOf(error) });
      return;
    }
    this.show();
    this.timer = setInterval(() => this.enqueue(undefined, () => this.lookAround()), WATCH_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Resolves when all that was asked for is done. */
  idle(): Promise<void> {
    return this.queue;
  }

  read(file: string): string | undefined {
    return this.session?.text(file);
  }

  private progress(event: ProgressEvent): void {
    const now = performance.now();
    if (now - this.lastProgress < PROGRESS_MS) return;
    this.lastProgress = now;
    this.store.dispatch({ type: "progress", event });
  }

  private perform(effect: Effect): void {
    if (effect.type === "quit") this.setup.quit();
    else if (effect.type === "suspend") this.setup.terminal.suspend(() => this.setup.redraw());
    else if (effect.type === "copy") this.copy(effect.text);
    else if (this.session !== undefined) this.enqueue(BUSY[effect.type], this.work(this.session, effect));
  }

  private work(session: ReviewSession, effect: Exclude<Effect, { type: "quit" | "suspend" | "copy" }>) {
    switch (effect.type) {
      case "preview":
        return () => this.preview(session, effect.fingerprint);
      case "apply":
        return () => this.apply(session, effect);
      case "undo":
        return () => this.move(session, "undo");
      case "redo":
        return () => this.move(session, "redo");
      case "triage":
        return () => this.decide(session, effect);
      case "suppress-comment":
        return () => this.suppress(session, effect);
      case "edit":
        return () => this.edit(session, effect.fingerprint, effect.step);
      case "export":
        return () => this.export(session, effect.targets);
      case "rescan":
        return () => this.rescan(session);
    }
  }

  private async rescan(session: ReviewSession): Promise<void> {
    await session.rescan((event) => this.progress(event));
    this.show();
  }

  private enqueue(busy: string | undefined, work: () => Promise<void> | void): void {
    if (busy !== undefined) this.store.dispatch({ type: "busy", text: busy });
    this.queue = this.queue.then(async () => {
      try {
        // What is busy is drawn before the work begins.
        if (busy !== undefined) await new Promise((resolve) => setImmediate(resolve));
        await work();
      } catch (error) {
        this.tell(textOf(error), "bad");
      } finally {
        if (busy !== undefined) this.store.dispatch({ type: "busy" });
      }
    });
  }

  private tell(text: string, tone: Message["tone"]): void {
    this.store.dispatch({ type: "told", message: { text, tone } });
  }

  /** Shows the findings as they are now. */
  private show(): void {
    const { session } = this;
    if (session === undefined) return;
    const item = (finding: Finding, isFixed: boolean): Item => {
      const triage = this.setup.triage.get(finding.fingerprint);
      return { finding, state: isFixed ? "fixed" : (triage?.state ?? "open"), ...(triage ? { triage } : {}) };
    };
    const present = session.findings();
    const known = new Set(present.map((f) => f.fingerprint));
    const gone = session.fixed().filter((f) => !known.has(f.fingerprint));
    const items = [...present.map((f) => item(f, false)), ...gone.map((f) => item(f, true))];
    this.store.dispatch({ type: "scanned", items, root: session.root });
    this.store.dispatch({ type: "history", ...session.history });
    this.store.dispatch({ type: "counted", fixed: this.fixed, triaged: this.triaged });
  }

  private preview(session: ReviewSession, fingerprint: string): void {
    this.store.dispatch({ type: "previews", fingerprint, previews: session.answers(fingerprint) });
  }

  private async apply(session: ReviewSession, effect: Extract<Effect, { type: "apply" }>): Promise<void> {
    const { targets, level, answer } = effect;
    const { applied, left } = await session.apply(targets, level, targets.length === 1 ? answer : undefined);
    this.fixed += applied.length;
    this.show();
    const reason = left.find((l) => l.reason !== "")?.reason;
    if (applied.length > 0) {
      const more = left.length > 0 ? `; ${left.length} left: ${reason ?? "not safe"}` : "";
      this.tell(`fixed ${applied.length}${more}`, left.length > 0 ? "info" : "good");
    } else if (targets.length === 1 && left[0]?.level === "review" && level === "safe") {
      this.preview(session, targets[0]);
      this.store.dispatch({ type: "key", command: "a" });
    } else this.tell(`nothing was applied: ${reason ?? "no fix"}`, "bad");
  }

  private async move(session: ReviewSession, way: "undo" | "redo"): Promise<void> {
    const before = session.fixed().length;
    await session[way]();
    const difference = session.fixed().length - before;
    this.fixed = Math.max(this.fixed + difference, 0);
    this.show();
    this.tell(way === "undo" ? "undone" : "done again", "good");
  }

  private decide(session: ReviewSession, { targets, change }: Extract<Effect, { type: "triage" }>): void {
    const findings = new Map(session.findings().map((f) => [f.fingerprint, f]));
    try {
      this.setup.triage.change(targets, (before, fingerprint) => {
        const finding = findings.get(fingerprint);
        const place = finding === undefined ? {} : { rule: finding.rule, place: `${finding.file}:${finding.line}` };
        return clean({ ...before, ...change, ...place });
      });
      this.store.dispatch({ type: "saved", ok: true });
    } catch (error) {
      this.store.dispatch({ type: "saved", ok: false });
      throw error;
    }
    this.triaged += targets.length;
    this.show();
    this.tell(targets.length === 1 ? "noted" : `noted for ${targets.length} findings`, "good");
  }

  private async suppress(session: ReviewSession, effect: Extract<Effect, { type: "suppress-comment" }>): Promise<void> {
    const wanted = new Set(effect.targets);
    const findings = session.findings().filter((f) => wanted.has(f.fingerprint));
    await session.change(withSuppressions(findings, effect.reason, (file) => session.text(file)));
    this.triaged += findings.length;
    this.show();
    this.tell(`suppressed ${findings.length}`, "good");
  }

  private async edit(session: ReviewSession, fingerprint: string, step: number): Promise<void> {
    const item = this.store.state().items.find((i) => i.finding.fingerprint === fingerprint);
    if (item === undefined) return;
    const place = item.finding.evidence[step] ?? item.finding;
    const { command, args } = editorCommand(this.setup.env, join(session.root, place.file), place.line);
    const status = this.setup.terminal.run(command, args);
    this.setup.redraw();
    if (status === null) {
      this.tell(`${command} could not be started: set $EDITOR`, "bad");
      return;
    }
    await session.reload([place.file]);
    this.show();
  }

  /** By the terminal itself (OSC 52), so that it works over ssh. */
  private copy(text: string): void {
    process.stdout.write(`\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`);
    this.tell(`copied ${text}`, "good");
  }

  private export(session: ReviewSession, targets: readonly string[]): void {
    const wanted = new Set(targets);
    const items = this.store.state().items.filter((i) => wanted.has(i.finding.fingerprint));
    const path = join(session.root, "ungil-selection.md");
    writeFileSync(path, selectionMarkdown(items));
    this.tell(`${items.length} findings written to ungil-selection.md`, "good");
  }

  private async lookAround(): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const changed = session.changedOutside();
    if (changed.length > 0) await session.reload(changed);
    const isTriaged = this.setup.triage.refresh();
    if (changed.length === 0 && !isTriaged) return;
    this.show();
    this.tell(changed.length > 0 ? `changed outside: ${changed.join(", ")}` : "triage changed outside", "info");
  }
}

function clean<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined && v !== "")) as T;
}

function textOf(error: unknown): string {
  if (error instanceof WriteRefused) {
    return `${error.message}: ${error.files.map((f) => `${f.file}: ${f.reason}`).join("; ")}`;
  }
  return error instanceof Error ? error.message : String(error);
}
