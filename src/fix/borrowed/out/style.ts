/** How a file writes conditions and blocks, so that inserted code looks like its neighbours. */
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";

export interface CodeStyle {
  /** Between `if` and its parenthesis. */
  gap: string;
  /** Inside the parentheses of a condition. */
  padding: string;
  /** The brace that opens a block stands on a line of its own. */
  braceOnOwnLine: boolean;
  /** One step of indentation. */
  unit: string;
  /** Columns that the file's lines keep to. */
  width: number;
  /** `NULL`, or `nullptr` where the file says so. */
  null: string;
}

const memo = new WeakMap<FixSource, CodeStyle>();

/** The style that most of the file's conditions are written in. */
export function styleOf(source: FixSource): CodeStyle {
  let style = memo.get(source);
  if (style === undefined) {
    style = measure(source);
    memo.set(source, style);
  }
  return style;
}

function measure(source: FixSource): CodeStyle {
  let gaps = 0;
  let padded = 0;
  let own = 0;
  let conditions = 0;
  let nullptrs = 0;
  const work: SyntaxNode[] = [source.root];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    work.push(...node.children);
    if (node.type === "null" && source.textOf(node) === "nullptr") nullptrs++;
    if (node.type !== "if_statement") continue;
    const condition = child(node, "condition");
    const body = child(node, "consequence");
    if (condition === undefined || body === undefined) continue;
    conditions++;
    if (source.text[node.start + 2] === " ") gaps++;
    if (source.text[condition.start + 1] === " ") padded++;
    if (body.type !== "compound_statement") continue;
    own += source.isFirstOnLine(body.start) ? 1 : -1;
  }
  return {
    gap: conditions === 0 || gaps * 2 >= conditions ? " " : "",
    padding: padded * 2 > conditions ? " " : "",
    braceOnOwnLine: own > 0,
    unit: source.indentUnit,
    width: widthOf(source),
    null: nullptrs > 0 && source.language === "cpp" ? "nullptr" : "NULL",
  };
}

/** Lines longer than 79 columns are no habit unless there are more than a few of them. */
function widthOf(source: FixSource): number {
  const { starts } = source.lines;
  let long = 0;
  for (let i = 0; i + 1 < starts.length; i++) if (starts[i + 1] - starts[i] > 81) long++;
  return long * 50 > starts.length ? 100 : 79;
}

/** `if (condition) { body }` over several lines; the first line has no indentation of its own. */
export function ifBlock(style: CodeStyle, indent: string, condition: string, body: readonly string[]): string {
  const { gap, padding, braceOnOwnLine, unit } = style;
  const head = `if${gap}(${padding}${condition}${padding})`;
  const lines = body.map((line) => `${indent}${unit}${line}`);
  const open = braceOnOwnLine ? `${head}\n${indent}{` : `${head} {`;
  return [open, ...lines, `${indent}}`].join("\n");
}

/** Column of the end of an indentation, with tabs of eight. */
export function columnOf(indent: string): number {
  let column = 0;
  for (const c of indent) column = c === "\t" ? column + 8 - (column % 8) : column + 1;
  return column;
}
