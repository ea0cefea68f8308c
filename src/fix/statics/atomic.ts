/** A number, flag or pointer that single accesses read and write: C11 `_Atomic`, C++ `std::atomic`. */
import type { StaticAccess } from "../../flow/shared/shared-state.ts";
import type { FunctionId } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";
import { includeEdit } from "./include.ts";
import {
  type Declaration,
  declarationAt,
  type FunctionSyntax,
  functionSyntax,
  isHidden,
  isReason,
  mentionsIn,
  nameOf,
  otherDeclarations,
  type Reason,
  type StaticToFix,
} from "./variable.ts";

/** The variable becomes atomic, or why that would not be enough. */
export function atomicFix(context: FixContext, target: StaticToFix): Proposal | Reason {
  const { variable, accesses } = target;
  const { facts } = variable;
  const reason = unfit(context, target);
  if (reason !== undefined) return reason;
  const edits: FileEdit[] = [];
  const review: string[] = [];
  /** Functions that read and write it. */
  const both: string[] = [];
  const declared = new Map<string, number>();
  for (const { file, facts: at } of [variable, ...otherDeclarations(variable)]) {
    const declaration = declarationAt(context, file, at);
    if (isReason(declaration)) return declaration;
    const own = declarationEdits(declaration, nameOf(at));
    if (isReason(own)) return own;
    edits.push(...own);
    declared.set(file, Math.min(declaration.node.start, declared.get(file) ?? declaration.node.start));
  }
  const users = [...new Set([...variable.readers, ...variable.writers, ...accesses.map((a) => a.function)])];
  for (const id of users.sort((a, b) => a - b)) {
    const own = usesOf(context, target, id);
    if (isReason(own)) return own;
    edits.push(...own.edits);
    if (own.both) both.push(`\`${context.project.index.functions[id].name}\``);
  }
  if (both.length > 0) {
    const who = both.length > 3 ? `${both.slice(0, 3).join(", ")} and others` : both.join(", ");
    review.push(`look at ${who}: each access is atomic, but what is read can have changed before the next one`);
  }
  const isCpp = edits.some((e) => context.source(e.file)?.language === "cpp");
  if (isCpp) {
    for (const [file, at] of declared) edits.push(...includeEdit(context.source(file)!, "<atomic>", at));
  } else review.unshift("C11 atomics: MSVC has them behind `/std:c11 /experimental:c11atomics` only");
  return {
    level: "review",
    title: `make \`${nameOf(facts)}\` ${isCpp ? "a `std::atomic`" : "`_Atomic`"}`,
    edits,
    needs: [],
    review,
  };
}

/** Why single atomic accesses are not what the variable needs. */
function unfit(context: FixContext, { variable, shape, accesses, companions }: StaticToFix): Reason | undefined {
  const { facts } = variable;
  if (facts.array || (shape !== "scalar" && shape !== "pointer" && shape !== "function-pointer")) {
    return `\`${nameOf(facts)}\` is no single number or pointer`;
  }
  if (facts.type.includes("(")) return `the type of \`${nameOf(facts)}\` is written around its name`;
  if (companions.length > 0 && accesses.some((a) => a.access.stored === "update")) {
    return `\`${nameOf(facts)}\` and \`${nameOf(companions[0].variable.facts)}\` are changed together`;
  }
  if (accesses.some((a) => a.access.at.includes("."))) return `\`${nameOf(facts)}\` has members`;
  if (shape === "pointer" && accesses.some((a) => a.access.kind === "free")) {
    return `what \`${nameOf(facts)}\` points to is released while others can be using it`;
  }
  const name = nameOf(facts);
  const functionName = (id: FunctionId) => context.project.index.functions[id].name;
  const isWrite = (a: StaticAccess) => a.access.kind === "write";
  for (const write of accesses.filter(isWrite)) {
    const own = accesses.filter((a) => a.function === write.function);
    // The read that is part of `x++` or `x += y`, or of a call that gets the new value.
    const isPart = (a: StaticAccess) =>
      own.some((w) => isWrite(w) && w.access.start < a.access.end && a.access.start < w.access.end);
    const tested = own.some((a) => a.access.kind === "read" && !isPart(a) && a.access.start < write.access.start);
    if (write.access.stored === "update" && tested) {
      return `\`${functionName(write.function)}\` looks at \`${name}\` and then changes it: both must be one step`;
    }
    if (shape === "pointer" && tested && write.access.stored === "value") {
      return `\`${functionName(write.function)}\` looks at \`${name}\` and then replaces it: both must be one step`;
    }
  }
  return undefined;
}

/** The type with the atomic qualifier in place. */
function declarationEdits({ source, node, declarator, shared }: Declaration, name: string): FileEdit[] | Reason {
  if (shared) return "several variables are declared together";
  if ([..."()"].some((c) => source.text.slice(node.start, declarator.start).includes(c))) {
    return `a macro writes the type of \`${name}\``;
  }
  const type = node.children.find((c) => c.field === "type");
  if (type === undefined || !TYPES.has(type.type)) return `the type of \`${name}\` is not understood`;
  const { file } = source;
  const isPointer = pointerOf(declarator) !== undefined;
  const qualifiers = node.children.filter((c) => c.type === "type_qualifier" && c.start < declarator.start);
  const volatile = qualifiers.find((q) => source.textOf(q) === "volatile");
  if (source.language === "cpp" || isPointer) {
    return wrappedType(source, { node, declarator, type, qualifiers, volatile }, isPointer);
  }
  if (volatile !== undefined) return [{ file, start: volatile.start, end: volatile.end, text: "_Atomic" }];
  const at = Math.min(type.start, ...qualifiers.map((q) => q.start));
  return [{ file, start: at, end: at, text: "_Atomic " }];
}

const TYPES: ReadonlySet<string> = new Set([
  "primitive_type",
  "sized_type_specifier",
  "type_identifier",
  "qualified_identifier",
  "struct_specifier",
  "enum_specifier",
]);

interface Parts {
  node: SyntaxNode;
  declarator: SyntaxNode;
  type: SyntaxNode;
  qualifiers: SyntaxNode[];
  volatile: SyntaxNode | undefined;
}

/** `_Atomic(T *) name` and `std::atomic<T> name{value}`. */
function wrappedType(
  source: FixSource,
  { declarator, type, qualifiers, volatile }: Parts,
  isPointer: boolean,
): FileEdit[] | Reason {
  const { file } = source;
  if (child(type, "body") !== undefined) return "the type is defined in the same declaration";
  const isCpp = source.language === "cpp";
  const value = declarator.type === "init_declarator" ? child(declarator, "value") : undefined;
  const plain = declarator.type === "init_declarator" ? child(declarator, "declarator") : declarator;
  const pointer = plain && pointerOf(plain);
  const name = pointer ? child(pointer, "declarator") : plain;
  if (name === undefined || (name.type !== "identifier" && name.type !== "qualified_identifier"))
    return "the declarator is not understood";
  const start = Math.min(type.start, ...qualifiers.filter((q) => q.end <= type.start).map((q) => q.start));
  const words = [...qualifiers.filter((q) => q !== volatile), type]
    .sort((a, b) => a.start - b.start)
    .map((n) => source.textOf(n));
  const inner = `${words.join(" ")}${isPointer ? " *" : ""}`;
  const whole = isCpp ? `std::atomic<${inner}> ` : `_Atomic(${inner}) `;
  const edits: FileEdit[] = [{ file, start, end: name.start, text: whole }];
  if (isCpp && value !== undefined && value.type !== "initializer_list") {
    edits.push({ file, start: name.end, end: value.end, text: `{${source.textOf(value)}}` });
  }
  return edits;
}

function pointerOf(declarator: SyntaxNode): SyntaxNode | undefined {
  const plain = declarator.type === "init_declarator" ? child(declarator, "declarator") : declarator;
  return plain?.type === "pointer_declarator" ? plain : undefined;
}

/** What has to change where a function uses the variable. */
function usesOf(
  context: FixContext,
  target: StaticToFix,
  id: FunctionId,
): { edits: FileEdit[]; both: boolean } | Reason {
  const { facts } = target.variable;
  const fn = context.project.index.functions[id];
  const syntax = functionSyntax(context, id);
  if (isReason(syntax)) return syntax;
  if (isHidden(context, id, nameOf(facts))) return { edits: [], both: false };
  const edits: FileEdit[] = [];
  let reads = false;
  let writes = false;
  for (const mention of mentionsIn(syntax, target.variable)) {
    const use = useOf(syntax, mention);
    if (use === "address") return `the address of \`${nameOf(facts)}\` is taken in \`${fn.name}\``;
    if (use === "two-steps") return `\`${fn.name}\` computes \`${nameOf(facts)}\` from itself in two steps`;
    if (use === "unsupported") return `an atomic has no such operator as \`${fn.name}\` uses on \`${nameOf(facts)}\``;
    if (use === "write") writes = true;
    else reads = true;
    if (use === "argument" && syntax.source.language === "cpp") {
      edits.push({ file: syntax.source.file, start: mention.end, end: mention.end, text: ".load()" });
    }
  }
  return { edits, both: reads && writes };
}

type Use = "read" | "argument" | "write" | "address" | "two-steps" | "unsupported";

function useOf({ source, node: fn }: FunctionSyntax, mention: SyntaxNode): Use {
  let at = mention;
  let parent = source.parentOf(at);
  while (parent?.type === "parenthesized_expression") {
    at = parent;
    parent = source.parentOf(at);
  }
  if (parent === undefined) return "read";
  switch (parent.type) {
    case "pointer_expression":
      return parent.operator === "&" ? "address" : "read";
    case "update_expression":
      return "write";
    case "assignment_expression": {
      if (at.field !== "left") return "read";
      const right = child(parent, "right");
      const name = source.textOf(mention);
      const isCpp = source.language === "cpp";
      if (parent.operator !== "=")
        return isCpp && !["+=", "-=", "&=", "|=", "^="].includes(parent.operator ?? "") ? "unsupported" : "write";
      return right !== undefined && names(source, right, name) ? "two-steps" : "write";
    }
    case "argument_list":
    case "conditional_expression":
    case "init_declarator":
    case "template_argument_list":
      return "argument";
    default:
      return fn === parent ? "read" : "read";
  }
}

function names(source: FixSource, node: SyntaxNode, name: string): boolean {
  return (
    (node.type === "identifier" && source.textOf(node) === name) || node.children.some((c) => names(source, c, name))
  );
}
