/** Fixes in rounds: ask the rules, choose what goes together, edit in memory, prove, repeat until nothing changes. */
import { planCompat } from "../../fix/compat/compat.ts";
import { type Candidate, choose, editsByFile } from "../../fix/plan.ts";
import type { FileEdit, FixContext, FixSettings, Proposal, ProposalLevel, Withheld } from "../../fix/types.ts";
import type { Problem } from "../../ir/facts.ts";
import type { AnyRule } from "../../rule-api/define-rule.ts";
import type { Finding } from "../../rule-api/types.ts";
import { applyEdits, type Edit, editedRanges } from "../../text/edits.ts";
import { LineMap } from "../../text/lines.ts";
import type { SourceText } from "../../text/source.ts";
import { selectRules } from "../select-rules.ts";
import type { AuditContext, AuditOptions, Located } from "../types.ts";
import { EditHistory } from "./edit-history.ts";
import { functionAround, proveRound } from "./prove.ts";
import { Workspace } from "./workspace.ts";

export interface FixOptions extends FixSettings {
  /** The lowest level that is applied: `safe` applies safe fixes only, `review` both. */
  level: ProposalLevel;
  /** Which findings to fix, given what was fixed before; undefined: all. Other findings count in the proof alone. */
  wanted?: (finding: Finding, applied: readonly AppliedFix[]) => boolean;
  /** Why a finding must stay as it is whatever the rules answer; undefined if nothing speaks against a fix. */
  refused?: (finding: Finding) => string | undefined;
  /** Number of the rule's answer to take, whatever its level; undefined: the best one. */
  answer?: (finding: Finding) => number | undefined;
  /** Each fix is planned and proven for the files as they are, not on top of the fixes of earlier rounds; no file changes in the result. */
  alone?: boolean;
}

export interface AppliedFix {
  finding: Finding;
  level: ProposalLevel;
  title: string;
  /** What a person should look at. */
  review: string[];
  /** From 1. */
  round: number;
  /** Files that the edits are in, in order. */
  files: string[];
  /** One-based line of the finding before the first round. */
  oldLine: number;
  /** The same after the last. */
  newLine: number;
}

/** A finding that is still there, and what would have to happen. */
export interface LeftFinding {
  finding: Finding;
  level: ProposalLevel | "manual";
  title: string;
  reason: string;
  recipe: string[];
  /** One-based line before the first round. */
  oldLine: number;
  /** The same after the last. */
  newLine: number;
}

export interface FixedFile {
  file: string;
  /** As it is on disk; undefined for a new file. */
  before: SourceText | undefined;
  after: SourceText;
}

/** A fix that had to wait, because another one edits the same function or text. */
export interface Conflict {
  finding: Finding;
  with: Finding;
  /** The round it waited in, from 1. */
  round: number;
}

/** Files that change, in memory. */
export interface ChangedFiles {
  /** Absolute path that the names of the files are relative to. */
  root: string;
  files: { file: string; before: SourceText | undefined; after: SourceText }[];
}

export interface FixResult {
  root: string;
  /** Findings before the first round. */
  findings: Finding[];
  applied: AppliedFix[];
  left: LeftFinding[];
  conflicts: Conflict[];
  /** Files that change, in order. */
  files: FixedFile[];
  rounds: number;
  problems: readonly Problem[];
}

export interface FixRunContext {
  rules: readonly AnyRule[];
  /** Names of the rules whose findings are to be fixed. */
  selected: ReadonlySet<string>;
  signal?: AbortSignal;
  /** Gets the number of fixes after each round. */
  onRound?: (done: number) => void;
}

/** A finding that is asked for, with what was answered. */
interface Asked extends Candidate<Located> {
  finding: Finding;
  /** The level that verification leaves of the proposal's claim. */
  level: ProposalLevel;
}

/** Far more than any function has findings that exclude each other. */
const MAX_ROUNDS = 200;

/**
 * Plans the fixes of the files below `options.paths`; nothing is written. A fix whose proof fails is lowered or given up, and `left`
 * says why.
 * @throws as `audit`.
 */
export async function fixProject(options: AuditOptions, fix: FixOptions, context: AuditContext): Promise<FixResult> {
  // All rules take part in the proof, whatever is to be fixed.
  const rules = context.registry;
  const selected = new Set(selectRules(rules, options.select, options.ignore).map((r) => r.name));
  const first = await Workspace.open({ ...options, select: [], ignore: [] }, context, rules);
  return (await fixWorkspace(first, fix, { rules, selected, signal: context.signal })).result;
}

/** The same for a project that is scanned already, with all `rules`; the answer has the project afterwards, too. */
export async function fixWorkspace(
  first: Workspace,
  fix: FixOptions,
  { rules, selected, signal, onRound }: FixRunContext,
): Promise<{ result: FixResult; workspace: Workspace }> {
  const run = new FixRun(first, fix, rules, selected);
  while (run.rounds < MAX_ROUNDS && (await run.round())) {
    signal?.throwIfAborted();
    onRound?.(run.done);
  }
  return { result: run.result(), workspace: run.state };
}

/** What a rule answers for a finding, with the texts that each answer would give; nothing is proven. */
export function previewFixes(
  workspace: Workspace,
  rule: AnyRule | undefined,
  request: Located,
  settings: FixSettings,
): { answer: Proposal | Withheld; texts: ReadonlyMap<string, string> }[] {
  const context = contextOf(workspace, settings);
  return askRule(rule, request, context).map((answer) => {
    if (answer.level === "manual") return { answer, texts: new Map() };
    const compat = planCompat(context, needsOf([answer]));
    return { answer, texts: edited(workspace, editsByFile([...compat.edits, ...answer.edits])).texts };
  });
}

class FixRun {
  rounds = 0;
  state: Workspace;
  private readonly first: Workspace;
  private readonly fix: FixOptions;
  private readonly rules: ReadonlyMap<string, AnyRule>;
  private readonly selected: ReadonlySet<string>;
  private readonly applied: AppliedFix[] = [];
  /** What verification said of answers, by finding and title. */
  private readonly barred = new Map<string, { level: ProposalLevel | "manual"; reason: string }>();
  /** Fixes that failed in company, where it could not be said which was to blame: they are tried in smaller company. */
  private readonly suspects = new Set<string>();
  /** How many suspects are tried together: half after each failure, twice after each success. */
  private company = 1;
  private readonly conflicts: Conflict[] = [];
  private readonly history = new EditHistory();
  /** What rules answered, by finding of one state. */
  private readonly answers = new WeakMap<Located, readonly (Proposal | Withheld)[]>();
  private readonly findings: Finding[];

  constructor(first: Workspace, fix: FixOptions, rules: readonly AnyRule[], selected: ReadonlySet<string>) {
    this.first = first;
    this.state = first;
    this.fix = fix;
    this.rules = new Map(rules.map((r) => [r.name, r]));
    this.selected = selected;
    this.findings = this.wantedOf(first).map(([, finding]) => finding);
  }

  get done(): number {
    return this.applied.length;
  }

  /** One round; false if there was nothing left to do. */
  async round(): Promise<boolean> {
    const { state } = this;
    for (let asked = this.candidates(); asked.length > 0; asked = this.candidates()) {
      const { chosen, deferred } = choose(this.together(asked), functionAround(state));
      const compat = planCompat(contextOf(state, this.fix), needsOf(chosen.map((c) => c.proposal)));
      if (chosen.some((c) => this.bar(c, missingFor(c.proposal, compat.missing)))) continue;
      // Definitions first: what is declared at the same place may need them.
      const edits = editsByFile([...compat.edits, ...chosen.flatMap((c) => c.proposal.edits)]);
      const { texts, inserted, own } = edited(state, edits);
      const next = await state.withTexts(texts);
      const verdicts = proveRound(state, next, chosen, inserted);
      const failed = chosen.filter((c, i) => this.bar(c, verdicts[i]));
      if (failed.length > 0) {
        if (verdicts.some((v) => v.result === "suspect")) this.company = Math.max(1, chosen.length >> 1);
        continue;
      }
      this.company = Math.max(this.company, 2 * chosen.length);
      this.accept(next, chosen);
      this.history.add(this.fix.alone ? new Map() : own);
      for (const { candidate, because } of deferred) {
        this.conflicts.push({ finding: candidate.finding, with: because.finding, round: this.rounds });
      }
      return true;
    }
    return false;
  }

  /** Those that may go together: all but the suspects, or some of these. */
  private together(asked: Asked[]): Asked[] {
    const trusted = asked.filter((a) => !this.suspects.has(barKey(a.finding, a.proposal.title)));
    return trusted.length > 0 ? trusted : asked.slice(0, this.company);
  }

  /** Lowers what did not stand; true if the fix is then below the level that is asked for. */
  private bar(asked: Asked, verdict: { result: string; reason?: string } | undefined): boolean {
    if (verdict === undefined || verdict.result === "holds") return false;
    if (verdict.result === "suspect") {
      this.suspects.add(barKey(asked.finding, asked.proposal.title));
      return true;
    }
    const level = verdict.result === "unproven" ? "review" : "manual";
    const reason = verdict.reason ?? "";
    this.barred.set(barKey(asked.finding, asked.proposal.title), { level, reason });
    if (level === "manual" || this.fix.level === "safe") return true;
    if (!asked.proposal.review.includes(reason)) asked.proposal.review.push(reason);
    asked.level = "review";
    return false;
  }

  private accept(next: Workspace, chosen: readonly Asked[]): void {
    this.rounds++;
    for (const { finding, proposal, level } of chosen) {
      const { title, review, edits } = proposal;
      const files = [...new Set(edits.map((e) => e.file))].sort();
      const lines = { oldLine: finding.line, newLine: finding.line };
      this.applied.push({ finding, level, title, review, round: this.rounds, files, ...lines });
    }
    if (!this.fix.alone) this.state = next;
  }

  private wantedOf(state: Workspace): (readonly [Located, Finding])[] {
    return state
      .identified()
      .filter(([, f]) => this.selected.has(f.rule) && !this.isDone(f) && (this.fix.wanted?.(f, this.applied) ?? true));
  }

  /** On its own, a fix does not take its finding out of the state. */
  private isDone({ fingerprint }: Finding): boolean {
    return this.fix.alone === true && this.applied.some((a) => a.finding.fingerprint === fingerprint);
  }

  /** For each finding the first answer that may be applied at the asked level. */
  private candidates(): Asked[] {
    const context = contextOf(this.state, this.fix);
    const asked: Asked[] = [];
    const covered = new Set<string>();
    for (const [request, finding] of this.wantedOf(this.state)) {
      if (covered.has(`${finding.rule}\0${finding.function}`)) continue;
      const { proposal, level } = this.bestAnswer(request, finding, context);
      if (proposal === undefined || level === "manual" || (level === "review" && this.fix.level === "safe")) continue;
      asked.push({ request, finding, proposal, level });
      for (const other of proposal.alsoFixes ?? []) covered.add(`${other.rule}\0${other.function}`);
    }
    return asked;
  }

  private bestAnswer(request: Located, finding: Finding, context: FixContext & { project: Workspace["project"] }) {
    let best: {
      level: ProposalLevel | "manual";
      title: string;
      reason: string;
      recipe: string[];
      proposal?: Proposal;
    } = {
      level: "manual",
      title: finding.fix?.title ?? "",
      reason: "ungil has no rewrite for it",
      recipe: [],
    };
    const refused = this.fix.refused?.(finding);
    if (refused !== undefined) return { ...best, reason: refused };
    let isFirst = true;
    const wanted = this.fix.answer?.(finding);
    for (const [i, answer] of this.answersOf(request, context).entries()) {
      if (wanted !== undefined && i !== wanted) continue;
      const barred = answer.level === "manual" ? undefined : this.barred.get(barKey(finding, answer.title));
      const level = lower(answer.level, barred?.level);
      if (isFirst || RANK[level] > RANK[best.level]) {
        const reason = barred?.reason ?? (answer.level === "manual" ? answer.reason : answer.review.join("; "));
        const recipe = answer.level === "manual" ? (answer.recipe ?? []) : [];
        const title = answer.level === "manual" ? best.title : answer.title;
        best = { level, title, reason, recipe, proposal: answer.level === "manual" ? undefined : answer };
      }
      isFirst = false;
    }
    return best;
  }

  private answersOf(
    request: Located,
    context: FixContext & { project: Workspace["project"] },
  ): readonly (Proposal | Withheld)[] {
    let answers = this.answers.get(request);
    if (answers === undefined) {
      answers = askRule(this.rules.get(request.rule), request, context);
      this.answers.set(request, answers);
    }
    return answers;
  }

  result(): FixResult {
    const context = contextOf(this.state, this.fix);
    const left = this.wantedOf(this.state).map(([request, finding]): LeftFinding => {
      const { level, title, reason, recipe } = this.bestAnswer(request, finding, context);
      return { finding, level, title, reason, recipe, ...this.linesOf({ finding, round: this.rounds + 1 }) };
    });
    const files = this.state.changedFiles().map((file): FixedFile => {
      return { file, before: this.first.editable(file), after: this.state.text(file)! };
    });
    const { root, problems } = this.first;
    const { findings, conflicts, rounds } = this;
    const applied = this.applied.map((a) => ({ ...a, ...this.linesOf(a) }));
    return { root, findings, applied, left, conflicts, files, rounds, problems };
  }

  private linesOf({ finding: { file, start }, round }: Pick<AppliedFix, "finding" | "round">) {
    const oldLine = lineAt(this.first.text(file), this.history.first(file, start, round));
    return { oldLine, newLine: lineAt(this.state.text(file), this.history.last(file, start, round)) };
  }
}

function contextOf(
  state: Workspace,
  { compat, compatHeader }: FixSettings,
): FixContext & { project: Workspace["project"] } {
  return {
    project: state.project,
    settings: { compat, compatHeader },
    source: (file) => state.source(file),
    unscanned: (file) => state.unscanned(file),
  };
}

function askRule(
  rule: AnyRule | undefined,
  request: Located,
  context: FixContext & { project: Workspace["project"] },
): readonly (Proposal | Withheld)[] {
  try {
    return rule?.fix?.(request, context) ?? [];
  } catch (error) {
    const reason = `internal error: ${error instanceof Error ? error.message : String(error)}`;
    return [{ level: "manual", reason }];
  }
}

function lineAt(source: SourceText | undefined, offset: number): number {
  return LineMap.of(source?.text ?? "").lineOf(offset);
}

const RANK = { manual: 0, review: 1, safe: 2 } as const;

function lower(a: ProposalLevel | "manual", b: ProposalLevel | "manual" | undefined): ProposalLevel | "manual" {
  return b !== undefined && RANK[b] < RANK[a] ? b : a;
}

function barKey(finding: Finding, title: string): string {
  return `${finding.fingerprint}\0${title}`;
}

function needsOf(proposals: readonly Proposal[]): Map<string, Set<string>> {
  const needs = new Map<string, Set<string>>();
  for (const { edits, needs: names } of proposals) {
    for (const file of new Set(edits.map((e) => e.file))) {
      const own = edits.filter((e) => e.file === file);
      // What no text names is there for all of them.
      const isFor = (name: string) =>
        own.some((e) => e.text.includes(name)) || !edits.some((e) => e.text.includes(name));
      needs.set(file, new Set([...(needs.get(file) ?? []), ...names.filter(isFor)]));
    }
  }
  return needs;
}

function missingFor(proposal: Proposal, missing: ReadonlyMap<string, string>) {
  for (const { file } of proposal.edits) {
    for (const name of proposal.needs) {
      const reason = missing.get(`${file}\0${name}`);
      if (reason !== undefined) return { result: "refuted", reason };
    }
  }
  return undefined;
}

/** The new texts, and where in them the edits stand. */
function edited(state: Workspace, byFile: ReadonlyMap<string, FileEdit[]>) {
  const texts = new Map<string, string>();
  const inserted = new Map<string, { edit: FileEdit; start: number; end: number }[]>();
  const own = new Map<string, Edit[]>();
  for (const [file, edits] of byFile) {
    const source = state.editable(file);
    const text = source?.text ?? "";
    const eol = source === undefined || source.eol === "mixed" ? "\n" : source.eol;
    const asWritten = edits.map((e) => ({ ...e, text: eol === "\n" ? e.text : e.text.replaceAll("\n", eol) }));
    own.set(file, asWritten);
    texts.set(file, applyEdits(text, asWritten));
    const ranges = editedRanges(asWritten);
    inserted.set(
      file,
      edits.map((edit, i) => ({ edit, ...ranges[i] })),
    );
  }
  return { texts, inserted, own };
}
