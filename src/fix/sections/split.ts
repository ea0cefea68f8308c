/**
 * A function's body moves to `name_lock_held`; `name` keeps its signature, takes the critical section and calls it. Whoever calls
 * the function, or has its address, needs no change.
 */

import { lastComponent } from "../../capi/type-names.ts";
import type { FunctionFacts } from "../../ir/facts.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FileEdit } from "../types.ts";
import { type FunctionHead, functionHead } from "./function-head.ts";
import { resultDeclaration, sectionLines, sectionNeeds } from "./section-text.ts";

export interface Split {
  edits: FileEdit[];
  /** Name of the function that the body is in now, qualified as `facts.name` is. */
  newName: string;
  needs: string[];
}

export interface SplitRequest {
  source: FixSource;
  facts: FunctionFacts;
  /** Expressions of one or two objects to lock, in terms of the parameters. */
  objects: readonly string[];
  /** True if a function of this name is there already. */
  isTaken(name: string): boolean;
  /** Prototypes of the function that stand before its definition. */
  isDeclaredBefore: boolean;
}

const SUFFIX = "_lock_held";

/** The edits, or the reason why there are none. */
export function splitFunction(request: SplitRequest): Split | string {
  const { source, facts } = request;
  const head = functionHead(source, facts);
  if (typeof head === "string") return head;
  if (head.isMethod && !head.inClass) return "the function is a member that is defined outside of its class";
  if (head.scope !== "") return "the function is a member that is defined outside of its class";
  if (/[(&]|\bauto\b/.test(facts.returnType)) return "the function's result is of a type that needs care";
  const simple = lastComponent(facts.name);
  const inner = simple + SUFFIX;
  if (request.isTaken(inner)) return `there is a function \`${inner}\` already`;
  const edits = isClinic(source, head)
    ? clinicEdits(request, head, inner)
    : [...renamedHead(request, head, inner), afterBody(request, head, inner)];
  return {
    edits,
    newName: facts.name.slice(0, facts.name.length - simple.length) + inner,
    needs: sectionNeeds(request.objects),
  };
}

/** The head of the function that holds the body: another name, and static. */
function renamedHead({ source, facts, isDeclaredBefore }: SplitRequest, head: FunctionHead, inner: string): FileEdit[] {
  const { file } = source;
  const { name, span } = head;
  const edits: FileEdit[] = [];
  const forward = !isDeclaredBefore && !head.inClass && mentionsItself(source, head);
  const prototype = forward ? `${wrapperHead(source, head).trimEnd()};\n\n` : "";
  if (head.isStatic || head.inClass) {
    if (prototype !== "") edits.push({ file, start: span.start, end: span.start, text: prototype });
    edits.push({ file, start: name.start, end: name.end, text: inner });
  } else {
    const onOwnLine = source.isFirstOnLine(name.start);
    const type = resultDeclaration(source, facts, "").trimEnd();
    const gap = onOwnLine ? "\n" : type.endsWith(" *") ? "" : " ";
    edits.push({ file, start: span.start, end: name.end, text: `${prototype}static ${type}${gap}${inner}` });
  }
  const shift = inner.length - (name.end - name.start);
  edits.push(...realigned(source, head, shift), ...broken(source, head, shift));
  return edits;
}

/** Further lines of a parameter list that are aligned with its parenthesis stay so behind a longer name. */
function realigned(source: FixSource, { list }: FunctionHead, shift: number): FileEdit[] {
  const edits: FileEdit[] = [];
  const column = list.start + 1 - source.lineStart(list.start);
  for (let at = source.nextLine(list.start); at < list.end; at = source.nextLine(at)) {
    if (source.indentAt(at) !== " ".repeat(column)) continue;
    edits.push({ file: source.file, start: at, end: at, text: " ".repeat(shift) });
  }
  return edits;
}

/** A line that the longer name makes too long is broken between parameters, aligned behind the parenthesis. */
function broken(source: FixSource, { list, name, parameters }: FunctionHead, shift: number): FileEdit[] {
  const { lines } = source;
  if (lines.lineOf(name.start) !== lines.lineOf(list.end) || parameters.length < 2) return [];
  const start = source.lineStart(name.start);
  const column = list.start + 1 - start + shift;
  if (list.end - start <= WIDTH && list.end - start + shift > WIDTH) {
    const edits: FileEdit[] = [];
    let moved = shift;
    for (const [i, { span }] of parameters.entries()) {
      const end = i + 1 < parameters.length ? span.end + 1 : list.end;
      if (i === 0 || end - start + moved <= WIDTH) continue;
      const before = parameters[i - 1].span.end + 1;
      edits.push({ file: source.file, start: before, end: span.start, text: `\n${" ".repeat(column)}` });
      moved = column - (span.start - start);
    }
    return edits;
  }
  return [];
}

function afterBody(request: SplitRequest, head: FunctionHead, inner: string): FileEdit {
  const { source } = request;
  const indent = head.inClass ? source.indentAt(head.span.start) : "";
  const text = `\n\n${indent}${wrapperHead(source, head)}${wrapperBody(request, head, inner, indent)}`;
  return { file: source.file, start: head.node.end, end: head.node.end, text };
}

/** The head as it was, with names for all parameters. */
function wrapperHead(source: FixSource, { span, parameters, list }: FunctionHead): string {
  let text = "";
  let at = span.start;
  for (const p of parameters) {
    text += source.text.slice(at, p.span.start) + p.text;
    at = p.span.end;
  }
  // Comments behind the parameters are the first function's.
  const rest = source.view.text.slice(list.end, span.end);
  const lines = rest.split("\n").map((line, i, all) => (i < all.length - 1 ? line.trimEnd() : line));
  const last = lines.length === 1 && rest.trim() === "" && rest !== "" ? " " : lines.join("\n");
  return text + source.text.slice(at, list.end) + last;
}

function wrapperBody(request: SplitRequest, head: FunctionHead, inner: string, indent: string): string {
  const { source, facts, objects } = request;
  const unit = indent + source.indentUnit;
  const names = head.parameters.map((p) => p.name);
  const isVoid = facts.returnType === "void";
  const result = freshResult(names);
  const { begin, end } = sectionLines(objects);
  const lead = isVoid ? `${unit}${inner}(` : `${unit}${result} = ${inner}(`;
  const lines = [
    ...(isVoid ? [] : [`${unit}${resultDeclaration(source, facts, result)};`]),
    `${unit}${begin}`,
    `${call(lead, names)});`,
    `${unit}${end}`,
    ...(isVoid ? [] : [`${unit}return ${result};`]),
  ];
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const WIDTH = 79;

/** Arguments on one line, or on several that are aligned behind the parenthesis. */
function call(lead: string, args: readonly string[]): string {
  const lines = [lead];
  const aligned = " ".repeat(lead.length);
  for (const [i, arg] of args.entries()) {
    const last = i === args.length - 1;
    const text = `${arg}${last ? "" : ","}`;
    const line = lines[lines.length - 1];
    const gap = i === 0 || line === aligned ? "" : " ";
    if (i > 0 && line.length + gap.length + text.length + (last ? 2 : 0) > WIDTH) lines.push(aligned + text);
    else lines[lines.length - 1] = line + gap + text;
  }
  return lines.join("\n");
}

function freshResult(taken: readonly string[]): string {
  return ["result", "ret", "res", "rv"].find((name) => !taken.includes(name)) ?? "lock_held_result";
}

/** The body names its own function: it calls itself, or compares with its address. */
function mentionsItself(source: FixSource, head: FunctionHead): boolean {
  const own = source.text.slice(head.name.start, head.name.end);
  const work = [...head.node.children.filter((c) => c.field === "body")];
  for (let node: SyntaxNode | undefined = work.pop(); node !== undefined; node = work.pop()) {
    if (node.type === "identifier" && source.textOf(node) === own) return true;
    work.push(...node.children);
  }
  return false;
}

const CLINIC_END = "[clinic end generated code";
const CLINIC_START = "/*[clinic input]";

function isClinic(source: FixSource, { list, span }: FunctionHead): boolean {
  return source.text.slice(list.end, span.end).includes(CLINIC_END);
}

/** The head is in text that a generator checks, so it stays where it is and the body gets a new one behind it. */
function clinicEdits(request: SplitRequest, head: FunctionHead, inner: string): FileEdit[] {
  const { source, facts } = request;
  const { file } = source;
  const { list } = head;
  const type = facts.returnType;
  const innerHead = `static ${type}\n${inner}${source.textOf(list)}`;
  const block = source.text.lastIndexOf(CLINIC_START, head.span.start);
  const at = block < 0 ? head.span.start : block;
  const wrapper = wrapperBody(request, head, inner, "");
  return [
    { file, start: at, end: at, text: `${innerHead};\n\n` },
    { file, start: head.span.end, end: head.span.end, text: `${wrapper}\n\n${innerHead}\n` },
  ];
}
