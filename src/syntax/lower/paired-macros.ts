/**
 * Pairs of macros of which one opens a block and the other closes it: `BEGIN_LOOP(n) ... END_LOOP`. Neither is syntax
 * on its own; together, with the statements between them as the block, they are.
 */
import type { MacroFacts } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { child, type SyntaxNode } from "../ast.ts";
import { isApiName } from "./api-names.ts";
import type { MacroDef } from "./context.ts";
import { macroUse } from "./control-macros.ts";
import { endOfQuoted, isWord, type MacroArg } from "./env.ts";
import { rvalue } from "./expressions.ts";
import { enterMacro, macroArguments } from "./macros.ts";
import { calledName } from "./names.ts";
import type { Lowering } from "./state.ts";
import { lowerStatement, lowerStatements } from "./statements.ts";

interface HalfUse {
  macro: MacroDef;
  args: MacroArg[];
  /** Blocks that the body opens (positive) or closes (negative). */
  balance: number;
  span: Span;
  /** `BEGIN(x) { ... } END(y)`: the braces written behind the macro. */
  block?: SyntaxNode;
}

const combined = new WeakMap<MacroFacts, WeakMap<MacroFacts, MacroFacts>>();
const balances = new WeakMap<MacroFacts, number>();

/**
 * If statement `from` of `list` is a use of a macro that opens a block, lowers it together with the statements up to
 * the macro that closes it. Returns the index of the last statement that was lowered, -1 if there is no such pair.
 */
export function pairedMacros(
  L: Lowering,
  list: readonly SyntaxNode[],
  from: number,
  lowerAll: (nodes: readonly SyntaxNode[]) => void,
): number {
  const open = halfUse(L, list[from]);
  if (!open) return unknownCondition(L, list, from) ? from + 1 : -1;
  if (open.balance === 0) return headWithStatement(L, open, list, from) ? from + 1 : -1;
  if (open.balance < 0) return -1;
  let depth = open.balance;
  for (let i = from + 1; i < list.length; i++) {
    const other = halfUse(L, list[i]);
    if (!other) continue;
    depth += other.balance;
    if (depth > 0) continue;
    const between = open.block ? [open.block, ...list.slice(from + 1, i)] : list.slice(from + 1, i);
    return depth === 0 && lowerPair(L, open, other, () => lowerAll(between)) ? i : -1;
  }
  return -1;
}

const JUMPS = new Set(["return_statement", "goto_statement", "break_statement", "continue_statement"]);

/**
 * `UNLESS (x)` and a jump on the next line, where nothing is known of the macro: a condition, most likely. Taken for a
 * statement of its own it would make everything behind the jump unreachable.
 */
function unknownCondition(L: Lowering, list: readonly SyntaxNode[], at: number): boolean {
  const next = list[at + 1];
  const call = list[at].children[0];
  if (!next || !JUMPS.has(next.type) || list[at].type !== "expression_statement" || call?.type !== "call_expression") {
    return false;
  }
  if (L.env.original[list[at].end - 1 - L.env.base] === ";") return false;
  const callee = child(call, "function");
  const name = callee?.type === "identifier" ? calledName(L, callee) : null;
  if (name === null || isApiName(name) || L.ctx.macros?.resolve(name, L.span(call).start)) return false;
  L.asStatement(list[at], () => {
    const yes = L.newBlock();
    const join = L.newBlock();
    L.branch(call, rvalue(L, call), yes, join);
    L.start(yes);
    lowerStatement(L, next);
    if (L.reachable()) L.jump(next, join);
    L.start(join);
  });
  return true;
}

/** `EACH(i, n) statement;`: the statement is the loop's, unless a `;` stands between. */
function headWithStatement(L: Lowering, use: HalfUse, list: readonly SyntaxNode[], at: number): boolean {
  const next = list[at + 1];
  if (!next || L.env.original[list[at].end - 1 - L.env.base] === ";") return false;
  const entered = enterMacro(L, use.span, use.macro, use.args);
  if (!entered) return false;
  const outer = L.env;
  entered.env.block = () => L.within(outer, () => lowerStatement(L, next));
  L.within(entered.env, () => lowerStatement(L, entered.body.root));
  return true;
}

function lowerPair(L: Lowering, open: HalfUse, close: HalfUse, block: () => void): boolean {
  const facts = combine(open.macro.facts, close.macro.facts);
  const own = open.macro.facts.params ?? [];
  const args = open.args.slice(0, own.length);
  for (let i = args.length; i < own.length; i++) args.push({ text: "", node: null, env: L.env });
  (close.macro.facts.params ?? []).forEach((name, i) => {
    if (!own.includes(name)) args.push(close.args[i] ?? { text: "", node: null, env: L.env });
  });
  const macro = { file: open.macro.file, facts };
  if (L.ctx.macros?.body(macro)?.form !== "statements") return false;
  const entered = enterMacro(L, open.span, macro, args);
  if (!entered) return false;
  const outer = L.env;
  let used = false;
  entered.env.block = () => {
    used = true;
    L.within(outer, block);
    // What follows is the closing macro's.
    entered.env.use = L.span(close.span);
  };
  L.within(entered.env, () => lowerStatements(L, entered.body.root, false));
  if (!used) block();
  return true;
}

/** One macro out of two: the block of the use goes where the first body ends. */
function combine(open: MacroFacts, close: MacroFacts): MacroFacts {
  let known = combined.get(open);
  if (!known) {
    known = new WeakMap();
    combined.set(open, known);
  }
  let facts = known.get(close);
  if (!facts) {
    const params = [...(open.params ?? [])];
    for (const name of close.params ?? []) if (!params.includes(name)) params.push(name);
    const bodyEnd = open.bodyStart + open.body.length;
    facts = { ...open, params, variadic: false, body: `${open.body}{}${endedNames(close.body)};`, bodyEnd };
    known.set(close, facts);
  }
  return facts;
}

/** `END_X}`: a macro that stands for a statement gets the `;` that it does without where it is written. */
function endedNames(body: string): string {
  let out = "";
  let from = 0;
  for (let i = body.indexOf("}"); i >= 0; i = body.indexOf("}", i + 1)) {
    let start = i;
    while (start > from && isWord(body.charCodeAt(start - 1))) start--;
    const before = body.slice(from, start).replaceAll("\\", " ").trimEnd();
    if (start === i || !(before.endsWith(";") || before.endsWith("}"))) continue;
    out += `${body.slice(from, i)};`;
    from = i;
  }
  return out + body.slice(from);
}

function halfUse(L: Lowering, node: SyntaxNode): HalfUse | null {
  if (node.type === "while_statement") return halfHead(L, node);
  if (node.type !== "expression_statement") return null;
  const expression = node.children[0];
  let callee = expression;
  let list: SyntaxNode | undefined;
  if (expression?.type === "call_expression") {
    callee = child(expression, "function")!;
    list = child(expression, "arguments");
  }
  if (callee?.type !== "identifier") return null;
  const name = calledName(L, callee);
  if (name === null || isApiName(name)) return null;
  const macro = L.ctx.macros?.resolve(name, L.span(node).start);
  if (!macro || (macro.facts.params === null) !== (list === undefined)) return null;
  const balance = balanceOf(macro.facts);
  if (balance === 0 && L.ctx.macros?.body(macro)?.form !== "head") return null;
  return { macro, args: list ? macroArguments(L.env, list) : [], balance, span: expression };
}

function halfHead(L: Lowering, node: SyntaxNode): HalfUse | null {
  const use = macroUse(L.env, node);
  const macro = use ? L.ctx.macros?.resolve(use.name, L.span(node).start) : null;
  if (!use || !macro || macro.facts.params === null) return null;
  const balance = balanceOf(macro.facts);
  return balance > 0 ? { macro, args: use.args, balance, span: node, block: child(node, "body") } : null;
}

function balanceOf(facts: MacroFacts): number {
  let balance = balances.get(facts);
  if (balance === undefined) {
    balance = 0;
    const { body } = facts;
    for (let i = 0; i < body.length; ) {
      const c = body.charCodeAt(i);
      if (c === 34 || c === 39) {
        i = endOfQuoted(body, i);
        continue;
      }
      if (c === 123) balance++;
      else if (c === 125) balance--;
      i++;
    }
    balances.set(facts, balance);
  }
  return balance;
}
