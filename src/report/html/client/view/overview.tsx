/** The project as a whole: totals, charts, modules, and what could not be audited. */
import { FAMILIES, RISKS } from "../../../../rule-api/risks.ts";
import type { PageModule, PageProblem } from "../../page-data.ts";
import { DECLARED, excludedText, FIX_LEVELS, initText, leftOutNotes, plural } from "../../words.ts";
import { type Facet, NO_MODULE } from "../model/filter.ts";
import { byBadness, countRisks, type Item, type Report } from "../model/report.ts";
import { type Bar, BarChart, Legend } from "./bars.tsx";
import { facetLabel } from "./facets.tsx";
import { Path, Text } from "./text.tsx";

interface Props {
  report: Report;
  onOnly(facet: Facet, value: string): void;
  onFile(name: string): void;
}

/** Files in the chart of the worst. */
const WORST = 10;

export function Overview({ report, onOnly, onFile }: Props) {
  const { data, items } = report;
  const { totals } = data;
  return (
    <div class="overview">
      <h2 id="overview-title" tabIndex={-1}>
        Overview
      </h2>
      <p class="lead">
        {totals.findings === 0 ? "No findings" : plural(totals.findings, "finding")} in {plural(totals.files, "file")},{" "}
        {plural(totals.functions, "function")}, {plural(totals.lines, "line")}, audited for free-threaded CPython{" "}
        {data.target}; the oldest supported Python is {data.minPython}
        {data.minPythonKnown ? "" : " (assumed)"}.
      </p>
      <ul class="notes">
        {leftOutNotes(totals).map((note) => (
          <li>
            <Text text={note} />
          </li>
        ))}
        {data.problems.length > 0 && (
          <li>
            <button type="button" class="link" onClick={toNotAudited}>
              {plural(data.problems.length, "place")} not audited, or in doubt
            </button>
          </li>
        )}
      </ul>
      {items.length > 0 && (
        <>
          <RiskTiles items={items} onPick={(risk) => onOnly("risk", risk)} />
          <FixSummary report={report} onPick={(level) => onOnly("fix", level)} />
          <section aria-labelledby="by-family">
            <h3 id="by-family">Findings by family</h3>
            <Legend />
            <BarChart title="Findings by family" bars={familyBars(items)} onPick={(f) => onOnly("family", f)} />
          </section>
        </>
      )}
      <section aria-labelledby="by-module">
        <h3 id="by-module">Findings by module</h3>
        {data.modules.length === 0 && <p>No module definition was found.</p>}
        <BarChart title="Findings by module" bars={moduleBars(report)} onPick={(m) => onOnly("module", m)} />
      </section>
      {items.length > 0 && (
        <section aria-labelledby="worst-files">
          <h3 id="worst-files">Worst files</h3>
          <BarChart title="Worst files" bars={fileBars(items)} onPick={onFile} />
        </section>
      )}
      <NotAudited problems={data.problems} />
      {data.excluded.length > 0 && (
        <section aria-labelledby="left-out">
          <h3 id="left-out">Left out</h3>
          <ul class="problems">
            {data.excluded.map((e) => (
              <li>
                <Text text={`${e.reason}: ${excludedText(e)}`} />
                {e.examples.length > 0 && (
                  <span class="muted">
                    , as <Text text={e.examples.join(", ")} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="muted">
        Made by {data.tool.name} {data.tool.version}. <code>ungil explain RULE</code> says more of a rule.
      </p>
    </div>
  );
}

function toNotAudited(): void {
  const title = document.getElementById("not-audited");
  title?.scrollIntoView();
  title?.focus();
}

function RiskTiles({ items, onPick }: { items: readonly Item[]; onPick(risk: string): void }) {
  const counts = countRisks(items);
  return (
    <ul class="tiles" aria-label="Findings by risk">
      {RISKS.map((risk, i) => (
        <li>
          <button type="button" class={`tile risk-${risk}`} disabled={counts[i] === 0} onClick={() => onPick(risk)}>
            <span class="tile-number">{counts[i]}</span> <span class="tile-name">{risk}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function FixSummary({ report, onPick }: { report: Report; onPick(level: string): void }) {
  const { items, data } = report;
  const { proven, problem } = data.fixes;
  const levels = ["safe", "review", "manual"] as const;
  const of = (level: string) => items.filter((i) => i.level === level).length;
  return (
    <section aria-labelledby="fixes-title">
      <h3 id="fixes-title">What ungil can fix</h3>
      <ul class="fix-levels">
        {levels.map((level) => (
          <li>
            <button
              type="button"
              class={`level level-${level}`}
              disabled={of(level) === 0}
              onClick={() => onPick(level)}
            >
              <b>{of(level)}</b> {FIX_LEVELS[level]}
            </button>
          </li>
        ))}
      </ul>
      <p class="muted">
        {proven
          ? "Each fix was tried on its own: the changed code was parsed and audited again, and its references counted. "
          : "Levels are what the rules say; nothing was proven. "}
        <code>ungil fix</code> writes the safe ones, <code>--level review</code> those for review, too.
      </p>
      {problem !== undefined && (
        <p class="warning">
          <Text text={`Not all fixes could be worked out: ${problem}.`} />
        </p>
      )}
    </section>
  );
}

function familyBars(items: readonly Item[]): Bar[] {
  return FAMILIES.map((family) => {
    return { key: family, label: family, counts: countRisks(items.filter((i) => i.family === family)) };
  });
}

const TONES: Record<string, Bar["noteTone"]> = { yes: "good", no: "bad", used: "bad" };

function moduleBars({ items, data }: Report): Bar[] {
  const bars = data.modules.map((m: PageModule): Bar => {
    // Modules of the same name exist side by side, one for each platform: the findings of the name stand at each.
    const counts = countRisks(items.filter((i) => i.module === m.name));
    const note = `${initText(m)}, ${DECLARED[m.declared] ?? m.declared}`;
    return { key: m.name, label: m.name, counts, note, noteTone: TONES[m.declared] };
  });
  const homeless = items.filter((i) => i.module === "");
  const sorted = bars.sort((a, b) => byBadness(a.counts, b.counts) || (a.label < b.label ? -1 : 1));
  if (homeless.length === 0) return sorted;
  return [...sorted, { key: NO_MODULE, label: facetLabel("module", NO_MODULE), counts: countRisks(homeless) }];
}

function fileBars(items: readonly Item[]): Bar[] {
  const byFile = new Map<string, Item[]>();
  for (const item of items) {
    const own = byFile.get(item.fileName);
    if (own) own.push(item);
    else byFile.set(item.fileName, [item]);
  }
  return [...byFile]
    .map(([name, own]): Bar => ({ key: name, label: name, counts: countRisks(own) }))
    .sort((a, b) => byBadness(a.counts, b.counts) || (a.label < b.label ? -1 : 1))
    .slice(0, WORST);
}

function NotAudited({ problems }: { problems: readonly PageProblem[] }) {
  if (problems.length === 0) return null;
  const skipped = problems.filter((p) => p.skipped).length;
  const sorted = [...problems].sort((a, b) => Number(b.skipped) - Number(a.skipped));
  return (
    <section aria-labelledby="not-audited">
      <h3 id="not-audited" tabIndex={-1}>
        Not audited, or in doubt <span class="muted">{`${problems.length}, ${skipped} skipped`}</span>
      </h3>
      <ul class="problems">
        {sorted.map((p) => (
          <li>
            <span class={p.skipped ? "badge skipped" : "badge"}>{p.skipped ? "skipped" : p.kind}</span>{" "}
            {p.file !== "" && (
              <>
                <Path path={p.file} />
                {p.line !== undefined && `:${p.line}`}
                {": "}
              </>
            )}
            <Text text={p.message} />
          </li>
        ))}
      </ul>
    </section>
  );
}
