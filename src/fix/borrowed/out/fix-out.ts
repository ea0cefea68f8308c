/** Borrowed to strong through an out parameter: what is fetched, and where it is released, in one proposal. */
import type { BorrowedApi } from "../../../capi/borrowed.ts";
import type { CallInstr } from "../../../flow/environment.ts";
import type { FunctionAnalyses } from "../../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../../ir/facts.ts";
import type { Span } from "../../../ir/types.ts";
import type { Point } from "../../../ir/visit.ts";
import { child } from "../../../syntax/ast.ts";
import { Headers } from "../../compat/headers.ts";
import type { FixSource, SyntaxNode } from "../../source.ts";
import type { FixContext, Proposal, Withheld } from "../../types.ts";
import { errorExit } from "../error-exit.ts";
import { planRelease } from "../release.ts";
import { StatementEdits } from "../statement-edits.ts";
import { type Acquisition, acquisitionsOf, type LentCall } from "./acquire.ts";
import { hoistingOf } from "./evaluation.ts";
import { outForm } from "./form.ts";
import { CONTAINS, type Presence, presenceOf } from "./presence.ts";
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
  /** The reference is handed to the function's caller where it is returned. */
  isMoved?: boolean;
  /** What a new variable is called, if that is free. */
  variable?: string;
}

/** The rewrite with an out parameter, or why there is none. */
export function strongByOutParameter(context: FixContext, request: OutRequest): (Proposal | Withheld)[] {
  const lent = lentCall(context, request);
  if (typeof lent === "string") return [manual(lent, request)];
  const presence = presenceOf(lent);
  if (presence !== undefined) return [simple(lent, presence, presence.api, "ask with")];
  const stored = storedOf(lent, context.project);
  if (stored !== undefined) return [simple(lent, stored, lent.form.api, "use")];
  const acquired = acquisitionsOf(lent);
  if ("reason" in acquired) return [manual(acquired.reason, request)];
  const answers = acquired.map((a) => proposalOf(lent, a, request));
  const proposals = [...answers.filter((a) => a.level === "safe"), ...answers.filter((a) => a.level === "review")];
  return proposals.length > 0 ? [...proposals, ...reporting(lent, request)] : answers.slice(0, 1);
}

/** The rewrite as a part of a larger change: its edits join `edits`. Nothing is added if it is withheld. */
export function addStrongByOutParameter(
  context: FixContext,
  request: OutRequest,
  edits: StatementEdits,
): Proposal | Withheld {
  const lent = lentCall(context, request);
  if (typeof lent === "string") return manual(lent, request);
  const acquired = acquisitionsOf(lent);
  if ("reason" in acquired) return manual(acquired.reason, request);
  const answers = acquired.map((a) => ({ a, answer: proposalOf(lent, a, request) }));
  const best =
    answers.find(({ answer }) => answer.level === "safe") ?? answers.find(({ answer }) => answer.level !== "manual");
  return best === undefined ? answers[0].answer : proposalOf(lent, best.a, request, edits);
}

/** The same with errors that are raised instead of dropped, if the function can be left there. */
function reporting(lent: LentCall, request: OutRequest): Proposal[] {
  const { source, facts, flow, form, shape, point } = lent;
  const { statement, whole } = shape;
  if (!form.swallows || hoistingOf(source, statement, whole) === "impossible") return [];
  const exit = errorExit({ source, facts, flow, statement, point });
  if ("reason" in exit) return [];
  const acquired = acquisitionsOf({ ...lent, onError: exit.lines });
  if ("reason" in acquired) return [];
  for (const a of acquired) {
    const proposal = proposalOf(lent, a, request);
    if (proposal.level === "manual") continue;
    const review = [
      `errors of the lookup are raised, which \`${form.old}\` dropped`,
      ...exit.review,
      ...proposal.review,
    ];
    return [{ ...proposal, level: "review", title: `${proposal.title}, and raise errors`, review }];
  }
  return [];
}

/** The call as the source text has it; a text says why it cannot be edited there. */
function lentCall(context: FixContext, request: OutRequest): LentCall | string {
  const { source, facts, flow, api, call, point } = request;
  if (call.via !== undefined) return "the call comes out of a macro";
  if (facts.instantiated) return "a macro makes the function";
  const form = outForm(api, context.project.options.minPython, definesItself(context));
  if (typeof form === "string") return form;
  const node = callAt(source, call.calleeStart, call.calleeEnd);
  if (node === undefined) return "the call is not written as one in the text";
  const shape = shapeOf(source, node);
  if (typeof shape === "string") return shape;
  if (!source.isPlain(headOf(shape.statement, shape.whole)))
    return "a preprocessor directive is in the middle of the statement";
  return {
    source,
    facts,
    flow,
    form,
    shape,
    instr: call,
    point,
    isTeardown: request.isTeardown,
    variable: request.variable,
  };
}

/** True if older Pythons get what they lack from a block of ours. */
function definesItself({ project, settings }: FixContext): boolean {
  return settings.compat === "inline" || (settings.compat === undefined && !new Headers(project).usesCompat());
}

/** What of a statement is evaluated up to the call in it: of an `if` its condition, or that of an `else if` behind it. */
function headOf(statement: SyntaxNode, whole: Span): Span {
  const condition = child(statement, "condition");
  return condition === undefined ? statement : { start: statement.start, end: Math.max(condition.end, whole.end) };
}

function proposalOf(
  lent: LentCall,
  acquired: Acquisition,
  request: OutRequest,
  edits = new StatementEdits(lent.source),
): Proposal | Withheld {
  const { source, facts, flow, form, shape } = lent;
  const { definition, name, isNew, review, needs, nothing } = acquired;
  const { isMoved } = request;
  const reference = { source, facts, flow, definition, name, statement: shape.statement, isNew, nothing, isMoved };
  // What the release needs decides how the variable is declared, and that comes first.
  const trial = planRelease(reference, new StatementEdits(source));
  if (!trial.ok) return manual(trial.reason, request);
  acquired.write(edits, trial.nullBefore, trial.needsNullInit);
  planRelease(reference, edits);
  const look = [...review, ...trial.review];
  return {
    level: look.length === 0 ? "safe" : "review",
    title: `use \`${form.api}\` and release the reference${isNew ? ` through \`${name}\`` : ""}`,
    edits: edits.edits(),
    needs: [form.api, ...needs],
    review: look,
    ...(trial.isTakenOver ? { takesOver: { start: lent.instr.start, end: lent.instr.end } } : {}),
  };
}

/** A rewrite that needs no release but its own. */
function simple({ source }: LentCall, { review, write }: Presence | Stored, api: string, verb: string): Proposal {
  const edits = new StatementEdits(source);
  write(edits);
  const level = review.length === 0 ? "safe" : "review";
  return { level, title: `${verb} \`${api}\``, edits: edits.edits(), needs: api === CONTAINS ? [] : [api], review };
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
