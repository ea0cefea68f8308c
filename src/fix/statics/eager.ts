/** A static that is filled on first use, but needs nothing that is not there when the module is imported: it is filled then. */
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import { StatementEdits } from "../borrowed/statement-edits.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";
import { callsOneOf, earlyCalls } from "./eager-calls.ts";
import { type FirstUseCode, firstUseCode, firstUseText, isNullTest } from "./first-use.ts";
import { initPlace } from "./module-init.ts";
import { beginningOf } from "./mutex.ts";
import {
  type Declaration,
  declarationOf,
  type FunctionSyntax,
  functionSyntax,
  isHidden,
  isReason,
  isVisibleAt,
  mentionsIn,
  nameOf,
  type Reason,
  type StaticToFix,
  testStatement,
  unseenAccess,
} from "./variable.ts";

/** The first assignment goes to the module's initialisation and the test goes away, or why the value has to wait. */
export function eagerFix(context: FixContext, target: StaticToFix): Proposal | Reason {
  const { variable, accesses } = target;
  const { facts } = variable;
  const name = nameOf(facts);
  if (target.shape !== "object" || facts.array) return `\`${name}\` does not hold one object`;
  if (target.released) return `the object in \`${name}\` is dropped and made again`;
  const declaration = declarationOf(context, target);
  if (isReason(declaration)) return declaration;
  const place = initPlace(context, variable.file);
  if (isReason(place)) return place;
  const codes = codesOf(context, target);
  if (isReason(codes)) return codes;
  const [code] = codes;
  const { source } = place.syntax;
  const early = earlyCalls(context, source, partsOf(code), context.project.index.modulesOfFile(source.file)[0].name);
  if (isReason(early)) return early;
  const users = new Set(accesses.map((a) => a.function));
  const before = callsOneOf(context, [place.syntax.fn.id, ...early.functions], users);
  const nameOfFn = (id: number) => `\`${context.project.index.functions[id].name}\``;
  if (before !== undefined) return `${nameOfFn(before)} runs while the module is initialised, too`;
  const unseen = outOfSight(declaration, codes, place.syntax, place.success);
  if (unseen !== undefined) return unseen;
  if (facts.owner !== undefined && declaration.shared) return "several variables are declared together";
  const own = facts.owner === undefined ? name : nameAtFileLevel(source, code, name);
  if (own === undefined) return `the name \`${name}\` is taken at file level`;
  const edits = new StatementEdits(source);
  const { exit, isRepeated } = place;
  edits.before(place.success, firstUseText(code, { exit, name: own, keepTest: isRepeated }));
  const all: FileEdit[] = [...edits.edits()];
  const gone: Span[] = [];
  if (facts.owner !== undefined) {
    all.push(toFileLevel(declaration, code.syntax, own));
    gone.push(declaration.node);
  }
  for (const each of codes) {
    const out = withoutTest(each);
    gone.push(out, ...each.locals);
    for (const { start, end } of own === name ? [] : mentionsIn(each.syntax, variable)) {
      if (start < out.start || out.end < end) all.push({ file: source.file, start, end, text: own });
    }
  }
  all.push(...linesOut(source, gone));
  return {
    level: "review",
    title: `make the value of \`${name}\` in \`${place.syntax.fn.name}\``,
    edits: all,
    needs: [],
    review: ["the value is made when the module is imported: a failure makes the import fail", ...early.review],
  };
}

/** The first uses, which all fill the static in the same way. */
function codesOf(context: FixContext, { variable, accesses, firstUses }: StaticToFix): FirstUseCode[] | Reason {
  const name = nameOf(variable.facts);
  const codes: FirstUseCode[] = [];
  for (const id of new Set(accesses.map((a) => a.function))) {
    const syntax = functionSyntax(context, id);
    if (isReason(syntax)) return syntax;
    if (isHidden(context, id, name)) return `another variable is called \`${name}\` too`;
    const mentions = mentionsIn(syntax, variable);
    if (unseenAccess(accesses, syntax, mentions)) return `a macro or a called function uses \`${name}\``;
    const tests = firstUses.filter((f) => f.function === id && f.assignment !== undefined);
    for (const { test } of tests) {
      const statement = testStatement(syntax, test);
      if (statement === undefined) return "test and assignment are not one `if` statement";
      if (codes.some((c) => c.test === statement)) continue;
      const code = firstUseCode(context, syntax, statement, name);
      if (isReason(code)) return code;
      codes.push(code);
    }
  }
  const writes = accesses.filter((a) => a.access.kind !== "read");
  const isInside = ({ access: { start, end, chain } }: (typeof writes)[number]) => {
    const at = chain[0] ?? { start, end };
    return codes.some((c) => c.test.start <= at.start && at.end <= c.test.end);
  };
  if (codes.length === 0 || !writes.every(isInside)) return `\`${name}\` is assigned outside the test`;
  const written = new Set(
    codes.map((c) =>
      partsOf(c)
        .map((n) => words(c.syntax.source.textOf(n)))
        .join(" "),
    ),
  );
  return written.size > 1 ? `\`${name}\` is filled in different ways` : codes;
}

function words(text: string): string {
  return text.split(/\s+/).join(" ");
}

function partsOf({ value, statements }: FirstUseCode): SyntaxNode[] {
  return value === undefined ? statements : [value];
}

/** What the code names is declared at its place; the initialisation has to come after it, under the same conditions. */
function outOfSight(
  declaration: Declaration,
  codes: readonly FirstUseCode[],
  init: FunctionSyntax,
  success: SyntaxNode,
): Reason | undefined {
  const { source } = init;
  const { name } = init.fn;
  const conditions = source.conditionsAt(success.start).map((c) => c.condition);
  for (const { syntax, test } of codes) {
    if (syntax.source !== source) return `\`${syntax.fn.name}\` is in another file than \`${name}\``;
    if (syntax.node.start > init.node.start) return `\`${syntax.fn.name}\` stands behind \`${name}\``;
    if (syntax.fn.name.includes("::")) return `\`${syntax.fn.name}\` is a member of a class`;
    const own = source.conditionsAt(test.start).map((c) => c.condition);
    if (own.some((c, i) => conditions[i] !== c)) return "the value is made under a condition of the preprocessor";
  }
  const isSeen = declaration.node.end <= init.node.start && isVisibleAt(declaration, source, success.start);
  return isSeen ? undefined : `the variable is not seen from \`${name}\``;
}

/** The name, or one with the function's in front, that nothing else in the file has. */
function nameAtFileLevel(source: FixSource, { syntax }: FirstUseCode, name: string): string | undefined {
  const isElsewhere = (text: string) => {
    const outside = [source.text.slice(0, syntax.node.start), source.text.slice(syntax.node.end)];
    return outside.some((part) => part.includes(text));
  };
  return [name, `${syntax.fn.name}_${name}`, `cached_${name}`].find((n) => !isElsewhere(n));
}

function toFileLevel({ source, node }: Declaration, { node: fn }: FunctionSyntax, name: string): FileEdit {
  const { file } = source;
  const type = child(node, "type")!;
  const qualifiers = node.children.filter((c) => c.type === "type_qualifier").map((c) => `${source.textOf(c)} `);
  const at = beginningOf(source, source.lineStart(fn.start));
  const text = `static ${qualifiers.join("")}${source.textOf(type)} *${name};\n\n`;
  return { file, start: at, end: at, text };
}

/** The test with, if there is one behind it, the test for a failure. */
function withoutTest({ syntax, test, name }: FirstUseCode): Span {
  const { source } = syntax;
  const siblings = source.parentOf(test)?.children.filter((c) => c.type !== "comment") ?? [];
  const next = siblings[siblings.indexOf(test) + 1];
  const condition = next?.type === "if_statement" ? child(next, "condition") : undefined;
  const isFailure = condition !== undefined && isNullTest(source, condition, name) && !child(next, "alternative");
  const end = isFailure && source.isPlain({ start: test.start, end: next.end }) ? next.end : test.end;
  return { start: test.start, end };
}

/** Takes statements out with their lines, and with one of two blank lines that would meet. */
function linesOut(source: FixSource, spans: readonly Span[]): FileEdit[] {
  const { file, text } = source;
  const gone: Span[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const next = source.nextLine(end - 1);
    const isAlone = source.isFirstOnLine(start) && text.slice(end, next).trim() === "";
    const span = isAlone ? { start: source.lineStart(start), end: next } : { start, end };
    const last = gone.at(-1);
    if (last !== undefined && text.slice(last.end, span.start).trim() === "") last.end = span.end;
    else gone.push(span);
  }
  return gone.map(({ start, end }) => {
    const above = text.slice(source.lineStart(Math.max(start - 1, 0)), start).trim();
    const below = source.nextLine(end);
    const isBlank = text[end - 1] === "\n" && text.slice(end, below).trim() === "";
    const isDouble = isBlank && (above === "" || above.endsWith("{"));
    return { file, start, end: isDouble ? below : end, text: "" };
  });
}
