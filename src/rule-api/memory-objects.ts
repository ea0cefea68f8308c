/** What allocated memory is used for: a Python object, or plain data. */
import { pointerDepth } from "../capi/type-names.ts";
import type { Definition, Use } from "../flow/def-use.ts";
import type { Span } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { FunctionContext } from "./context.ts";
import { isObjectType } from "./globals-model.ts";

export interface MemoryUse {
  /** A place where it is taken for a Python object: a cast, a declaration, an initialising call. */
  object?: Span;
  /** The call or store that makes it one: `PyObject_Init`, a count or type written into the header. */
  initialised?: Span;
  /** A place where it is taken for something else (`char *`, an array of pointers), and the type it has there. */
  data?: Span & { type: string };
}

const INITIALISES = new Set(["PyObject_Init", "PyObject_InitVar", "PyObject_INIT", "PyObject_INIT_VAR"]);
const HEADER_SETTERS = new Set(["Py_SET_REFCNT", "Py_SET_TYPE", "Py_SET_SIZE", "_Py_NewReference"]);
const HEADER_FIELDS = new Set(["ob_refcnt", "ob_type", "ob_base.ob_refcnt", "ob_base.ob_type"]);

/** How the memory that the call at `point` gives back is used in `fn`. */
export function memoryUse(fn: FunctionContext, point: Point): MemoryUse {
  const definition = fn.flow.defUse.definitionAt(point);
  const use: MemoryUse = {};
  if (!definition) return use;
  const flow = fn.flow.defUse.flowOf(definition);
  for (const d of flow.definitions) noteType(fn, typeOfDefinition(fn, d), spanOf(d), use);
  for (const u of flow.uses) noteUse(fn, u, use);
  return use;
}

function typeOfDefinition(fn: FunctionContext, { value, instr }: Definition): string {
  if (instr?.op === "copy" && instr.cast !== undefined) return instr.cast;
  const v = fn.ir.values[value];
  return v.kind === "local" || v.kind === "param" || v.kind === "temp" ? v.type : "";
}

function spanOf({ instr }: Definition): Span {
  return { start: instr?.start ?? 0, end: instr?.end ?? 0 };
}

function noteType(fn: FunctionContext, type: string, span: Span, use: MemoryUse): void {
  if (type === "" || pointerDepth(type) === 0 || /\bvoid\b/.test(type)) return;
  if (isObjectType(fn.project, type, fn.file)) use.object ??= span;
  else use.data ??= { ...span, type };
}

function noteUse(fn: FunctionContext, { instr, term, role, argument }: Use, use: MemoryUse): void {
  if (term?.op === "return") {
    noteType(fn, fn.ir.returnType, term, use);
    return;
  }
  if (instr?.op === "call" && role === "argument") {
    if (INITIALISES.has(instr.callee) && argument === 0) {
      use.object ??= instr;
      use.initialised ??= instr;
    } else if (HEADER_SETTERS.has(instr.callee) && argument === 0) use.initialised ??= instr;
    return;
  }
  if (instr?.op !== "store") return;
  if (role === "base" && HEADER_FIELDS.has(instr.path)) use.initialised ??= instr;
  if (role === "store") noteType(fn, fieldType(fn, instr.base, instr.path), instr, use);
}

function fieldType(fn: FunctionContext, base: number, path: string): string {
  const v = fn.ir.values[base];
  if (v.kind !== "local" && v.kind !== "param" && v.kind !== "temp") return "";
  const struct = fn.project.index.structOfType(fn.file, v.type);
  return struct === undefined ? "" : fn.project.index.fieldType(struct, path);
}
