/**
 * Provenance: where the object in a value can come from. The origins of a value are those of the definitions that reach it;
 * copies are followed, loads and container calls keep the origins of what they were taken from.
 */
import { isConstantObject } from "../capi/immutable.ts";
import type { Instr, ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { apiOrigins, fresh, isAllocatingSlot, stepAt, stepsOf } from "./api-origin.ts";
import { type Definition, type DefUse, isVariable } from "./def-use.ts";
import { type CallInstr, type FlowEnvironment, RECEIVER, type ReturnFacts } from "./environment.ts";
import { type Origin, originKey, type Sharing, sharingOfAll } from "./origin.ts";
import { pointedStruct } from "./pointed-struct.ts";

/** More origins than this say no more than `unknown`. */
const MAX_ORIGINS = 24;
/** Nesting of "field of item of field of ..." that is followed. */
const MAX_DEPTH = 6;
/** Definitions evaluated per question before it is answered with `unknown`. */
const MAX_WORK = 4000;

/** Says from where on others can have an object that the function made; implemented by freshness.ts. */
export interface EscapeOracle {
  escapeBefore(made: Definition, point: Point): Extract<Origin, { kind: "fresh" }>["escaped"];
}

export class Provenance {
  private readonly defUse: DefUse;
  private readonly environment: FlowEnvironment;
  private readonly memo = new Map<number, readonly Origin[]>();
  private readonly active = new Set<number>();
  private escapes: EscapeOracle | undefined;
  private work = 0;
  /** Cycles met so far. */
  private cuts = 0;
  /** Questions that were cut short; their answer holds an `unknown`. */
  gaveUp = 0;

  constructor(defUse: DefUse, environment: FlowEnvironment) {
    this.defUse = defUse;
    this.environment = environment;
  }

  /** Gives the escape analysis, which itself asks for origins. */
  useEscapes(oracle: EscapeOracle): void {
    this.escapes = oracle;
  }

  /** Origins of the object in `value` when the instruction at `point` reads it; empty if it was never assigned. */
  of(value: ValueId, point: Point): readonly Origin[] {
    if (this.active.size === 0) this.work = 0;
    return this.withEscapes(this.valueOrigins(value, point, 0), point);
  }

  /** Who else can have the object in `value` at `point`: the worst of its origins. */
  sharing(value: ValueId, point: Point): Sharing {
    return sharingOfAll(this.of(value, point));
  }

  /** Origins of what `definition` wrote, without escapes. */
  ofDefinition(definition: Definition): readonly Origin[] {
    if (this.active.size === 0) this.work = 0;
    return this.definitionOrigins(definition, 0);
  }

  /** Marks fresh origins, also those inside bases, that others can have before `point`. */
  withEscapes(origins: readonly Origin[], point: Point): readonly Origin[] {
    const oracle = this.escapes;
    if (oracle === undefined) return origins;
    return origins.map((origin) => {
      if (origin.kind === "field" || origin.kind === "item" || origin.kind === "attribute") {
        const bases = this.withEscapes(origin.bases, point);
        return bases.every((b, i) => b === origin.bases[i]) ? origin : { ...origin, bases };
      }
      if (origin.kind !== "fresh" || origin.escaped !== undefined) return origin;
      const definition = this.madeBy(origin.made);
      const escaped = definition === undefined ? undefined : oracle.escapeBefore(definition, point);
      return escaped === undefined ? origin : { ...origin, escaped };
    });
  }

  private madeBy(made: Point): Definition | undefined {
    return (
      this.defUse.definitionAt(made) ??
      this.defUse.definitions.find(
        (d) => d.kind === "output" && d.point.block === made.block && d.point.index === made.index,
      )
    );
  }

  private valueOrigins(value: ValueId, point: Point, depth: number): readonly Origin[] {
    const v = this.defUse.fn.values[value];
    if (v === undefined) return [{ kind: "unknown", reason: "no value", steps: [] }];
    if (v.kind === "const") return [constantOrigin(v.type)];
    if (v.kind === "global") return [this.globalOrigin(v.name, v.owner, undefined)];
    const collected = new Map<string, Origin>();
    for (const definition of this.defUse.reaching(value, point)) {
      for (const origin of this.definitionOrigins(definition, depth)) add(collected, origin);
    }
    if (this.defUse.addressEscapes(value)) {
      add(collected, { kind: "unknown", reason: "its address is known elsewhere", steps: [] });
    }
    return [...collected.values()];
  }

  /** Follows copies to the definitions that make something, then asks those. */
  private definitionOrigins(start: Definition, depth: number): readonly Origin[] {
    const known = this.memo.get(start.id);
    if (known !== undefined) return known;
    const collected = new Map<string, Origin>();
    const seen = new Set<number>([start.id]);
    const work = [start];
    const cuts = this.cuts;
    while (work.length > 0) {
      const definition = work.pop()!;
      if (++this.work > MAX_WORK || collected.size > MAX_ORIGINS) {
        this.gaveUp++;
        collected.clear();
        add(collected, { kind: "unknown", reason: "too many possible origins", steps: [] });
        break;
      }
      const source = copySource(definition);
      if (source === undefined) {
        if (this.active.has(definition.id)) {
          this.cuts++;
          continue;
        }
        this.active.add(definition.id);
        for (const origin of this.sourceOrigins(definition, depth)) add(collected, origin);
        this.active.delete(definition.id);
        continue;
      }
      const v = this.defUse.fn.values[source];
      if (!isVariable(v)) {
        for (const origin of this.valueOrigins(source, definition.point, depth)) add(collected, origin);
        continue;
      }
      if (this.defUse.addressEscapes(source)) {
        add(collected, { kind: "unknown", reason: "its address is known elsewhere", steps: [] });
      }
      for (const next of this.defUse.reaching(source, definition.point)) {
        if (seen.has(next.id)) continue;
        seen.add(next.id);
        work.push(next);
      }
    }
    const origins = [...collected.values()];
    // An answer found inside a cycle lacks what the cycle's entry adds; only the outermost question is complete.
    if (this.cuts === cuts || this.active.size === 0) this.memo.set(start.id, origins);
    return origins;
  }

  private sourceOrigins(definition: Definition, depth: number): readonly Origin[] {
    const { instr } = definition;
    if (instr === undefined) return [this.parameterOrigin(definition)];
    if (definition.kind === "part") return this.partOrigins(definition, depth);
    if (depth > MAX_DEPTH) return [{ kind: "unknown", reason: "nested too deeply", steps: [] }];
    if (definition.kind === "output") return this.outputOrigins(definition, depth);
    switch (instr.op) {
      case "load":
        return this.loadOrigins(instr, definition.point, depth);
      case "addr":
        return this.addressOrigins(instr, definition.point, depth);
      case "call":
        return this.callOrigins(instr, definition.point, undefined, depth);
      case "binary":
        // Pointer arithmetic stays inside the same object.
        if (instr.operator !== "+" && instr.operator !== "-") return [{ kind: "scalar", steps: [] }];
        return this.valueOrigins(instr.left, definition.point, depth + 1);
      case "unary":
        return [{ kind: "scalar", steps: [] }];
      default:
        return [{ kind: "unknown", reason: instr.op === "unknown" ? instr.reason : instr.op, steps: [] }];
    }
  }

  private parameterOrigin(definition: Definition): Origin {
    const { fn } = this.defUse;
    const v = fn.values[definition.value];
    if (v.kind !== "param") return { kind: "unknown", reason: "not a parameter", steps: [] };
    const facts = this.environment.parameter(fn, v.index);
    const steps = [{ start: v.start, end: v.end, text: facts.why }];
    switch (facts.role) {
      case "args-tuple":
      case "args-array":
      case "kwargs-dict":
      case "kwnames":
        return { kind: facts.role, steps };
      case "self":
        return { kind: "self", exclusive: facts.exclusive === true, steps };
      case "module":
        return { kind: "module", name: v.name, steps };
      case "type":
        return { kind: "class", steps };
      default: {
        const common = { kind: "parameter", index: v.index, name: v.name, steps } as const;
        return facts.privateAtCallers === undefined ? common : { ...common, privateAtCallers: facts.privateAtCallers };
      }
    }
  }

  private globalOrigin(name: string, owner: string | undefined, at: Instr | undefined): Origin {
    const steps = at === undefined ? [] : [stepAt(at, `the address of \`${name}\``)];
    if (isConstantObject(name)) return { kind: "immutable", type: "any", steps };
    const facts = this.environment.global(this.defUse.fn, name, owner);
    switch (facts.kind) {
      case "function":
      case "constant":
        return { kind: "immutable", type: "any", steps };
      case "type":
        return { kind: "class", steps };
      case "thread-local":
        return { kind: "own-thread", steps };
      case "static": {
        const initOnly = facts.initOnly === true;
        return owner === undefined
          ? { kind: "static", name, initOnly, steps }
          : { kind: "static", name, owner, initOnly, steps };
      }
      case "external":
        return { kind: "unknown", reason: `\`${name}\` is declared elsewhere`, steps };
    }
  }

  /** An aggregate that got a member: what matters is the member, see `loadOrigins`. */
  private partOrigins(definition: Definition, depth: number): readonly Origin[] {
    const { instr } = definition;
    if (instr?.op !== "store") return [{ kind: "unknown", reason: "a part of it was written", steps: [] }];
    return this.valueOrigins(instr.src, definition.point, depth + 1);
  }

  private outputOrigins(definition: Definition, depth: number): readonly Origin[] {
    const { instr } = definition;
    if (instr?.op === "call") return this.callOrigins(instr, definition.point, definition.argument, depth);
    return [{ kind: "unknown", reason: "its address was given away", steps: [] }];
  }

  private loadOrigins(instr: Instr & { op: "load" }, point: Point, depth: number): readonly Origin[] {
    const { fn } = this.defUse;
    const base = fn.values[instr.base];
    const target = instr.deref ? this.defUse.addressOf(instr.base) : undefined;
    if (target !== undefined || (!instr.deref && isVariable(base))) {
      const variable = target?.variable ?? instr.base;
      const path = target === undefined || target.path === "" ? instr.path : `${target.path}.${instr.path}`;
      return this.localPart(variable, path, point, depth);
    }
    const bases = this.withEscapes(this.valueOrigins(instr.base, point, depth + 1), point);
    const stored = this.storedInFresh(instr, point, bases, depth);
    if (stored !== undefined) return stored;
    const named = instr.path === "" || instr.path === "[]" ? "" : instr.path;
    if (bases.every((b) => b.kind === "args-array") && bases.length > 0) {
      return [{ kind: "parameter", index: -1, name: "", steps: [stepAt(instr, "an element of the argument array")] }];
    }
    if (bases.every((b) => b.kind === "own-thread") && bases.length > 0) {
      return [{ kind: "own-thread", steps: [stepAt(instr, "belongs to the running thread")] }];
    }
    if (bases.every((b) => b.kind === "static") && bases.length > 0) {
      const [{ name, initOnly }] = bases as [Extract<Origin, { kind: "static" }>];
      const whole = named === "" ? name : `${name}.${named}`;
      return [{ kind: "static", name: whole, initOnly, steps: [stepAt(instr, `read from \`${whole}\``)] }];
    }
    const struct = this.structOf(instr.base, point);
    const text = struct === "" ? `read from \`${instr.path}\`` : `read from \`${instr.path}\` of \`${struct}\``;
    const steps = [...stepsOf(bases), stepAt(instr, text)];
    return [{ kind: "field", path: named === "" ? instr.path : named, struct, bases, steps }];
  }

  /** A member of an automatic aggregate: what the function itself stored there. */
  private localPart(variable: ValueId, path: string, point: Point, depth: number): readonly Origin[] {
    if (path === "") return this.valueOrigins(variable, point, depth + 1);
    const collected = new Map<string, Origin>();
    for (const definition of this.defUse.reaching(variable, point)) {
      const { instr } = definition;
      if (definition.kind === "part" && instr?.op === "store") {
        if (withoutIndices(instr.path) !== withoutIndices(path)) continue;
        for (const o of this.valueOrigins(instr.src, definition.point, depth + 1)) add(collected, o);
      } else if (definition.kind === "output") {
        const by = instr?.op === "call" ? instr.callee : "";
        add(collected, { kind: "unknown", reason: `filled by \`${by}\``, steps: [] });
      } else if (instr?.op === "load" || instr?.op === "copy") {
        for (const o of this.definitionOrigins(definition, depth + 1)) add(collected, o);
      }
    }
    if (collected.size === 0) add(collected, { kind: "unknown", reason: "a member nothing here assigns", steps: [] });
    return [...collected.values()];
  }

  /** A field of an object that the function made and still has for itself holds what the function put there. */
  private storedInFresh(
    load: Instr & { op: "load" },
    point: Point,
    bases: readonly Origin[],
    depth: number,
  ): readonly Origin[] | undefined {
    if (bases.length === 0 || load.path === "") return undefined;
    const collected = new Map<string, Origin>();
    for (const base of bases) {
      if (base.kind === "null") continue;
      if (base.kind !== "fresh" || base.escaped !== undefined) return undefined;
      const made = this.madeBy(base.made);
      if (made === undefined) return undefined;
      for (const use of this.defUse.flowOf(made).uses) {
        const { instr } = use;
        if (instr?.op !== "store" || use.role !== "base" || withoutIndices(instr.path) !== withoutIndices(load.path))
          continue;
        for (const o of this.valueOrigins(instr.src, use.point, depth + 1)) add(collected, o);
      }
    }
    if (collected.size === 0) return undefined;
    return this.withEscapes([...collected.values()], point);
  }

  private addressOrigins(instr: Instr & { op: "addr" }, point: Point, depth: number): readonly Origin[] {
    const base = this.defUse.fn.values[instr.base];
    if (!instr.deref) {
      if (base.kind === "global") return [this.globalOrigin(base.name, base.owner, instr)];
      const name = base.kind === "param" || base.kind === "local" ? base.name : "";
      return [{ kind: "local", name, steps: [stepAt(instr, "the address of an automatic variable")] }];
    }
    // The address of a member lies inside its object: as shared as the object.
    const bases = this.valueOrigins(instr.base, point, depth + 1);
    if (instr.path === "" || instr.path === "[]") return bases;
    const steps = [...stepsOf(bases), stepAt(instr, `the address of \`${instr.path}\``)];
    return [{ kind: "field", path: instr.path, struct: this.structOf(instr.base, point), bases, steps }];
  }

  private callOrigins(call: CallInstr, point: Point, output: number | undefined, depth: number): readonly Origin[] {
    const argument = (index: number) =>
      this.valueOrigins((index === RECEIVER ? call.receiver : call.args[index]) ?? -1, point, depth + 1);
    if (call.callee === "") {
      const slot = this.slotOf(call);
      if (output === undefined && slot !== "" && isAllocatingSlot(slot)) return [fresh(call, point, slot, "instance")];
      return [{ kind: "call-result", callee: slot, reference: "unknown", steps: [stepAt(call, "an indirect call")] }];
    }
    const wrapped = output === undefined ? this.wrappedOrigins(call, depth) : undefined;
    if (wrapped !== undefined) return wrapped;
    const callee = this.environment.callee(this.defUse.fn, call);
    if (callee !== undefined) {
      const returns = output === undefined ? callee.returns : callee.outputs.find((o) => o.index === output)?.returns;
      if (returns !== undefined && returns.length > 0) {
        return returns.flatMap((r) => this.returnOrigins(r, call, point, argument));
      }
    } else {
      const known = apiOrigins(this.defUse.fn, call, point, output, argument);
      if (known !== undefined) return known;
    }
    const steps = [stepAt(call, output === undefined ? `returned by ${call.callee}` : `filled by ${call.callee}`)];
    const reference = callee?.returnsOwned === undefined ? "unknown" : callee.returnsOwned ? "new" : "borrowed";
    return [{ kind: "call-result", callee: call.callee, reference, steps }];
  }

  /**
   * `list.get()` of an automatic object `Ref list(PyList_New(0))`: a class that holds one reference gives it back. Other
   * methods without arguments give numbers and the like, whose origin nobody asks for.
   */
  private wrappedOrigins(call: CallInstr, depth: number): readonly Origin[] | undefined {
    if (call.receiver === undefined || call.args.length > 0) return undefined;
    const receiver = this.defUse.addressOf(call.receiver)?.variable ?? call.receiver;
    const object = this.defUse.fn.values[receiver];
    if (object?.kind !== "local" || object.type.includes("*")) return undefined;
    const [made, ...others] = this.defUse.definitionsOf(receiver).filter((d) => d.kind === "assign");
    const construction = made?.instr;
    if (others.length > 0 || construction?.op !== "call" || construction.args.length !== 1) return undefined;
    if (construction.callee === "" || !object.type.includes(construction.callee)) return undefined;
    return this.valueOrigins(construction.args[0], made.point, depth + 1);
  }

  private returnOrigins(
    returns: ReturnFacts,
    call: CallInstr,
    point: Point,
    argument: (index: number) => readonly Origin[],
  ): readonly Origin[] {
    const { callee } = call;
    const steps = [stepAt(call, `returned by \`${callee}\``)];
    switch (returns.kind) {
      case "fresh":
        return [fresh(call, point, callee, "any")];
      case "immutable":
        return [{ kind: "immutable", type: "any", steps }];
      case "argument":
        return argument(returns.index);
      case "borrowed-from-argument":
        return [{ kind: "item", api: returns.api, reference: "borrowed", bases: argument(returns.index), steps }];
      case "field-of-argument": {
        const bases = argument(returns.index);
        return [{ kind: "field", path: returns.path, struct: "", bases, steps: [...stepsOf(bases), ...steps] }];
      }
      case "static":
        return [{ kind: "static", name: returns.name, initOnly: false, steps }];
      case "borrowed-from-static": {
        const bases: Origin[] = [{ kind: "static", name: returns.name, initOnly: false, steps }];
        return [{ kind: "item", api: returns.api, reference: "borrowed", bases, steps }];
      }
      case "unknown":
        return [{ kind: "call-result", callee, reference: "unknown", steps }];
    }
  }

  /** The field that an indirect call goes through: `tp_alloc` of `type->tp_alloc(type, 0)`. */
  private slotOf(call: CallInstr): string {
    const load = this.defUse.soleDefinition(call.target)?.instr;
    return load?.op === "load" ? load.path : "";
  }

  /** Struct that the pointer `value` points to, by the last cast or the declaration; "" if it is not known. */
  structOf(value: ValueId, point: Point): string {
    return pointedStruct(this.defUse, this.environment, value, point);
  }
}

function copySource(definition: Definition): ValueId | undefined {
  const { instr, kind } = definition;
  if (kind === "assign" && instr?.op === "copy") return instr.src;
  if (kind === "assign" && instr?.op === "store") return instr.src;
  return undefined;
}

function constantOrigin(type: string): Origin {
  if (type === "null") return { kind: "null", steps: [] };
  if (type === "string") return { kind: "immutable", type: "any", steps: [] };
  return { kind: "scalar", steps: [] };
}

function withoutIndices(path: string): string {
  return path.replaceAll("[]", "*");
}

function add(origins: Map<string, Origin>, origin: Origin): void {
  const key = originKey(origin);
  if (!origins.has(key)) origins.set(key, origin);
}
