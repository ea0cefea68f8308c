/** The change that a fix makes. */

import { visible } from "../../../hidden-characters.ts";
import type { PageData, PageFix } from "../../page-data.ts";
import { plural } from "../../words.ts";
import { type DiffLine, diffLines } from "../model/changed-words.ts";
import { Path, Text } from "./text.tsx";

/** Longer runs of lines are folded: they are definitions for older Pythons, the same in every fix. */
const LONG = 40;

export function Diff({ files, data }: { files: PageFix["files"]; data: PageData }) {
  return (
    <>
      {files.map(({ file, isNew, hunks }) => (
        <figure class="frame">
          <figcaption class="frame-head">
            <span class="frame-place">
              <Path path={data.files[file].name} />
            </span>
            {isNew && <span class="frame-function">new file</span>}
          </figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
          <div class="code diff" tabIndex={0} role="group" aria-label={`Change of ${visible(data.files[file].name)}`}>
            {hunks.map((index) => (
              <Hunk lines={diffLines(data.hunks[index])} />
            ))}
          </div>
        </figure>
      ))}
    </>
  );
}

function Hunk({ lines }: { lines: readonly DiffLine[] }) {
  const body = lines.map((line) => <HunkLine line={line} />);
  if (lines.length <= LONG) return <div class="hunk">{body}</div>;
  const added = lines.filter((l) => l.kind === "added").length;
  return (
    <details class="hunk">
      <summary>
        {plural(added, "added line")} at line {lines[0].now ?? 1}
      </summary>
      {body}
    </details>
  );
}

const SIGNS: Record<DiffLine["kind"], string> = { added: "+", removed: "-", same: " ", remark: "\\" };

function HunkLine({ line: { kind, text, old, now, changed } }: { line: DiffLine }) {
  return (
    <div class={`line ${kind}`}>
      <span class="line-number" data-number={old ?? ""} />
      <span class="line-number" data-number={now ?? ""} />
      <code>
        <span class="sign">{SIGNS[kind]}</span>
        {changed === undefined ? (
          <Text text={text} />
        ) : (
          <>
            <Text text={text.slice(0, changed.start)} />
            <span class="changed">
              <Text text={text.slice(changed.start, changed.end)} />
            </span>
            <Text text={text.slice(changed.end)} />
          </>
        )}
      </code>
    </div>
  );
}
