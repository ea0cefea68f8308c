/** Lookups that only ask whether something is there: the status of the new call says it, the reference is released at once. */
import { knownTypes } from "../../../flow/known-types.ts";
import type { StatementEdits } from "../statement-edits.ts";
import { freshName, ifBlock } from "../style.ts";
import { type LentCall, PENDING, UNORDERED } from "./acquire.ts";
import { declare, isDeclaredInFront } from "./declare.ts";
import { hoistingOf } from "./evaluation.ts";
import { callText, dropsError, keepingException } from "./lookup.ts";
import { mayBePending } from "./pending.ts";
import { asOperand, NULLS, type PointerTest, pointerTest } from "./truth.ts";

export interface Presence {
  /** The call that asks. */
  api: string;
  review: string[];
  write(edits: StatementEdits): void;
}

/** The rewrite of a call whose result is only tested; undefined if it is used in another way. */
export function presenceOf(lent: LentCall): Presence | undefined {
  const { source, shape, form } = lent;
  if (shape.kind !== "expression") return undefined;
  const nothings = form.deadIsNone ? ["Py_None"] : NULLS;
  const test = pointerTest(source, shape.whole, nothings);
  if (test === undefined) return undefined;
  const hoisting = hoistingOf(source, shape.statement, shape.whole);
  if (hoisting === "impossible") return undefined;
  const api = isDict(lent) ? CONTAINS : form.api;
  return {
    api,
    review: [
      ...(hoisting === "unordered" ? [UNORDERED] : []),
      ...(form.swallows && !form.takesText && mayBePending(lent) ? [PENDING] : []),
    ],
    write: (edits) => write(lent, api, test, edits),
  };
}

/** Every supported Python has it. */
export const CONTAINS = "PyDict_Contains";

/** True if PyDict_Contains can ask: it takes any object for a dict, the old calls find nothing in what is none. */
function isDict({ form, flow, instr, point }: LentCall): boolean {
  if (form.api !== "PyDict_GetItemRef" || instr.args.length !== form.keeps) return false;
  return knownTypes(flow, instr.args[0], point).some((t) => t.type === "dict");
}

function write(lent: LentCall, api: string, test: PointerTest, edits: StatementEdits): void {
  const { source, shape, form, facts } = lent;
  const { statement, call } = shape;
  const item = api === CONTAINS ? undefined : freshName(source, facts, form.deadIsNone ? "target" : "item");
  const found = freshName(source, facts, form.deadIsNone ? "alive" : "found");
  if (item !== undefined) declare(edits, statement, `PyObject *${item};`);
  const keeps = form.swallows && mayBePending(lent);
  const isHere = isDeclaredInFront(source, statement) && !keeps;
  if (!isHere) declare(edits, statement, `int ${found};`);
  const head = `${isHere ? "int " : ""}${found} = `;
  const text = callText(
    { source, form: { ...form, api }, call, variable: item },
    source.indentAt(statement.start) + head,
  );
  const lines = [`${head}${text};`];
  // An error of PyWeakref_GetObject was neither None nor dropped: it still is set, and the target counts as there.
  const keepsError = form.deadIsNone && !form.unchecked;
  if (dropsError(form) && !keepsError) lines.push(ifBlock(source, `${found} < 0`, ["PyErr_Clear();"]));
  if (keeps) edits.before(statement, keepingException(source, call, lines.join("\n")));
  else for (const line of lines) edits.before(statement, line);
  if (item !== undefined) edits.before(statement, `Py_XDECREF(${item});`);
  // What was inserted is there as well, so that only an error leaves nothing.
  const [there, absent] = form.inserts ? [">= 0", "< 0"] : keepsError ? ["!= 0", "== 0"] : ["> 0", "<= 0"];
  edits.replace(test.node, asOperand(source, test.node, `${found} ${test.whenThere ? there : absent}`));
}
