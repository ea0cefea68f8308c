/**
 * Macros of the project as inline functions: the body is lowered where the macro is used, with parameters standing for
 * the arguments in the caller's environment.
 */
import { NO_VALUE, type Span, type ValueId } from "../../ir/types.ts";
import type { SyntaxNode } from "../ast.ts";
import type { MacroBody, MacroDef } from "./context.ts";
import {
  collapse,
  type Env,
  endOfQuoted,
  isExpanding,
  isName,
  isSpace,
  isWord,
  isWordStart,
  type MacroArg,
  rawText,
  substituteText,
} from "./env.ts";
import { effect, rvalue } from "./expressions.ts";
import { tokenCall } from "./known-calls.ts";
import { DROP, type Lowering } from "./state.ts";
import { lowerStatements } from "./statements.ts";

const MAX_DEPTH = 24;
/** Longest expansion that is parsed as text. */
const MAX_TEXT = 20_000;

export interface Entered {
  env: Env;
  body: MacroBody;
}

/** Prepares the expansion of `macro` used at `node`; null if it must stay a plain call or name. */
export function enterMacro(L: Lowering, node: Span, macro: MacroDef, args: MacroArg[] | null): Entered | null {
  const { facts } = macro;
  if (L.env.depth >= MAX_DEPTH || isExpanding(L.env, facts) || !L.mayExpand()) return null;
  const body = L.ctx.macros?.body(macro);
  if (!body) return null;
  let bindings: Map<string, MacroArg> | null = null;
  if (facts.params !== null) {
    if (args === null) return null;
    bindings = new Map();
    const { params } = facts;
    if (args.length < params.length && !(params.length === 1 && args.length === 0) && !facts.variadic) return null;
    if (args.length > params.length && !facts.variadic) return null;
    params.forEach((name, i) => {
      bindings!.set(name, args[i] ?? { text: "", node: null, env: L.env });
    });
    if (facts.variadic) {
      const list = args.slice(params.length);
      const text = list.map((a) => a.text).join(", ");
      bindings.set("__VA_ARGS__", { text, node: list.length === 1 ? list[0].node : null, env: L.env, list });
    }
  }
  const use = L.span(node);
  const via =
    L.macroUses.push({
      name: facts.name,
      defFile: macro.file,
      defStart: facts.start,
      parent: L.env.via,
      start: use.start,
      end: use.end,
    }) - 1;
  const env: Env = {
    file: macro.file,
    text: facts.body,
    original: facts.body,
    base: facts.bodyStart,
    bindings,
    via,
    use: { start: use.start, end: use.end },
    depth: L.env.depth + 1,
    macro: facts,
    parent: L.env,
  };
  return { env, body };
}

/** The arguments of a macro use: split at top-level commas, each with its node where it was parsed as an expression. */
export function macroArguments(env: Env, list: SyntaxNode): MacroArg[] {
  const open = list.start + 1;
  const text = rawText(env, open, list.end - 1);
  const args: MacroArg[] = [];
  let from = 0;
  let depth = 0;
  let next = 0;
  const nodes = list.children;
  const push = (to: number) => {
    const start = open + from;
    const end = open + to;
    let node: SyntaxNode | null = null;
    let count = 0;
    while (next < nodes.length && nodes[next].start < end) {
      const n = nodes[next++];
      if (n.type === "comment" || n.start < start) continue;
      node = n;
      count++;
    }
    if (count !== 1 || node!.type === "ERROR" || node!.end > end) node = null;
    const written = env.original.slice(start - env.base, end - env.base);
    const raw = written.includes("#") && env.bindings === null ? text.slice(from, to) : written;
    // What the view made a name of is a type, an operator or nothing at all: only its text counts.
    if (node?.type === "identifier" && !isName(raw.trim()) && !raw.includes("#")) node = null;
    const bound = env.bindings?.get(raw.trim());
    if (bound?.list) args.push(...bound.list);
    else args.push({ text: collapse(substituteText(env, raw)), node, env });
    from = to + 1;
  };
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    if (c === 34 || c === 39) {
      i = endOfQuoted(text, i);
      continue;
    }
    if (c === 40 || c === 91 || c === 123) depth++;
    else if (c === 41 || c === 93 || c === 125) depth--;
    else if (c === 44 && depth === 0) push(i);
    i++;
  }
  if (args.length > 0 || text.trim() !== "") push(text.length);
  return args;
}

/** The node that an argument is lowered from; text that was no expression where it stands is parsed on its own. */
export function argumentNode(L: Lowering, arg: MacroArg): { node: SyntaxNode; env: Env } | null {
  if (arg.node) return { node: arg.node, env: arg.env };
  if (arg.text === "") return null;
  const parsed = L.ctx.macros?.parse(arg.text);
  if (!parsed || parsed.form === "tokens") return null;
  const use = arg.env.use ?? L.env.use;
  return {
    node: parsed.root,
    env: { ...arg.env, text: arg.text, original: arg.text, base: 0, bindings: null, use },
  };
}

/** Expands a macro used like a call. Returns its value, or undefined if it stays a call. */
export function expandCall(
  L: Lowering,
  node: SyntaxNode,
  macro: MacroDef,
  list: SyntaxNode | undefined,
  want: ValueId,
): ValueId | undefined {
  return expandWith(L, node, macro, list ? macroArguments(L.env, list) : null, want);
}

/** The same with arguments that have been taken apart already. */
export function expandWith(
  L: Lowering,
  node: SyntaxNode,
  macro: MacroDef,
  args: MacroArg[] | null,
  want: ValueId,
): ValueId | undefined {
  if (macro.facts.body.trim() === "") return want === DROP ? NO_VALUE : L.constant("int", "0");
  const entered = enterMacro(L, node, macro, args);
  if (!entered) return undefined;
  const { body, env } = entered;
  if (body.form === "tokens" || args?.some(isOperator)) return expandText(L, node, macro, env, want);
  if (body.form === "expression") {
    return L.within(env, () => (want === DROP ? effect(L, body.root) : rvalue(L, body.root, want)));
  }
  if (body.form === "statements" || (body.form === "toplevel" && onlyDeclarations(body.root))) {
    return L.within(env, () => {
      const value = lowerStatements(L, body.root, want !== DROP);
      if (want === DROP || value !== NO_VALUE) return value;
      const temp = L.temp();
      L.unknown(node, `macro ${macro.facts.name} used as a value`);
      L.emit(node, { op: "copy", dst: temp, src: L.constant("int", "0") });
      return temp;
    });
  }
  if (body.form === "head") {
    // A loop or condition with nothing behind it.
    env.block = () => {};
    L.within(env, () => lowerStatements(L, body.root, false));
    return NO_VALUE;
  }
  return undefined;
}

/** An argument such as `<` or `+=`. */
export function isOperator(arg: MacroArg): boolean {
  if (arg.node !== null || arg.text === "" || arg.text.length > 3) return false;
  for (const c of arg.text) if (!"+-*/%<>=!&|^~,.".includes(c)) return false;
  return true;
}

/**
 * A body that is no syntax before its parameters are replaced (an operator or an argument list as a parameter): the text
 * with the arguments put in is parsed. Everything in it then has the place of the use.
 */
function expandText(L: Lowering, node: SyntaxNode, macro: MacroDef, env: Env, want: ValueId): ValueId | undefined {
  const text = collapse(substituteText({ ...env, bindings: env.bindings ?? new Map() }, macro.facts.body));
  const parsed = text.length <= MAX_TEXT ? L.ctx.macros?.parse(text) : null;
  if (parsed?.form !== "expression" && parsed?.form !== "statements") {
    tokenBody(L, node, macro, env);
    return undefined;
  }
  const inner: Env = { ...env, text, original: text, base: 0, bindings: null };
  return L.within(inner, () => {
    if (parsed.form === "expression") return want === DROP ? effect(L, parsed.root) : rvalue(L, parsed.root, want);
    return lowerStatements(L, parsed.root, want !== DROP);
  });
}

function onlyDeclarations(root: SyntaxNode): boolean {
  return root.children.every((c) => c.type !== "function_definition" && c.type !== "template_declaration");
}

const FLOW_WORDS = new Set([
  "return",
  "goto",
  "break",
  "continue",
  "if",
  "else",
  "for",
  "while",
  "switch",
  "case",
  "do",
]);

/** A body that is no syntax of its own: locks and thread-state calls in it still count, control flow is unknown. */
export function tokenBody(L: Lowering, node: SyntaxNode, macro: MacroDef, env: Env): void {
  const body = macro.facts.body;
  let flow = false;
  L.within(env, () => {
    for (let i = 0; i < body.length; ) {
      const c = body.charCodeAt(i);
      if (c === 34 || c === 39) i = endOfQuoted(body, i);
      else if (isWordStart(c)) {
        let j = i + 1;
        while (j < body.length && isWord(body.charCodeAt(j))) j++;
        const word = body.slice(i, j);
        if (FLOW_WORDS.has(word)) flow = true;
        else tokenCall(L, node, word, argumentText(env, body, j));
        i = j;
      } else if (c >= 48 && c <= 57) {
        while (i < body.length && isWord(body.charCodeAt(i))) i++;
      } else i++;
    }
  });
  if (flow) L.unknown(node, `macro ${macro.facts.name} not understood`);
}

/** Text of the parenthesised arguments at `at`, with parameters replaced. */
function argumentText(env: Env, body: string, at: number): string[] {
  let i = at;
  while (i < body.length && isSpace(body.charCodeAt(i))) i++;
  if (body.charCodeAt(i) !== 40) return [];
  let depth = 0;
  let from = i + 1;
  const out: string[] = [];
  for (; i < body.length; i++) {
    const c = body.charCodeAt(i);
    if (c === 40) depth++;
    else if (c === 41 && --depth === 0) break;
    else if (c === 44 && depth === 1) {
      out.push(body.slice(from, i));
      from = i + 1;
    }
  }
  out.push(body.slice(from, i));
  return out.map((t) => collapse(substituteText(env, t)));
}
