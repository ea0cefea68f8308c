/** Parsing one source text: preprocessor view, tree-sitter, plain tree. */
import type { Language, Problem } from "../ir/facts.ts";
import type { Span } from "../ir/types.ts";
import type { SyntaxNode } from "./ast.ts";
import { loadedGrammar } from "./grammar.ts";
import { materialise } from "./parse-tree.ts";
import type { TargetVersion, View } from "./view/types.ts";
import { makeView } from "./view/view.ts";

export { initGrammar } from "./grammar.ts";

/** Longest time one file may keep the parser busy, in milliseconds. */
const PARSE_TIMEOUT_MS = 10_000;

export interface ParseOptions {
  language: Language;
  target: TargetVersion;
  /** The text is a NumPy `.src` template (`@name@` are identifiers). */
  template?: boolean;
}

export interface ParsedFile {
  view: View;
  root: SyntaxNode;
  /** Outermost error regions; an inserted token is an empty span. */
  errors: Span[];
  /** UTF-16 units inside `errors`. */
  errorBytes: number;
  /** Number of tokens that the parser had to insert. */
  missing: number;
  /** Problems of parsing, beside those of `view.problems`. `file` is empty: the caller knows it. */
  problems: Problem[];
}

/**
 * Parses `text`. All offsets of the result are UTF-16 offsets into `text`. Needs `initGrammar(options.language)` to have
 * finished; throws only if it has not. Code that could not be parsed is in `errors` and `problems`.
 */
export function parseSource(text: string, options: ParseOptions): ParsedFile {
  const view = makeView(text, options);
  return { view, ...parseText(view.text, options.language) };
}

/** Parses a text that is a view already (or needs none). */
export function parseText(text: string, language: Language): Omit<ParsedFile, "view"> {
  const grammar = loadedGrammar(language);
  const deadline = Date.now() + PARSE_TIMEOUT_MS;
  let timedOut = false;
  // The callback's result ends the parse although its declared type is void.
  const progressCallback = (() => {
    timedOut = Date.now() > deadline;
    return timedOut;
  }) as () => void;
  const tree = grammar.parser.parse(text, null, { progressCallback });
  if (!tree) {
    grammar.parser.reset();
    const message = timedOut ? `not parsed within ${PARSE_TIMEOUT_MS / 1000} s` : "not parsed";
    const span = { start: 0, end: text.length };
    return {
      root: { type: "translation_unit", field: "", ...span, children: [] },
      errors: [span],
      errorBytes: text.length,
      missing: 0,
      problems: [{ file: "", kind: "parse-error", message, ...span, skipped: true }],
    };
  }
  try {
    const plain = materialise(tree, grammar, text);
    let errorBytes = 0;
    for (const e of plain.errors) errorBytes += e.end - e.start;
    const problems: Problem[] = plain.tooDeep.map((span) => ({
      file: "",
      kind: "too-deep",
      message: "nested too deeply to be analysed",
      ...span,
      skipped: true,
    }));
    return { root: plain.root, errors: plain.errors, errorBytes, missing: plain.missing, problems };
  } finally {
    tree.delete();
  }
}
