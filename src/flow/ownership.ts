/**
 * Ownership of references: is each one released exactly once on every path? reference-tracker.ts follows a single one.
 */
import type { Cfg } from "../ir/cfg.ts";
import type { FunctionIr } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { byPoint, type Definition, type DefUse } from "./def-use.ts";
import type { FlowEnvironment } from "./environment.ts";
import { newReference } from "./reference-events.ts";
import { type ReferenceReport, type ReferenceState, referenceStates, trackReference } from "./reference-tracker.ts";

export class Ownership {
  private readonly fn: FunctionIr;
  private readonly cfg: Cfg;
  private readonly defUse: DefUse;
  private readonly environment: FlowEnvironment;
  private readonly memo = new Map<number, ReferenceReport>();

  constructor(fn: FunctionIr, cfg: Cfg, defUse: DefUse, environment: FlowEnvironment) {
    this.fn = fn;
    this.cfg = cfg;
    this.defUse = defUse;
    this.environment = environment;
  }

  /** References that the function gets to own: results and outputs of calls, in code order. */
  ownedDefinitions(): Definition[] {
    return this.defUse.definitions.filter((d) => this.ownsAtStart(d)).sort(byPoint);
  }

  /** Follows the reference in `definition`; whether it is owned at first is taken from the C API and summaries. */
  follow(definition: Definition): ReferenceReport {
    let report = this.memo.get(definition.id);
    if (report === undefined) {
      report = trackReference(
        this.fn,
        this.cfg,
        this.defUse,
        this.environment,
        definition,
        this.ownsAtStart(definition),
      );
      this.memo.set(definition.id, report);
    }
    return report;
  }

  /** As `follow`, as if the definition gave an owned (or borrowed) reference: the proof that a fix needs. */
  followAs(definition: Definition, owned: boolean): ReferenceReport {
    return trackReference(this.fn, this.cfg, this.defUse, this.environment, definition, owned);
  }

  /**
   * What is known of the reference in `definition`, owned at first unless told otherwise, at any point; undefined if it is too
   * much to follow.
   */
  statesOf(definition: Definition, owned = true): ((point: Point) => ReferenceState) | undefined {
    return referenceStates(this.fn, this.cfg, this.defUse, this.environment, definition, owned);
  }

  /** The verdict over all owned references of the function: the worst. */
  verdict(): ReferenceReport["verdict"] {
    let worst: ReferenceReport["verdict"] = "balanced";
    for (const definition of this.ownedDefinitions()) {
      const { verdict } = this.follow(definition);
      if (verdict === "unbalanced") return verdict;
      if (verdict === "unknown") worst = verdict;
    }
    return worst;
  }

  private ownsAtStart(definition: Definition): boolean {
    const { instr } = definition;
    if (instr?.op !== "call") return false;
    // What a call gives straight to a variable with static storage outlives the function, as if it were stored there afterwards.
    if (definition.kind !== "output" && this.fn.values[definition.value]?.kind === "global") return false;
    const given = newReference(this.fn, instr, this.environment);
    if (given === undefined) return false;
    return definition.kind === "output" ? given.output === definition.argument : given.output === -1;
  }
}
