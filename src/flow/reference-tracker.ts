/**
 * Follows one object from its definition through copies, with the number of references the function owns, separately for
 * each path that tests distinguish (a set of states at each point, so that `if (x == NULL) goto fail; ... fail:
 * Py_XDECREF(x)` is understood).
 */
import { isNewRef } from "../capi/refcounting.ts";
import type { Cfg } from "../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, Terminator, ValueId } from "../ir/types.ts";
import { NO_VALUE } from "../ir/types.ts";
import { destination, forEachOperand, type Point, terminatorOperand } from "../ir/visit.ts";
import { branchTests, constantSign, flagVariables, type Sign, signOfConstant } from "./branch-test.ts";
import { type Definition, type DefUse, isClassObject, samePoint } from "./def-use.ts";
import type { CallInstr, FlowEnvironment } from "./environment.ts";
import { argumentEffect, newReference } from "./reference-events.ts";
import {
  ALIVE,
  type Fact,
  factOf,
  MAX_OWNED,
  MAX_STATES,
  NOTHING,
  type ReferenceReport,
  type ReferenceState,
  type State,
  withSign,
} from "./reference-state.ts";
import { type Domain, solve } from "./solver.ts";

export type { ReferenceEvent, ReferenceReport, ReferenceState } from "./reference-state.ts";

/** Follows what `definition` gives, owned by the function at first or borrowed. */
export function trackReference(
  fn: FunctionIr,
  cfg: Cfg,
  defUse: DefUse,
  environment: FlowEnvironment,
  definition: Definition,
  owned: boolean,
): ReferenceReport {
  return new Tracker(fn, cfg, defUse, environment, definition, owned).run();
}

/** As `trackReference`, for questions about single points; undefined if the solver gave up. */
export function referenceStates(
  fn: FunctionIr,
  cfg: Cfg,
  defUse: DefUse,
  environment: FlowEnvironment,
  definition: Definition,
  owned: boolean,
): ((point: Point) => ReferenceState) | undefined {
  return new Tracker(fn, cfg, defUse, environment, definition, owned).states();
}

class Tracker {
  private readonly fn: FunctionIr;
  private readonly cfg: Cfg;
  private readonly defUse: DefUse;
  private readonly environment: FlowEnvironment;
  private readonly definition: Definition;
  private readonly owned: number;
  private readonly flags: ReadonlySet<ValueId>;
  private report: ReferenceReport | undefined;
  private overflow = false;

  constructor(
    fn: FunctionIr,
    cfg: Cfg,
    defUse: DefUse,
    environment: FlowEnvironment,
    definition: Definition,
    owned: boolean,
  ) {
    this.fn = fn;
    this.cfg = cfg;
    this.defUse = defUse;
    this.environment = environment;
    this.definition = definition;
    this.owned = owned ? 1 : 0;
    this.flags = flagVariables(defUse);
  }

  run(): ReferenceReport {
    // Nothing can happen to the object before it is made.
    const solution = solve(this.fn, this.cfg, this.domain(), { start: this.definition.point.block });
    const report: ReferenceReport = {
      verdict: "balanced",
      leaks: [],
      overReleases: [],
      usesAfterRelease: [],
      releases: [],
      moves: [],
      doubts: [],
    };
    if (solution.gaveUp || this.overflow) {
      const { start, end } = this.definition.instr ?? { start: 0, end: 0 };
      report.doubts.push({ point: this.definition.point, start, end, text: "too many paths" });
    } else {
      this.report = report;
      for (const b of [...this.cfg.order].sort((x, y) => x - y)) {
        let fact = solution.atStart(b);
        if (fact === null) continue;
        this.fn.blocks[b].instrs.forEach((instr, index) => {
          fact = this.transfer(fact!, instr, { block: b, index });
        });
        this.leave(fact, this.fn.blocks[b].term, b);
      }
      this.report = undefined;
    }
    const bad = report.leaks.length + report.overReleases.length + report.usesAfterRelease.length > 0;
    report.verdict = report.doubts.length > 0 ? "unknown" : bad ? "unbalanced" : "balanced";
    return report;
  }

  states(): ((point: Point) => ReferenceState) | undefined {
    const solution = solve(this.fn, this.cfg, this.domain(), { start: this.definition.point.block });
    if (solution.gaveUp || this.overflow) return undefined;
    return ({ block, index }) => {
      let fact = solution.atStart(block) ?? NOTHING;
      const { instrs } = this.fn.blocks[block];
      for (let i = 0; i < Math.min(index, instrs.length); i++)
        fact = this.transfer(fact, instrs[i], { block, index: i });
      const states = [...fact.values()];
      const owning = states.filter((s) => s.phase === "alive" && s.owned > 0);
      const [first] = owning;
      return {
        owned: owning.length > 0,
        unowned: states.some((s) => s.phase === "alive" && s.owned === 0),
        nothing: states.some((s) => s.phase === "null"),
        holders: (first?.holders ?? []).filter((h) => owning.every((s) => s.holders.includes(h))),
      };
    };
  }

  private domain(): Domain<Fact> {
    const atEntry = this.definition.point.index < 0;
    const held: State = { ...ALIVE, holders: [this.definition.value], owned: this.owned };
    return {
      direction: "forward",
      boundary: atEntry ? factOf([held]) : NOTHING,
      join: (a, b) => this.union(a, b),
      equal: (a, b) => a === b || (a.size === b.size && [...a.keys()].every((key) => b.has(key))),
      transfer: (fact, instr, point) => this.transfer(fact, instr, point),
      edge: (fact, from, to, term) => this.refine(fact, from, to, term),
    };
  }

  private union(a: Fact, b: Fact): Fact {
    if (a === b) return a;
    const joined = new Map([...a, ...b]);
    if (joined.size <= MAX_STATES) return joined;
    this.overflow = true;
    return a;
  }

  private note(
    list: "leaks" | "overReleases" | "usesAfterRelease" | "releases" | "moves" | "doubts",
    at: { start: number; end: number },
    point: Point,
    text: string,
  ): void {
    const events = this.report?.[list];
    if (events === undefined || events.some((e) => samePoint(e.point, point))) return;
    events.push({ point, start: at.start, end: at.end, text });
  }

  private transfer(fact: Fact, instr: Instr, point: Point): Fact {
    if (fact.size === 0 && !samePoint(point, this.definition.point)) return fact;
    const next: State[] = samePoint(point, this.definition.point) ? this.create(instr) : [];
    let changed = next.length > 0;
    for (const state of fact.values()) {
      const results = this.step(state, instr, point);
      if (results.length !== 1 || results[0] !== state) changed = true;
      next.push(...results);
    }
    return changed ? factOf(next) : fact;
  }

  private step(state: State, instr: Instr, point: Point): State[] {
    const created = samePoint(point, this.definition.point);
    let current = state;
    if (state.phase === "alive") current = this.use(state, instr, point);
    if (created) {
      if (current.phase === "alive" && current.owned > 0)
        this.note("leaks", instr, point, "a new object takes its place while it is still owned");
      return this.create(instr);
    }
    const forked =
      instr.op === "call" && current.phase === "alive" ? this.forkOnSuccess(current, instr, point) : [current];
    return forked.map((s) => this.assign(s, instr));
  }

  /** The states after the defining instruction: with an object, and without. */
  private create(instr: Instr): State[] {
    const holder = this.definition.value;
    const signs = this.flagsAtStart();
    const alive: State = { ...ALIVE, holders: [holder], owned: this.owned, signs };
    const nothing: State = { ...ALIVE, phase: "null", holders: [holder], signs };
    if (instr.op !== "call" || this.definition.kind !== "output") return [alive, nothing];
    const given = newReference(this.fn, instr, this.environment)?.given ?? ["zero", "positive"];
    if (instr.dst === NO_VALUE) return [alive, nothing];
    const { dst } = instr;
    const results: State[] = [];
    for (const sign of ["negative", "zero", "positive"] as const) {
      results.push({ ...(given.includes(sign) ? alive : nothing), signs: withSign(signs, dst, sign) });
    }
    return results;
  }

  /** Flags that can have but one sign where the object is made. */
  private flagsAtStart(): State["signs"] {
    let signs: State["signs"] = [];
    for (const flag of this.flags) {
      const found = this.defUse.reaching(flag, this.definition.point).map((d) => constantSign(this.defUse, d));
      const [first] = found;
      if (first !== undefined && found.every((sign) => sign === first)) signs = withSign(signs, flag, first);
    }
    return signs;
  }

  /** What the instruction does with the reference. */
  private use(state: State, instr: Instr, point: Point): State {
    const holds = (value: ValueId) => state.holders.includes(value);
    if (instr.op === "store" && holds(instr.src)) {
      // An array or struct of the function itself, filled for a call, keeps no reference of its own.
      if (!instr.deref && this.fn.values[instr.base].kind !== "global") return state;
      if (this.defUse.addressOf(instr.base) !== undefined) return state;
      return this.move(state, instr, point, "stored");
    }
    if (instr.op === "copy" && holds(instr.src) && this.fn.values[instr.dst].kind === "global") {
      return this.move(state, instr, point, "stored in a global variable");
    }
    if (instr.op === "copy" && holds(instr.src) && isClassObject(this.fn.values[instr.dst])) {
      this.note("doubts", instr, point, "given to a C++ object");
    }
    if (instr.op === "call") return this.passed(state, instr, point);
    if (instr.op === "unknown") {
      let used = false;
      forEachOperand(instr, (value) => {
        used ||= holds(value);
      });
      if (used) this.note("doubts", instr, point, "used by code that was not understood");
    } else if ((instr.op === "load" || instr.op === "store") && instr.deref && holds(instr.base)) {
      if (state.released) this.note("usesAfterRelease", instr, point, "used after its release");
    }
    return state;
  }

  private passed(state: State, call: CallInstr, point: Point): State {
    let current = state;
    const held = call.args.some((arg) => state.holders.includes(arg));
    // What a function of the C API returns is a number or another object, whatever class the variable is of.
    const takers = call.callee.startsWith("Py") ? [call.receiver] : [call.receiver, call.dst];
    if (held && takers.some((v) => v !== undefined && isClassObject(this.fn.values[v]))) {
      this.note("doubts", call, point, `given to a C++ object by \`${call.callee}\``);
    }
    if (held && this.freesBySlot(call)) return this.give(state, call, point, "releases", "released");
    call.args.forEach((arg, n) => {
      const address = arg === NO_VALUE ? undefined : this.defUse.addressOf(arg);
      if (
        address !== undefined &&
        state.holders.includes(address.variable) &&
        state.owned > 0 &&
        !samePoint(point, this.definition.point)
      ) {
        this.note("doubts", call, point, `\`${call.callee}\` may replace it`);
      }
      if (!state.holders.includes(arg)) return;
      const effect = argumentEffect(this.fn, call, n, this.environment);
      if (current.released && effect !== "increment" && effect !== "decrement") {
        this.note("usesAfterRelease", call, point, "used after its release");
      }
      switch (effect) {
        case "increment":
          current = { ...current, owned: Math.min(current.owned + 1, MAX_OWNED), released: false };
          return;
        case "decrement":
          current = this.give(current, call, point, "releases", "released");
          return;
        case "steal":
          current = this.give(current, call, point, "moves", `taken over by ${call.callee}`);
          return;
        case "unknown":
          this.note("doubts", call, point, `\`${call.callee}\` may replace it`);
          return;
        default:
          return;
      }
    });
    return current;
  }

  /** `Py_TYPE(self)->tp_free(self)` and the like. */
  private freesBySlot(call: CallInstr): boolean {
    if (call.callee !== "") return false;
    const load = this.defUse.soleDefinition(call.target)?.instr;
    return load?.op === "load" && (load.path.endsWith("tp_free") || load.path.endsWith("tp_dealloc"));
  }

  /** `PyModule_AddObject` and its like take the reference over only if they succeed. */
  private forkOnSuccess(state: State, call: CallInstr, point: Point): State[] {
    const stolen = call.args.some(
      (arg, n) =>
        state.holders.includes(arg) && argumentEffect(this.fn, call, n, this.environment) === "steal-on-success",
    );
    if (!stolen) return [state];
    const taken = this.give(state, call, point, "moves", `taken over by ${call.callee}`);
    if (call.dst === NO_VALUE) return [taken];
    return [
      { ...taken, signs: withSign(taken.signs, call.dst, "zero") },
      { ...state, signs: withSign(state.signs, call.dst, "negative") },
    ];
  }

  private move(state: State, instr: Instr, point: Point, text: string): State {
    if (state.owned > 0) return this.give(state, instr, point, "moves", text);
    this.note("doubts", instr, point, `${text} without a reference of its own`);
    return state;
  }

  private give(state: State, at: Instr | Terminator, point: Point, list: "releases" | "moves", text: string): State {
    if (state.owned === 0) {
      this.note("overReleases", at, point, `${text}, but the function owns no reference to it here`);
      return { ...state, released: true };
    }
    this.note(list, at, point, text);
    // What was moved lives on in its new owner; what was released may be gone.
    return { ...state, owned: state.owned - 1, released: list === "releases" && state.owned === 1 };
  }

  /** Who holds the object after the instruction. */
  private assign(state: State, instr: Instr): State {
    const dst = this.writtenVariable(instr);
    if (dst === NO_VALUE) return state;
    const source = instr.op === "copy" || instr.op === "store" ? instr.src : this.newRefSource(instr);
    const holds = source !== NO_VALUE && state.holders.includes(source);
    const known = source === NO_VALUE ? undefined : state.signs.find(([value]) => value === source)?.[1];
    const sign = this.flags.has(dst) ? signOfConstant(this.fn.values[source]) : known;
    const hadSign = state.signs.some(([value]) => value === dst);
    const isForkedResult = instr.op === "call" && hadSign && instr.dst === dst;
    if (!holds && !state.holders.includes(dst) && sign === undefined && (!hadSign || isForkedResult)) return state;
    const holders = state.holders.filter((h) => h !== dst);
    if (holds) holders.push(dst);
    holders.sort((a, b) => a - b);
    let { signs } = state;
    if (!isForkedResult) {
      signs = signs.filter(([value]) => value !== dst);
      if (sign !== undefined) signs = withSign(signs, dst, sign);
    }
    return { ...state, holders, signs };
  }

  private writtenVariable(instr: Instr): ValueId {
    if (instr.op !== "store") return destination(instr);
    if (!instr.deref) return instr.path === "" ? instr.base : NO_VALUE;
    const target = this.defUse.addressOf(instr.base);
    return target !== undefined && target.path === "" && instr.path === "" ? target.variable : NO_VALUE;
  }

  private newRefSource(instr: Instr): ValueId {
    if (instr.op !== "call" || instr.args.length === 0) return NO_VALUE;
    const isKept = isNewRef(instr.callee) && argumentEffect(this.fn, instr, 0, this.environment) === "increment";
    return isKept ? instr.args[0] : NO_VALUE;
  }

  private refine(fact: Fact, from: BlockId, to: BlockId, term: Terminator): Fact | null {
    if (fact.size === 0) return null;
    const kept: State[] = [];
    const tests = term.op === "branch" && term.then !== term.else ? branchTests(this.defUse, term.cond) : [];
    const isThen = term.op === "branch" && to === term.then;
    for (const state of fact.values()) {
      const test = tests.find((t) => this.signOf(state, t.value) !== undefined);
      const sign = test === undefined ? undefined : this.signOf(state, test.value);
      if (test !== undefined && sign !== undefined && test.whenTrue.includes(sign) !== isThen) continue;
      const leaner = this.forget(state, from);
      if (leaner !== undefined) kept.push(leaner);
    }
    return kept.length === 0 ? null : factOf(kept);
  }

  /** Drops temporaries that only the block behind reads; undefined if nothing is left to be followed. */
  private forget(state: State, from: BlockId): State | undefined {
    const holders = state.holders.filter((h) => this.readOutside(h, from));
    const signs = state.signs.filter(([value]) => this.readOutside(value, from));
    if (holders.length === 0 && (state.phase === "null" || state.owned === 0)) return undefined;
    if (holders.length === state.holders.length && signs.length === state.signs.length) return state;
    return { ...state, holders, signs };
  }

  private readOutside(value: ValueId, block: BlockId): boolean {
    if (this.fn.values[value].kind !== "temp") return true;
    return this.defUse.usesOf(value).some((use) => use.point.block !== block);
  }

  private signOf(state: State, value: ValueId): Sign | undefined {
    if (state.holders.includes(value)) return state.phase === "null" ? "zero" : "positive";
    return state.signs.find(([v]) => v === value)?.[1];
  }

  private leave(fact: Fact, term: Terminator, block: BlockId): void {
    const point = { block, index: this.fn.blocks[block].instrs.length };
    if (term.op !== "return") return;
    const returned = terminatorOperand(term);
    for (const state of fact.values()) {
      if (state.phase !== "alive") continue;
      let current = state;
      if (returned !== NO_VALUE && state.holders.includes(returned)) {
        if (state.released) this.note("usesAfterRelease", term, point, "returned after its release");
        current = this.give(state, term, point, "moves", "returned");
      }
      if (current.owned > 0) this.note("leaks", term, point, "the function returns and still owns it");
    }
  }
}
