/**
 * Macros used with a block, or with statements as arguments: `FOREACH(x) { ... }`, `CHECK(x, return -1);`. The view gave
 * them the shape of a loop, a condition or a block; here the macro itself is used where the project defines it.
 */
import { child, type SyntaxNode } from "../ast.ts";
import { collapse, type Env, endOfQuoted, isName, isSpace, isWord, type MacroArg, substituteText } from "./env.ts";
import { enterMacro, expandWith } from "./macros.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatement } from "./statements.ts";

export interface Use {
  name: string;
  args: MacroArg[];
}

/** Lowers `node` through the macro that stands in its place in the source; false if it is what it seems. */
export function controlMacro(L: Lowering, node: SyntaxNode): boolean {
  const use = macroUse(L.env, node);
  if (!use) return false;
  const macro = L.ctx.macros?.resolve(use.name, L.span(node).start);
  if (!macro || macro.facts.params === null) return false;
  const body = L.ctx.macros?.body(macro);
  if (body?.form !== "head") {
    // With a block behind it the macro would have to be a head: what it does with the block is not known.
    if (node.type === "while_statement") return false;
    return expandWith(L, node, macro, use.args, DROP) !== undefined;
  }
  const block = child(node, "body") ?? child(node, "consequence");
  const entered = enterMacro(L, node, macro, use.args);
  if (!entered || !block) return false;
  const outer = L.env;
  let used = false;
  const lowerBlock = () => {
    used = true;
    L.within(outer, () => lowerStatement(L, block));
  };
  entered.env.block = lowerBlock;
  L.within(entered.env, () => lowerStatement(L, entered.body.root));
  if (!used) lowerBlock();
  return true;
}

/** If `node` is the end of a macro's body, where the block behind its use belongs: lowers that block. */
export function blockOfUse(L: Lowering, node: SyntaxNode): boolean {
  const { block, macro } = L.env;
  if (!block || !macro || node.start !== macro.bodyEnd) return false;
  block(L);
  return true;
}

/** The macro that stands in the place of a loop, condition or block; null if the node is what it seems. */
export function macroUse(env: Env, node: SyntaxNode): Use | null {
  const { original } = env;
  let at = node.start - env.base;
  switch (node.type) {
    case "while_statement":
      if (original.startsWith("while", at)) return null;
      break;
    case "if_statement":
      if (original.startsWith("if", at)) return null;
      break;
    default:
      if (original[at] !== "(") return null;
      while (at > 0 && isSpace(original.charCodeAt(at - 1))) at--;
      while (at > 0 && isWord(original.charCodeAt(at - 1))) at--;
  }
  while (isSpace(original.charCodeAt(at))) at++;
  // A short name left no room for the word: it begins one or two characters to the left.
  while (at > 0 && isWord(original.charCodeAt(at - 1))) at--;
  let end = at;
  while (isWord(original.charCodeAt(end))) end++;
  const name = original.slice(at, end);
  if (!isName(name)) return null;
  while (isSpace(original.charCodeAt(end))) end++;
  if (original[end] !== "(") return null;
  return { name, args: splitArguments(env, end) };
}

/** The arguments in the group that opens at `open`, as text. */
export function splitArguments(env: Env, open: number): MacroArg[] {
  const { original } = env;
  const args: MacroArg[] = [];
  let from = open + 1;
  let depth = 0;
  const push = (to: number) => {
    args.push({ text: collapse(substituteText(env, original.slice(from, to))), node: null, env });
    from = to + 1;
  };
  for (let i = open; i < original.length; ) {
    const c = original.charCodeAt(i);
    if (c === 34 || c === 39) {
      i = endOfQuoted(original, i);
      continue;
    }
    if (c === 40 || c === 91 || c === 123) depth++;
    else if (c === 41 || c === 93 || c === 125) {
      if (--depth === 0) {
        if (args.length > 0 || original.slice(from, i).trim() !== "") push(i);
        break;
      }
    } else if (c === 44 && depth === 1) push(i);
    i++;
  }
  return args;
}
