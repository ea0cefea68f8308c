/** One finding: what it is, where, why, and what would be done about it. */
import type { ComponentChildren, RefObject } from "preact";
import type { PagePlace } from "../../page-data.ts";
import { FIX_LEVELS, plural } from "../../words.ts";
import { commandText, commentText, placeText } from "../model/copied.ts";
import type { Item, Report } from "../model/report.ts";
import { CodeFrame } from "./code.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Diff } from "./diff.tsx";
import { Markdown, Path, Prose, Text } from "./text.tsx";

interface Props {
  report: Report;
  item: Item;
  /** The step of the evidence that the reader is at, from 1. */
  step: number | undefined;
  heading: RefObject<HTMLHeadingElement | null>;
  onStep(step: number): void;
  /** Shows only what has the same value. */
  onOnly(facet: "module" | "rule", value: string): void;
}

/** Lines around the finding that are shown at first, and on demand; around a step of its evidence likewise. */
const AROUND = { finding: 5, step: 1 };
const MOST = { finding: 12, step: 5 };

export function Finding({ report, item, step, heading, onStep, onOnly }: Props) {
  const { data } = report;
  const steps = item.evidence.map((place, i) => ({ place, number: i + 1 }));
  const near = steps.filter(({ place }) => isInSight(place, item));
  return (
    <article class="finding" aria-labelledby="finding-title">
      <header>
        <p class="finding-kind">
          <span class={`badge risk-${item.risk}`}>{item.risk === "info" ? "info" : `${item.risk} risk`}</span>
          {item.level !== "none" && <span class={`badge level-${item.level}`}>fix {FIX_LEVELS[item.level]}</span>}
          <span class="muted">{item.family}</span>
        </p>
        <h2 id="finding-title" tabIndex={-1} ref={heading}>
          {item.ruleName}
        </h2>
        <p class="message">
          <Prose text={item.message} />
        </p>
        <dl class="facts">
          <Fact name="Place">
            <Path path={item.fileName} />:{item.line}:{item.column}
          </Fact>
          {item.function !== "" && (
            <Fact name="Function">
              <Text text={item.function} />
            </Fact>
          )}
          {item.symbol !== "" && (
            <Fact name="Symbol">
              <Text text={item.symbol} />
            </Fact>
          )}
          {item.module !== "" && (
            <Fact name="Module">
              <button type="button" class="link" onClick={() => onOnly("module", item.module)}>
                <Text text={item.module} />
              </button>
            </Fact>
          )}
        </dl>
        <div class="actions">
          <CopyButton text={placeText(item)}>Copy place</CopyButton>
          <CopyButton text={commentText(item)}>Copy ignore comment</CopyButton>
          <CopyButton text={() => location.href}>Copy link</CopyButton>
        </div>
      </header>

      <section aria-label="Code">
        <CodeFrame
          key={item.id}
          file={data.files[item.file]}
          place={item}
          inside={item.function}
          around={AROUND.finding}
          most={MOST.finding}
          steps={near.filter(({ place }) => place.line !== item.line)}
          onStep={onStep}
        />
      </section>

      {steps.length > 0 && (
        <section aria-labelledby="evidence-title">
          <h3 id="evidence-title">
            Evidence <span class="muted">{plural(steps.length, "step")}</span>
          </h3>
          <ol class="evidence">
            {item.evidence.map((place, i) => (
              <Step
                key={`${item.id}-${i}`}
                report={report}
                place={place}
                number={i + 1}
                isCurrent={step === i + 1}
                isNear={near.some((s) => s.number === i + 1)}
                onStep={onStep}
              />
            ))}
          </ol>
        </section>
      )}

      <FixSection report={report} item={item} />

      <details class="about">
        <summary>
          About <code>{item.ruleName}</code>
        </summary>
        <p class="about-summary">
          <Prose text={`${data.rules[item.rule].summary}.`} />
        </p>
        {data.rules[item.rule].docs.map(([head, text]) => (
          <section>
            <h4>{head}</h4>
            <Markdown text={text} />
          </section>
        ))}
        <p>
          <button type="button" class="link" onClick={() => onOnly("rule", item.ruleName)}>
            All findings of {item.ruleName}
          </button>
        </p>
      </details>
      <p class="fingerprint muted">
        Fingerprint <code>{item.id}</code>
      </p>
    </article>
  );
}

/** Whether the finding's own frame shows a place. */
function isInSight(place: PagePlace, item: Item): boolean {
  return (
    place.file === item.file &&
    place.line >= item.line - AROUND.finding &&
    place.line <= Math.max(item.endLine, item.line) + AROUND.finding
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface StepProps {
  report: Report;
  place: Item["evidence"][number];
  number: number;
  isCurrent: boolean;
  /** The finding's own frame shows it. */
  isNear: boolean;
  onStep(step: number): void;
}

function Step({ report, place, number, isCurrent, isNear, onStep }: StepProps) {
  const file = report.data.files[place.file];
  return (
    <li id={`step-${number}`} class={isCurrent ? "current" : ""} tabIndex={-1}>
      <p class="step-text">
        <button type="button" class="step-number" aria-label={`Go to step ${number}`} onClick={() => onStep(number)}>
          {number}
        </button>
        <span>
          <Prose text={place.text} />
        </span>
      </p>
      {isNear && !isCurrent ? (
        <p class="step-place muted">line {place.line}, in the code above</p>
      ) : (
        <CodeFrame file={file} place={place} inside={place.function} around={AROUND.step} most={MOST.step} />
      )}
    </li>
  );
}

function FixSection({ report, item }: { report: Report; item: Item }) {
  const { fix } = item;
  const { proven, problem } = report.data.fixes;
  if (fix === null) {
    return (
      <section aria-labelledby="fix-title">
        <h3 id="fix-title">Fix</h3>
        <p>None is known. {problem !== undefined && <Text text={`Fixes could not be worked out: ${problem}.`} />}</p>
      </section>
    );
  }
  const command = commandText(item, report);
  return (
    <section aria-labelledby="fix-title">
      <h3 id="fix-title">
        Fix <span class={`badge level-${fix.level}`}>{FIX_LEVELS[fix.level]}</span>{" "}
        <span class="muted">{fixStatus(fix.level, proven)}</span>
      </h3>
      {fix.title !== "" && (
        <p class="fix-title">
          <Prose text={`${fix.title[0].toUpperCase()}${fix.title.slice(1)}.`} />
        </p>
      )}
      {fix.notes.length > 0 && (
        <>
          <p class="label">{fix.level === "manual" ? "Why there is no rewrite" : "To look at"}</p>
          <ul>
            {fix.notes.map((note) => (
              <li>
                <Prose text={note} />
              </li>
            ))}
          </ul>
        </>
      )}
      {fix.recipe.length > 0 && (
        <>
          <p class="label">By hand</p>
          <ol>
            {fix.recipe.map((line) => (
              <li>
                <Prose text={line} />
              </li>
            ))}
          </ol>
        </>
      )}
      <Diff files={fix.files} data={report.data} />
      {command !== undefined && (
        <p class="command">
          <code>{command}</code> <CopyButton text={command}>Copy</CopyButton>
        </p>
      )}
      {problem !== undefined && (
        <p class="warning">
          <Text text={`Not all fixes could be worked out: ${problem}.`} />
        </p>
      )}
    </section>
  );
}

function fixStatus(level: keyof typeof FIX_LEVELS, proven: boolean): string {
  if (!proven) return "what the rule says, nothing is proven";
  return { safe: "proven", review: "written, a person must look at it", manual: "" }[level];
}
