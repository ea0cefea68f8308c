/** The change that a fix makes. */

import { visible } from "../../../hidden-characters.ts";
import type { PageData, PageFix, PageHunk } from "../../page-data.ts";
import { plural } from "../../words.ts";
import { type DiffLine, diffLines } from "../model/changed-words.ts";
import { LineText } from "./line-text.tsx";
import { Path } from "./text.tsx";

/** Longer runs of lines are folded. */
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
              <Hunk hunk={data.hunks[index]} />
            ))}
          </div>
        </figure>
      ))}
    </>
  );
}

function Hunk({ hunk }: { hunk: PageHunk }) {
  const lines = diffLines(hunk);
  const body = lines.map((line) => <HunkLine line={line} />);
  if (hunk.isCompat === undefined && lines.length <= LONG) return <div class="hunk">{body}</div>;
  const added = plural(lines.filter((l) => l.kind === "added").length, "added line");
  return (
    <details class="hunk">
      <summary>
        {hunk.isCompat ? `Newer Python API, for older Pythons: ${added}` : `${added} at line ${hunk.newStart}`}
      </summary>
      {body}
    </details>
  );
}

const SIGNS: Record<DiffLine["kind"], string> = { added: "+", removed: "-", same: " ", remark: "\\" };

function HunkLine({ line: { kind, line, old, now, changed } }: { line: DiffLine }) {
  return (
    <div class={`line ${kind}`}>
      <span class="line-number" data-number={old ?? ""} />
      <span class="line-number" data-number={now ?? ""} />
      <code>
        <span class="sign">{SIGNS[kind]}</span>
        <LineText line={line} marks={changed ? [changed] : []} markClass="changed" />
      </code>
    </div>
  );
}
