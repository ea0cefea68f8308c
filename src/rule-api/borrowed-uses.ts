/** What a function does with a borrowed reference: the uses that need the object alive, and those that do not. */
import { refcountCall } from "../capi/refcounting.ts";
import { isObjectPointer } from "../capi/type-names.ts";
import { type Definition, type DefUse, isNull, samePoint, type Use } from "../flow/def-use.ts";
import type { FunctionAnalyses } from "../flow/function-analyses.ts";
import { pointDominates, reaches } from "../flow/points.ts";
import type { Point } from "../ir/visit.ts";

export interface BorrowedUses {
  /** Uses that read the object, or hand the reference on; in code order. */
  uses: Use[];
  /** Compared with NULL, None or another pointer only. */
  tests: Use[];
  /** `Py_INCREF`, `Py_NewRef` and their like. */
  strengthened: Use[];
  /** Returns of the reference itself. */
  returned: Use[];
}

const memo = new WeakMap<DefUse, Map<number, BorrowedUses>>();

/** Follows the reference that `definition` wrote through copies and casts; a new strong reference is not followed. */
export function borrowedUses({ defUse }: FunctionAnalyses, definition: Definition): BorrowedUses {
  let known = memo.get(defUse);
  if (known === undefined) {
    known = new Map();
    memo.set(defUse, known);
  }
  let found = known.get(definition.id);
  if (found === undefined) {
    found = collect(defUse, definition);
    known.set(definition.id, found);
  }
  return found;
}

function collect(defUse: DefUse, definition: Definition): BorrowedUses {
  const found: BorrowedUses = { uses: [], tests: [], strengthened: [], returned: [] };
  const seen = new Set<number>([definition.id]);
  const work = [definition];
  for (const current of work) {
    for (const use of defUse.usesOfDefinition(current)) {
      const { instr } = use;
      if (use.role === "copy" && instr?.op === "copy") {
        const next = defUse.definitionAt(use.point);
        if (next !== undefined && !seen.has(next.id)) {
          seen.add(next.id);
          work.push(next);
        }
      } else if (use.role === "null-test" || isComparison(use)) found.tests.push(use);
      else if (isStrengthening(use)) found.strengthened.push(use);
      else if (use.role === "return") found.returned.push(use);
      else found.uses.push(use);
    }
  }
  const inOrder = (a: Use, b: Use) => (a.instr?.start ?? a.term!.start) - (b.instr?.start ?? b.term!.start);
  for (const list of Object.values(found) as Use[][]) list.sort(inOrder);
  return found;
}

/** Calls that look at the pointer, not at the object. */
const POINTER_ONLY: ReadonlySet<string> = new Set(["Py_Is", "Py_IsNone", "printf", "fprintf", "snprintf", "sprintf"]);

function isComparison({ instr }: Use): boolean {
  if (instr?.op === "binary") return instr.operator === "==" || instr.operator === "!=";
  return instr?.op === "call" && POINTER_ONLY.has(instr.callee);
}

function isStrengthening(use: Use): boolean {
  if (use.instr?.op !== "call" || use.role !== "argument") return false;
  const counting = refcountCall(use.instr.callee);
  return counting !== undefined && counting.arg === use.argument && ["increment", "new"].includes(counting.effect);
}

/** True if the object is used, beyond tests of the pointer. */
export function needsObject({ uses, strengthened, returned }: BorrowedUses): boolean {
  return uses.length + strengthened.length + returned.length > 0;
}

/** Returns that hand the reference out without having made it strong before. */
export function borrowedReturns({ cfg }: FunctionAnalyses, { strengthened, returned }: BorrowedUses): Use[] {
  return returned.filter((r) => !strengthened.some((s) => reaches(cfg, s.point, r.point)));
}

/** Uses for which the reference must still be protected: those behind a strong reference are safe. */
export function unprotectedUses(analyses: FunctionAnalyses, found: BorrowedUses): Use[] {
  const { strengthened } = found;
  const all = [...strengthened, ...found.uses, ...found.returned];
  return all.filter((u) => {
    const isBehind = strengthened.some((s) => s !== u && pointDominates(analyses.cfg, s.point, u.point));
    return !isBehind && !isMadeStrong(analyses, u, strengthened);
  });
}

/** The variable was made strong on every way from where it was set: `if (...) { found = key; Py_INCREF(found); }`. */
function isMadeStrong({ defUse, cfg, fn }: FunctionAnalyses, use: Use, strengthened: readonly Use[]): boolean {
  const given = defUse.reaching(use.value, use.point).filter(({ instr }) => {
    return instr?.op !== "copy" || !isNull(fn.values[instr.src]);
  });
  return (
    given.length > 0 &&
    given.every(
      ({ instr, value, point }) =>
        instr?.op === "copy" &&
        strengthened.some((s) => {
          return (
            s.value === value && s !== use && reaches(cfg, point, s.point) && !reaches(cfg, point, use.point, s.point)
          );
        }),
    )
  );
}

/** Uses of what the call at `point` wrote through addresses of variables, up to a strong reference; in order of place. */
export function outputUses(analyses: FunctionAnalyses, point: Point): Use[] {
  const written = analyses.defUse.definitions.filter((d) => d.kind === "output" && samePoint(d.point, point));
  const isObject = (value: number) => {
    const v = analyses.fn.values[value];
    return (v.kind === "local" || v.kind === "param") && isObjectPointer(v.type);
  };
  const found = written
    .filter((d) => isObject(d.value))
    .flatMap((d) => unprotectedUses(analyses, borrowedUses(analyses, d)));
  return found.sort((a, b) => (a.instr?.start ?? 0) - (b.instr?.start ?? 0));
}
