/** Calls that run Python code for sure, not only through a destructor or an unusual operand. */
import type { CallInstr } from "../flow/environment.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";

const PREFIXES: readonly string[] = [
  "PyObject_Call",
  "_PyObject_Call",
  "PyObject_Vectorcall",
  "PyVectorcall_",
  "PyEval_Eval",
  "PyEval_Call",
  "PyRun_",
  "PyObject_RichCompare",
];
const NAMES: ReadonlySet<string> = new Set(["PyIter_Next", "PyIter_NextItem", "PyIter_Send", "PyObject_GetIter"]);

const memo = new WeakMap<ProjectContext, Map<FunctionId, boolean>>();

/** True if the call runs Python code, itself or in a function of the project that it calls. */
export function runsPythonCode(project: ProjectContext, file: string, { callee }: CallInstr): boolean {
  if (callee === "") return false;
  if (isRunner(callee)) return true;
  return project.index.resolveCall(file, callee).some((id) => reachesRunner(project, id));
}

function isRunner(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((p) => name.startsWith(p));
}

function reachesRunner(project: ProjectContext, start: FunctionId): boolean {
  let known = memo.get(project);
  if (known === undefined) {
    known = new Map();
    memo.set(project, known);
  }
  const before = known.get(start);
  if (before !== undefined) return before;
  const seen = new Set<FunctionId>([start]);
  const work = [start];
  let found = false;
  while (work.length > 0 && !found) {
    const { facts } = project.index.functions[work.pop()!];
    for (const name of facts.calls) {
      if (isRunner(name)) found = true;
      for (const id of project.index.resolveCall(facts.file, name)) {
        if (known.get(id) === true) found = true;
        if (seen.has(id) || known.get(id) === false) continue;
        seen.add(id);
        work.push(id);
      }
    }
  }
  known.set(start, found);
  return found;
}
