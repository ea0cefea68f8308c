/** Runs rules over a project and turns what they report into findings. */
import type { FileFacts, FunctionFacts, Problem } from "../ir/facts.ts";
import type { Span } from "../ir/types.ts";
import { NOTHING_DECLARED } from "../project/declared.ts";
import type { ProjectContext } from "../rule-api/context.ts";
import { type AnyRule, formatMessage } from "../rule-api/define-rule.ts";
import type { Draft, LineRange, Place } from "../rule-api/types.ts";
import { LineMap } from "../text/lines.ts";
import { breathe } from "./breathe.ts";
import type { Located } from "./types.ts";

export interface RulesOutcome {
  findings: Located[];
  problems: Problem[];
}

/** The event loop gets a turn at least this often. */
const SLICE_MS = 40;

/**
 * Runs `rules` over every function and the project. A rule that throws costs its own findings in that function, and a Problem.
 * `onProgress` gets the number of functions done and of findings so far.
 */
export async function runRules(
  project: ProjectContext,
  rules: readonly AnyRule[],
  onProgress: (functions: number, findings: number, file: string) => void,
  signal?: AbortSignal,
): Promise<RulesOutcome> {
  const findings: Located[] = [];
  const problems: Problem[] = [];
  const place = placer(project);
  const reportFor = (rule: AnyRule) => (draft: Draft) => {
    findings.push(locate(project, rule, draft, place));
  };
  const always = rules.filter((r) => r.checkFunction && !r.callTriggers);
  const byCall = new Map<string, AnyRule[]>();
  for (const rule of rules) {
    if (!rule.checkFunction || !rule.callTriggers) continue;
    for (const name of rule.callTriggers) byCall.set(name, [...(byCall.get(name) ?? []), rule]);
  }
  const byDeclaration = project.declared === NOTHING_DECLARED ? [] : rules.filter((r) => r.alsoTriggeredBy);

  let turn = performance.now();
  for (const fn of project.index.functions) {
    const due = new Set(always);
    for (const call of fn.facts.calls) {
      for (const rule of byCall.get(call) ?? []) due.add(rule);
      for (const rule of byDeclaration) if (rule.alsoTriggeredBy?.(call, project.declared)) due.add(rule);
    }
    for (const rule of due) {
      try {
        rule.checkFunction!(project.functionContext(fn.id), reportFor(rule));
      } catch (error) {
        problems.push(
          ruleCrash(rule, error, fn.file, fn.name, place({ file: fn.file, start: fn.facts.nameStart, end: 0 })),
        );
      }
    }
    if (performance.now() - turn > SLICE_MS) {
      onProgress(fn.id + 1, findings.length, fn.file);
      await breathe();
      signal?.throwIfAborted();
      turn = performance.now();
    }
  }
  for (const rule of rules) {
    try {
      rule.checkProject?.(project, reportFor(rule));
    } catch (error) {
      problems.push(ruleCrash(rule, error, "", ""));
    }
    await breathe();
    signal?.throwIfAborted();
  }
  onProgress(project.index.functions.length, findings.length, "");
  return { findings: sortedUnique(findings), problems };
}

function ruleCrash(rule: AnyRule, error: unknown, file: string, fn: string, at?: { line: number }): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const where = fn ? ` in ${fn}` : "";
  const message = `internal error: rule ${rule.name} failed${where}: ${reason}`;
  return { file, kind: "crash", message, ...(at ? { line: at.line } : {}), skipped: false };
}

/** The innermost function around an offset; undefined outside of functions. */
function functionAround(facts: FileFacts | undefined, file: string, offset: number): FunctionFacts | undefined {
  return facts?.functions.findLast((fn) => fn.file === file && fn.start <= offset && offset < fn.end);
}

/** The function or declaration around an offset, in lines; undefined for what is neither. */
function linesAround(facts: FileFacts | undefined, { file, start }: Place): LineRange | undefined {
  if (facts === undefined) return undefined;
  const holds = (span: Span) => span.start <= start && start < span.end;
  const around =
    functionAround(facts, file, start) ??
    [facts.statics, facts.structs, facts.macros, facts.prototypes].flat().find((span) => holds(span));
  if (around === undefined) return undefined;
  const lines = new LineMap(facts.lineStarts);
  return { from: lines.lineOf(around.start), to: lines.lineOf(Math.max(around.end - 1, around.start)) };
}

type Placer = (place: Place) => { line: number; column: number; endLine: number; endColumn: number };

function placer(project: ProjectContext): Placer {
  const maps = new Map<string, LineMap>();
  return ({ file, start, end }) => {
    let map = maps.get(file);
    if (!map) {
      const { index } = project;
      map = new LineMap((index.file(file) ?? index.metadataFile(file))?.lineStarts ?? [0]);
      maps.set(file, map);
    }
    const from = map.position(start);
    const to = map.position(Math.max(end, start));
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
}

function locate(project: ProjectContext, rule: AnyRule, draft: Draft, place: Placer): Located {
  const template: string | undefined = rule.messages[draft.messageId];
  if (template === undefined) throw new Error(`no message "${draft.messageId}"`);
  const { file, start, end } = draft;
  const factsOf = (name: string) => project.index.file(name);
  const within = linesAround(factsOf(file), draft);
  return {
    rule: rule.name,
    family: rule.family,
    risk: draft.risk,
    file,
    start,
    end,
    ...place(draft),
    function: draft.function,
    symbol: draft.symbol,
    ...(within ? { within } : {}),
    message: formatMessage(template, draft.data),
    evidence: (draft.evidence ?? []).map((step) => {
      const { line, column } = place(step);
      const { file, start, end, text, isAccess } = step;
      const facts = factsOf(file);
      const around = functionAround(facts, file, start)?.name ?? "";
      const own = linesAround(facts, step);
      const more = { ...(isAccess ? { isAccess } : {}), ...(own ? { within: own } : {}) };
      return { file, start, end, line, column, text, ...more, function: around };
    }),
    fix: draft.fix ?? null,
    module: project.index.modulesOfFile(file)[0]?.name ?? "",
  };
}

/** By file, place, rule and what it says; one of several that are the same in all of these. */
export function sortedUnique(findings: readonly Located[]): Located[] {
  const text = (f: Located) => `${f.rule}\0${f.symbol}\0${f.function}\0${f.message}`;
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const compare = (a: Located, b: Located) =>
    byText(a.file, b.file) || a.start - b.start || a.end - b.end || byText(text(a), text(b));
  const sorted = [...findings].sort(compare);
  return sorted.filter((f, i) => i === 0 || compare(sorted[i - 1], f) !== 0);
}

/** Problems with their line filled in, sorted by file and place. */
export function sortedProblems(problems: readonly Problem[], facts: ReadonlyMap<string, FileFacts>): Problem[] {
  return problems
    .map((p) => {
      if (p.line !== undefined || p.start === undefined) return p;
      const starts = facts.get(p.file)?.lineStarts;
      return starts ? { ...p, line: new LineMap(starts).lineOf(p.start) } : p;
    })
    .sort(
      (a, b) =>
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.start ?? 0) - (b.start ?? 0) ||
        (a.message < b.message ? -1 : a.message > b.message ? 1 : 0),
    );
}
