/** Code around a place. */
import { useState } from "preact/hooks";
import { visible } from "../../../hidden-characters.ts";
import type { PageFile, PageLine, PagePlace } from "../../page-data.ts";
import type { Mark } from "../model/line-parts.ts";
import { LineText } from "./line-text.tsx";
import { Path, Text } from "./text.tsx";

interface Props {
  file: PageFile;
  place: PagePlace;
  /** Function around the place. */
  inside: string;
  /** Lines before and after that are shown at first, and on demand. */
  around: number;
  most: number;
  /** Further places in the file that are marked where they are in sight: steps of the evidence by their number, from 1. */
  steps?: readonly { place: PagePlace; number: number }[];
  onStep?(number: number): void;
}

/** Lines of a place that spans many: some are about a whole function. */
const LONGEST = 30;

export function CodeFrame({ file, place, inside, around, most, steps = [], onStep }: Props) {
  const [isWide, setWide] = useState(false);
  const region = file.regions.find(({ first, lines }) => first <= place.line && place.line < first + lines.length);
  const reach = isWide ? most : around;
  const end = Math.min(place.endLine, place.line + LONGEST);
  const from = region ? Math.max(region.first, place.line - reach) : place.line;
  const to = region ? Math.min(region.first + region.lines.length - 1, end + reach) : place.line;
  const canGrow =
    region !== undefined &&
    (from > Math.max(region.first, place.line - most) ||
      to < Math.min(region.first + region.lines.length - 1, end + most));
  const lines: { number: number; line: PageLine }[] = [];
  if (region) for (let n = from; n <= to; n++) lines.push({ number: n, line: region.lines[n - region.first] });
  return (
    <figure class="frame">
      <figcaption class="frame-head">
        <span class="frame-place">
          <Path path={file.name} />
          <span class="frame-line">:{place.line}</span>
        </span>
        {inside !== "" && (
          <span class="frame-function">
            <Text text={inside} />
          </span>
        )}
        {(canGrow || isWide) && (
          <button type="button" class="link" aria-expanded={isWide} onClick={() => setWide(!isWide)}>
            {isWide ? "Fewer lines" : "More lines"}
          </button>
        )}
      </figcaption>
      {region === undefined ? (
        <p class="gone">The code is not here: the file was gone or had changed when the report was made.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div class="code" tabIndex={0} role="group" aria-label={`Code of ${visible(file.name)}, line ${place.line}`}>
          {lines.map(({ number, line }) => (
            <CodeLine
              number={number}
              line={line}
              mark={markIn(place, number)}
              isMain={number === place.line}
              steps={steps.filter((s) => s.place.line === number)}
              onStep={onStep}
            />
          ))}
        </div>
      )}
    </figure>
  );
}

interface LineProps {
  number: number;
  line: PageLine;
  mark: Mark | undefined;
  isMain: boolean;
  steps: readonly { place: PagePlace; number: number }[];
  onStep?(number: number): void;
}

function CodeLine({ number, line, mark, isMain, steps, onStep }: LineProps) {
  const marks = mark ? [mark] : steps.flatMap((s) => markIn(s.place, number) ?? []);
  return (
    <div class={`line${isMain ? " main" : ""}${steps.length > 0 ? " noted" : ""}`}>
      <span class="line-number" data-number={number} />
      <code>
        <LineText line={line} marks={marks} markClass={mark ? "marked" : "pointed"} />
      </code>
      {steps.map((s) => (
        <button
          type="button"
          class="step-number"
          aria-label={`Evidence ${s.number}`}
          onClick={() => onStep?.(s.number)}
        >
          {s.number}
        </button>
      ))}
    </div>
  );
}

/** What of `place` is in line `number`. */
function markIn(place: PagePlace, number: number): Mark | undefined {
  if (number < place.line || number > Math.min(place.endLine, place.line + LONGEST)) return undefined;
  // A place over several lines is marked in its first: the rest is plain to see.
  if (number > place.line) return undefined;
  const end = place.endLine > place.line ? Number.MAX_SAFE_INTEGER : place.endColumn - 1;
  return { start: place.column - 1, end };
}
