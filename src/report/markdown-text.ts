/**
 * Text of audited files in Markdown: nothing in it may become markup, a link, a mention of a person or a reference to an issue, on
 * GitHub or GitLab. Both look for such things in all text but code, and undo escapes and entities before, so code it becomes.
 */
import { visible } from "./visible.ts";

/** A word between the punctuation around it. */
const WORD = /^(["'(]*)(.*?)([)"'.,;:?!]*)$/s;
/** Words in which no Markdown and no code host sees anything but a word. */
const PLAIN = /^(?:[A-Za-z0-9]+(?:['/.,-][A-Za-z0-9]+)*|[-=])?$/;
/** Plain to look at, but made into links: commits, web addresses, issues as in GH-12. */
const LINKED = /\b(?:[0-9a-f]{7,64}\b|[a-z]+-\d)|www\./i;

/** A message, in which backticks mark code, as Markdown on one line. It must not stand at the begin of a line. */
export function prose(message: string): string {
  const parts = visible(message).split("`");
  // An odd backtick marks nothing.
  if (parts.length % 2 === 0) return words(visible(message));
  // Backticks of two spans that touch would be one longer fence.
  return parts.map((part, i) => (i % 2 === 1 ? code(part) : words(part))).reduce(besides, "");
}

function besides(before: string, after: string): string {
  return before.endsWith("`") && after.startsWith("`") ? `${before} ${after}` : before + after;
}

function words(text: string): string {
  return text.replace(/[^ ]+/g, (all) => {
    const [, before, word, after] = WORD.exec(all) as unknown as [string, string, string, string];
    return PLAIN.test(word) && !LINKED.test(word) ? all : before + code(word) + after;
  });
}

/** `text` as a code span that nothing in it can end; not for tables, where a bar ends a cell even so. */
export function code(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return "";
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}
