/** Audited text in the page: always as text, with everything visible. */
import { visiblePieces } from "../../../hidden-characters.ts";

/** `text` with hidden characters written out and set apart; tabs stay tabs. */
export function Text({ text }: { text: string }) {
  const pieces = visiblePieces(text);
  if (pieces.every((p) => !p.hidden)) return <>{text}</>;
  return (
    <>
      {pieces.map(({ text: piece, hidden }) => {
        if (!hidden) return piece;
        return piece === "\\x09" ? "\t" : <span class="hidden-character">{piece}</span>;
      })}
    </>
  );
}

/** A sentence in which backticks stand around code. */
export function Prose({ text }: { text: string }) {
  const parts = text.split(/`([^`]+)`/);
  return <>{parts.map((part, i) => (i % 2 === 1 ? <code>{<Text text={part} />}</code> : <Text text={part} />))}</>;
}

/** Paragraphs, lists and indented code: all that the documentation of a rule has. */
export function Markdown({ text }: { text: string }) {
  return <>{blocks(text).map((block) => blockView(block))}</>;
}

type Block = { kind: "code" | "paragraph"; text: string } | { kind: "list"; items: string[] };

function blocks(text: string): Block[] {
  return text
    .split(/\n[ \t]*\n/)
    .filter((part) => part.trim() !== "")
    .map((part): Block => {
      if (part.startsWith("    ")) return { kind: "code", text: part.replace(/^ {4}/gm, "") };
      if (!/^[-*] /.test(part)) return { kind: "paragraph", text: part };
      return { kind: "list", items: part.slice(2).split(/\n[-*] /) };
    })
    .reduce<Block[]>((joined, block) => {
      const last = joined[joined.length - 1];
      // Code may have blank lines in it.
      if (block.kind === "code" && last?.kind === "code") last.text += `\n\n${block.text}`;
      else joined.push(block);
      return joined;
    }, []);
}

function blockView(block: Block) {
  switch (block.kind) {
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "paragraph":
      return (
        <p>
          <Prose text={block.text} />
        </p>
      );
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li>
              <Prose text={item} />
            </li>
          ))}
        </ul>
      );
  }
}

/** A path whose last part is never cut off. */
export function Path({ path }: { path: string }) {
  const slash = path.lastIndexOf("/") + 1;
  return (
    <span class="path">
      {slash > 0 && (
        <span class="path-folder">
          <Text text={path.slice(0, slash)} />
        </span>
      )}
      <span class="path-name">
        <Text text={path.slice(slash)} />
      </span>
    </span>
  );
}
