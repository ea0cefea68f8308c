/** The Markdown of rules, taken apart for readers with lines of their own width. */

/** Each paragraph and each point of a list in one line, so that it can be wrapped anew; code and headings stay as they are. */
export function markdownLines(markdown: string): string[] {
  const lines: string[] = [];
  for (const line of markdown.split("\n")) {
    const last = lines[lines.length - 1];
    const begins = line.trim() === "" || /^(#|[-*] | {4})/.test(line);
    if (begins || !last || /^(#| {4})/.test(last)) lines.push(line.trimEnd());
    else lines[lines.length - 1] = `${last} ${line.trim()}`;
  }
  return lines;
}
