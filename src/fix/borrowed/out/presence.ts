/** Lookups that only ask whether something is there: the status of the new call says it, the reference is released at once. */
import type { StatementEdits } from "../statement-edits.ts";
import { freshName, ifBlock } from "../style.ts";
import { type LentCall, PENDING, UNORDERED } from "./acquire.ts";
import { declare, isDeclaredInFront } from "./declare.ts";
import { hoistingOf } from "./evaluation.ts";
import { callText, dropsError, keepingException } from "./lookup.ts";
import { mayBePending } from "./pending.ts";
import { asOperand, NULLS, type PointerTest, pointerTest } from "./truth.ts";

export interface Presence {
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
  return {
    review: [
      ...(hoisting === "unordered" ? [UNORDERED] : []),
      ...(form.swallows && !form.takesText && mayBePending(lent) ? [PENDING] : []),
    ],
    write: (edits) => write(lent, test, edits),
  };
}

function write(lent: LentCall, test: PointerTest, edits: StatementEdits): void {
  const { source, shape, form, facts } = lent;
  const { statement, call } = shape;
  const item = freshName(source, facts, form.deadIsNone ? "target" : "item");
  const found = freshName(source, facts, form.deadIsNone ? "alive" : "found");
  declare(edits, statement, `PyObject *${item};`);
  const keeps = form.swallows && mayBePending(lent);
  const isHere = isDeclaredInFront(source, statement) && !keeps;
  if (!isHere) declare(edits, statement, `int ${found};`);
  const head = `${isHere ? "int " : ""}${found} = `;
  const text = callText({ source, form, call, variable: item }, source.indentAt(statement.start) + head);
  const lines = [`${head}${text};`];
  if (dropsError(form)) lines.push(ifBlock(source, `${found} < 0`, ["PyErr_Clear();"]));
  if (keeps) edits.before(statement, keepingException(source, call, lines.join("\n")));
  else for (const line of lines) edits.before(statement, line);
  edits.before(statement, `Py_XDECREF(${item});`);
  // What was inserted is there as well, so that only an error leaves nothing.
  const [there, absent] = form.inserts ? [">= 0", "< 0"] : ["> 0", "<= 0"];
  edits.replace(test.node, asOperand(source, test.node, `${found} ${test.whenThere ? there : absent}`));
}
