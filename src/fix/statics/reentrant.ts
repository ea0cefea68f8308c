/** Functions of the C library that keep their result: the form that takes the memory from the caller. */
import type { CallInstr } from "../../flow/environment.ts";
import type { FunctionId } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import { StatementEdits } from "../borrowed/statement-edits.ts";
import { freshName } from "../borrowed/style.ts";
import type { SyntaxNode } from "../source.ts";
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { type FunctionSyntax, functionSyntax, isReason, type Reason } from "./variable.ts";

interface Form {
  name: string;
  /** Declarations and further arguments; `$` stands for a name that the function does not use yet. */
  variable: string;
  declarations: readonly string[];
  args: readonly string[];
  /** All calls of the function share the variable: it carries the state from one to the next. */
  once?: boolean;
  review: string;
}

const NOT_ON_WINDOWS = "Windows has no such function: there the plain one keeps its result per thread";

const TIME = { variable: "tm_data", declarations: ["struct tm $;"], args: ["&$"], review: NOT_ON_WINDOWS };
const TEXT = { variable: "time_text", declarations: ["char $[26];"], args: ["$"], review: NOT_ON_WINDOWS };

/** POSIX and glibc, Linux manual pages of each. */
const FORMS: ReadonlyMap<string, Form> = new Map([
  ["localtime", { name: "localtime_r", ...TIME }],
  ["gmtime", { name: "gmtime_r", ...TIME }],
  ["asctime", { name: "asctime_r", ...TEXT }],
  ["ctime", { name: "ctime_r", ...TEXT }],
  [
    "strtok",
    {
      name: "strtok_r",
      variable: "saveptr",
      declarations: ["char *$ = NULL;"],
      args: ["&$"],
      once: true,
      review: "Windows calls it `strtok_s`",
    },
  ],
  [
    "getmntent",
    {
      name: "getmntent_r",
      variable: "mntent_data",
      declarations: ["struct mntent $;", "char $_text[4096];"],
      args: ["&$", "$_text", "sizeof($_text)"],
      review: "glibc and musl have it; a line longer than the buffer is cut",
    },
  ],
]);

/** True if calls of the function can be rewritten at all. */
export function hasReentrantForm(api: string): boolean {
  return FORMS.has(api);
}

/** Answers for calls of one library function in one function; best first. */
export function reentrantFixes(
  context: FixContext,
  id: FunctionId,
  { api, calls, replacement }: { api: string; calls: readonly CallInstr[]; replacement: string },
): (Proposal | Withheld)[] {
  const answer = rewritten(context, id, api, calls);
  if (!isReason(answer)) return [answer];
  const recipe = [
    `Use ${replacement}.`,
    "Where there is no such form: one `static PyMutex` around every call and the use of its result, which is copied before unlocking.",
  ];
  return [{ level: "manual", reason: answer, recipe }];
}

function rewritten(context: FixContext, id: FunctionId, api: string, calls: readonly CallInstr[]): Proposal | Reason {
  const form = FORMS.get(api);
  if (form === undefined) return `no form of \`${api}\` takes its place in one expression`;
  const syntax = functionSyntax(context, id);
  if (isReason(syntax)) return syntax;
  const edits = new StatementEdits(syntax.source);
  let variable: string | undefined;
  let known = 0;
  for (const call of [...calls].sort((a, b) => a.start - b.start)) {
    if (call.via !== undefined) return `\`${api}\` is called by a macro`;
    const node = callAt(syntax, call);
    if (node === undefined || !syntax.source.isPlain(node)) return `the call of \`${api}\` is not understood`;
    const kept = form.once ? undefined : escapeOf(syntax, node);
    if (kept !== undefined) return kept;
    if (variable === undefined || !form.once) {
      variable = freshName(
        syntax.source,
        syntax.fn.facts,
        known === 0 ? form.variable : `${form.variable}${known + 1}`,
      );
      const statement = bodyStatement(syntax, node);
      if (statement === undefined) return `the call of \`${api}\` is not in a statement of the function`;
      for (const line of form.declarations) edits.before(statement, line.replaceAll("$", variable));
      known++;
    }
    const callee = child(node, "function")!;
    const list = child(node, "arguments")!;
    edits.replace(callee, form.name);
    const further = form.args.map((a) => `, ${a.replaceAll("$", variable!)}`).join("");
    edits.replace({ start: list.end - 1, end: list.end - 1 }, further);
  }
  return {
    level: "review",
    title: `use \`${form.name}\``,
    edits: edits.edits(),
    needs: [],
    review: [form.review],
  };
}

function callAt({ source }: FunctionSyntax, call: CallInstr): SyntaxNode | undefined {
  const node = source.ancestor(source.nodeAt({ start: call.calleeStart, end: call.calleeEnd }), "call_expression");
  const callee = node && child(node, "function");
  return callee?.start === call.calleeStart && callee.end === call.calleeEnd ? node : undefined;
}

/** The statement of the function's outermost block that a node is in: what is declared there lives as long as the function. */
function bodyStatement({ source, body }: FunctionSyntax, node: SyntaxNode): SyntaxNode | undefined {
  return body.children.find((c) => source.isStatement(c) && c.start <= node.start && node.end <= c.end);
}

/** Why the result may live longer than the function. */
function escapeOf(syntax: FunctionSyntax, call: SyntaxNode): Reason | undefined {
  const { source, fn, node } = syntax;
  const outer = source.ancestor(
    call,
    "return_statement",
    "assignment_expression",
    "init_declarator",
    "argument_list",
    "field_expression",
  );
  const kept = `\`${fn.name}\` hands the result on`;
  switch (outer?.type) {
    case "return_statement":
      return kept;
    case "assignment_expression":
    case "init_declarator": {
      const target = child(outer, "left") ?? child(outer, "declarator");
      const name = target && lastIdentifier(target);
      if (name === undefined || target?.type === "field_expression") return kept;
      return returnsName(source, node, source.textOf(name)) ? kept : undefined;
    }
    default:
      return undefined;
  }
}

function lastIdentifier(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === "identifier") return node;
  return node.children.map(lastIdentifier).findLast((n) => n !== undefined);
}

function returnsName(source: FunctionSyntax["source"], node: SyntaxNode, name: string): boolean {
  if (node.type === "return_statement") {
    const value = node.children.find((c) => c.type !== "comment");
    return value !== undefined && source.textOf(value) === name;
  }
  return node.children.some((c) => returnsName(source, c, name));
}
