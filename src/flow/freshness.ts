/**
 * From where on can others have an object that the function made? An object escapes when it, or a container that holds
 * it, is stored in a field, a static or a shared container, or is handed to code that may keep it.
 */
import { allocatorCall } from "../capi/allocators.ts";
import { resultOf } from "../capi/provenance.ts";
import { refcountCall } from "../capi/refcounting.ts";
import { STORING, stealingCall } from "../capi/stealing.ts";
import type { Cfg } from "../ir/cfg.ts";
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import { stepAt } from "./api-origin.ts";
import { type Definition, type DefUse, isClassObject, type Use } from "./def-use.ts";
import type { CallInstr, FlowEnvironment } from "./environment.ts";
import { type Escape, type Origin, sharingOfAll } from "./origin.ts";
import { reaches } from "./points.ts";
import type { EscapeOracle, Provenance } from "./provenance.ts";

export class Freshness implements EscapeOracle {
  private readonly defUse: DefUse;
  private readonly cfg: Cfg;
  private readonly environment: FlowEnvironment;
  private readonly provenance: Provenance;
  private readonly memo = new Map<number, readonly Escape[]>();
  private readonly active = new Set<number>();
  /** Cycles met so far: an answer found inside one is not complete and not kept. */
  private cuts = 0;

  constructor(defUse: DefUse, cfg: Cfg, environment: FlowEnvironment, provenance: Provenance) {
    this.defUse = defUse;
    this.cfg = cfg;
    this.environment = environment;
    this.provenance = provenance;
  }

  /** The first escape in code order that can have happened when `point` executes; a certain one is preferred. */
  escapeBefore(made: Definition, point: Point): Escape | undefined {
    let possible: Escape | undefined;
    for (const found of this.escapesOf(made)) {
      if (possible !== undefined && !found.certain) continue;
      if (!reaches(this.cfg, found.point, point, made.point)) continue;
      if (found.certain) return found;
      possible = found;
    }
    return possible;
  }

  /** All points after which others may have what `made` made, in code order. */
  escapesOf(made: Definition): readonly Escape[] {
    const known = this.memo.get(made.id);
    if (known !== undefined) return known;
    // A container that holds itself adds nothing.
    if (this.active.has(made.id)) {
      this.cuts++;
      return [];
    }
    const cuts = this.cuts;
    this.active.add(made.id);
    const escapes: Escape[] = [];
    for (const use of this.defUse.flowOf(made).uses) this.collect(use, escapes);
    this.active.delete(made.id);
    if (this.active.size === 0 || this.cuts === cuts) this.memo.set(made.id, escapes);
    return escapes;
  }

  private collect(use: Use, escapes: Escape[]): void {
    const { instr } = use;
    if (instr === undefined) return;
    if (use.role === "store") {
      if (instr.op === "copy") {
        escapes.push({ point: use.point, certain: true, ...stepAt(instr, "stored in a global variable") });
      } else if (instr.op === "store") {
        if (!instr.deref && this.defUse.definitionsOf(instr.base).length > 0) return;
        this.contained(instr.base, use, `stored in \`${instr.path}\``, escapes, true);
      }
    } else if (use.role === "unknown") {
      escapes.push({ point: use.point, certain: false, ...stepAt(instr, "used by code that was not understood") });
    } else if (use.role === "argument" && instr.op === "call") {
      this.passed(instr, use, escapes);
    } else if (use.role === "receiver" && instr.op === "call") {
      escapes.push({
        point: use.point,
        certain: false,
        ...stepAt(instr, `its method \`${instr.callee}\` may keep it`),
      });
    }
  }

  /** The object now hangs on `container`: it escapes where that does, or here if others have it already. */
  private contained(container: ValueId, use: Use, text: string, escapes: Escape[], isField = false): void {
    const instr = use.instr!;
    const origins = this.provenance.of(container, use.point);
    const sharing = sharingOfAll(origins);
    if (sharing !== "private") {
      // A field of an object that others may have is theirs to read; a container of the caller may still be private to it.
      const certain = sharing === "shared" || isField;
      escapes.push({ point: use.point, certain, ...stepAt(instr, text) });
      return;
    }
    for (const origin of origins) this.followContainer(origin, escapes);
  }

  private followContainer(origin: Origin, escapes: Escape[]): void {
    if (origin.kind === "field") for (const base of origin.bases) this.followContainer(base, escapes);
    if (origin.kind !== "fresh") return;
    const holder = this.defUse.definitionAt(origin.made);
    if (holder === undefined) return;
    for (const found of this.escapesOf(holder)) if (!escapes.includes(found)) escapes.push(found);
  }

  private passed(call: CallInstr, use: Use, escapes: Escape[]): void {
    const { callee } = call;
    const at = (certain: boolean, text: string) => escapes.push({ point: use.point, certain, ...stepAt(call, text) });
    if (callee === "") {
      at(false, "passed to an indirect call");
      return;
    }
    // An automatic C++ object made from it lives no longer than the function.
    if (isClassObject(this.defUse.fn.values[call.dst])) return;
    const summary = this.environment.callee(this.defUse.fn, call);
    if (summary !== undefined) {
      const effect = summary.escapes[use.argument] ?? "maybe";
      if (effect !== "no") at(effect === "yes", `passed to \`${callee}\``);
      return;
    }
    if (refcountCall(callee) !== undefined) return;
    const stealing = stealingCall(callee);
    if (stealing?.args.includes(use.argument)) {
      if (stealing.keptBy >= 0)
        this.contained(call.args[stealing.keptBy], use, `put into a container by ${callee}`, escapes);
      return;
    }
    const storing = STORING.get(callee);
    if (storing !== undefined) {
      if (!storing.items.includes(use.argument)) return;
      if (storing.container < 0) at(true, `put into a shared container by ${callee}`);
      else this.contained(call.args[storing.container], use, `put into a container by ${callee}`, escapes);
      return;
    }
    if (runsPython(callee)) at(false, `passed to Python code by ${callee}`);
    else if (keepsInResult(callee)) this.keptByResult(use, escapes);
    else if (!isKnownFunction(callee)) at(false, `passed to \`${callee}\``);
  }

  private keptByResult(use: Use, escapes: Escape[]): void {
    const result = this.defUse.definitionAt(use.point);
    if (result === undefined) return;
    for (const found of this.escapesOf(result)) if (!escapes.includes(found)) escapes.push(found);
  }
}

/** Calls that hand their arguments to Python code. */
function runsPython(callee: string): boolean {
  const name = callee.startsWith("_") ? callee.slice(1) : callee;
  return (
    name.startsWith("PyObject_Call") ||
    name.startsWith("PyObject_Vectorcall") ||
    name.startsWith("PyVectorcall_") ||
    name.startsWith("PyEval_") ||
    name.startsWith("PyRun_")
  );
}

/** Calls whose result holds a reference to their arguments. */
function keepsInResult(callee: string): boolean {
  const result = resultOf(callee);
  if (result === undefined) return false;
  switch (result.type) {
    case "tuple":
    case "iterator":
    case "weakref":
    case "cell":
    case "function":
    case "memoryview":
    case "slice":
      return true;
    default:
      return callee.includes("BuildValue") || callee === "PyDictProxy_New";
  }
}

/** The C API and the C library keep nothing beyond what the tables say. */
function isKnownFunction(callee: string): boolean {
  if (callee.startsWith("Py") || callee.startsWith("_Py")) return true;
  return allocatorCall(callee) !== undefined || LIBC_PREFIXES.some((prefix) => callee.startsWith(prefix));
}

const LIBC_PREFIXES: readonly string[] = ["mem", "str", "assert", "printf", "fprintf", "snprintf", "sizeof"];
