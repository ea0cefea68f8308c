/** Borrowed to strong through an out parameter: what is fetched, and where it is released, in one proposal. */
import type { BorrowedApi } from "../../../capi/borrowed.ts";
import type { CallInstr } from "../../../flow/environment.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../../ir/facts.ts";
import type { Span } from "../../../ir/types.ts";
import type { Point } from "../../../ir/visit.ts";
import { child } from "../../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import type { FixContext, Proposal, Withheld } from "../../types.ts";
import { planRelease } from "../release.ts";
import { StatementEdits } from "../statement-edits.ts";
import { type Acquisition, acquisitionsOf, type LentCall } from "./acquire.ts";
import { outForm } from "./form.ts";
import { type Presence, presenceOf } from "./presence.ts";
import { callAt, shapeOf } from "./shape.ts";
import { type Stored, storedOf } from "./stored.ts";

/** A call that lends a reference which another thread can free. */
export interface OutRequest {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  api: Pick<BorrowedApi, "name" | "replacements" | "onNull">;
  call: CallInstr;
  point: Point;
  /** The interpreter can call the function while an exception is set: it takes objects down. */
  isTeardown: boolean;
}

/** The rewrite with an out parameter, or why there is none. */
export function strongByOutParameter(context: FixContext, request: OutRequest): (Proposal | Withheld)[] {
  const lent = lentCall(context, request);
  if (typeof lent === "string") return [manual(lent, request)];
  const presence = presenceOf(lent);
  if (presence !== undefined) return [simple(lent, presence, `ask with \`${lent.form.api}\``)];
  const stored = storedOf(lent, context.project);
  if (stored !== undefined) return [simple(lent, stored, `use \`${lent.form.api}\``)];
  const acquired = acquisitionsOf(lent);
  if ("reason" in acquired) return [manual(acquired.reason, request)];
  const answers = acquired.map((a) => proposalOf(lent, a, request));
  const proposals = [...answers.filter((a) => a.level === "safe"), ...answers.filter((a) => a.level === "review")];
  return proposals.length > 0 ? proposals : answers.slice(0, 1);
}

/** The call as the source text has it; a text says why it cannot be edited there. */
function lentCall(context: FixContext, request: OutRequest): LentCall | string {
  const { source, facts, flow, api, call, point } = request;
  if (call.via !== undefined) return "the call comes out of a macro";
  if (facts.instantiated) return "a macro makes the function";
  const form = outForm(api, context.project.options.minPython);
  if (typeof form === "string") return form;
  const node = callAt(source, call.calleeStart, call.calleeEnd);
  if (node === undefined) return "the call is not written as one in the text";
  const shape = shapeOf(source, node);
  if (typeof shape === "string") return shape;
  if (!source.isPlain(headOf(shape.statement))) return "a preprocessor directive is in the middle of the statement";
  return { source, facts, flow, form, shape, instr: call, point, isTeardown: request.isTeardown };
}

/** What of a statement is evaluated with the call in it: of an `if` its condition. */
function headOf(statement: SyntaxNode): Span {
  const condition = child(statement, "condition");
  return condition === undefined ? statement : { start: statement.start, end: condition.end };
}

function proposalOf(lent: LentCall, acquired: Acquisition, request: OutRequest): Proposal | Withheld {
  const { source, facts, flow, form, shape } = lent;
  const { definition, name, isNew, review, needs, nothing } = acquired;
  const reference = { source, facts, flow, definition, name, statement: shape.statement, isNew, nothing };
  // What the release needs decides how the variable is declared, and that comes first.
  const trial = planRelease(reference, new StatementEdits(source));
  if (!trial.ok) return manual(trial.reason, request);
  const edits = new StatementEdits(source);
  acquired.write(edits, trial.nullBefore, trial.needsNullInit);
  planRelease(reference, edits);
  const look = [...review, ...trial.review];
  return {
    level: look.length === 0 ? "safe" : "review",
    title: `use \`${form.api}\` and release the reference${isNew ? ` through \`${name}\`` : ""}`,
    edits: edits.edits(),
    needs: [form.api, ...needs],
    review: look,
  };
}

/** A rewrite that needs no release but its own. */
function simple({ source, form }: LentCall, { review, write }: Presence | Stored, title: string): Proposal {
  const edits = new StatementEdits(source);
  write(edits);
  const level = review.length === 0 ? "safe" : "review";
  return { level, title, edits: edits.edits(), needs: [form.api], review };
}

function manual(reason: string, { api }: OutRequest): Withheld {
  const replacement = api.replacements[0]?.api;
  if (replacement === undefined) return { level: "manual", reason };
  return {
    level: "manual",
    reason,
    recipe: [`fetch the reference with \`${replacement}\``, "release it on every path, or hand it on"],
  };
}
