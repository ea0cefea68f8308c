/** Characters of audited text that nobody sees, or that change what one sees. */

/** C0 and C1 controls, DEL, line separators, characters that reorder text, halves of pairs: none may reach a reader as it is. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `text` with every invisible or reordering character written out as `\x1b` or `\u202e`. Newlines too. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapeCharacter);
}

/** `text` in pieces: hidden characters written out, each on its own, and what stands between them as it is. */
export function visiblePieces(text: string): { text: string; hidden: boolean }[] {
  const pieces: { text: string; hidden: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), hidden: false });
    pieces.push({ text: escapeCharacter(match[0]), hidden: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hidden: false });
  return pieces;
}

function escapeCharacter(c: string): string {
  const code = c.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
