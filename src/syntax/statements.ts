/**
 * Statements of a source text by its tokens: what a finding stands on, whatever the layout. Only code that the target build compiles
 * counts; comments, line breaks and directives do not.
 */
import type { Span } from "../ir/types.ts";
import { compact } from "./view/code.ts";
import { preprocess } from "./view/conditionals.ts";
import { type Directive, type LexOptions, lex } from "./view/lexer.ts";
import { directiveFrom, directiveTokens, TokenList } from "./view/token-list.ts";
import type { ViewOptions } from "./view/types.ts";

export interface StatementTokens extends Span {
  /** Its tokens as they are spelled, without comments and line breaks; strings that stand side by side are one. */
  words: string[];
}

/** The statements of one text. Lexes it once; never throws for what it contains. */
export class Statements {
  private readonly text: string;
  private readonly code: TokenList;
  private readonly directives: readonly Directive[];
  private readonly lexing: LexOptions;
  private readonly bodies = new Map<Directive, TokenList>();

  constructor(text: string, options: ViewOptions) {
    this.text = text;
    this.lexing = { cpp: options.language === "cpp", template: options.template };
    const lexed = lex(text, this.lexing);
    this.directives = lexed.directives;
    const { live } = preprocess(text, lexed, options);
    this.code = new TokenList(text, 0, lexed.tokens, compact(lexed.tokens, live));
  }

  /**
   * The statement around an offset, without the block that hangs on it: of `if (f(x)) {` the head alone, and of a statement under
   * an `if` or a label only itself, with or without braces. In a macro it is a statement of its body. Undefined behind the last token.
   */
  around(offset: number): StatementTokens | undefined {
    const list = this.listAt(offset);
    const i = list.indexAt(offset);
    if (i >= list.n) return undefined;
    const { from, to } = list.statement(i);
    return { ...list.span(from, to), words: list.spelled(from, to) };
  }

  /** The tokens of the text, or those of the directive that the offset is in. */
  private listAt(offset: number): TokenList {
    const directive = directiveFrom(this.directives, offset);
    if (directive === undefined || offset < directive.start) return this.code;
    let body = this.bodies.get(directive);
    if (body === undefined) {
      body = directiveTokens(this.text, directive, this.lexing);
      this.bodies.set(directive, body);
    }
    return body;
  }
}
