/** What a sweep says while it runs: a line that is drawn over itself on a terminal, elsewhere a line for each target. */
import type { SweepRecord } from "../../src/audit/sweep/record.ts";
import type { Target } from "../../src/audit/sweep/targets.ts";
import { plural, riskCounts } from "../../src/report/totals.ts";
import { cutEnd, visible } from "../../src/report/visible.ts";

const BAR = 20;
/** Targets that must be done before it can be said how long the others take. */
const ENOUGH = 3;

export class SweepProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  readonly #jobs: number;
  readonly #running = new Set<string>();
  #done = 0;
  #failed = 0;
  #timed = 0;
  #milliseconds = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream, total: number, jobs: number) {
    this.#stream = stream;
    this.#total = total;
    this.#jobs = jobs;
    // The time that is left changes also while nothing happens.
    if (stream.isTTY) this.#timer = setInterval(() => this.#draw(), 1000).unref();
  }

  started({ name }: Target): void {
    this.#running.add(name);
    this.#draw();
  }

  finished({ name }: Target, record: SweepRecord, isNew: boolean, ms: number): void {
    this.#running.delete(name);
    this.#done++;
    const failed = record.state === "failed" || record.state === "timed-out";
    if (failed) this.#failed++;
    if (isNew) {
      this.#timed++;
      this.#milliseconds += ms;
    }
    if (!this.#stream.isTTY || failed) {
      this.clear(false);
      const time = isNew ? ` (${(ms / 1000).toFixed(1)} s)` : "";
      const place = String(this.#done).padStart(String(this.#total).length);
      this.#stream.write(
        `[${place}/${this.#total}] ${visible(name)}: ${isNew ? outcome(record) : "unchanged"}${time}\n`,
      );
    }
    this.#draw();
  }

  /** Takes the line away; for good, unless more is to come. */
  clear(forGood = true): void {
    if (forGood) clearInterval(this.#timer);
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }

  #draw(): void {
    if (!this.#stream.isTTY || this.#done === this.#total) return;
    const full = Math.round((this.#done / this.#total) * BAR);
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
    const left = this.#timed < ENOUGH ? "" : `, ${remaining(this.#remainingMs())} left`;
    const running = [...this.#running].map(visible).join(", ");
    const bar = `${"━".repeat(full)}${"╌".repeat(BAR - full)}`;
    const line = `${bar} ${this.#done}/${this.#total} targets${failed}${left}  ${running}`;
    this.#stream.write(`\r\x1b[2K${cutEnd(line, (this.#stream.columns || 80) - 1)}`);
  }

  #remainingMs(): number {
    return ((this.#total - this.#done) * (this.#milliseconds / this.#timed)) / this.#jobs;
  }
}

function outcome({ state, reason, summary }: SweepRecord): string {
  if (state === "no-extension") return "no extension code";
  if (summary === null) return visible(reason ?? state);
  return riskCounts(summary.risks) || "no findings";
}

/** As in `about 3 min`. */
function remaining(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 1);
  if (seconds < 90) return `about ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${Math.round(minutes / 60)} h`;
}

/** The end of the run in a sentence or two. `others` counts records that were in the file and not asked for. */
export function totals(states: ReadonlyMap<string, number>, others: number): string {
  const count = (state: string) => states.get(state) ?? 0;
  const parts = [
    [count("done"), "audited"],
    [count("no-extension"), "without extension code"],
    [count("failed"), "failed"],
    [count("timed-out"), "timed out"],
  ] as const;
  const all = [...states.values()].reduce((a, b) => a + b, 0);
  const sentence = parts.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}`])).join(", ");
  const kept = others === 0 ? "" : `${plural(others, "record")} of other targets stayed in the file.\n`;
  return `${plural(all, "target")}: ${sentence || "nothing to do"}.\n${kept}`;
}
