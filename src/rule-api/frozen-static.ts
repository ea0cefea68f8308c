/** Containers in statics that are filled while the module is initialised, and only looked up afterwards. */
import { type Instr, NO_VALUE } from "../ir/types.ts";
import { forEachInstr, forEachOperand, terminatorOperand } from "../ir/visit.ts";
import type { FunctionId, StaticId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";

/** Calls that change nothing in their first argument and hand it to nobody. */
const LOOKS_UP: ReadonlySet<string> = new Set([
  "PyDict_GetItem",
  "PyDict_GetItemWithError",
  "PyDict_GetItemString",
  "PyDict_GetItemRef",
  "PyDict_GetItemStringRef",
  "PyDict_Contains",
  "PyDict_ContainsString",
  "PyDict_Next",
  "PyDict_Size",
  "PyDict_GET_SIZE",
  "PyDict_Keys",
  "PyDict_Values",
  "PyDict_Items",
  "PyDict_Copy",
  "PyDict_Check",
  "PyDict_CheckExact",
  "_PyDict_GetItem_KnownHash",
  "PyList_GetItem",
  "PyList_GET_ITEM",
  "PyList_GetItemRef",
  "PyList_Size",
  "PyList_GET_SIZE",
  "PyList_Check",
  "PyList_AsTuple",
  "PyTuple_GET_ITEM",
  "PyTuple_GetItem",
  "PySet_Contains",
  "PySequence_Contains",
  "PySequence_GetItem",
  "PyObject_GetItem",
  "PyObject_Size",
  "PyObject_Length",
]);

/** What module initialisation may do to it: fill it, nothing that gives it to Python code. */
const FILLS: ReadonlySet<string> = new Set([
  "PyDict_SetItem",
  "PyDict_SetItemString",
  "PyDict_SetDefault",
  "PyDict_Update",
  "PyDict_Merge",
  "PyList_Append",
  "PyList_SetItem",
  "PyList_SET_ITEM",
  "PyList_Insert",
  "PySet_Add",
  "Py_DECREF",
  "Py_XDECREF",
  "Py_CLEAR",
  "Py_INCREF",
  "Py_XINCREF",
]);

/** Functions through which it is handed on and still followed. */
const MAX_DEPTH = 3;

const memo = new WeakMap<ProjectContext, Map<StaticId, boolean>>();

/** True if no code that can run at any time changes the container in this static, or gives it away. */
export function isFrozenStatic(
  project: ProjectContext,
  fn: FunctionId,
  name: string,
  owner: string | undefined,
): boolean {
  const found = project.index.resolveGlobal(project.index.functions[fn].file, name, owner);
  if (found.kind !== "static") return false;
  let known = memo.get(project);
  if (known === undefined) {
    known = new Map();
    memo.set(project, known);
  }
  let frozen = known.get(found.id);
  if (frozen === undefined) {
    frozen = compute(project, found.id);
    known.set(found.id, frozen);
  }
  return frozen;
}

function compute(project: ProjectContext, id: StaticId): boolean {
  const { facts, readers, writers } = project.index.static(id);
  if (facts.array || !facts.type.includes("*")) return false;
  if (writers.length === 0 || writers.some((w) => !project.index.isInitOnly(w))) return false;
  return [...new Set([...readers, ...writers])].every((user) => onlyLooksUp(project, user, facts.name, facts.owner));
}

function onlyLooksUp(project: ProjectContext, user: FunctionId, name: string, owner: string | undefined): boolean {
  const { fn } = project.analysesOf(user);
  const isIt = (value: number) => {
    const v = value === NO_VALUE ? undefined : fn.values[value];
    return v?.kind === "global" && v.name === name && v.owner === owner;
  };
  let fine = true;
  forEachInstr(fn, (instr) => {
    forEachOperand(instr, (value) => {
      if (isIt(value)) fine &&= isHarmless(project, user, instr, isIt, 0);
    });
  });
  return fine && !fn.blocks.some(({ term }) => term.op === "return" && isIt(terminatorOperand(term)));
}

function isHarmless(
  project: ProjectContext,
  user: FunctionId,
  instr: Instr,
  isIt: (value: number) => boolean,
  depth: number,
): boolean {
  if (instr.op === "unary" || instr.op === "binary") return true;
  if (instr.op !== "call") return false;
  const initOnly = project.index.isInitOnly(user);
  const positions = instr.args.flatMap((arg, n) => (isIt(arg) ? [n] : []));
  if (LOOKS_UP.has(instr.callee) || (initOnly && FILLS.has(instr.callee))) return positions.every((n) => n === 0);
  const targets = instr.callee === "" ? [] : project.index.resolveCall(fileOf(project, user), instr.callee);
  if (targets.length === 0 || depth >= MAX_DEPTH) return false;
  return targets.every((t) => positions.every((n) => parameterIsHarmless(project, t, n, depth + 1)));
}

/** A function of the project that got it as argument `index` only looks it up, too. */
function parameterIsHarmless(project: ProjectContext, fn: FunctionId, index: number, depth: number): boolean {
  const { fn: ir, defUse } = project.analysesOf(fn);
  const [definition] = ir.params[index] === undefined ? [] : defUse.definitionsOf(ir.params[index]);
  if (definition === undefined) return false;
  return defUse.flowOf(definition).uses.every((use) => {
    if (use.instr === undefined) return use.role !== "return";
    if (use.role === "copy") return true;
    return isHarmless(project, fn, use.instr, (value) => value === use.value, depth);
  });
}

function fileOf(project: ProjectContext, fn: FunctionId): string {
  return project.index.functions[fn].file;
}
