/**
 * Which code the target build compiles. Walks the directives once: known conditions remove code, unknown ones (platform,
 * build options) are decided by `branches.ts` when their group closes.
 */
import type { FileFacts, MacroFacts, Problem } from "../../ir/facts.ts";
import type { Span } from "../../ir/types.ts";
import { type Candidate, type Decision, decideBranches, newAssumptions } from "./branches.ts";
import { evaluate, MacroEnvironment, type MacroState } from "./conditions.ts";
import { directiveText, parseDefine, parseInclude } from "./directives.ts";
import type { Directive, Lexed } from "./lexer.ts";
import type { Branch, Conditional, Truth, ViewOptions } from "./types.ts";

export interface Preprocessed {
  macros: MacroFacts[];
  includes: FileFacts["includes"];
  conditionals: Conditional[];
  /** 1 for every token that stays. */
  live: Uint8Array;
  /** Ranges that the target build does not compile. */
  dead: Span[];
  /** Ranges of alternatives that could not stand beside the ones that were kept. */
  notTaken: Span[];
  /** Branches that leave the function and stand under an unknown condition. */
  jumps: Decision["jumps"];
  problems: Problem[];
}

interface OpenBranch extends Candidate {
  branch: Branch;
  /** Macros as they were before the branch, to be put back at its end. */
  log: { name: string; before: MacroState | undefined; changed: boolean }[];
}

interface OpenGroup {
  conditional: Conditional;
  index: number;
  branches: OpenBranch[];
  /** The code around the group is not compiled at all. */
  deadOutside: boolean;
  /** A branch is known to be taken: all later ones are dead. */
  decided: boolean;
  changed: Set<string>;
}

/** Branches of a group whose conditions are taken into account inside a later branch. */
const MAX_ASSUMED = 50;

const DEFINED_VALUE: MacroState = { kind: "value", value: { low: -Infinity, high: Infinity } };
const NONZERO_VALUE: MacroState = { kind: "value", value: { low: 1, high: Infinity } };
const UNDEFINED: MacroState = { kind: "undefined" };

/** Evaluates all conditional groups of a lexed text. */
export function preprocess(text: string, lexed: Lexed, options: ViewOptions): Preprocessed {
  const state = new Preprocessor(text, lexed, options);
  for (const directive of lexed.directives) state.directive(directive);
  return state.finish();
}

class Preprocessor {
  private readonly text: string;
  private readonly lexed: Lexed;
  private readonly environment: MacroEnvironment;
  private readonly groups: OpenGroup[] = [];
  private readonly assumptions = newAssumptions();
  private readonly result: Preprocessed;

  constructor(text: string, lexed: Lexed, options: ViewOptions) {
    this.text = text;
    this.lexed = lexed;
    this.environment = new MacroEnvironment(options.language, options.target);
    const live = new Uint8Array(lexed.tokens.n).fill(1);
    this.result = { macros: [], includes: [], conditionals: [], live, dead: [], notTaken: [], jumps: [], problems: [] };
  }

  directive(directive: Directive): void {
    switch (directive.word) {
      case "if":
      case "ifdef":
      case "ifndef":
        this.open(directive);
        return;
      case "elif":
      case "elifdef":
      case "elifndef":
      case "else":
        this.next(directive);
        return;
      case "endif":
        this.close(directive, directive.end);
        return;
      case "define":
        this.define(directive);
        return;
      case "undef":
        if (this.isLive()) this.change(directiveText(this.text, directive), UNDEFINED);
        return;
      case "include":
      case "include_next":
      case "import":
        this.include(directive);
        return;
    }
  }

  finish(): Preprocessed {
    const outermost = this.groups[0];
    if (outermost) {
      const count = this.groups.length;
      const message = count === 1 ? "#if without #endif" : `${count} times #if without #endif`;
      this.problem("unterminated", message, outermost.conditional.start);
    }
    while (this.groups.length > 0) {
      const end = this.text.length;
      this.close({ start: end, end, word: "endif", restStart: end, token: this.lexed.tokens.n }, end);
    }
    this.result.conditionals.sort((a, b) => a.start - b.start);
    this.result.dead = union(this.result.dead);
    this.result.notTaken = union(this.result.notTaken);
    return this.result;
  }

  private problem(kind: Problem["kind"], message: string, start: number): void {
    this.result.problems.push({ file: "", kind, message, start, end: start, skipped: false });
  }

  private isLive(): boolean {
    const group = this.groups.at(-1);
    return !group || (!group.deadOutside && group.branches.at(-1)!.branch.state !== "false");
  }

  private condition(directive: Directive): { condition: string; state: Truth } {
    const rest = directiveText(this.text, directive);
    const plain = /^[A-Za-z_$@][\w$@]*/.exec(rest)?.[0] ?? "";
    if (directive.word === "ifdef" || directive.word === "elifdef") {
      return { condition: `defined(${plain})`, state: this.environment.isDefined(plain) };
    }
    if (directive.word === "ifndef" || directive.word === "elifndef") {
      const defined = this.environment.isDefined(plain);
      const state = defined === "unknown" ? "unknown" : defined === "true" ? "false" : "true";
      return { condition: `!defined(${plain})`, state };
    }
    return { condition: rest, state: evaluate(rest, this.environment) };
  }

  private open(directive: Directive): void {
    const deadOutside = !this.isLive();
    const parent = this.groups.at(-1)?.index ?? -1;
    const conditional: Conditional = { start: directive.start, end: directive.end, branches: [], parent };
    const index = this.result.conditionals.push(conditional) - 1;
    const group: OpenGroup = { conditional, index, branches: [], deadOutside, decided: false, changed: new Set() };
    this.groups.push(group);
    const { condition, state } = deadOutside
      ? { condition: directiveText(this.text, directive), state: "false" as Truth }
      : this.condition(directive);
    this.begin(group, directive, condition, state);
  }

  private begin(group: OpenGroup, directive: Directive, condition: string, state: Truth): void {
    const branch: Branch = {
      start: directive.start,
      end: directive.end,
      directive: directive.word,
      condition,
      state,
      kept: state !== "false",
      bodyStart: directive.end,
    };
    group.conditional.branches.push(branch);
    const open: OpenBranch = {
      branch,
      condition,
      state,
      from: directive.token,
      to: directive.token,
      directive,
      log: [],
    };
    group.branches.push(open);
    if (state === "true") group.decided = true;
    if (state === "unknown") this.assume(group, open);
  }

  /** Inside a branch its own condition holds, and those of the branches before it do not. */
  private assume(group: OpenGroup, open: OpenBranch): void {
    const set = (name: string, state: MacroState): void => {
      open.log.push({ name, before: this.environment.set(name, state), changed: false });
    };
    for (const branch of group.branches.slice(-MAX_ASSUMED)) {
      const match = /^(!?)\s*defined\s*\(?\s*([A-Za-z_$][\w$]*)\s*\)?$/.exec(branch.condition);
      const holds = branch === open;
      if (match) set(match[2]!, (match[1] === "") === holds ? DEFINED_VALUE : UNDEFINED);
      else if (holds && /^[A-Za-z_$][\w$]*$/.test(branch.condition)) set(branch.condition, NONZERO_VALUE);
    }
  }

  private next(directive: Directive): void {
    const group = this.groups.at(-1);
    if (!group) {
      this.problem("unterminated", `#${directive.word} without #if`, directive.start);
      return;
    }
    this.end(group, directive);
    if (group.deadOutside) {
      this.begin(group, directive, "", "false");
    } else if (directive.word === "else") {
      const allFalse = group.branches.every((branch) => branch.state === "false");
      this.begin(group, directive, "", group.decided ? "false" : allFalse ? "true" : "unknown");
    } else {
      const { condition, state } = this.condition(directive);
      this.begin(group, directive, condition, group.decided ? "false" : state);
    }
  }

  /** Ends the open branch of a group at the directive that follows it. */
  private end(group: OpenGroup, directive: Directive): void {
    const open = group.branches.at(-1)!;
    open.to = directive.token;
    open.branch.end = directive.start;
    for (const entry of open.log.reverse()) {
      this.environment.restore(entry.name, entry.before);
      if (entry.changed) group.changed.add(entry.name);
    }
    if (open.state === "false" && !group.deadOutside) {
      this.result.live.fill(0, open.from, open.to);
      this.result.dead.push({ start: open.branch.bodyStart, end: directive.start });
    }
  }

  private close(directive: Directive, end: number): void {
    const group = this.groups.pop();
    if (!group) {
      this.problem("unterminated", "#endif without #if", directive.start);
      return;
    }
    this.end(group, directive);
    group.conditional.end = end;
    if (group.deadOutside) return;
    const guard = /^!\s*defined\s*\(?\s*([A-Za-z_$][\w$]*)\s*\)?$/.exec(group.branches[0]!.condition)?.[1];
    for (const name of group.changed) {
      // `#ifndef X`, `#define X ...`, `#endif`: X is defined now, whoever defined it.
      if (name === guard && group.branches.length === 1) this.change(name, DEFINED_VALUE);
      else this.change(name, { kind: "unknown" });
    }
    const decision = decideBranches(
      this.text,
      this.lexed.tokens,
      this.result.live,
      group.branches,
      directive,
      this.assumptions,
    );
    for (const dropped of decision.dropped) {
      const open = group.branches[dropped]!;
      open.branch.kept = false;
      this.result.live.fill(0, open.from, open.to);
      this.result.notTaken.push({ start: open.branch.bodyStart, end: open.branch.end });
    }
    this.result.jumps.push(...decision.jumps);
  }

  /** Sets a macro; under an unknown condition the change is undone at the branch's end. */
  private change(name: string, state: MacroState): void {
    const before = this.environment.set(name, state);
    for (let i = this.groups.length - 1; i >= 0; i--) {
      const branch = this.groups[i]!.branches.at(-1)!;
      if (branch.state !== "unknown") continue;
      branch.log.push({ name, before, changed: true });
      return;
    }
  }

  private define(directive: Directive): void {
    if (!this.isLive()) return;
    const macro = parseDefine(this.text, directive);
    if (!macro) return;
    this.result.macros.push(macro);
    const body =
      macro.body.length > 400 ? "" : directiveText(macro.body, { ...directive, restStart: 0, end: macro.body.length });
    this.change(macro.name, { kind: "defined", params: macro.params, body });
  }

  private include(directive: Directive): void {
    if (!this.isLive()) return;
    const include = parseInclude(this.text, directive);
    if (include) this.result.includes.push(include);
    // The included file may define what a branch had assumed to be undefined.
    for (const group of this.groups) {
      for (const { name } of group.branches.at(-1)!.log) {
        if (this.environment.get(name).kind === "undefined") this.environment.forget(name);
      }
    }
  }
}

/** Sorted, overlapping ranges joined, empty ones dropped. */
function union(spans: Span[]): Span[] {
  const sorted = spans.filter((span) => span.end > span.start).sort((a, b) => a.start - b.start || b.end - a.end);
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
}
