/** Choosing which proposals go together: what one edits, no other may touch in the same round. */
import type { FileEdit, Proposal } from "./types.ts";

export interface Candidate<Request = unknown> {
  request: Request;
  proposal: Proposal;
}

/** Qualified name of the innermost function around an offset of a file, "" at file level. */
export type FunctionAround = (file: string, offset: number) => string;

export interface Chosen<C> {
  chosen: C[];
  /** Left for the next round, with the candidate that was there first. */
  deferred: { candidate: C; because: C }[];
}

/**
 * Takes candidates in their order unless one that was taken before edits the same function or the same text. Equal insertions
 * at file level (an include, a declaration that two fixes need) do not exclude each other.
 */
export function choose<C extends Candidate>(candidates: readonly C[], functionAround: FunctionAround): Chosen<C> {
  const owners = new Map<string, C>();
  const taken: { edit: FileEdit; owner: C }[] = [];
  const chosen: C[] = [];
  const deferred: { candidate: C; because: C }[] = [];
  for (const candidate of candidates) {
    const functions = functionsOf(candidate.proposal, functionAround);
    const because =
      functions.map((f) => owners.get(f)).find((o) => o !== undefined) ??
      taken.find(({ edit }) => candidate.proposal.edits.some((e) => excludes(edit, e)))?.owner;
    if (because !== undefined) {
      deferred.push({ candidate, because });
      continue;
    }
    chosen.push(candidate);
    for (const f of functions) owners.set(f, candidate);
    for (const edit of candidate.proposal.edits) taken.push({ edit, owner: candidate });
  }
  return { chosen, deferred };
}

/** Functions that the proposal edits, as `file\0name`. */
export function functionsOf(proposal: Proposal, functionAround: FunctionAround): string[] {
  const names = new Set<string>();
  for (const { file, start } of proposal.edits) {
    const name = functionAround(file, start);
    if (name !== "") names.add(`${file}\0${name}`);
  }
  return [...names];
}

function excludes(a: FileEdit, b: FileEdit): boolean {
  if (a.file !== b.file) return false;
  if (a.start === a.end && b.start === b.end) return false;
  return a.start < b.end && b.start < a.end ? true : a.start === b.start && a.end === b.end;
}

/** The edits of several proposals, without repetitions of equal insertions, by file. */
export function editsByFile(edits: readonly FileEdit[]): Map<string, FileEdit[]> {
  const byFile = new Map<string, FileEdit[]>();
  for (const edit of edits) {
    const list = byFile.get(edit.file) ?? [];
    byFile.set(edit.file, list);
    const isSame = (e: FileEdit) => e.start === edit.start && e.end === edit.end && e.text === edit.text;
    if (edit.start === edit.end && list.some(isSame)) continue;
    list.push(edit);
  }
  return byFile;
}
