/**
 * Can another thread change the container that a reference is borrowed from? Who can have it is decided by where it came
 * from; a helper's parameter is followed to what its callers pass.
 */
import { describeOrigin, type Origin } from "../flow/origin.ts";
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionId, StructId } from "../project/index-types.ts";
import { argumentsAtCallers } from "./callers.ts";
import type { ProjectContext } from "./context.ts";
import { isFrozenStatic } from "./frozen-static.ts";
import { isNotShared } from "./not-shared.ts";
import type { EvidenceStep } from "./types.ts";

/** From best to worst: nobody else has it; only unusual code does; the caller may share it, or it is not known; any thread. */
export const EXPOSURES = ["private", "unlikely", "caller", "shared"] as const;
export type Exposure = (typeof EXPOSURES)[number];

export interface ContainerFacts {
  exposure: Exposure;
  /** The container in words: "the field `items` of `Queue`". */
  what: string;
  origin: Origin | undefined;
  /** The function in which it has that origin: the one at hand, or a caller. */
  fn: FunctionId;
  /** How it got here, also through callers. */
  steps: EvidenceStep[];
}

/** Callers followed from a parameter: `argumentsAtCallers` bounds the whole search. */
const MAX_CALLERS = 3;

/** Who else can have the object in `value` when the instruction at `point` of `fn` reads it. */
export function containerFacts(project: ProjectContext, fn: FunctionId, value: ValueId, point: Point): ContainerFacts {
  const { provenance } = project.analysesOf(fn);
  return worstOf(
    project,
    fn,
    provenance.of(value, point).filter((o) => o.kind !== "null"),
    0,
  );
}

function worstOf(project: ProjectContext, fn: FunctionId, origins: readonly Origin[], depth: number): ContainerFacts {
  let worst: ContainerFacts | undefined;
  for (const origin of origins) {
    const facts = factsOf(project, fn, origin, depth);
    if (worst === undefined || EXPOSURES.indexOf(facts.exposure) > EXPOSURES.indexOf(worst.exposure)) worst = facts;
  }
  return worst ?? { exposure: "private", what: "nothing", origin: undefined, fn, steps: [] };
}

function factsOf(project: ProjectContext, fn: FunctionId, origin: Origin, depth: number): ContainerFacts {
  const { file } = project.index.functions[fn].facts;
  const steps = origin.steps.map((s) => ({ file, start: s.start, end: s.end, text: s.text }));
  const as = (exposure: Exposure): ContainerFacts => ({ exposure, what: wordsFor(origin), origin, fn, steps });
  switch (origin.kind) {
    case "fresh":
      if (origin.escaped === undefined) return as("private");
      steps.push({ file, start: origin.escaped.start, end: origin.escaped.end, text: origin.escaped.text });
      return as(origin.escaped.certain ? "shared" : "unlikely");
    case "args-tuple":
    case "args-array":
    case "kwargs-dict":
    case "kwnames":
    case "immutable":
    case "null":
    case "own-thread":
    case "local":
    case "scalar":
      return as("private");
    case "self":
      // As a container it is as shared as an argument; its fields are what every method of it reaches.
      return as(origin.exclusive || isOwn(project, fn) ? "private" : "caller");
    case "static":
      return as(isFrozenStatic(project, fn, origin.name, origin.owner) ? "private" : "shared");
    case "parameter":
      return fromCallers(project, fn, origin, depth) ?? as("caller");
    case "field":
      return ofField(project, fn, origin, depth, as);
    case "item": {
      const base = worstOf(project, fn, origin.bases, depth);
      return as(base.exposure === "shared" ? "shared" : "caller");
    }
    case "class":
    case "module":
    case "module-dict":
    case "type-dict":
    case "sys":
    case "interpreter":
    case "attribute":
      return as("shared");
    case "call-result":
    case "unknown":
      return as("caller");
  }
}

/** The container in words, as far as the origin has any. */
function wordsFor(origin: Origin): string {
  if (origin.kind === "item") return `an item taken by \`${origin.api}\``;
  if (origin.kind === "attribute") return `an attribute got by \`${origin.api}\``;
  if (origin.kind === "field" && (origin.path === "" || origin.path === "[]"))
    return "an object read through a pointer";
  return describeOrigin(origin);
}

/** A member of a structure: as private as the structure; shared if the structure is an instance that others have. */
function ofField(
  project: ProjectContext,
  fn: FunctionId,
  origin: Extract<Origin, { kind: "field" }>,
  depth: number,
  as: (exposure: Exposure) => ContainerFacts,
): ContainerFacts {
  const struct = structOf(project, fn, origin.struct);
  if (struct !== undefined && isNotShared(project, struct)) return as("private");
  const base = worstOf(project, fn, origin.bases, depth);
  if (base.origin?.kind === "local") return ofAutomatic(project, origin.path, base, depth) ?? as("unlikely");
  if (base.exposure === "unlikely" && base.origin?.kind === "field") return as("caller");
  if (base.exposure === "private" || base.exposure === "unlikely") return as(base.exposure);
  if (
    base.exposure === "shared" ||
    base.origin?.kind === "self" ||
    (struct !== undefined && project.index.structs[struct].isObject)
  )
    return as("shared");
  return as("caller");
}

/** What was stored in the member `path` of an automatic variable whose address a helper got; undefined if nothing is seen. */
function ofAutomatic(
  project: ProjectContext,
  path: string,
  { fn, origin }: ContainerFacts,
  depth: number,
): ContainerFacts | undefined {
  if (origin?.kind !== "local" || depth >= MAX_CALLERS) return undefined;
  const { defUse, provenance } = project.analysesOf(fn);
  const stored = defUse.definitions.flatMap((d) => {
    const v = defUse.fn.values[d.value];
    const { instr } = d;
    const isIt = (v.kind === "local" || v.kind === "param") && v.name === origin.name;
    return isIt && d.kind === "part" && instr?.op === "store" && instr.path === path
      ? provenance.of(instr.src, d.point).filter((o) => o.kind !== "null")
      : [];
  });
  return stored.length === 0 ? undefined : worstOf(project, fn, stored, depth + 1);
}

function structOf(project: ProjectContext, fn: FunctionId, name: string): StructId | undefined {
  return name === "" ? undefined : project.index.structNamed(project.index.functions[fn].file, name);
}

/** True if the function is a method of types that are declared as not shared. */
function isOwn(project: ProjectContext, fn: FunctionId): boolean {
  const entries = project.index.entriesOf(fn);
  const structs = entries.map(
    (e) => e.struct ?? (e.type === undefined ? undefined : project.index.types[e.type].struct),
  );
  return structs.length > 0 && structs.every((s) => s !== undefined && isNotShared(project, s));
}

/** What a helper's callers pass; undefined if they are not all known. */
function fromCallers(
  project: ProjectContext,
  fn: FunctionId,
  origin: Extract<Origin, { kind: "parameter" }>,
  depth: number,
): ContainerFacts | undefined {
  if (origin.index < 0 || depth >= MAX_CALLERS) return undefined;
  const sites = argumentsAtCallers(project, fn, origin.index);
  if (sites === undefined) return undefined;
  const { name } = project.index.functions[fn];
  let worst: ContainerFacts | undefined;
  for (const { caller, call, origins } of sites) {
    const facts = worstOf(
      project,
      caller,
      origins.filter((o) => o.kind !== "null"),
      depth + 1,
    );
    if (worst !== undefined && EXPOSURES.indexOf(facts.exposure) <= EXPOSURES.indexOf(worst.exposure)) continue;
    const { file } = project.index.functions[caller].facts;
    const passed = { file, start: call.start, end: call.end, text: `passed to \`${name}\` as \`${origin.name}\`` };
    worst = { ...facts, steps: [...facts.steps, passed] };
  }
  return worst ?? { exposure: "private", what: "nothing", origin, fn, steps: [] };
}
