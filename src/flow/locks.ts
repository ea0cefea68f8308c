/**
 * Locks held at each point of a function. A lock is known by the place it was taken (its site) and by the name of what is
 * locked (see access-path.ts). `must` means held on every path that reaches the point.
 */
import { lockCall } from "../capi/locks.ts";
import type { Cfg } from "../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, LockKind, Terminator, ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { AccessPaths } from "./access-path.ts";
import { type DefUse, isNull } from "./def-use.ts";
import type { CallInstr, FlowEnvironment } from "./environment.ts";
import { type RegionExit, regionExits } from "./region-exits.ts";
import { type Domain, type Solution, solve } from "./solver.ts";

/** A place where locks are taken; BEGIN_CRITICAL_SECTION2 locks two objects at one site. */
export interface LockSite {
  id: number;
  point: Point;
  start: number;
  end: number;
  kind: LockKind;
  /** As written, or the name of the called function that takes the lock. */
  form: string;
  /** Names of what is locked. */
  objects: readonly string[];
  /** Several readers can hold it at once. */
  shared: boolean;
  /** Value that tells whether the lock was taken; undefined if it always is. */
  result?: ValueId;
}

export interface Held {
  site: LockSite;
  must: boolean;
}

interface HeldState {
  site: number;
  must: boolean;
  /** Not known yet whether the attempt succeeded; a branch on the result will tell. */
  pending: boolean;
}

/** In the order of acquisition. */
type Fact = readonly HeldState[];

const NOTHING: Fact = [];

export class Locks {
  readonly sites: LockSite[] = [];
  private readonly fn: FunctionIr;
  private readonly cfg: Cfg;
  private readonly defUse: DefUse;
  private readonly paths: AccessPaths;
  private readonly environment: FlowEnvironment;
  private readonly siteAt = new Map<string, LockSite[]>();
  private readonly solution: Solution<Fact> | undefined;

  constructor(fn: FunctionIr, cfg: Cfg, defUse: DefUse, paths: AccessPaths, environment: FlowEnvironment) {
    this.fn = fn;
    this.cfg = cfg;
    this.defUse = defUse;
    this.paths = paths;
    this.environment = environment;
    this.collectSites();
    const releases = this.sites.length > 0;
    this.solution = releases ? solve(fn, cfg, this.domain()) : undefined;
  }

  /** True if the solver was stopped: the queries then answer "no lock is held". */
  get gaveUp(): boolean {
    return this.solution?.gaveUp ?? false;
  }

  /** Locks held on every path when the instruction at `point` starts. */
  heldAt(point: Point): LockSite[] {
    return this.factAt(point)
      .filter((h) => h.must && !h.pending)
      .map((h) => this.sites[h.site]);
  }

  /** Locks held on some path when the instruction at `point` starts, in order of acquisition. */
  mayHoldAt(point: Point): Held[] {
    return this.factAt(point).map((h) => ({ site: this.sites[h.site], must: h.must && !h.pending }));
  }

  /** Sites held on every path at all of `points`. */
  covering(points: readonly Point[]): LockSite[] {
    const [first, ...others] = points;
    if (first === undefined) return [];
    return this.heldAt(first).filter((site) => others.every((p) => this.heldAt(p).includes(site)));
  }

  /** Sites that lock the object named `object` (see `AccessPaths.pointee`) and are held at all of `points`. */
  coveringObject(object: string, points: readonly Point[]): LockSite[] {
    return this.covering(points).filter((site) => site.objects.includes(object));
  }

  /** Sites that the `unlock` (or releasing call) at `point` closes, on some path. */
  closedBy(point: Point): LockSite[] {
    const before = this.factAt(point);
    const after = new Set(
      this.apply(before, this.fn.blocks[point.block].instrs[point.index], point).map((h) => h.site),
    );
    return before.filter((h) => !after.has(h.site)).map((h) => this.sites[h.site]);
  }

  /** Points of the instructions that release `site`. */
  releasesOf(site: LockSite): Point[] {
    const found: Point[] = [];
    this.fn.blocks.forEach((block, b) => {
      block.instrs.forEach((instr, i) => {
        if (instr.op !== "unlock" && instr.op !== "call") return;
        const point = { block: b, index: i };
        if (instr.op === "call" && !this.releasesByCall(instr)) return;
        if (this.closedBy(point).includes(site)) found.push(point);
      });
    });
    return found;
  }

  /** Locks that may still be held where the function returns, with the returning blocks. RAII guards are never among them. */
  heldAtExits(): { site: LockSite; must: boolean; block: BlockId }[] {
    const found: { site: LockSite; must: boolean; block: BlockId }[] = [];
    for (const b of this.cfg.order) {
      if (this.fn.blocks[b].term.op !== "return") continue;
      for (const held of this.mayHoldAt({ block: b, index: this.fn.blocks[b].instrs.length })) {
        found.push({ ...held, block: b });
      }
    }
    return found;
  }

  /** True if every path from `site` to a return releases it. */
  releasedOnAllPaths(site: LockSite): boolean {
    return !this.gaveUp && !this.heldAtExits().some((held) => held.site === site);
  }

  /**
   * Terminators that leave the region between `site` and its release without releasing: returns inside it, and the jump
   * (`goto`, `break`, `continue`) behind which no release of it comes any more. Empty if nothing releases the site at all.
   */
  exitsInside(site: LockSite): RegionExit[] {
    const holdsAtEnd = (b: BlockId) =>
      this.mayHoldAt({ block: b, index: this.fn.blocks[b].instrs.length }).some((h) => h.site === site);
    return regionExits(this.fn, this.cfg, this.cfg.order.filter(holdsAtEnd), this.releasesOf(site));
  }

  private factAt(point: Point): Fact {
    return this.solution?.before(point) ?? NOTHING;
  }

  private collectSites(): void {
    this.fn.blocks.forEach((block, b) => {
      block.instrs.forEach((instr, i) => {
        const point = { block: b, index: i };
        if (instr.op === "lock") this.addSite(point, instr, this.siteOfLock(instr, point));
        else if (instr.op === "call") {
          for (const effect of this.environment.callee(this.fn, instr)?.lockEffects ?? []) {
            if (effect.action !== "lock") continue;
            const objects = [this.effectObject(instr, effect, point)];
            this.addSite(point, instr, { kind: effect.kind, form: instr.callee, objects, shared: false });
          }
        }
      });
    });
  }

  private siteOfLock(
    instr: Instr & { op: "lock" | "unlock" },
    point: Point,
  ): Omit<LockSite, "id" | "point" | "start" | "end"> {
    const known = lockCall(instr.form);
    const objects = instr.args.map((arg) => this.paths.pointee(arg, point));
    const common = { kind: instr.lock, form: instr.form, objects, shared: known?.shared === true };
    const tries = known?.tries !== undefined && known.tries !== false;
    return tries && instr.dst !== undefined ? { ...common, result: instr.dst } : common;
  }

  private addSite(point: Point, instr: Instr, site: Omit<LockSite, "id" | "point" | "start" | "end">): void {
    const whole = { id: this.sites.length, point, start: instr.start, end: instr.end, ...site };
    this.sites.push(whole);
    const key = `${point.block}.${point.index}`;
    const list = this.siteAt.get(key);
    if (list === undefined) this.siteAt.set(key, [whole]);
    else list.push(whole);
  }

  private effectObject(call: CallInstr, effect: { argument: number; path: string }, point: Point): string {
    const arg = call.args[effect.argument];
    return arg === undefined ? `global:${effect.path}` : `${this.paths.pointee(arg, point)}${effect.path}`;
  }

  private releasesByCall(call: CallInstr): boolean {
    return this.environment.callee(this.fn, call)?.lockEffects.some((e) => e.action === "unlock") ?? false;
  }

  private domain(): Domain<Fact> {
    return {
      direction: "forward",
      boundary: NOTHING,
      join: joinFacts,
      equal: equalFacts,
      transfer: (fact, instr, point) => this.apply(fact, instr, point),
      edge: (fact, from, to, term) => this.refine(fact, from, to, term),
    };
  }

  private apply(fact: Fact, instr: Instr, point: Point): Fact {
    if (instr.op !== "lock" && instr.op !== "unlock" && instr.op !== "call") return fact;
    let result = fact;
    if (instr.op === "unlock") result = this.release(fact, instr, point);
    else if (instr.op === "call") {
      for (const effect of this.environment.callee(this.fn, instr)?.lockEffects ?? []) {
        if (effect.action !== "unlock") continue;
        const object = this.effectObject(instr, effect, point);
        result = result.filter((h) => !this.sites[h.site].objects.includes(object));
      }
    }
    for (const site of this.siteAt.get(`${point.block}.${point.index}`) ?? []) {
      const pending = site.result !== undefined;
      result = [...result.filter((h) => h.site !== site.id), { site: site.id, must: true, pending }];
    }
    return result;
  }

  private release(fact: Fact, instr: Instr & { op: "unlock" | "lock" }, point: Point): Fact {
    const sites = fact.map((h) => this.sites[h.site]);
    let at = -1;
    if (isSection(instr.lock) && instr.args.length === 0) {
      at = sites.findLastIndex((site) => isSection(site.kind));
    } else {
      const objects = instr.args.map((arg) => this.paths.pointee(arg, point));
      const same = (site: LockSite) => family(site.kind) === family(instr.lock);
      at = sites.findLastIndex((site) => same(site) && site.objects.some((o) => objects.includes(o)));
      // A lock reached through an expression that has no stable name: it can only be the one of its kind.
      if (at === -1 && sites.filter(same).length === 1) at = sites.findIndex(same);
    }
    return at === -1 ? fact : fact.filter((_, i) => i !== at);
  }

  /** After `if (try_lock(x))` the lock is held on one side only. */
  private refine(fact: Fact, _from: BlockId, to: BlockId, term: Terminator): Fact {
    if (term.op !== "branch" || term.then === term.else || !fact.some((h) => h.pending)) return fact;
    const test = this.testOf(term.cond);
    if (test === undefined) return fact;
    const nonZero = (to === term.then) === test.nonZeroIsTrue;
    return fact.flatMap((held) => {
      const site = this.sites[held.site];
      if (!held.pending || site.result !== test.value) return [held];
      const taken = nonZero !== zeroMeansTaken(site.form);
      return taken ? [{ ...held, pending: false }] : [];
    });
  }

  /** What a condition tells about a value: whether the condition is true if the value is not 0. */
  private testOf(cond: ValueId): { value: ValueId; nonZeroIsTrue: boolean } | undefined {
    let value = cond;
    let nonZeroIsTrue = true;
    for (let steps = 0; steps < 6; steps++) {
      if (this.sites.some((site) => site.result === value)) return { value, nonZeroIsTrue };
      const instr = this.defUse.soleDefinition(value)?.instr;
      if (instr?.op === "copy") value = instr.src;
      else if (instr?.op === "unary" && instr.operator === "!") {
        value = instr.operand;
        nonZeroIsTrue = !nonZeroIsTrue;
      } else if (instr?.op === "binary" && (instr.operator === "==" || instr.operator === "!=")) {
        const other = this.fn.values[instr.right];
        const isZero = isNull(other);
        const isOne = other.kind === "global" || (other.kind === "const" && other.text === "1");
        if (!isZero && !isOne) return undefined;
        value = instr.left;
        if ((instr.operator === "==") === isZero) nonZeroIsTrue = !nonZeroIsTrue;
      } else return undefined;
    }
    return undefined;
  }
}

/** POSIX and C11 attempts answer 0 for success, all others true. */
function zeroMeansTaken(form: string): boolean {
  return form.startsWith("pthread_") || form.startsWith("mtx_") || form.startsWith("sem_");
}

/** Both forms of critical sections are one family: END closes the innermost. */
export function isSection(kind: LockKind): boolean {
  return kind === "critical-section" || kind === "critical-section2";
}

/** Guards of C++ and native calls can meet on one mutex (`unique_lock::unlock`). */
function family(kind: LockKind): string {
  return isSection(kind) ? "section" : kind === "raii" ? "native" : kind;
}

function joinFacts(a: Fact, b: Fact): Fact {
  if (a === b) return a;
  const joined: HeldState[] = a.map((held) => {
    const other = b.find((o) => o.site === held.site);
    if (other === undefined) return { ...held, must: false };
    return { site: held.site, must: held.must && other.must, pending: held.pending || other.pending };
  });
  for (const held of b) if (!a.some((o) => o.site === held.site)) joined.push({ ...held, must: false });
  return joined;
}

function equalFacts(a: Fact, b: Fact): boolean {
  return (
    a.length === b.length &&
    a.every((held) => b.some((o) => o.site === held.site && o.must === held.must && o.pending === held.pending))
  );
}
