/** A problem of a static variable as a finding: where it is, who is involved, what to do. */

import { staticOf } from "../flow/shared/location.ts";
import type { StaticAccess } from "../flow/shared/shared-state.ts";
import type { FunctionId, ProjectIndex } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { changes, type StaticProblem } from "./globals-model.ts";
import { type Draft, type EvidenceStep, RISKS } from "./types.ts";

/** More steps tell a reader nothing new. */
const MAX_STEPS = 20;

/** Everything of a finding that is the same for all rules of the family. */
export function staticDraft(project: ProjectContext, problem: StaticProblem): Omit<Draft<never>, "messageId"> {
  const { file, facts } = problem.variable;
  return {
    risk: problem.risk,
    file,
    start: facts.nameStart,
    end: facts.nameEnd,
    function: facts.owner ?? "",
    symbol: facts.name,
    data: { name: facts.name, writers: functionNames(project.index, problem) },
    evidence: staticEvidence(project.index, problem),
  };
}

/** More variables than this of one function are one finding: its author made all of them static at once. */
const MANY = 4;

/** Problems of the statics of one function put together, if they are many; each with the others that it stands for. */
export function byFunction(problems: readonly StaticProblem[]): { problem: StaticProblem; others: StaticProblem[] }[] {
  const groups = new Map<string, StaticProblem[]>();
  for (const problem of problems) {
    const { file, facts } = problem.variable;
    const key = facts.owner === undefined ? `${file} ${facts.nameStart}` : `${file} ${facts.owner}()`;
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group.length <= MANY) return group.map((problem) => ({ problem, others: [] }));
    const worst = group.reduce((a, b) => (RISKS.indexOf(b.risk) < RISKS.indexOf(a.risk) ? b : a));
    return [{ problem: worst, others: group.filter((p) => p !== worst) }];
  });
}

/** `f`, `g` and 2 more: the functions that change the variable. */
function functionNames(index: ProjectIndex, { accesses, initWrites }: StaticProblem): string {
  const changing = accesses.some(changes) ? accesses.filter(changes) : initWrites;
  const names = [...new Set(changing.map((a) => `\`${index.functions[a.function].name}\``))];
  if (names.length <= 3) return names.join(", ");
  return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more functions`;
}

function staticEvidence(index: ProjectIndex, problem: StaticProblem): EvidenceStep[] {
  const steps: EvidenceStep[] = [];
  const { race } = problem;
  const { file } = problem.variable;
  if (race) {
    const name = index.functions[race.function].name;
    const at = index.functions[race.function].facts.file;
    steps.push({
      text: `\`${name}\` looks into it here (\`${race.lookApi}\`)`,
      file: at,
      ...race.look,
      isAccess: true,
    });
    steps.push({
      text: `and changes it here (\`${race.changeApi}\`): another thread can get in between`,
      file: at,
      ...race.change,
    });
  } else if (problem.rule === "lazy-static") steps.push(...firstUseSteps(index, problem));
  for (const a of race ? [] : accessSteps(index, problem)) if (!steps.some((s) => sameStep(s, a))) steps.push(a);
  for (const id of problem.covers) {
    const { facts, file: at } = index.static(id);
    steps.push({
      text: `\`${facts.name}\` is filled under the same test`,
      file: at,
      start: facts.nameStart,
      end: facts.nameEnd,
    });
  }
  if (steps.length === 0) {
    const { facts } = problem.variable;
    for (const write of problem.initWrites.slice(0, 3)) {
      steps.push(
        stepAt(index, write, `assigned in \`${nameOf(index, write.function)}\`, while the module is initialised`),
      );
    }
    if (steps.length === 0) steps.push({ text: "defined here", file, start: facts.nameStart, end: facts.nameEnd });
  }
  return limited(steps);
}

function sameStep(a: EvidenceStep, b: EvidenceStep): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}

function limited(steps: EvidenceStep[]): EvidenceStep[] {
  if (steps.length <= MAX_STEPS) return steps;
  const last = steps[MAX_STEPS - 1];
  return [...steps.slice(0, MAX_STEPS - 1), { ...last, text: `${last.text}, and ${steps.length - MAX_STEPS} more` }];
}

function firstUseSteps(index: ProjectIndex, problem: StaticProblem): EvidenceStep[] {
  return problem.uses.flatMap((use) => {
    const first = use.firstUses.find((f) => f.assignment) ?? use.firstUses[0];
    if (!first) return [];
    const { file } = index.functions[use.function].facts;
    const steps: EvidenceStep[] = [
      { text: `\`${nameOf(index, use.function)}\` tests whether it is set`, file, ...first.test, isAccess: true },
    ];
    if (first.assignment) {
      const { start, end } = first.assignment;
      steps.push({ text: "and sets it here: two threads can both have found it unset", file, start, end });
    }
    return steps;
  });
}

/** One step for each function and kind of access, writers first. */
function accessSteps(index: ProjectIndex, problem: StaticProblem): EvidenceStep[] {
  const seen = new Set<string>();
  const steps: EvidenceStep[] = [];
  for (const access of problem.accesses) {
    const key = `${access.function} ${access.access.kind} ${access.access.stored ?? ""} ${access.locks.length > 0}`;
    if (seen.has(key)) continue;
    seen.add(key);
    steps.push({ ...stepAt(index, access, sentence(index, access)), isAccess: access.locks.length === 0 });
  }
  return steps;
}

function stepAt(index: ProjectIndex, { access, function: fn }: StaticAccess, text: string): EvidenceStep {
  const { start, end } = access.chain[0] ?? access;
  return { text, file: index.functions[fn].facts.file, start, end };
}

function sentence(index: ProjectIndex, access: StaticAccess): string {
  const name = nameOf(index, access.function);
  const { chain } = access.access;
  const through = chain.length > 0 ? `, through \`${nameOf(index, chain[chain.length - 1].callee)}\`` : "";
  return `${verb(access)} in \`${name}\`${through}${lockWords(index, access)}${way(index, access.function)}`;
}

function verb({ access }: StaticAccess): string {
  switch (access.kind) {
    case "read":
      return "read";
    case "free":
      return "what it points to is released";
    case "touch":
      return "handed to code that can write it";
    default:
      if (access.stored === "update") return "read, changed and written back";
      return access.stored === "null" ? "reset" : "written";
  }
}

function lockWords(index: ProjectIndex, { locks }: StaticAccess): string {
  if (locks.length === 0) return " without a lock";
  const id = staticOf(locks[0].at);
  return id === undefined ? " under a lock" : ` under \`${index.static(id).facts.name}\``;
}

/** How Python code gets to a helper. */
function way(index: ProjectIndex, fn: FunctionId): string {
  const [own] = index.entriesOf(fn);
  if (own) return ` (\`${own.name}\`)`;
  const [first] = index.entryFunctionsReaching(fn);
  const entry = first === undefined ? undefined : index.entriesOf(first)[0];
  return entry ? ` (reached from \`${entry.name}\`)` : "";
}

function nameOf(index: ProjectIndex, fn: FunctionId): string {
  return index.functions[fn].name;
}
