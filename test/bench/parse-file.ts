/** What the parse bench measures on one file. */
import type { Language } from "../../src/ir/facts.ts";
import type { SyntaxNode } from "../../src/syntax/ast.ts";
import { loadedGrammar } from "../../src/syntax/grammar.ts";
import { initGrammar, parseText } from "../../src/syntax/parse.ts";
import { materialise } from "../../src/syntax/parse-tree.ts";
import { makeView } from "../../src/syntax/view/view.ts";
import { LineMap } from "../../src/text/lines.ts";

export interface FileResult {
  viewMs: number;
  parseMs: number;
  treeMs: number;
  errorBytes: number;
  /** `line: text` of every error. */
  errors: string[];
  plainErrorBytes: number;
  plainErrors: number;
  /** Names of the functions found, and the lines of their heads. */
  names: Set<string>;
  heads: { first: number; last: number }[];
  /** Uses of marker macros in function bodies, and how many the tree has as statements. */
  markers: number;
  markersAsStatements: number;
  plainMarkersAsStatements: number;
  oddMarkers: string[];
  /** Function bodies without directives and errors, and those whose tree the view changes. */
  cleanBodies: number;
  changedBodies: string[];
  isDead(line: number): boolean;
}

export async function initParsers(): Promise<void> {
  await initGrammar("c");
  await initGrammar("cpp");
}

/** Macros that stand for statements although they look like names; with arguments they must be calls of their own. */
const MARKER =
  /\b(?:Py_(?:BEGIN|END)_(?:ALLOW_THREADS|CRITICAL_SECTION2?(?:_\w+)?)|Py_(?:UN)?BLOCK_THREADS|Py_RETURN_(?:NONE|TRUE|FALSE|NOTIMPLEMENTED|NAN|INF)|NPY_(?:BEGIN|END)_(?:ALLOW_THREADS|THREADS(?:_DEF|_THRESHOLDED|_DESCR)?|ALLOW_C_API))\b/g;

export function measureFile(text: string, language: Language, template: boolean): FileResult {
  const grammar = loadedGrammar(language);
  const start = performance.now();
  const view = makeView(text, { language, target: "3.14", template });
  const viewed = performance.now();
  const tree = grammar.parser.parse(view.text);
  const parsed = performance.now();
  if (!tree) throw new Error("not parsed");
  const plain = materialise(tree, grammar, view.text);
  const done = performance.now();
  tree.delete();
  const lines = LineMap.of(text);
  const raw = parseText(text, language);
  const functions = functionsOf(plain.root);
  const result: FileResult = {
    viewMs: viewed - start,
    parseMs: parsed - viewed,
    treeMs: done - parsed,
    errorBytes: plain.errors.reduce((sum, e) => sum + e.end - e.start, 0),
    errors: plain.errors.map(
      (e) => `${lines.lineOf(e.start)} ${JSON.stringify(view.text.slice(e.start, e.start + 80))}`,
    ),
    plainErrorBytes: raw.errorBytes,
    plainErrors: raw.errors.length,
    names: new Set(),
    heads: [],
    markers: 0,
    markersAsStatements: 0,
    plainMarkersAsStatements: 0,
    oddMarkers: [],
    cleanBodies: 0,
    changedBodies: [],
    isDead: (line) => {
      const at = lines.startOf(Math.min(line, lines.lineCount));
      return view.dead.some((range) => at >= range.start && at < range.end);
    },
  };
  for (const node of functions) {
    const name = nameOf(node);
    if (name) result.names.add(text.slice(name.start, name.end));
    const body = node.children.find((c) => c.field === "body");
    result.heads.push({ first: lines.lineOf(node.start), last: lines.lineOf(body?.start ?? node.end) });
  }
  countMarkers(result, text, view.text, plain.root, raw.root, lines, functions);
  const hidden = [...view.dead, ...view.notTaken];
  const gone = (at: number): boolean => hidden.some((range) => at >= range.start && at < range.end);
  compareBodies(result, text, plain.root, raw.root, lines, gone);
  return result;
}

export function functionsOf(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === "function_definition" || node.type === "lambda_expression") found.push(node);
    for (const c of node.children) stack.push(c);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The declarator's innermost name. */
function nameOf(node: SyntaxNode): SyntaxNode | undefined {
  let at: SyntaxNode | undefined = node;
  while (at) {
    const next: SyntaxNode | undefined = at.children.find(
      (c) => c.field === "declarator" || (at!.type === "qualified_identifier" && c.field === "name"),
    );
    if (!next) {
      if (at.type === "reference_declarator" || at.type === "parenthesized_declarator") {
        at = at.children.at(-1);
        continue;
      }
      return at === node ? undefined : at;
    }
    at = next;
  }
  return undefined;
}

function countMarkers(
  result: FileResult,
  text: string,
  viewed: string,
  root: SyntaxNode,
  rawRoot: SyntaxNode,
  lines: LineMap,
  functions: SyntaxNode[],
): void {
  const places: number[] = [];
  let inside = 0;
  for (const match of viewed.matchAll(MARKER)) {
    // Not in strings, and only in function bodies.
    const before = viewed.lastIndexOf("\n", match.index) + 1;
    if ((viewed.slice(before, match.index).split('"').length & 1) === 0) continue;
    while (inside < functions.length && functions[inside]!.end <= match.index) inside++;
    if (inside < functions.length && functions[inside]!.start < match.index) places.push(match.index);
  }
  if (places.length === 0) return;
  const ours = statementStarts(root);
  const theirs = statementStarts(rawRoot);
  for (const at of places) {
    result.markers++;
    if (ours.has(at)) result.markersAsStatements++;
    else result.oddMarkers.push(`${lines.lineOf(at)} ${JSON.stringify(text.slice(at, at + 60))}`);
    if (theirs.has(at)) result.plainMarkersAsStatements++;
  }
}

/** Where expression statements that are a name or a call alone begin. */
function statementStarts(root: SyntaxNode): Set<number> {
  const starts = new Set<number>();
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const only = node.children[0];
    if (node.type === "expression_statement" && (only?.type === "identifier" || only?.type === "call_expression"))
      starts.add(node.start);
    for (const c of node.children) stack.push(c);
  }
  return starts;
}

function compareBodies(
  result: FileResult,
  text: string,
  root: SyntaxNode,
  rawRoot: SyntaxNode,
  lines: LineMap,
  gone: (at: number) => boolean,
): void {
  const bodies = new Map<number, SyntaxNode>();
  for (const node of functionsOf(root)) {
    const body = node.children.find((c) => c.field === "body");
    if (body) bodies.set(body.start, body);
  }
  for (const node of outerFunctions(rawRoot)) {
    const body = node.children.find((c) => c.field === "body");
    if (
      body?.type !== "compound_statement" ||
      gone(body.start) ||
      !isClean(body) ||
      /^[ \t]*#/m.test(text.slice(body.start, body.end))
    )
      continue;
    result.cleanBodies++;
    const ours = bodies.get(body.start);
    if (!ours || !sameShape(ours, body))
      result.changedBodies.push(`${lines.lineOf(body.start)}${ours ? "" : " no such body"}`);
  }
}

/** Functions that are not inside another: what looks like one inside a body is a macro that was read as a type. */
function outerFunctions(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === "function_definition") found.push(node);
    else for (const c of node.children) stack.push(c);
  }
  return found.sort((a, b) => a.start - b.start);
}

function isClean(node: SyntaxNode): boolean {
  const stack = [node];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (at.type === "ERROR" || at.type === "MISSING") return false;
    for (const c of at.children) stack.push(c);
  }
  return true;
}

function sameShape(a: SyntaxNode, b: SyntaxNode): boolean {
  if (a.type !== b.type || a.field !== b.field || a.operator !== b.operator) return false;
  const children = b.children.filter((c) => c.type !== "comment");
  if (a.children.length !== children.length) return false;
  return a.children.every((c, i) => c.start === children[i]!.start && sameShape(c, children[i]!));
}
