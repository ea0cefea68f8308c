/** Statics that belong together, such as a free list and its length: one `PyMutex` around what each function does with them. */
import type { StaticAccess } from "../../flow/shared/shared-state.ts";
import type { FunctionId } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import { StatementEdits } from "../borrowed/statement-edits.ts";
import { freshName } from "../borrowed/style.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";
import { effectsIn, takesAgain } from "./effects.ts";
import { guard } from "./guard.ts";
import { heldFor } from "./held.ts";
import { MUTEX, type Mutex, mutexAt } from "./mutex.ts";
import { releaseAt, releaseLater } from "./old-object.ts";
import { strongRead } from "./strong-read.ts";
import {
  declarationOf,
  type FunctionSyntax,
  functionSyntax,
  isHidden,
  isReason,
  mentionsIn,
  nameOf,
  type Reason,
  type StaticToFix,
  unseenAccess,
} from "./variable.ts";

/** More functions than this hardly have one invariant. */
const MAX_FUNCTIONS = 8;

/** One mutex around the accesses of every function to all of `group`, the first of which is the finding's; or why that does not do. */
export function regionFix(context: FixContext, group: readonly StaticToFix[]): Proposal | Reason {
  const [target] = group;
  const { facts } = target.variable;
  const declaration = declarationOf(context, target);
  if (isReason(declaration)) return declaration;
  const freed = group.find((t) => t.accesses.some((a) => a.access.kind === "free"));
  if (freed) return `what \`${nameOf(freed.variable.facts)}\` points to is released while others can be using it`;
  if (!target.accesses.some((a) => isWritten(a, facts.array))) {
    return `\`${nameOf(facts)}\` is only handed on, not written here`;
  }
  const functions = [...new Set(group.flatMap((t) => t.accesses.map((a) => a.function)))].sort((a, b) => a - b);
  if (functions.some((f) => context.project.index.entriesOf(f).some((e) => e.kind === "module-init"))) {
    return `\`${nameOf(facts)}\` is written while the module is initialised`;
  }
  if (functions.length > MAX_FUNCTIONS) return `${functions.length} functions use \`${nameOf(facts)}\``;
  const all = new Set<FileEdit>();
  const foreign = new Set<string>();
  let mutex: Mutex | undefined;
  for (const id of functions) {
    const syntax = functionSyntax(context, id);
    if (isReason(syntax)) return syntax;
    if (syntax.source.file !== declaration.source.file) return `functions in other files use \`${nameOf(facts)}\` too`;
    if (mutex === undefined) {
      const made = mutexAt(context, declaration, syntax, nameOf(facts));
      if (isReason(made)) return made;
      mutex = made;
      for (const e of made.edits) all.add(e);
    }
    const own = guardedUse(context, group, syntax, mutex.name, functions);
    if (isReason(own)) return own;
    for (const e of own.edits) all.add(e);
    for (const name of own.foreign) foreign.add(name);
  }
  const names = group.map((t) => `\`${nameOf(t.variable.facts)}\``).join(", ");
  const review = ["the order of the locks, if one of the callers holds another one"];
  if (foreign.size > 0) {
    const called = [...foreign].slice(0, 3).map((f) => `\`${f}\``);
    review.push(
      `called while the mutex is held: ${called.join(", ")}; it must not wait for another thread, nor call back`,
    );
  }
  return {
    level: "review",
    title: `hold one \`PyMutex\` around every use of ${names}`,
    edits: [...all],
    needs: [...all].some((e) => e.text.includes("Py_XNewRef")) ? [...MUTEX, "Py_XNewRef"] : MUTEX,
    review,
    alsoFixes: group.slice(1).map((t) => ({ rule: t.rule, function: t.variable.facts.owner ?? "" })),
  };
}

/** A write, or a call that gets the address of the variable itself. */
function isWritten({ access }: StaticAccess, isArray: boolean): boolean {
  return access.kind === "write" || (access.kind === "touch" && !isArray && !access.at.includes("*"));
}

/** As `guardedRegion`; where that does not do, a reader of one object takes a reference of its own. */
function guardedUse(
  context: FixContext,
  group: readonly StaticToFix[],
  syntax: FunctionSyntax,
  mutex: string,
  holders: readonly FunctionId[],
): { edits: FileEdit[]; foreign: string[] } | Reason {
  const region = guardedRegion(context, group, syntax, mutex, holders);
  const [{ shape, variable, accesses }] = group;
  const isOneObject = group.length === 1 && shape === "object" && !variable.facts.array;
  const writes = accesses.some((a) => a.function === syntax.fn.id && a.access.kind !== "read");
  if (!isReason(region) || !isOneObject || writes) return region;
  const edits = strongRead(syntax, mentionsIn(syntax, variable), {
    variable: nameOf(variable.facts),
    type: variable.facts.type,
    mutex,
  });
  return isReason(edits) ? `${region}; ${edits}` : { edits, foreign: [] };
}

function guardedRegion(
  context: FixContext,
  group: readonly StaticToFix[],
  syntax: FunctionSyntax,
  mutex: string,
  holders: readonly FunctionId[],
): { edits: FileEdit[]; foreign: string[] } | Reason {
  const { source, fn, body } = syntax;
  const id: FunctionId = fn.id;
  const mentions: SyntaxNode[] = [];
  for (const target of group) {
    const name = nameOf(target.variable.facts);
    if (isHidden(context, id, name)) return `another variable is called \`${name}\` too`;
    const own = mentionsIn(syntax, target.variable);
    if (unseenAccess(target.accesses, syntax, own)) return `a macro in \`${fn.name}\` uses \`${name}\``;
    if (own.some((m) => isAddressed(source, m))) return `the address of \`${name}\` is taken in \`${fn.name}\``;
    mentions.push(...own);
  }
  const pointers = group.filter(holdsPointers);
  const own = (t: StaticToFix) => mentions.filter((m) => source.textOf(m) === nameOf(t.variable.facts));
  if (pointers.some((t) => own(t).some((m) => isListHead(source, m)))) {
    return `\`${fn.name}\` changes what \`${nameOf(pointers[0].variable.facts)}\` points to`;
  }
  const uses = [...mentions, ...usesOfCopies(syntax, pointers.flatMap(own))];
  const statements = coveringStatements(source, body, uses);
  const analyses = context.project.analysesOf(id);
  if (statements === undefined) return `the uses in \`${fn.name}\` are not statements of one block`;
  const held = heldFor(source, statements, uses);
  const releases = own(group[0]).flatMap((m) => releaseAt(source, m) ?? []);
  const isReleasing = group.length === 1 && group[0].shape === "object" && releases.length > 0;
  if (isReleasing && (releases.length > 1 || !held.nodes.includes(releases[0].statement))) {
    return `\`${fn.name}\` releases \`${nameOf(group[0].variable.facts)}\` in more than one place, or only sometimes`;
  }
  if (isReleasing && held.nodes.some(leaves)) return `\`${fn.name}\` returns between the uses`;
  const running = held.nodes.filter((n) => !isReleasing || n !== releases[0].statement);
  const effects = running.map((n) => effectsIn(analyses, n));
  const python = effects.find((e) => e.python !== undefined)?.python;
  if (python !== undefined) {
    return `\`${python}\`, which can run Python code, stands between the uses in \`${fn.name}\``;
  }
  const again = takesAgain(context.project, id, running, holders);
  if (again !== undefined)
    return `\`${again}\`, which needs the same lock, is called between the uses in \`${fn.name}\``;
  if (effects.some((e) => e.locks)) return `\`${fn.name}\` takes a lock or detaches between the uses`;
  const edits = new StatementEdits(source);
  const variables = new Set(group.map((t) => nameOf(t.variable.facts)));
  const reason = guard(edits, syntax, analyses, { mutex, held, variables });
  if (reason !== undefined) return reason;
  if (isReleasing) {
    releaseLater(edits, releases[0], {
      variable: nameOf(group[0].variable.facts),
      type: group[0].variable.facts.type,
      old: freshName(source, fn.facts, "old"),
      last: held.after[0],
    });
  }
  return { edits: edits.edits(), foreign: effects.flatMap((e) => e.foreign ?? []) };
}

/** What the variable points to can be replaced, so that a copy of it is good only under the lock. */
function holdsPointers({ shape, variable }: StaticToFix): boolean {
  return shape === "object" || shape === "pointer" || (variable.facts.array && variable.facts.type.endsWith("*"));
}

/** `head->next = ...`. */
function isListHead(source: FixSource, mention: SyntaxNode): boolean {
  const member = source.parentOf(mention);
  const assignment = member && source.parentOf(member);
  return member?.type === "field_expression" && assignment?.type === "assignment_expression" && member.field === "left";
}

/**
 * Uses of the local variables that get a copy of the pointer, up to where they take a reference of their own. An element that
 * is taken out (`list[--n]`) belongs to who took it.
 */
function usesOfCopies({ source, node }: FunctionSyntax, mentions: readonly SyntaxNode[]): SyntaxNode[] {
  return mentions.flatMap((mention) => {
    const assignment = source.ancestor(
      mention,
      "assignment_expression",
      "init_declarator",
      "update_expression",
      "call_expression",
    );
    if (assignment === undefined || assignment.type === "call_expression") return [];
    const target = child(assignment, "left") ?? child(assignment, "declarator");
    if (target === undefined || (target.start <= mention.start && mention.end <= target.end)) return [];
    if (takesOut(source, mention)) return [];
    const name = lastIdentifier(target);
    if (name === undefined) return [];
    const text = source.textOf(name);
    const all = identifiers(node).filter((n) => n.start > assignment.start && source.textOf(n) === text);
    const owned = all.findIndex((n) => takesReference(source, n));
    return owned < 0 ? all : all.slice(0, owned + 1);
  });
}

function takesOut(source: FixSource, mention: SyntaxNode): boolean {
  const element = source.parentOf(mention);
  const has = (n: SyntaxNode): boolean => n.type === "update_expression" || n.children.some(has);
  return element?.type === "subscript_expression" && has(element);
}

function lastIdentifier(node: SyntaxNode): SyntaxNode | undefined {
  return identifiers(node).at(-1);
}

function identifiers(node: SyntaxNode): SyntaxNode[] {
  return node.type === "identifier" ? [node] : node.children.flatMap(identifiers);
}

const REFERENCES: ReadonlySet<string> = new Set(["Py_INCREF", "Py_XINCREF", "Py_NewRef", "Py_XNewRef"]);

function takesReference(source: FixSource, node: SyntaxNode): boolean {
  const call = source.ancestor(node, "call_expression");
  const callee = call && child(call, "function");
  return callee !== undefined && REFERENCES.has(source.textOf(callee));
}

function leaves(node: SyntaxNode): boolean {
  return node.type === "return_statement" || node.type === "goto_statement" || node.children.some(leaves);
}

/** The address is kept, not only lent to a call. */
function isAddressed(source: FixSource, mention: SyntaxNode): boolean {
  const parent = source.parentOf(mention);
  if (parent?.type !== "pointer_expression" || parent.operator !== "&") return false;
  return source.parentOf(parent)?.type !== "argument_list";
}

/** The statements of the innermost block that contain all of `nodes`, from the first to the last. */
function coveringStatements(
  source: FixSource,
  body: SyntaxNode,
  nodes: readonly SyntaxNode[],
): SyntaxNode[] | undefined {
  const start = Math.min(...nodes.map((n) => n.start));
  const end = Math.max(...nodes.map((n) => n.end));
  const statement = source.statementOf(source.nodeAt({ start, end }));
  if (statement === undefined || statement.start < body.start) return undefined;
  if (statement.type === "else_clause" || statement.type === "case_statement") return undefined;
  if (statement.type !== "compound_statement") return [statement];
  const inside = statement.children.filter((c) => c.type !== "comment" && c.end > start && c.start < end);
  if (inside.length === 0 || inside.some((c) => !source.isStatement(c))) return undefined;
  return inside;
}
