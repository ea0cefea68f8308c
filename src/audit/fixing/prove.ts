/** Proves the fixes of one round against the project before and after. */
import { type FunctionAround, functionsOf } from "../../fix/plan.ts";
import type { FileEdit, Proposal } from "../../fix/types.ts";
import { countFindings, HOLDS, keyOf, ownershipVerdict, type Verdict, worstOf } from "../../fix/verify.ts";
import { returnsOwned } from "../../flow/summary.ts";
import type { FunctionId } from "../../project/index-types.ts";
import { RISKS } from "../../rule-api/types.ts";
import type { Located } from "../types.ts";
import type { Workspace } from "./workspace.ts";

export interface Proposed {
  request: Located;
  proposal: Proposal;
}

/** Edits of a file with the span of their text in the edited file. */
export type Inserted = ReadonlyMap<string, readonly { edit: FileEdit; start: number; end: number }[]>;

/** What the innermost function around an offset is called in this state. */
export function functionAround(state: Workspace): FunctionAround {
  return (file, offset) => {
    let name = "";
    for (const f of state.project.index.file(file)?.functions ?? []) {
      if (f.file === file && f.start <= offset && offset < f.end) name = f.name;
    }
    return name;
  };
}

/** One verdict for each proposal: reparsed, rescanned, ownership checked. */
export function proveRound(
  before: Workspace,
  after: Workspace,
  proposed: readonly Proposed[],
  inserted: Inserted,
): Verdict[] {
  const functions = proposed.map((p) => new Set(functionsOf(p.proposal, functionAround(before))));
  const renames = Object.assign({}, ...proposed.map((p) => p.proposal.renames ?? {}));
  const isAlone = (file: string) => proposed.filter((p) => p.proposal.edits.some((e) => e.file === file)).length === 1;
  const verdicts = proposed.map((p, i): Verdict[] => [
    ...parsing(before, after, p, isAlone),
    ...owning(before, after, p, functions[i], inserted),
    ...conditions(before, p),
    ...returning(after, p),
  ]);
  const counts = countFindings(before.findings, renames);
  const now = countFindings(after.findings);
  gone(proposed, renames, counts, now, verdicts);
  appeared(before, after, proposed, functions, renames, verdicts);
  return verdicts.map(worstOf);
}

function parsing(
  before: Workspace,
  after: Workspace,
  { proposal }: Proposed,
  isAlone: (file: string) => boolean,
): Verdict[] {
  const reason = "the edited file is not understood by the parser";
  return [...new Set(proposal.edits.map((e) => e.file))].map((file): Verdict => {
    const was = before.source(file)?.errors ?? 0;
    const is = after.source(file)?.errors ?? 0;
    const isCode = before.project.index.metadataFile(file) === undefined;
    return isCode && is > was ? { result: isAlone(file) ? "refuted" : "suspect", reason } : HOLDS;
  });
}

/** What is declared in one branch of a conditional is not there in the others: the edits inside a function stand in the same ones. */
function conditions(before: Workspace, { proposal }: Proposed): Verdict[] {
  const reason = "the places to be edited are in different branches of preprocessor conditionals";
  const branches = new Map<string, string>();
  for (const { file, start } of proposal.edits) {
    const name = functionAround(before)(file, start);
    const source = before.source(file);
    if (name === "" || source === undefined) continue;
    const key = `${file}\0${name}`;
    const own = source.branchesAt(start).join();
    if ((branches.get(key) ?? own) !== own) return [{ result: "refuted", reason }];
    branches.set(key, own);
  }
  return [];
}

/** The ownership of references in every function that the proposal edits, or makes by a rename. */
function owning(
  before: Workspace,
  after: Workspace,
  { proposal }: Proposed,
  functions: ReadonlySet<string>,
  inserted: Inserted,
): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const key of functions) {
    const [file, name] = key.split("\0");
    const own = (inserted.get(file) ?? []).filter((i) => proposal.edits.includes(i.edit));
    const newName = proposal.renames?.[name] ?? name;
    const was = idsOf(before, file, name);
    for (const [i, id] of idsOf(after, file, newName).entries()) {
      const old = was[i] === undefined ? undefined : before.project.analysesOf(was[i]);
      verdicts.push(ownershipVerdict(old, after.project.analysesOf(id), own, proposal.takesOver));
    }
  }
  return verdicts;
}

/** Functions that are said to return a new reference must do so on every path. */
function returning(after: Workspace, { proposal }: Proposed): Verdict[] {
  return (proposal.returnsNew ?? []).map(({ file, function: name }): Verdict => {
    const ids = idsOf(after, file, name);
    if (ids.length > 0 && ids.every((id) => returnsOwned(after.project.analysesOf(id)) === true)) return HOLDS;
    return { result: "refuted", reason: `it is not shown that \`${name}\` returns a new reference on every path` };
  });
}

function idsOf(state: Workspace, file: string, name: string): FunctionId[] {
  const { index } = state.project;
  return index.functionsNamed(name).filter((id) => index.functions[id].file === file);
}

/** Each finding that was to be fixed must be gone. */
function gone(
  proposed: readonly Proposed[],
  renames: Record<string, string>,
  counts: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  verdicts: Verdict[][],
): void {
  const byKey = new Map<string, number[]>();
  proposed.forEach(({ request }, i) => {
    const key = keyOf(request, renames);
    byKey.set(key, [...(byKey.get(key) ?? []), i]);
  });
  for (const [key, indices] of byKey) {
    const expected = (counts.get(key) ?? 0) - indices.length;
    if ((now.get(key) ?? 0) <= expected) continue;
    for (const i of indices) verdicts[i].push({ result: "refuted", reason: "the finding would still be there" });
  }
}

/** Nothing new may be found, `info` aside. */
function appeared(
  before: Workspace,
  after: Workspace,
  proposed: readonly Proposed[],
  functions: readonly ReadonlySet<string>[],
  renames: Record<string, string>,
  verdicts: Verdict[][],
): void {
  const counted = (state: Workspace) => state.findings.filter((f) => f.risk !== "info");
  const was = countFindings(counted(before), renames);
  const is = countFindings(counted(after));
  const milder = uncovered(counted(before), is, proposed, renames);
  for (const finding of counted(after)) {
    const key = keyOf(finding);
    if ((is.get(key) ?? 0) <= (was.get(key) ?? 0) || milder(finding)) continue;
    const reason = `it would bring a new finding: ${finding.rule}${finding.function ? ` in \`${finding.function}\`` : ""}`;
    const owns = (p: Proposed, i: number) =>
      [...functions[i]].some((f) => {
        const [file, name] = f.split("\0");
        return file === finding.file && (p.proposal.renames?.[name] ?? name) === finding.function;
      });
    const inFile = (p: Proposed) => p.proposal.edits.some((e) => e.file === finding.file);
    const blamed = [owns, inFile].map((test) => proposed.flatMap((p, i) => (test(p, i) ? [i] : [])));
    const guilty = blamed.find((list) => list.length > 0) ?? proposed.map((_, i) => i);
    const result = guilty.length === 1 ? "refuted" : "suspect";
    for (const i of guilty) verdicts[i].push({ result, reason });
  }
}

/**
 * Tells findings that a worse one of the same family in the same function had covered: where a lock makes the worse one go that nobody
 * asked to be fixed, the milder one was there before.
 */
function uncovered(
  before: readonly Located[],
  now: ReadonlyMap<string, number>,
  proposed: readonly Proposed[],
  renames: Record<string, string>,
): (finding: Located) => boolean {
  const was = countFindings(before, renames);
  const asked = new Set(proposed.map((p) => keyOf(p.request, renames)));
  const gone = before.filter((f) => {
    const key = keyOf(f, renames);
    return f.function !== "" && !asked.has(key) && (now.get(key) ?? 0) < (was.get(key) ?? 0);
  });
  return (finding) =>
    gone.some(
      (g) =>
        g.family === finding.family &&
        g.file === finding.file &&
        (renames[g.function] ?? g.function) === finding.function &&
        RISKS.indexOf(g.risk) <= RISKS.indexOf(finding.risk),
    );
}
