/** Numbers of findings as bars and words. */
import { RISKS } from "../../../../rule-api/risks.ts";
import { visible } from "../../../hidden-characters.ts";
import { type Counts, total } from "../model/report.ts";
import { Text } from "./text.tsx";

/** A bar in the colours of the risks, `total / most` of the full width. Numbers stand beside it. */
export function RiskBar({ counts, most }: { counts: Counts; most: number }) {
  return (
    <span class="bar" aria-hidden="true">
      {RISKS.map((risk, i) => {
        const width = most > 0 ? (counts[i] / most) * 100 : 0;
        return width > 0 ? <span class={`bar-part fill-${risk}`} style={{ width: `${width}%` }} /> : null;
      })}
    </span>
  );
}

export interface Bar {
  key: string;
  label: string;
  counts: Counts;
  /** More about it, beside the label. */
  note?: string;
  noteTone?: "good" | "bad" | "muted";
}

/** A bar chart whose bars can be clicked. What it says is in words, too. */
export function BarChart({ title, bars, onPick }: { title: string; bars: readonly Bar[]; onPick(key: string): void }) {
  const most = Math.max(...bars.map((b) => total(b.counts)), 1);
  return (
    <ul class="chart" aria-label={title}>
      {bars.map(({ key, label, counts, note, noteTone }) => (
        <li>
          <button
            type="button"
            class="chart-bar"
            disabled={total(counts) === 0}
            aria-label={barText(label, counts, note)}
            onClick={() => onPick(key)}
          >
            <span class="chart-label">
              <span class="chart-name">
                <Text text={label} />
              </span>
              {note !== undefined && <span class={`chart-note tone-${noteTone ?? "muted"}`}>{note}</span>}
            </span>
            <RiskBar counts={counts} most={most} />
            <span class="chart-count">{total(counts)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A bar in words, for those who do not see it. */
export function barText(label: string, counts: Counts, note?: string): string {
  const all = total(counts);
  const parts = RISKS.flatMap((risk, i) => (counts[i] > 0 ? `${counts[i]} ${risk}` : []));
  const detail = parts.length > 0 ? ` (${parts.join(", ")})` : "";
  return `${visible(label)}${note === undefined ? "" : `, ${note}`}: ${all} ${all === 1 ? "finding" : "findings"}${detail}`;
}

/** What the colours mean. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Colours of the risks">
      {RISKS.map((risk) => (
        <li>
          <span class={`legend-box fill-${risk}`} aria-hidden="true" />
          {risk}
        </li>
      ))}
    </ul>
  );
}
