/** The text of a line of code, in the colours of its tokens. */
import type { PageLine } from "../../page-data.ts";
import { type LinePart, lineParts, type Mark } from "../model/line-parts.ts";
import { Text } from "./text.tsx";

export function LineText({ line, marks, markClass }: { line: PageLine; marks: readonly Mark[]; markClass: string }) {
  const { parts, cutBefore, cutAfter } = lineParts(line, marks);
  return (
    <>
      {cutBefore && <span class="cut">…</span>}
      {runs(parts).map((run) =>
        run[0].isMarked ? <mark class={markClass}>{run.map(partView)}</mark> : run.map(partView),
      )}
      {cutAfter && <span class="cut">…</span>}
      {parts.length === 0 && "\n"}
    </>
  );
}

/** What is marked together has one box around it. */
function runs(parts: readonly LinePart[]): LinePart[][] {
  const result: LinePart[][] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.[0].isMarked === part.isMarked) last.push(part);
    else result.push([part]);
  }
  return result;
}

function partView({ text, token }: LinePart) {
  if (token === undefined) return <Text text={text} />;
  return (
    <span class={`t-${token}`}>
      <Text text={text} />
    </span>
  );
}
