/** The list of findings. Only the rows in sight are in the document, so that thousands are no burden. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { FIX_LEVELS } from "../../words.ts";
import { total } from "../model/report.ts";
import type { Grouping, GroupRow, ItemRow, Row } from "../model/rows.ts";
import { RiskBar, Total } from "./bars.tsx";
import { Path, Prose, Text } from "./text.tsx";

/** Heights of rows in rem: the style sheet has the same. */
const HEIGHT: Record<Row["kind"], number> = { item: 3.375, group: 2.125 };
/** Rows beyond the edges that are there already when one scrolls to them. */
const SPARE = 6;

interface Props {
  rows: readonly Row[];
  grouping: Grouping;
  cursor: string | undefined;
  selected: string | undefined;
  onOpen(row: Row): void;
}

export function FindingList({ rows, grouping, cursor, selected, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { top, height, onScroll } = useScroll(box);
  const rem = useRem();
  const tops = useMemo(() => {
    const result = [0];
    for (const row of rows) result.push(result[result.length - 1] + HEIGHT[row.kind] * rem);
    return result;
  }, [rows, rem]);
  const at = rows.findIndex((r) => r.key === cursor);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || at < 0) return;
    // What stands above all rows would cover it.
    const start = grouping === "none" || rows[at].kind === "group" ? tops[at] : tops[at] - HEIGHT.group * rem;
    const { scrollTop, clientHeight } = element;
    const isFar = tops[at + 1] < scrollTop - clientHeight / 2 || start > scrollTop + 1.5 * clientHeight;
    if (isFar) element.scrollTop = start - clientHeight / 3;
    else if (start < scrollTop) element.scrollTop = start;
    else if (tops[at + 1] > scrollTop + clientHeight) element.scrollTop = tops[at + 1] - clientHeight;
  }, [cursor, tops]);

  const first = Math.max(firstAfter(tops, top) - 1 - SPARE, 0);
  const last = Math.min(firstAfter(tops, top + height) + SPARE, rows.length);
  const shown = rows.slice(first, last);
  const above = groupAbove(rows, tops, top);
  return (
    <div
      ref={box}
      id="list"
      class="list"
      role="tree"
      tabIndex={0}
      aria-label="Findings"
      aria-activedescendant={at >= first && at < last ? rowId(at) : undefined}
      onScroll={onScroll}
    >
      {above !== undefined && (
        <div class="list-above" role="presentation" aria-hidden="true">
          <GroupHead row={above} isPath={grouping === "file"} onClick={() => onOpen(above)} />
        </div>
      )}
      <div class="list-inner" role="presentation" style={{ height: `${tops[rows.length]}px` }}>
        {shown.map((row, i) => {
          const shared = {
            id: rowId(first + i),
            top: tops[first + i],
            isCursor: row.key === cursor,
            onClick: () => onOpen(row),
          };
          return row.kind === "group" ? (
            <GroupView key={row.key} row={row} isPath={grouping === "file"} {...shared} />
          ) : (
            <ItemView key={row.key} row={row} grouping={grouping} isSelected={row.key === selected} {...shared} />
          );
        })}
      </div>
    </div>
  );
}

/** By number: names of files may have anything in them. */
function rowId(index: number): string {
  return `row-${index}`;
}

interface RowProps {
  id: string;
  top: number;
  isCursor: boolean;
  onClick(): void;
}

function GroupView({ row, isPath, id, top, isCursor, onClick }: RowProps & { row: GroupRow; isPath: boolean }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
    <div
      id={id}
      tabIndex={-1}
      class={`row group${isCursor ? " cursor" : ""}`}
      role="treeitem"
      aria-level={1}
      aria-expanded={row.isOpen}
      aria-setsize={row.size}
      aria-posinset={row.position}
      style={{ top: `${top}px` }}
      onClick={onClick}
    >
      <GroupText row={row} isPath={isPath} />
    </div>
  );
}

/** The group that the first row in sight belongs to; undefined if its own row is in sight. */
function groupAbove(rows: readonly Row[], tops: readonly number[], top: number): GroupRow | undefined {
  let at = firstAfter(tops, top) - 1;
  if (at < rows.length && tops[at] === top && rows[at]?.kind === "group") return undefined;
  while (at > 0 && rows[at]?.kind !== "group") at--;
  const row = rows[at];
  return row?.kind === "group" && tops[at] < top ? row : undefined;
}

/** A group's row that stays at the top; for the eye alone, the row itself is in the tree. */
function GroupHead({ row, isPath, onClick }: { row: GroupRow; isPath: boolean; onClick(): void }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the row itself has the role
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
    <div class="row group" data-open={row.isOpen} onClick={onClick}>
      <GroupText row={row} isPath={isPath} />
    </div>
  );
}

function GroupText({ row, isPath }: { row: GroupRow; isPath: boolean }) {
  return (
    <>
      <span class="chevron" aria-hidden="true" />
      {isPath ? <Path path={row.label} /> : <Text text={row.label} />}
      <RiskBar counts={row.counts} most={total(row.counts)} />
      <span class="group-count">
        <Total counts={row.counts} />
      </span>
    </>
  );
}

function ItemView({
  row,
  grouping,
  id,
  top,
  isCursor,
  isSelected,
  onClick,
}: RowProps & { row: ItemRow; grouping: Grouping; isSelected: boolean }) {
  const { item } = row;
  const slash = item.fileName.lastIndexOf("/") + 1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
    <div
      id={id}
      tabIndex={-1}
      class={`row item risk-${item.risk}${isCursor ? " cursor" : ""}`}
      role="treeitem"
      aria-level={grouping === "none" ? 1 : 2}
      aria-selected={isSelected}
      aria-setsize={row.size}
      aria-posinset={row.position}
      style={{ top: `${top}px` }}
      onClick={onClick}
    >
      <span class="row-risk">{item.risk}</span>
      <span class="row-rule">{grouping === "rule" ? item.function || item.symbol : item.ruleName}</span>
      <span class="row-place">
        <Text text={`${grouping === "file" ? "" : item.fileName.slice(slash)}:${item.line}`} />
      </span>
      <span class="row-message">
        <Prose text={item.message} />
      </span>
      {item.level !== "none" && item.level !== "manual" && (
        <span class={`row-fix level-${item.level}`}>
          <span class="off-screen">fix: </span>
          {FIX_LEVELS[item.level]}
        </span>
      )}
    </div>
  );
}

function useScroll(box: { current: HTMLDivElement | null }) {
  const [{ top, height }, set] = useState({ top: 0, height: 0 });
  const measure = () => {
    const element = box.current;
    if (element !== null) set({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { top, height, onScroll: measure };
}

/** Pixels of a rem: readers choose the size of their text. */
function useRem(): number {
  const read = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const [rem, set] = useState(read);
  useEffect(() => {
    const update = () => set(read());
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return rem;
}

/** Index of the first of the ascending `tops` that is greater than `value`. */
function firstAfter(tops: readonly number[], value: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
