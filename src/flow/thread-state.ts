/** Is the thread attached to the interpreter? Followed through detach/attach pairs, nested `PyGILState_Ensure` and helpers. */
import { threadStateCall } from "../capi/thread-state.ts";
import type { Cfg } from "../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, Terminator } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FlowEnvironment } from "./environment.ts";
import { type RegionExit, regionExits } from "./region-exits.ts";
import { type Domain, type Solution, solve } from "./solver.ts";

/** `mixed`: attached on some paths, detached on others. */
export type Attachment = "attached" | "detached" | "mixed" | "unknown";

interface Fact {
  now: Attachment;
  /** Index into the sites that made it so, -1 for the entry or several. */
  site: number;
  /** States to which closing calls go back, outermost first. */
  outer: readonly Attachment[];
}

/** Nesting deeper than this is no code that people write; it keeps the lattice finite. */
const MAX_NESTING = 8;

export class ThreadStates {
  private readonly fn: FunctionIr;
  private readonly cfg: Cfg;
  private readonly environment: FlowEnvironment;
  private readonly sites: (Instr & { op: "detach" | "attach" | "call" })[] = [];
  private readonly solution: Solution<Fact> | undefined;
  private readonly entry: Attachment;

  constructor(fn: FunctionIr, cfg: Cfg, environment: FlowEnvironment) {
    this.fn = fn;
    this.cfg = cfg;
    this.environment = environment;
    this.entry = environment.entryThreadState(fn);
    for (const block of fn.blocks) {
      for (const instr of block.instrs) {
        if (instr.op === "detach" || instr.op === "attach") this.sites.push(instr);
        else if (instr.op === "call" && this.effectOfCall(instr) !== "same") this.sites.push(instr);
      }
    }
    this.solution = this.sites.length > 0 ? solve(fn, cfg, this.domain()) : undefined;
  }

  get gaveUp(): boolean {
    return this.solution?.gaveUp ?? false;
  }

  /** State just before the instruction at `point`; `unknown` where nothing reaches or the solver gave up. */
  at(point: Point): Attachment {
    if (this.solution === undefined) return this.entry;
    return this.solution.before(point)?.now ?? "unknown";
  }

  /** True if no path reaches `point` attached. */
  isDetached(point: Point): boolean {
    return this.at(point) === "detached";
  }

  /** The instruction that made the state at `point` what it is, if it is one. */
  causeAt(point: Point): Instr | undefined {
    const site = this.solution?.before(point)?.site ?? -1;
    return site < 0 ? undefined : this.sites[site];
  }

  /** Points where the thread is detached or may be, in code order. */
  detachedPoints(): Point[] {
    const found: Point[] = [];
    if (this.solution === undefined) return found;
    for (const b of [...this.cfg.order].sort((x, y) => x - y)) {
      for (let i = 0; i <= this.fn.blocks[b].instrs.length; i++) {
        const state = this.at({ block: b, index: i });
        if (state === "detached" || state === "mixed") found.push({ block: b, index: i });
      }
    }
    return found;
  }

  /**
   * Ways out of detached regions that skip the attaching instruction: the detaching instruction with the returns and jumps
   * that leave for good. Only regions that some path closes; the others show in `unbalancedExits`.
   */
  exitsInside(): { opened: Instr; exits: RegionExit[] }[] {
    if (this.solution === undefined || this.gaveUp) return [];
    const found: { opened: Instr; exits: RegionExit[] }[] = [];
    this.sites.forEach((opened, site) => {
      if (opened.op !== "detach" || threadStateCall(opened.form)?.effect === "restore") return;
      const isOpen = (b: BlockId) => this.solution?.atEnd(b)?.site === site;
      const closings: Point[] = [];
      for (const b of this.cfg.order) {
        this.fn.blocks[b].instrs.forEach((instr, index) => {
          const point = { block: b, index };
          if (instr.op === "attach" && this.solution?.before(point)?.site === site) closings.push(point);
        });
      }
      const exits = regionExits(this.fn, this.cfg, this.cfg.order.filter(isOpen), closings);
      if (exits.length > 0) found.push({ opened, exits });
    });
    return found;
  }

  /** Returns reached in a state other than the one the function was entered in. */
  unbalancedExits(): { block: BlockId; term: Terminator; state: Attachment; cause: Instr | undefined }[] {
    if (this.solution === undefined || this.gaveUp) return [];
    const found: { block: BlockId; term: Terminator; state: Attachment; cause: Instr | undefined }[] = [];
    for (const b of this.cfg.order) {
      const { term, instrs } = this.fn.blocks[b];
      if (term.op !== "return") continue;
      const point = { block: b, index: instrs.length };
      const state = this.at(point);
      if (state !== this.entry && state !== "unknown")
        found.push({ block: b, term, state, cause: this.causeAt(point) });
    }
    return found;
  }

  private effectOfCall(instr: Instr & { op: "call" }): "same" | "detached" | "attached" | "unknown" {
    return this.environment.callee(this.fn, instr)?.threadState ?? "same";
  }

  private domain(): Domain<Fact> {
    return {
      direction: "forward",
      boundary: { now: this.entry, site: -1, outer: [] },
      join: (a, b) => ({
        now: joinStates(a.now, b.now),
        site: a.site === b.site ? a.site : Math.max(a.site, b.site),
        outer: joinOuter(a.outer, b.outer),
      }),
      equal: (a, b) =>
        a.now === b.now &&
        a.site === b.site &&
        a.outer.length === b.outer.length &&
        a.outer.every((s, i) => s === b.outer[i]),
      transfer: (fact, instr) => this.apply(fact, instr),
    };
  }

  private apply(fact: Fact, instr: Instr): Fact {
    if (instr.op === "call") {
      const effect = this.effectOfCall(instr);
      return effect === "same" ? fact : { ...fact, now: effect, site: this.sites.indexOf(instr) };
    }
    if (instr.op !== "detach" && instr.op !== "attach") return fact;
    const known = threadStateCall(instr.form);
    const site = this.sites.indexOf(instr);
    if (known?.effect === "restore") {
      const outer = fact.outer.slice(0, -1);
      return { now: fact.outer.at(-1) ?? "unknown", site, outer };
    }
    const target: Attachment = instr.op === "detach" ? "detached" : "attached";
    const now = known?.conditional === true ? joinStates(fact.now, target) : target;
    // Ensure remembers what Release goes back to; plain pairs are closed by an instruction that says where to.
    const remembers = known?.pairs.some((name) => threadStateCall(name)?.effect === "restore") === true;
    const outer = remembers ? [...fact.outer, fact.now].slice(-MAX_NESTING) : fact.outer;
    return { now, site, outer };
  }
}

function joinStates(a: Attachment, b: Attachment): Attachment {
  if (a === b) return a;
  return a === "unknown" || b === "unknown" ? "unknown" : "mixed";
}

function joinOuter(a: readonly Attachment[], b: readonly Attachment[]): readonly Attachment[] {
  const length = Math.min(a.length, b.length);
  return Array.from({ length }, (_, i) => joinStates(a[i], b[i]));
}
