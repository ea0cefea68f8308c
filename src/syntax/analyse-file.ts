/** The per-file stage: from a source text to its facts and the IR of its functions. */
import type { FileFacts, FunctionFacts, Language, Problem } from "../ir/facts.ts";
import { LineMap, lineStarts } from "../text/lines.ts";
import type { SourceText } from "../text/source.ts";
import { Collector, type FoundFunction } from "./facts/collect.ts";
import { declarationTokens } from "./facts/declaration-tokens.ts";
import { lowerDefinition, readHeader } from "./facts/functions.ts";
import { instantiate } from "./facts/instantiate.ts";
import { type FileMacros, type MacroTable, macroScope, withCalls } from "./facts/macro-table.ts";
import type { LowerContext } from "./lower/context.ts";
import { fileEnv } from "./lower/env.ts";
import { type ParsedFile, parseSource } from "./parse.ts";
import { preprocess } from "./view/conditionals.ts";
import { lex } from "./view/lexer.ts";
import type { TargetVersion, View } from "./view/types.ts";

export { buildMacroTable, EMPTY_MACRO_TABLE, type FileMacros, type MacroTable } from "./facts/macro-table.ts";

export interface AnalyseOptions {
  language: Language;
  target: TargetVersion;
  /** Macros of the whole project, from `buildMacroTable`. */
  macros: MacroTable;
  /** The text is a NumPy `.src` template. */
  template?: boolean;
  /** Macros that are calls, whatever their body: somebody said what they mean. */
  asCalls?: readonly string[];
}

/** Error regions listed one by one; the rest is counted in one problem. */
const MAX_LISTED_ERRORS = 20;

/**
 * The cheap first pass: macros and includes of one file, for `buildMacroTable`. Needs no grammar.
 */
export function collectFileMacros(
  source: Pick<SourceText, "file" | "text">,
  options: Pick<AnalyseOptions, "language" | "target" | "template">,
): FileMacros {
  const { text } = source;
  const lexed = lex(text, { cpp: options.language === "cpp", template: options.template });
  const { macros, includes } = preprocess(text, lexed, options);
  return { file: source.file, macros, includes: includes.map((i) => i.path) };
}

/**
 * Everything that is known of one file. Needs `initGrammar(options.language)`. Never throws for what the file contains:
 * a function that cannot be handled becomes a problem, the others are analysed.
 */
export function analyseFile(source: SourceText, options: AnalyseOptions): FileFacts {
  const parsed = parseSource(source.text, options);
  return factsOf(source, parsed, options);
}

function factsOf(source: SourceText, parsed: ParsedFile, options: AnalyseOptions): FileFacts {
  const { view } = parsed;
  const { file } = source;
  const starts = lineStarts(source.text);
  const lines = new LineMap(starts);
  const problems: Problem[] = [...source.problems];
  const report = (p: Problem) => {
    const line = p.line ?? (p.start === undefined ? undefined : lines.lineOf(p.start));
    problems.push({ ...p, file, ...(line === undefined ? {} : { line }) });
  };
  for (const p of [...view.problems, ...parsed.problems]) report(p);
  listErrors(parsed, report);

  const env = fileEnv(file, view.text, source.text);
  const scope = macroScope(options.macros, file, view.macros, view.includes, options.language);
  const macros = withCalls(scope, options.asCalls);
  const collector = new Collector((span) => headIn(view, span.start, span.end), macros);
  collector.collect(parsed.root, env);
  const ctx: LowerContext = {
    file,
    text: view.text,
    original: source.text,
    language: options.language,
    macros,
    alternatives: keptSideBySide(view),
    types: collector.types,
  };
  const made = instantiate(collector, ctx);
  const functions: FunctionFacts[] = [];
  // Macros in front of a head are blank in the tree; the view knows where the head begins as written.
  const heads = new Map(view.functions.map((f) => [f.bodyStart, f.start]));
  const lower = (found: FoundFunction, instantiated?: FunctionFacts["instantiated"], defFile?: string) => {
    let name = "?";
    try {
      const header = readHeader(found, ctx);
      if (!header) return;
      name = header.name;
      const own = defFile === undefined || defFile === file ? ctx : { ...ctx, file: defFile };
      const result = lowerDefinition(found, header, own);
      for (const facts of result.facts) {
        if (instantiated) facts.instantiated = instantiated;
        else facts.start = heads.get(facts.bodyStart) ?? facts.start;
        functions.push(facts);
      }
      collectInner(result.lowered, collector);
    } catch (error) {
      const message = `function ${name} was not analysed: ${error instanceof Error ? error.message : String(error)}`;
      report({ file, kind: "crash", message, start: found.node.start, end: found.node.end, skipped: true });
    }
  };
  for (const found of collector.functions) lower(found);
  for (const m of made.functions) lower(m.found, m.instantiated, m.file);
  for (const p of made.problems) report(p);

  return {
    file,
    language: options.language,
    hash: source.hash,
    lineStarts: starts,
    functions,
    prototypes: collector.prototypes,
    statics: collector.statics,
    structs: collector.types.structs,
    typedefs: collector.typedefs,
    macros: view.macros,
    includes: view.includes,
    frameworkUses: collector.frameworkUses,
    enumerators: collector.enumerators,
    declarationTokens: declarationTokens(source.text, view.dead, view.conditionals),
    ungilComments: view.comments,
    problems,
    bytes: source.bytes,
    errorBytes: parsed.errorBytes,
    deadBytes: view.deadBytes,
  };
}

/** Groups with more than one branch in the view, in source order. */
function keptSideBySide(view: View): { start: number; end: number }[] {
  return view.conditionals
    .filter((c) => c.branches.filter((b) => b.kept).length > 1)
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => a.start - b.start);
}

function headIn(view: View, start: number, end: number): "" | "PyObject_HEAD" | "PyObject_VAR_HEAD" {
  for (const head of view.objectHeads) if (head.start >= start && head.end <= end) return head.kind;
  return "";
}

/** Statics and enumerators that the lowering met inside functions. */
function collectInner(
  lowered: { statics: FileFacts["statics"]; enumerators: string[]; lambdas: (typeof lowered)[] },
  collector: Collector,
): void {
  collector.statics.push(...lowered.statics);
  collector.enumerators.push(...lowered.enumerators);
  for (const lambda of lowered.lambdas) collectInner(lambda, collector);
}

function listErrors(parsed: ParsedFile, report: (p: Problem) => void): void {
  for (const span of parsed.errors.slice(0, MAX_LISTED_ERRORS)) {
    if (parsed.problems.some((p) => p.kind === "parse-error" && p.start === span.start)) continue;
    report({ file: "", kind: "parse-error", message: "code not understood by the parser", ...span, skipped: false });
  }
  const more = parsed.errors.length - MAX_LISTED_ERRORS;
  if (more > 0) {
    const last = parsed.errors[parsed.errors.length - 1];
    const message = `${more} more places not understood by the parser`;
    report({ file: "", kind: "parse-error", message, ...last, skipped: false });
  }
}
