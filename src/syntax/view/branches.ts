/**
 * Branches under conditions that nobody can know here (platform, build options). All of them are kept if they can stand
 * one after the other in one text; otherwise one is kept, and the choice is remembered for the group further
 * down that closes what this one opened.
 */
import { type Directive, IDENT, PUNCT, type Tokens } from "./lexer.ts";
import { CAPS, MARKER, STATEMENT_WORD, symbolFlags, symbolName } from "./symbols.ts";
import type { Truth } from "./types.ts";

/** A branch as tokens `from` to `to` (exclusive) of the whole text. */
export interface Candidate {
  condition: string;
  state: Truth;
  from: number;
  to: number;
  directive: Directive;
}

export interface Decision {
  /** Indices of branches that do not stay. */
  dropped: number[];
  /**
   * Kept branches that end by leaving the function or loop. What follows them is reached if the condition does not hold, so the
   * view puts `if(_){` and `}` over the two directives around them.
   */
  jumps: { open: Directive; close: Directive; firstToken: number }[];
}

/** Conditions by their normal form and what was assumed of them. */
export type Assumptions = Map<string, boolean>;

export function newAssumptions(): Assumptions {
  return new Map();
}

/** Platforms that are not the one whose free-threaded build is most used: second choice where only one branch can stay. */
const SECOND_CHOICE =
  /WIN|MSC|_MSC_VER|VMS|MACOS|APPLE|DARWIN|AIX|HPUX|SUNOS|SOLARIS|CYGWIN|MINGW|BORLAND|WATCOM|OS2|DOS|ANDROID|WASM|EMSCRIPTEN/i;

/** Tokens that are looked at to find the beginning of a macro's use. */
const LOOK_BACK = 400;

const OPEN: Record<number, number> = { 40: 41, 91: 93, 123: 125 };

/** Decides a group whose code around is compiled. `closing` is its `#endif`. */
export function decideBranches(
  text: string,
  tokens: Tokens,
  live: Uint8Array,
  branches: Candidate[],
  closing: Directive,
  assumptions: Assumptions,
): Decision {
  const decision: Decision = { dropped: [], jumps: [] };
  const candidates: number[] = [];
  for (let i = 0; i < branches.length; i++) {
    const { state, from, to } = branches[i]!;
    if (state !== "false" && firstLive(live, from, to) < to) candidates.push(i);
  }
  const unknown = candidates.filter((i) => branches[i]!.state === "unknown");
  if (unknown.length === 0) return decision;
  if (candidates.length === 1) {
    const only = branches[candidates[0]!]!;
    if (!isBalanced(tokens, live, only)) {
      const known = assumed(assumptions, branches, candidates[0]!);
      if (known === false) decision.dropped.push(candidates[0]!);
      else assume(assumptions, branches, candidates[0]!);
    }
  } else if (!canStandTogether(tokens, live, branches, candidates)) {
    const chosen = choose(assumptions, branches, candidates);
    assume(assumptions, branches, chosen);
    for (const i of candidates) if (i !== chosen) decision.dropped.push(i);
  }
  for (const i of candidates) {
    const branch = branches[i]!;
    if (branch.state !== "unknown" || decision.dropped.includes(i)) continue;
    if (candidates.length - decision.dropped.length === 1 && decision.dropped.length > 0) continue;
    if (leaves(text, tokens, live, branch)) {
      const close = branches[i + 1]?.directive ?? closing;
      decision.jumps.push({ open: branch.directive, close, firstToken: firstLive(live, branch.from, branch.to) });
    }
  }
  return decision;
}

function firstLive(live: Uint8Array, from: number, to: number): number {
  while (from < to && live[from] === 0) from++;
  return from;
}

function lastLive(live: Uint8Array, from: number, to: number): number {
  let i = to - 1;
  while (i >= from && live[i] === 0) i--;
  return i;
}

function isBalanced(tokens: Tokens, live: Uint8Array, { from, to }: Candidate): boolean {
  const expected: number[] = [];
  for (let i = from; i < to; i++) {
    if (live[i] === 0 || tokens.kind[i] !== PUNCT) continue;
    const code = tokens.sym[i]!;
    const close = OPEN[code];
    if (close !== undefined) expected.push(close);
    else if ((code === 41 || code === 93 || code === 125) && expected.pop() !== code) return false;
  }
  return expected.length === 0;
}

function isWord(tokens: Tokens, i: number, word: string): boolean {
  return tokens.kind[i] === IDENT && symbolName(tokens.sym[i]!) === word;
}

/** Whether code may begin after token `i` without being part of what stands there. */
function mayBeginAfter(tokens: Tokens, live: Uint8Array, i: number): boolean {
  if (i < 0 || isMacroLine(tokens, live, 0, i)) return true;
  if (tokens.kind[i] === IDENT) return (symbolFlags(tokens.sym[i]!) & CAPS) !== 0;
  if (tokens.kind[i] !== PUNCT) return false;
  const code = tokens.sym[i]!;
  // `;` `{` `}` `,` `(` `:`
  return code === 59 || code === 123 || code === 125 || code === 44 || code === 40 || code === 58;
}

function canStandTogether(tokens: Tokens, live: Uint8Array, branches: Candidate[], candidates: number[]): boolean {
  let elses = 0;
  let blocks = 0;
  const before = lastLive(live, 0, branches[0]!.from);
  if (!mayBeginAfter(tokens, live, before)) return false;
  const inList =
    before >= 0 && tokens.kind[before] === PUNCT && (tokens.sym[before] === 44 || tokens.sym[before] === 123);
  for (const i of candidates) {
    const branch = branches[i]!;
    if (!isBalanced(tokens, live, branch)) return false;
    const first = firstLive(live, branch.from, branch.to);
    const last = lastLive(live, branch.from, branch.to);
    if (isWord(tokens, first, "else")) elses++;
    if (tokens.kind[first] === PUNCT && tokens.sym[first] === 123) blocks++;
    if (!isComplete(tokens, live, branch, last)) return false;
  }
  if (elses > 1) return false;
  return blocks <= 1 || inList;
}

function isComplete(tokens: Tokens, live: Uint8Array, branch: Candidate, last: number): boolean {
  if (tokens.kind[last] === IDENT) return (symbolFlags(tokens.sym[last]!) & MARKER) !== 0;
  if (tokens.kind[last] !== PUNCT) return false;
  const code = tokens.sym[last]!;
  if (code === 59 || code === 125 || code === 44 || code === 58) return true;
  return isMacroLine(tokens, live, branch.from, last);
}

/** `MACRO(x)`, which begins a line and ends with token `last`. */
function isMacroLine(tokens: Tokens, live: Uint8Array, from: number, last: number): boolean {
  if (tokens.kind[last] !== PUNCT || tokens.sym[last] !== 41) return false;
  let depth = 0;
  let i = last;
  for (const stop = Math.max(from, last - LOOK_BACK); i >= stop; i--) {
    if (live[i] === 0 || tokens.kind[i] !== PUNCT) continue;
    if (tokens.sym[i] === 41) depth++;
    else if (tokens.sym[i] === 40 && --depth === 0) break;
  }
  const name = depth === 0 ? lastLive(live, from, i) : -1;
  if (name < from || tokens.kind[name] !== IDENT) return false;
  const flags = symbolFlags(tokens.sym[name]!);
  return (flags & CAPS) !== 0 && tokens.newline[name] === 1;
}

/** The branch ends with a jump that no `if` in front of it guards, and has no label that a wrapper would hide. */
function leaves(text: string, tokens: Tokens, live: Uint8Array, { from, to }: Candidate): boolean {
  let depth = 0;
  let statement = -1;
  let fresh = true;
  let guarded = false;
  for (let i = from; i < to; i++) {
    if (live[i] === 0) continue;
    if (tokens.kind[i] === PUNCT) {
      const code = tokens.sym[i]!;
      if (OPEN[code] !== undefined) {
        if (fresh && depth === 0) statement = -1;
        depth++;
        continue;
      }
      if (code === 41 || code === 93 || code === 125) depth--;
      if (depth < 0) return false;
      if (depth === 0 && (code === 59 || code === 125)) {
        fresh = true;
        guarded = false;
      }
      continue;
    }
    if (depth > 0) continue;
    const flags = tokens.kind[i] === IDENT ? symbolFlags(tokens.sym[i]!) : 0;
    if (fresh) {
      statement = i;
      fresh = false;
      if ((flags & STATEMENT_WORD) === 0) guarded = false;
    }
    if ((flags & STATEMENT_WORD) !== 0) {
      const word = symbolName(tokens.sym[i]!);
      if (word === "case" || word === "default") return false;
      if (word === "if" || word === "else" || word === "for" || word === "while" || word === "do") guarded = true;
    }
  }
  if (statement < 0 || guarded || depth !== 0 || tokens.kind[statement] !== IDENT) return false;
  const last = lastLive(live, from, to);
  if (text.charCodeAt(tokens.start[last]!) !== 59 && last !== statement) return false;
  const word = symbolName(tokens.sym[statement]!);
  return /^(?:return|goto|break|continue|throw|Py_RETURN_\w+)$/.test(word);
}

function normal(condition: string): string {
  return condition
    .replace(/\bdefined\s+([A-Za-z_$][\w$]*)/g, "defined($1)")
    .replace(/\s+/g, "")
    .replace(/^!!/, "");
}

function negated(condition: string): string {
  if (/^!defined\([\w$]+\)$/.test(condition) || /^![\w$]+$/.test(condition)) return condition.slice(1);
  return `!${/^[\w$]+$|^defined\([\w$]+\)$/.test(condition) ? condition : `(${condition})`}`;
}

/** What earlier choices say of branch `index`: true, false, or nothing. */
function assumed(assumptions: Assumptions, branches: Candidate[], index: number): boolean | undefined {
  for (let i = 0; i < index; i++) {
    if (assumptions.get(normal(branches[i]!.condition)) === true) return false;
  }
  const { condition } = branches[index]!;
  if (condition !== "") return assumptions.get(normal(condition));
  const all = branches.slice(0, index).every((branch) => assumptions.get(normal(branch.condition)) === false);
  return all ? true : undefined;
}

function assume(assumptions: Assumptions, branches: Candidate[], index: number): void {
  const set = (condition: string, value: boolean): void => {
    if (condition === "") return;
    const key = normal(condition);
    assumptions.set(key, value);
    assumptions.set(negated(key), !value);
  };
  for (let i = 0; i < index; i++) set(branches[i]!.condition, false);
  set(branches[index]!.condition, true);
}

function choose(assumptions: Assumptions, branches: Candidate[], candidates: number[]): number {
  const open: number[] = [];
  for (const i of candidates) {
    const known = branches[i]!.state === "true" ? true : assumed(assumptions, branches, i);
    if (known === true) return i;
    if (known === undefined) open.push(i);
  }
  const positive = (i: number): boolean => {
    const { condition } = branches[i]!;
    return !SECOND_CHOICE.test(condition) || condition.startsWith("!");
  };
  return open.find(positive) ?? open[0] ?? candidates[0]!;
}
