/** Does what the reducer asks for: fixes, files, triage, the editor, the clipboard. One thing after the other. */
import { join } from "node:path";
import type { ReviewSession } from "../../../src/audit/review/review-session.ts";
import type { Triage } from "../../../src/audit/triage/triage.ts";
import type { ProgressEvent } from "../../../src/audit/types.ts";
import { initialState } from "../model/reducer.ts";
import type { Effect, Message, ReviewState } from "../model/types.ts";
import { editorCommand } from "./editor.ts";
import { textOf } from "./error-text.ts";
import { writeSelection } from "./export-markdown.ts";
import { History } from "./history.ts";
import { itemsOf } from "./items.ts";
import { ReviewStore } from "./store.ts";
import type { Terminal } from "./terminal.ts";
import type { TriageChange, TriageStore } from "./triage-store.ts";

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
  initial: Partial<ReviewState>;
  env: NodeJS.ProcessEnv;
}

export class Controller {
  readonly store: ReviewStore;
  private readonly setup: ControllerSetup;
  private session: ReviewSession | undefined;
  private queue: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private readonly history = new History();
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
    else if (effect.type === "suspend") this.setup.terminal.suspend();
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
        await this.failed(error);
      } finally {
        if (busy !== undefined) this.store.dispatch({ type: "busy" });
      }
    });
  }

  private tell(text: string, tone: Message["tone"]): void {
    this.store.dispatch({ type: "told", message: { text, tone } });
  }

  /** Says what went wrong. If files changed outside, that is why: they are scanned again, so that the next try has a chance. */
  private async failed(error: unknown): Promise<void> {
    let text = textOf(error);
    try {
      const changed = this.session?.changedOutside() ?? [];
      if (changed.length > 0) {
        await this.session!.reload(changed);
        text += "; scanned again";
      }
      this.show();
    } catch (second) {
      text += `; ${textOf(second)}`;
    }
    this.tell(text, "bad");
  }

  /** Shows the findings as they are now. */
  private show(): void {
    const { session } = this;
    if (session === undefined) return;
    const items = itemsOf(session, (fingerprint) => this.setup.triage.get(fingerprint));
    const { undo, redo, triaged } = this.history.counts;
    this.store.dispatch({ type: "scanned", items, root: session.root });
    this.store.dispatch({ type: "history", undo, redo });
    this.store.dispatch({
      type: "counted",
      fixed: session.fixed().length,
      triaged: triaged + session.suppressed().length,
    });
  }

  private preview(session: ReviewSession, fingerprint: string): void {
    this.store.dispatch({ type: "previews", fingerprint, previews: session.answers(fingerprint) });
  }

  private async apply(session: ReviewSession, effect: Extract<Effect, { type: "apply" }>): Promise<void> {
    const { targets, level, answer } = effect;
    if (await this.areOutdated(session, targets)) return;
    const before = session.history.undo;
    const { applied, left } = await session.apply(targets, level, targets.length === 1 ? answer : undefined);
    this.history.add({ files: session.history.undo > before });
    this.show();
    const forReview = level === "safe" ? left.filter((l) => l.level === "review") : [];
    if (forReview.length > 0) {
      if (targets.length === 1) this.previewUnproven(session, targets[0], answer, forReview[0].reason);
      const fingerprints = forReview.map((l) => l.finding.fingerprint);
      this.store.dispatch({ type: "needs-review", targets: fingerprints, answer, fixed: applied.length });
      return;
    }
    const reason = left.find((l) => l.reason !== "")?.reason ?? "no fix";
    if (applied.length === 0) this.tell(`nothing was applied: ${reason}`, "bad");
    else if (left.length > 0) this.tell(`fixed ${applied.length}; ${left.length} left: ${reason}`, "info");
    else this.tell(`fixed ${applied.length}`, "good");
  }

  /** A rule may call an answer safe that its proof then does not bear out. */
  private previewUnproven(session: ReviewSession, fingerprint: string, answer: number, reason: string): void {
    const previews = session.answers(fingerprint);
    const shown = previews[answer];
    if (shown?.level === "safe") {
      shown.level = "review";
      if (reason !== "") shown.notes = [...shown.notes, reason];
    }
    this.store.dispatch({ type: "previews", fingerprint, previews });
  }

  private async move(session: ReviewSession, way: "undo" | "redo"): Promise<void> {
    const isMoved = await this.history[way](async ({ files, triage }) => {
      if (files) await session[way]();
      if (triage !== undefined) this.save(() => this.setup.triage.set(way === "undo" ? triage.before : triage.after));
    });
    this.show();
    if (isMoved) this.tell(way === "undo" ? "undone" : "done again", "good");
  }

  private decide(session: ReviewSession, { targets, change }: Extract<Effect, { type: "triage" }>): void {
    this.history.add({ files: false, triage: this.note(session, targets, change ?? {}) });
    this.show();
    this.tell(targets.length === 1 ? "noted" : `noted for ${targets.length} findings`, "good");
  }

  private note(session: ReviewSession, targets: readonly string[], change: Partial<Triage>): TriageChange {
    const findings = new Map(session.findings().map((f) => [f.fingerprint, f]));
    return this.save(() =>
      this.setup.triage.change(targets, (before, fingerprint) => {
        const finding = findings.get(fingerprint);
        const place = finding === undefined ? {} : { rule: finding.rule, place: `${finding.file}:${finding.line}` };
        return clean({ ...before, ...change, ...place });
      }),
    );
  }

  private save<T>(write: () => T): T {
    try {
      const value = write();
      this.store.dispatch({ type: "saved", ok: true });
      return value;
    } catch (error) {
      this.store.dispatch({ type: "saved", ok: false });
      throw error;
    }
  }

  /** By comments; what no comment can suppress goes to the triage file, so that the decision is not lost. */
  private async suppress(session: ReviewSession, effect: Extract<Effect, { type: "suppress-comment" }>): Promise<void> {
    const { targets, reason } = effect;
    if (await this.areOutdated(session, targets)) return;
    const { suppressed, left } = await session.suppress(targets, reason);
    const fingerprints = left.map((f) => f.fingerprint);
    try {
      const triage = left.length > 0 ? this.note(session, fingerprints, { state: "suppressed", reason }) : undefined;
      this.history.add({ files: suppressed.length > 0, triage });
    } catch (error) {
      this.history.add({ files: suppressed.length > 0 });
      throw error;
    }
    this.show();
    if (left.length === 0) this.tell(`suppressed ${suppressed.length}`, "good");
    else {
      const done = suppressed.length > 0 ? `suppressed ${suppressed.length}; ` : "";
      this.tell(`${done}${left.length} in triage.json: no comment works there`, "info");
    }
  }

  private async edit(session: ReviewSession, fingerprint: string, step: number): Promise<void> {
    const item = this.store.state().items.find((i) => i.finding.fingerprint === fingerprint);
    if (item === undefined) return;
    const place = item.finding.evidence[step] ?? item.finding;
    const { command, args, name } = editorCommand(this.setup.env, join(session.root, place.file), place.line);
    const status = this.setup.terminal.run(command, args);
    const changed = session.changedOutside();
    if (changed.length > 0) await session.reload(changed);
    this.show();
    if (status === null) this.tell(`${name} could not be started: set $EDITOR`, "bad");
    else if (status !== 0) this.tell(`${name} ended with status ${status}`, "bad");
    else if (changed.length > 0) this.tell(`scanned again: ${changed.join(", ")}`, "good");
  }

  /** By the terminal itself (OSC 52), so that it works over ssh. */
  private copy(text: string): void {
    process.stdout.write(`\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`);
    this.tell(`copied ${text}`, "good");
  }

  private export(session: ReviewSession, targets: readonly string[]): void {
    const wanted = new Set(targets);
    const items = this.store.state().items.filter((i) => wanted.has(i.finding.fingerprint));
    this.tell(`${items.length} findings written to ${writeSelection(session.root, items)}`, "good");
  }

  /** Whether files of the findings changed outside, so that what the user decided about is not what is there. Says so. */
  private async areOutdated(session: ReviewSession, targets: readonly string[]): Promise<boolean> {
    const changed = session.changedOutside();
    if (changed.length === 0) return false;
    const files = new Set(session.findings().flatMap((f) => (targets.includes(f.fingerprint) ? [f.file] : [])));
    await session.reload(changed);
    this.show();
    const own = changed.filter((file) => files.has(file));
    if (own.length > 0) this.tell(`nothing was written: changed outside, scanned again: ${own.join(", ")}`, "bad");
    return own.length > 0;
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
