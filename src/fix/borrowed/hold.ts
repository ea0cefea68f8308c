/** A reference that stays borrowed where it is read, and is held strong from there on: no other thread can change its owner, but a call can. */
import type { Definition } from "../../flow/def-use.ts";
import type { FunctionAnalyses } from "../../flow/function-analyses.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { FixSource } from "../source.ts";
import type { Proposal, Withheld } from "../types.ts";
import { shapeOf } from "./out/shape.ts";
import { planRelease } from "./release.ts";
import { StatementEdits } from "./statement-edits.ts";

export interface HoldRequest {
  source: FixSource;
  facts: FunctionFacts;
  flow: FunctionAnalyses;
  /** Where the reference is read. */
  definition: Definition;
  /** What lends it, and what can drop the object, as written. */
  lender: string;
  killer: string;
}

/** An increment right behind the place where the reference is read, and its release; for a person to look at. */
export function holdStrong(request: HoldRequest): Proposal | Withheld {
  const { source, facts, flow, definition, lender, killer } = request;
  const { instr } = definition;
  if (instr === undefined || instr.via !== undefined || facts.instantiated)
    return manual(request, "a macro reads the reference");
  const node = source.nodeWith(instr);
  const shape = node === undefined ? "it is not found in the text" : shapeOf(source, node);
  if (typeof shape === "string") return manual(request, shape);
  if (shape.kind !== "declaration" && shape.kind !== "assignment") {
    return manual(request, "the reference has no variable of its own, or gets it inside of an expression");
  }
  if (!source.isPlain(shape.statement))
    return manual(request, "a preprocessor directive is in the middle of the statement");
  const target = shape.kind === "declaration" ? shape.name : shape.target;
  const name = source.textOf(target);
  const isLocal = flow.fn.values.some((v) => (v.kind === "local" || v.kind === "param") && v.name === name);
  if (target.type !== "identifier" || !isLocal)
    return manual(request, "it is stored in something that is no variable of the function");
  const edits = new StatementEdits(source);
  edits.after(shape.statement, `Py_XINCREF(${name});`);
  const released = planRelease({ source, facts, flow, definition, name, statement: shape.statement }, edits);
  if (!released.ok) return manual(request, released.reason);
  if (released.needsNullInit) return manual(request, "it is read on some paths only");
  return {
    level: "review",
    title: `hold what \`${lender}\` lends over \`${killer}\``,
    edits: edits.edits(),
    needs: [],
    review: [`look whether \`${name}\` is released on every path`, ...released.review],
  };
}

function manual({ lender, killer }: HoldRequest, reason: string): Withheld {
  return {
    level: "manual",
    reason,
    recipe: [
      `take a reference (\`Py_NewRef\`) of what \`${lender}\` lends before \`${killer}\` runs`,
      "release it after the last use, on every path",
    ],
  };
}
