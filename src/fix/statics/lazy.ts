/** A static that is filled on first use: test and assignment under a `PyMutex`, or the value made outside and published under it. */
import type { Span } from "../../ir/types.ts";
import { child } from "../../syntax/ast.ts";
import { StatementEdits } from "../borrowed/statement-edits.ts";
import { bracesOnOwnLine } from "../borrowed/style.ts";
import type { SyntaxNode } from "../source.ts";
import type { FileEdit, FixContext, Proposal, Withheld } from "../types.ts";
import { atomicFix } from "./atomic.ts";
import { eagerFix } from "./eager.ts";
import { effectsIn } from "./effects.ts";
import { guard } from "./guard.ts";
import { MUTEX, mutexAt } from "./mutex.ts";
import { isDepth, threadLocalFix } from "./thread-local.ts";
import {
  type Declaration,
  declarationOf,
  type FunctionSyntax,
  functionSyntax,
  isHidden,
  isReason,
  mentionsIn,
  nameOf,
  type Reason,
  type StaticToFix,
  testStatement,
  unseenAccess,
} from "./variable.ts";

interface Lazy {
  target: StaticToFix;
  declaration: Declaration;
  syntax: FunctionSyntax;
  mentions: readonly SyntaxNode[];
  /** The `if` that tests and assigns. */
  test: SyntaxNode;
}

/** Answers for a static that one function fills and uses; best first. */
export function lazyFixes(context: FixContext, target: StaticToFix): (Proposal | Withheld)[] {
  const lazy = lazyOf(context, target);
  const eager = eagerFix(context, target);
  if (isReason(lazy)) return isReason(eager) ? withoutLock(context, target, lazy) : [eager];
  const held = acrossTest(context, lazy);
  const isSafe = !isReason(held) && held.level === "safe";
  const answers = [...(isSafe ? [held, eager] : [eager, held]), publishing(context, lazy)];
  const proposals = answers.filter((a): a is Proposal => !isReason(a));
  if (proposals.length > 0) return proposals;
  return withoutLock(context, target, answers.filter(isReason).join("; "));
}

/** A number that comes out the same whoever computes it needs no lock. */
function withoutLock(context: FixContext, target: StaticToFix, reason: Reason): (Proposal | Withheld)[] {
  const manual: Withheld = { level: "manual", reason, recipe: recipe(target) };
  const perThread = isDepth(target.accesses) ? threadLocalFix(context, target) : reason;
  if (!isReason(perThread)) return [perThread];
  const stores = target.accesses.filter((a) => a.access.kind === "write").map((a) => a.access.stored);
  if (target.shape !== "scalar" || !stores.every((s) => s === "value")) return [manual];
  const atomic = atomicFix(context, target);
  if (isReason(atomic)) return [manual];
  const review = [...atomic.review, "two threads can both compute it: the last one's value stays"];
  return [{ ...atomic, review }];
}

function recipe({ variable: { facts } }: StaticToFix): string[] {
  return [
    `Make the value in the module's exec or init function if it depends on nothing else, and only read \`${nameOf(facts)}\` afterwards.`,
    `If it must wait for first use: declare \`static PyMutex ${nameOf(facts)}_mutex;\`, and hold it around test and assignment.`,
    "Code that can run Python code must not run under the mutex: make the value first, then lock, store it if the variable is still unset, unlock, and drop the value of the loser.",
  ];
}

function lazyOf(context: FixContext, target: StaticToFix): Lazy | Reason {
  const { facts } = target.variable;
  const functions = new Set(target.accesses.map((a) => a.function));
  if (functions.size !== 1) return `${functions.size} functions use \`${nameOf(facts)}\``;
  const [id] = functions;
  const declaration = declarationOf(context, target);
  if (isReason(declaration)) return declaration;
  const syntax = functionSyntax(context, id);
  if (isReason(syntax)) return syntax;
  if (isHidden(context, id, nameOf(facts))) return `another variable is called \`${nameOf(facts)}\` too`;
  const mentions = mentionsIn(syntax, target.variable);
  if (unseenAccess(target.accesses, syntax, mentions)) return `a macro or a called function uses \`${nameOf(facts)}\``;
  const first = target.firstUses.find((f) => f.function === id && f.assignment !== undefined);
  const test = first && testStatement(syntax, first.test);
  if (test === undefined) return "test and assignment are not one `if` statement";
  return { target, declaration, syntax, mentions, test };
}

/** The lock is held from the test to the assignment: nothing in between may come back to this function. */
function acrossTest(context: FixContext, lazy: Lazy): Proposal | Reason {
  const { target, declaration, syntax, mentions, test } = lazy;
  const { source, fn } = syntax;
  const { facts } = target.variable;
  if (target.released) return `the object in \`${nameOf(facts)}\` is dropped and made again`;
  const before = mentions.filter((m) => m.start < test.start).map((m) => source.statementOf(m)!);
  const statements = outermost([test, ...before]);
  const analyses = context.project.analysesOf(fn.id);
  const effects = statements.map((s) => effectsIn(analyses, s));
  const python = effects.find((e) => e.python !== undefined)?.python;
  if (python !== undefined) return `\`${python}\` can run Python code, which must not happen under a mutex`;
  if (effects.some((e) => e.locks)) return "another lock is taken between test and assignment";
  const writes = target.accesses.filter((a) => a.access.kind !== "read");
  if (writes.some((w) => !statements.some((s) => s.start <= w.access.start && w.access.end <= s.end))) {
    return `\`${nameOf(facts)}\` is assigned outside the test`;
  }
  const edits = new StatementEdits(source);
  const held = statements.length === 1 && facts.owner !== undefined ? unlockBefore(syntax, test) : undefined;
  const mutex = held ?? mutexAt(context, lazy.declaration, syntax, nameOf(facts));
  if (isReason(mutex)) return mutex;
  if (held !== undefined) edits.remove(held.statement);
  for (const statement of statements) {
    const reason = guard(edits, syntax, analyses, {
      mutex: mutex.name,
      held: { first: statement, nodes: [statement], after: [statement], before: [] },
      isTaken: held !== undefined,
      variables: new Set([nameOf(facts)]),
    });
    if (reason !== undefined) return reason;
  }
  const foreign = effects.find((e) => e.foreign !== undefined)?.foreign;
  const review: string[] = [];
  if (foreign !== undefined)
    review.push(`\`${foreign}\` is called while the mutex is held: it must not wait for another thread, nor call back`);
  if (declaration.shared) review.push("the declaration names further variables, which the mutex does not protect");
  return {
    level: review.length === 0 ? "safe" : "review",
    title: `hold a \`PyMutex\` around test and assignment of \`${nameOf(facts)}\``,
    edits: [...mutex.edits, ...edits.edits()],
    needs: MUTEX,
    review,
  };
}

/** The statement right in front that gives back a mutex of this function: several values are tested under one lock. */
function unlockBefore({ source, body }: FunctionSyntax, test: SyntaxNode) {
  const siblings = source.parentOf(test)?.children.filter((c) => c.type !== "comment") ?? [];
  const statement = siblings[siblings.indexOf(test) - 1];
  if (statement?.type !== "expression_statement" || !source.isPlain({ start: statement.start, end: test.start })) {
    return undefined;
  }
  const edits: FileEdit[] = [];
  const declared = body.children
    .filter((c) => c.type === "declaration" && source.textOf(c).startsWith("static PyMutex "))
    .flatMap((c) => c.children.filter((d) => d.field === "declarator").map((d) => source.textOf(d)));
  const name = declared.find((d) => source.textOf(statement) === `PyMutex_Unlock(&${d});`);
  return name === undefined ? undefined : { name, edits, statement };
}

/** The nodes without those that lie inside another one, and without repetition. */
function outermost(nodes: readonly SyntaxNode[]): SyntaxNode[] {
  const distinct = [...new Set(nodes)];
  return distinct.filter((n) => !distinct.some((o) => o !== n && o.start <= n.start && n.end <= o.end));
}

/** The value is made without the lock; the first thread that is ready publishes its own, the others drop theirs. */
function publishing(context: FixContext, lazy: Lazy): Proposal | Reason {
  const { target, syntax, mentions, test } = lazy;
  const { source } = syntax;
  const { facts } = target.variable;
  if (target.shape !== "object" || facts.array) return `\`${nameOf(facts)}\` does not hold one object`;
  if (target.released) return `the object in \`${nameOf(facts)}\` is dropped and made again`;
  if (mentions.some((m) => m.start < test.start)) return `\`${nameOf(facts)}\` is used before the test`;
  const block = source.parentOf(test);
  if (block?.type !== "compound_statement" || mentions.some((m) => m.end > block.end)) {
    return `\`${nameOf(facts)}\` is used outside the block that tests it`;
  }
  const body = child(test, "consequence");
  if (body === undefined || child(test, "alternative") !== undefined) return "the test has an `else`";
  if (!source.isPlain(test)) return "preprocessor directives stand between test and assignment";
  if (addressed(source, mentions)) return `the address of \`${nameOf(facts)}\` is taken`;
  const last = body.type === "compound_statement" ? body.children.filter((c) => c.type !== "comment").at(-1) : body;
  if (last === undefined || JUMPS.has(last.type)) return "the value is used at once where it is made";
  const mutex = mutexAt(context, lazy.declaration, syntax, nameOf(facts));
  if (isReason(mutex)) return mutex;
  const isInner = facts.owner !== undefined;
  const edits = new StatementEdits(source);
  const cache = isInner ? unused(source.textOf(syntax.node), `cached_${nameOf(facts)}`) : nameOf(facts);
  const local = isInner ? nameOf(facts) : unused(source.textOf(syntax.node), `own_${nameOf(facts)}`);
  const renamed: FileEdit[] = [];
  const rename = (node: SyntaxNode | Span, text: string) =>
    renamed.push({ file: source.file, start: node.start, end: node.end, text });
  if (isInner) rename({ start: facts.nameStart, end: facts.nameEnd }, cache);
  else for (const m of mentions) rename(m, local);
  const type = declaredType(facts.type);
  const space = type.endsWith("*") ? "" : " ";
  const other = unused(source.textOf(test), "other");
  const open = bracesOnOwnLine(source) ? "\n{" : " {";
  const unit = source.indentUnit;
  const lock = `PyMutex_Lock(&${mutex.name});`;
  const unlock = `PyMutex_Unlock(&${mutex.name});`;
  // C++ forbids to jump over an initialised variable.
  const first = source.language === "cpp" && hasGoto(syntax.node);
  const load = first
    ? [`${type}${space}${local};`, lock, `${local} = ${cache};`]
    : [lock, `${type}${space}${local} = ${cache};`];
  edits.before(test, [...load, unlock].join("\n"));
  const publish = [
    lock,
    `${type}${space}${other} = ${local};`,
    `if (${cache} == NULL)${open}`,
    `${unit}${cache} = ${local};`,
    `${unit}${other} = NULL;`,
    "}",
    `${local} = ${cache};`,
    unlock,
    `Py_XDECREF(${other});`,
  ];
  if (body.type === "compound_statement") edits.after(last, publish.join("\n"));
  else edits.after(body, publish.join("\n"));
  return {
    level: "review",
    title: `make the value of \`${nameOf(facts)}\` without a lock and publish it under a \`PyMutex\``,
    edits: [...mutex.edits, ...renamed, ...edits.edits()],
    needs: MUTEX,
    review: ["two threads can make the value at the same time; the second one drops its own"],
  };
}

const JUMPS: ReadonlySet<string> = new Set([
  "return_statement",
  "goto_statement",
  "break_statement",
  "continue_statement",
]);

function hasGoto(node: SyntaxNode): boolean {
  return node.type === "goto_statement" || node.children.some(hasGoto);
}

function addressed(source: FunctionSyntax["source"], mentions: readonly SyntaxNode[]): boolean {
  return mentions.some((m) => {
    const parent = source.parentOf(m);
    return parent?.type === "pointer_expression" && parent.operator === "&";
  });
}

function declaredType(type: string): string {
  return type.startsWith("static ") ? type.slice("static ".length) : type;
}

function unused(text: string, base: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : base + n;
    if (!text.includes(name)) return name;
  }
}
