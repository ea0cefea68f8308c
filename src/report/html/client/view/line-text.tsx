/** The text of a line of code, in the colours of its tokens. */
import type { PageLine } from "../../page-data.ts";
import { lineParts, type Mark } from "../model/line-parts.ts";
import { Text } from "./text.tsx";

export function LineText({ line, marks, markClass }: { line: PageLine; marks: readonly Mark[]; markClass: string }) {
  const { parts, cutBefore, cutAfter } = lineParts(line, marks);
  return (
    <>
      {cutBefore && <span class="cut">…</span>}
      {parts.map(({ text, token, isMarked }) => {
        const classes = [token && `t-${token}`, isMarked && markClass].filter(Boolean).join(" ");
        return classes === "" ? (
          <Text text={text} />
        ) : (
          <span class={classes}>
            <Text text={text} />
          </span>
        );
      })}
      {cutAfter && <span class="cut">…</span>}
      {parts.length === 0 && "\n"}
    </>
  );
}
