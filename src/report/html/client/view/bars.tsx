/** Numbers of findings as bars and words. */
import { RISKS } from "../../../../rule-api/risks.ts";
import { visible } from "../../../hidden-characters.ts";
import { type Counts, countsText, total } from "../model/report.ts";
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
            data-value={visible(key)}
            onClick={() => onPick(key)}
          >
            <span class="chart-label">
              <span class="chart-name">
                <Text text={label} />
              </span>
              {note !== undefined && (
                <span class={`chart-note tone-${noteTone ?? "muted"}`}>
                  <Text text={note} />
                </span>
              )}
            </span>
            <span class="chart-count">
              <Total counts={counts} />
            </span>
            <RiskBar counts={counts} most={most} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A number of findings; who does not see the bar hears what it is made of. */
export function Total({ counts }: { counts: Counts }) {
  const all = total(counts);
  return (
    <>
      <span class="off-screen">: </span>
      {all}
      <span class="off-screen">
        {all === 1 ? " finding" : " findings"}
        {all > 0 && ` (${countsText(counts)})`}
      </span>
    </>
  );
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
