/** The source of the statement a finding stands on, without the block that may hang on it. */

/** Longer statements are cut: enough to tell them apart. */
const REACH = 400;

/**
 * The text from the last `;`, `{` or `}` before `start` to the first one after `end`. For `if (f(x)) {` that is the head alone,
 * so changes in the body do not matter. Such characters inside strings only shorten the answer.
 */
export function statementAround(text: string, start: number, end: number): string {
  let from = start;
  while (from > 0 && start - from < REACH && !isBoundary(text.charCodeAt(from - 1))) from--;
  let to = Math.min(end, start + REACH);
  while (to < text.length && to - end < REACH && !isBoundary(text.charCodeAt(to))) to++;
  return text.slice(from, to);
}

function isBoundary(code: number): boolean {
  return code === 0x3b || code === 0x7b || code === 0x7d;
}
