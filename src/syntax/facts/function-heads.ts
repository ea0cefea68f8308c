/** Function heads that a macro makes, wholly (`HANDLER(open) { ... }`) or in name (`static int NAME(open)(int fd) { ... }`). */
import { child, type SyntaxNode } from "../ast.ts";
import type { LowerContext, MacroDef } from "../lower/context.ts";
import { splitArguments } from "../lower/control-macros.ts";
import { declared } from "../lower/declarator.ts";
import { collapse, type Env, isName, isWord, type MacroArg, nameText } from "../lower/env.ts";
import { lowerStatement } from "../lower/statements.ts";
import type { FoundFunction } from "./collect.ts";

/** The macro in front of a block at file level, with the word as written; null if the head is an ordinary one. */
export interface HeadUse {
  name: string;
  start: number;
  end: number;
  args: MacroArg[];
}

/**
 * Reads `MACRO(args)` in the place of a function's head. The view may have cut the name in two to make a type of its first
 * letter, so the name is read from the source as written.
 */
export function headUse(found: FoundFunction): HeadUse | null {
  const { node, env } = found;
  const declarator = child(node, "declarator");
  const info = declarator ? declared(env, declarator) : null;
  if (!info?.nameNode || !info.functionNode || info.nameNode.type !== "identifier" || info.pasted) return null;
  const typeNode = child(node, "type");
  const { original, base } = env;
  let start = info.nameNode.start - base;
  while (start > 0 && isWord(original.charCodeAt(start - 1))) start--;
  const cut = start < info.nameNode.start - base;
  // A type that the view put in is not in the source.
  const added = typeNode
    ? original.slice(typeNode.start - base, typeNode.end - base) !==
      env.text.slice(typeNode.start - base, typeNode.end - base)
    : true;
  if (!cut && !added) return null;
  let end = start;
  while (isWord(original.charCodeAt(end))) end++;
  const name = original.slice(start, end);
  const params = child(info.functionNode, "parameters");
  if (!params || !isName(name)) return null;
  return { name, start: start + base, end: params.end, args: splitArguments(env, params.start - base) };
}

/** The function that a head macro and the block behind it make; null if the macro is none of the project. */
export function expandHead(found: FoundFunction, use: HeadUse, ctx: LowerContext): FoundFunction | null {
  const macro = ctx.macros?.resolve(use.name, use.start);
  const body = macro ? ctx.macros?.body(macro) : undefined;
  if (!macro || macro.facts.params === null || body?.form !== "function-head") return null;
  const definition = body.root.children[0];
  const block = child(found.node, "body");
  if (!block) return null;
  const env = macroEnv(found.env, macro, use.args);
  env.use = { start: use.start, end: use.end };
  env.block = (L) => L.within(found.env, () => lowerStatement(L, block));
  return { ...found, node: definition, env };
}

function macroEnv(outer: Env, macro: MacroDef, args: MacroArg[]): Env {
  const { facts } = macro;
  const bindings = new Map<string, MacroArg>();
  (facts.params ?? []).forEach((name, i) => {
    bindings.set(name, args[i] ?? { text: "", node: null, env: outer });
  });
  return {
    file: macro.file,
    text: facts.body,
    original: facts.body,
    base: facts.bodyStart,
    bindings,
    via: -1,
    use: null,
    depth: outer.depth + 1,
    macro: facts,
    parent: outer,
  };
}

/** The name that `NAME(x)` stands for in front of a function's parameters. */
export function pastedFunctionName(env: Env, name: string, group: SyntaxNode, ctx: LowerContext): string {
  const args = splitArguments(env, group.start - env.base);
  const macro = ctx.macros?.resolve(name, group.start);
  const body = macro ? ctx.macros?.body(macro) : undefined;
  if (macro && body?.form === "expression" && body.root.type === "identifier") {
    const made = nameText(macroEnv(env, macro, args), body.root);
    if (isName(made)) return made;
  }
  // A macro of a generated header: its argument is the best name there is.
  if (args.length === 1 && isName(args[0].text)) return args[0].text;
  return `${name}(${collapse(args.map((a) => a.text).join(", "))})`;
}
