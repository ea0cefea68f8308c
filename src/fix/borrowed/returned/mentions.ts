/** Where a function is named: whoever calls it has to know what its result is. */
import type { ProjectIndex } from "../../../project/index-types.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";

/** A function as others call it. */
export interface Named {
  /** Without namespaces. */
  name: string;
  isStatic: boolean;
  /** Starts of the names of all calls that are known, by file. */
  calls: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Why not everybody who calls the function is known; undefined if nothing speaks against it. */
export function unseenCaller(
  index: ProjectIndex,
  sources: Iterable<FixSource>,
  { name, isStatic, calls }: Named,
): string | undefined {
  for (const { macros, prototypes, file } of index.files) {
    if (macros.some((m) => hasWord(m.body, name))) return "a macro uses the function";
    const isDeclared = !isStatic && prototypes.some((p) => p.name === name || p.name.endsWith(`::${name}`));
    if (isDeclared && file.split("/").slice(0, -1).includes("include"))
      return `${file} declares the function for other projects`;
  }
  for (const source of sources) {
    const hidden = [...source.view.dead, ...source.view.notTaken];
    if (hidden.some((h) => hasWord(source.textOf(h), name))) return "code of another configuration uses the function";
    const known = calls.get(source.file);
    if (otherMention(source, source.root, name, known) !== undefined)
      return `${source.file} names the function where no call is understood`;
  }
  return undefined;
}

/** A mention of the name that is neither a declaration nor one of the known calls. */
function otherMention(
  source: FixSource,
  node: SyntaxNode,
  name: string,
  calls: ReadonlySet<number> | undefined,
): SyntaxNode | undefined {
  if (node.children.length === 0) {
    const isNamed = (node.type === "identifier" || node.type === "field_identifier") && source.textOf(node) === name;
    return isNamed && !isDeclarator(source, node) && calls?.has(calleeStart(source, node)) !== true ? node : undefined;
  }
  for (const c of node.children) {
    const found = otherMention(source, c, name, calls);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isDeclarator(source: FixSource, node: SyntaxNode): boolean {
  const parent = source.parentOf(node);
  return parent?.type === "function_declarator" && child(parent, "declarator") === node;
}

/** Start of `namespace::name`, for calls that are written so. */
function calleeStart(source: FixSource, node: SyntaxNode): number {
  const parent = source.parentOf(node);
  return parent?.type === "qualified_identifier" ? calleeStart(source, parent) : node.start;
}

/** True if the head of the definition, or the comment in front of it, says that the reference is borrowed; `name` is where its name begins. */
export function saysBorrowed(source: FixSource, definition: SyntaxNode, name: number): boolean {
  const before = source.parentOf(definition)?.children.filter((c) => c.end <= definition.start) ?? [];
  const start = before[before.length - 1]?.end ?? 0;
  return source.text.slice(start, name).toLowerCase().includes("borrow");
}

function hasWord(text: string, word: string): boolean {
  return text.includes(word) && text.split(/\W+/).includes(word);
}
