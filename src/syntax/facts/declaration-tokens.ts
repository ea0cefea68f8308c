/** Names by which a module declares itself, wherever they stand in a file. */
import type { FileFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { endOfQuoted, isWord } from "../lower/env.ts";
import type { Conditional } from "../view/types.ts";

const NAMES = [
  "Py_mod_gil",
  "Py_MOD_GIL_NOT_USED",
  "Py_MOD_GIL_USED",
  "PyUnstable_Module_SetGIL",
  "Py_mod_multiple_interpreters",
  "Py_mod_exec",
  "mod_gil_not_used",
  "FREE_THREADED",
  "freethreading_compatible",
  "Py_LIMITED_API",
];

/** Every place of such a name outside comments and conditions; `live` is false in code that the target build does not compile. */
export function declarationTokens(
  text: string,
  dead: readonly Span[],
  conditionals: readonly Conditional[],
): FileFacts["declarationTokens"] {
  const found: FileFacts["declarationTokens"] = [];
  let comments: Span[] | undefined;
  for (const name of NAMES) {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
      const end = at + name.length;
      if (at > 0 && isWord(text.charCodeAt(at - 1))) continue;
      if (end < text.length && isWord(text.charCodeAt(end))) continue;
      comments ??= commentSpans(text);
      if (inside(comments, at) || inDirective(conditionals, at)) continue;
      const guards = conditionsAround(conditionals, at);
      found.push({ name, start: at, end, live: !inside(dead, at), ...(guards.length > 0 ? { guards } : {}) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/**
 * Conditions of the branches around an offset, outermost first. An `#else` stands under the condition of its `#if` too: it is
 * the same decision.
 */
function conditionsAround(conditionals: readonly Conditional[], at: number): string[] {
  const found: string[] = [];
  for (const group of conditionals) {
    if (at < group.start || at >= group.end) continue;
    for (const branch of group.branches) {
      if (branch.start > at) break;
      if (branch.condition !== "") found.push(branch.condition);
    }
  }
  return found;
}

function inDirective(conditionals: readonly Conditional[], at: number): boolean {
  return conditionals.some(
    (g) => g.start <= at && at < g.end && g.branches.some((b) => b.start <= at && at < b.bodyStart),
  );
}

function inside(spans: readonly Span[], at: number): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (spans[mid].end <= at) low = mid + 1;
    else high = mid;
  }
  return low < spans.length && spans[low].start <= at;
}

function commentSpans(text: string): Span[] {
  const spans: Span[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 47 && text.charCodeAt(i + 1) === 42) {
      const end = text.indexOf("*/", i + 2);
      const to = end < 0 ? text.length : end + 2;
      spans.push({ start: i, end: to });
      i = to;
    } else if (c === 47 && text.charCodeAt(i + 1) === 47) {
      const end = text.indexOf("\n", i);
      const to = end < 0 ? text.length : end;
      spans.push({ start: i, end: to });
      i = to;
    } else if (c === 34) i = Math.min(endOfQuoted(text, i), lineEnd(text, i));
    else i++;
  }
  return spans;
}

/** A string ends at its line at the latest: an apostrophe or quote in broken code must not swallow the file. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}
