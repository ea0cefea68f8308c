/** What was decided and changed, in order, so that undo takes back one action after the other. */
import type { TriageChange } from "./triage-store.ts";

export interface Done {
  /** The action changed files: the review session can take that back. */
  files: boolean;
  triage?: TriageChange;
}

export class History {
  private readonly done: Done[] = [];
  private readonly undone: Done[] = [];

  /** How many actions there are to undo and to do again, and to how many findings decisions were noted. */
  get counts(): { undo: number; redo: number; triaged: number } {
    const triaged = this.done.reduce((n, d) => n + (d.triage?.after.size ?? 0), 0);
    return { undo: this.done.length, redo: this.undone.length, triaged };
  }

  /** A new action; what was undone before it cannot be done again. */
  add(step: Done): void {
    if (!step.files && step.triage === undefined) return;
    this.done.push(step);
    this.undone.length = 0;
  }

  /** Moves the last action over if `work` does not throw. */
  async undo(work: (step: Done) => Promise<void>): Promise<boolean> {
    return move(this.done, this.undone, work);
  }

  /** The same for what was undone last. */
  async redo(work: (step: Done) => Promise<void>): Promise<boolean> {
    return move(this.undone, this.done, work);
  }
}

async function move(from: Done[], to: Done[], work: (step: Done) => Promise<void>): Promise<boolean> {
  const step = from.at(-1);
  if (step === undefined) return false;
  await work(step);
  from.pop();
  to.push(step);
  return true;
}
