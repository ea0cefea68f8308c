/**
 * Names for values that tell when two expressions mean the same object: `self`, `self->lock`, `global:cache`. A variable
 * that is assigned once stands for what it was assigned; one with several possible contents is named with their
 * definitions, so that the same variable at two places is the same object only if nothing can have changed it.
 */
import { resultOf } from "../capi/provenance.ts";
import type { Instr, ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { Definition, DefUse } from "./def-use.ts";

/** Calls whose result is the same object for the same argument. */
const STABLE_ACCESSORS: ReadonlySet<string> = new Set([
  "PyModule_GetState",
  "PyModule_GetDict",
  "PyType_GetModule",
  "PyType_GetModuleByDef",
  "PyType_GetModuleState",
  "PyObject_GetTypeData",
  "PyCapsule_GetPointer",
  "PyCapsule_GetContext",
  "PyState_FindModule",
  "Py_TYPE",
]);

const MAX_DEPTH = 24;

export class AccessPaths {
  private readonly defUse: DefUse;
  private readonly memo = new Map<number, string>();

  constructor(defUse: DefUse) {
    this.defUse = defUse;
  }

  /** Name of the value that `value` has when the instruction at `point` reads it. */
  of(value: ValueId, point: Point): string {
    return this.name(value, point, 0);
  }

  /** Name of the place that a pointer points to: `&self->lock` and `self` give `self->lock` and `self`. */
  pointee(value: ValueId, point: Point): string {
    const name = this.of(value, point);
    return name.startsWith("&") ? name.slice(1) : name;
  }

  /** Name of the memory that a load, store or address instruction means. */
  place(instr: Instr & { op: "load" | "store" | "addr" }, point: Point): string {
    return this.placeName(instr, point, 0);
  }

  private name(value: ValueId, point: Point, depth: number): string {
    const v = this.defUse.fn.values[value];
    if (v === undefined) return "?";
    if (v.kind === "const") return v.text;
    if (v.kind === "global") return v.owner === undefined ? `global:${v.name}` : `global:${v.owner}::${v.name}`;
    const definitions = this.defUse.reaching(value, point);
    if (definitions.length === 1) {
      const [definition] = definitions;
      const known = this.memo.get(definition.id);
      if (known !== undefined) return known;
      const name = depth > MAX_DEPTH ? `?${definition.id}` : this.definitionName(definition, depth);
      this.memo.set(definition.id, name);
      return name;
    }
    const plain = v.kind === "temp" ? "" : v.name;
    return `${plain}{${definitions.map((d) => d.id).join(",")}}`;
  }

  private definitionName(definition: Definition, depth: number): string {
    const { instr, point } = definition;
    const v = this.defUse.fn.values[definition.value];
    if (instr === undefined) return v.kind === "param" ? v.name : `?${definition.id}`;
    if (definition.kind !== "assign") return `${v.kind === "local" ? v.name : ""}{${definition.id}}`;
    switch (instr.op) {
      case "copy":
        return this.name(instr.src, point, depth + 1);
      case "load":
        return this.placeName(instr, point, depth + 1);
      case "addr": {
        const place = this.placeName(instr, point, depth + 1);
        return instr.deref && instr.path === "" && instr.index === undefined ? place.slice(1) : `&${place}`;
      }
      case "store":
        return this.name(instr.src, point, depth + 1);
      case "call": {
        const result = resultOf(instr.callee);
        if (result?.origin === "argument" && instr.args[result.fromArg] !== undefined) {
          return this.name(instr.args[result.fromArg], point, depth + 1);
        }
        if (STABLE_ACCESSORS.has(instr.callee)) {
          return `${instr.callee}(${instr.args.map((arg) => this.name(arg, point, depth + 1)).join(",")})`;
        }
        return `${instr.callee}()#${definition.id}`;
      }
      case "binary":
        if (instr.operator === "+" || instr.operator === "-") {
          return `(${this.name(instr.left, point, depth + 1)}${instr.operator}${this.name(instr.right, point, depth + 1)})`;
        }
        return `?${definition.id}`;
      default:
        return `?${definition.id}`;
    }
  }

  private placeName(instr: Instr & { op: "load" | "store" | "addr" }, point: Point, depth: number): string {
    const v = this.defUse.fn.values[instr.base];
    const index = instr.index === undefined ? "" : this.name(instr.index, point, depth + 1);
    const path = instr.path.replace("[]", `[${index}]`);
    if (!instr.deref) {
      const base =
        v.kind === "global" || v.kind === "const" ? this.name(instr.base, point, depth + 1) : variableName(v);
      return path === "" ? base : path.startsWith("[") ? `${base}${path}` : `${base}.${path}`;
    }
    const base = this.name(instr.base, point, depth + 1);
    if (base.startsWith("&")) {
      const inner = base.slice(1);
      return path === "" ? inner : path.startsWith("[") ? `${inner}${path}` : `${inner}.${path}`;
    }
    if (path === "") return `*${base}`;
    return path.startsWith("[") ? `${base}${path}` : `${base}->${path}`;
  }
}

function variableName(value: { kind: string; name?: string }): string {
  return value.name ?? "?";
}
