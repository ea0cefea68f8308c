/** Where a comment can go into a source text without a token of it changing. */
import { LineMap } from "../text/lines.ts";
import { type Lexed, type LexOptions, lex } from "./view/lexer.ts";
import { directiveFrom, directiveTokens, TokenList } from "./view/token-list.ts";
import type { ViewOptions } from "./view/types.ts";

export type CommentOptions = Pick<ViewOptions, "language" | "template">;

/** Places in one text. Offsets are UTF-16. */
export class CommentPlaces {
  private readonly text: string;
  private readonly lines: LineMap;
  private readonly lexing: LexOptions;
  private readonly lexed: Lexed;
  private readonly code: TokenList;

  constructor(text: string, options: CommentOptions) {
    this.text = text;
    this.lines = LineMap.of(text);
    this.lexing = lexingOf(options);
    this.lexed = lex(text, this.lexing);
    this.code = new TokenList(text, 0, this.lexed.tokens);
  }

  /**
   * Begin of the line that an offset, or the macro that holds it, is on; undefined if no line can be put there: it would be in a
   * comment, a string or between lines that backslashes join.
   */
  lineAbove(offset: number): number | undefined {
    const at = this.lineStart(this.macroAt(offset)?.start ?? offset);
    return this.isFree(at) ? at : undefined;
  }

  /** End of the last token on the line of an offset, be it in a macro; undefined if that token goes on in the next line. */
  behindCode(offset: number): number | undefined {
    const macro = this.macroAt(offset);
    const list = macro === undefined ? this.code : directiveTokens(this.text, macro, this.lexing);
    const line = this.lines.lineOf(offset);
    const next = line < this.lines.lineCount ? this.lines.startOf(line + 1) : this.text.length;
    let last: number | undefined;
    for (let i = list.indexAt(this.lineStart(offset)); i < list.n && list.span(i, i + 1).start < next; i++) {
      last = list.span(i, i + 1).end;
    }
    return last !== undefined && last <= next ? last : undefined;
  }

  private macroAt(offset: number) {
    const directive = directiveFrom(this.lexed.directives, offset);
    return directive !== undefined && directive.start <= offset && directive.word === "define" ? directive : undefined;
  }

  private lineStart(offset: number): number {
    return this.lines.startOf(this.lines.lineOf(offset));
  }

  private isFree(offset: number): boolean {
    const { text, lexed, code } = this;
    const before = text.slice(Math.max(offset - 3, 0), offset);
    if (before.endsWith("\\\n") || before.endsWith("\\\r\n") || before.endsWith("\\\r")) return false;
    const i = code.indexAt(offset);
    if (i < code.n && code.span(i, i + 1).start < offset) return false;
    const { comments } = lexed;
    for (let k = 0; k < comments.length; k += 2) if (comments[k] < offset && offset < comments[k + 1]) return false;
    const directive = directiveFrom(lexed.directives, offset);
    return directive === undefined || directive.start >= offset;
  }
}

/**
 * What a compiler sees of a text: its tokens, and those of its directives, each as it is spelled. Two texts with the same answer differ
 * in comments and layout alone.
 */
export function compiledText(text: string, options: CommentOptions): string {
  const lexing = lexingOf(options);
  const { tokens, directives } = lex(text, lexing);
  const code = new TokenList(text, 0, tokens);
  const parts: string[] = [];
  let from = 0;
  for (const directive of directives) {
    parts.push(...code.raw(from, directive.token), `\n#${directive.word}`);
    const rest = directiveTokens(text, directive, lexing);
    parts.push(...rest.raw(0, rest.n), "\n");
    from = directive.token;
  }
  parts.push(...code.raw(from, code.n));
  return parts.join(" ");
}

function lexingOf({ language, template }: CommentOptions): LexOptions {
  return { cpp: language === "cpp", template };
}
