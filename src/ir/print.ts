/**
 * The text form of the IR, for tests, goldens and `--debug`. `parseFunctionText` reads it back. Grammar by example:
 *
 *     fn get_item(%self: PyObject *, %key: PyObject *) -> PyObject * {
 *       file "cache.c"
 *       local %item: PyObject *
 *     bb0:
 *       %t0 = load %self->items
 *       %t1 = call PyDict_GetItem(%t0, %key)
 *       %item = %t1
 *       branch %item ? bb1 : bb2
 *     bb1:
 *       call Py_INCREF(%item)
 *       goto bb2
 *     bb2:
 *       return %item
 *     }
 *
 * Places are `%p->a.b`, `*%p`, `%s.a`, `%p->[] at %i`. Globals are `@name` or `@name{owner}`. Constants are `NULL`, `nullptr`, a
 * bare integer, or kind and quoted text (`str"%s"`, `float"1.5"`).
 */
import type { Block, FunctionIr, Instr, Span, Terminator, Value, ValueId } from "./types.ts";
import { NO_VALUE } from "./types.ts";

export interface PrintOptions {
  /** Append `; start..end sN mN` (span, statement, macro use) to each line, and list statements and macro uses. */
  spans?: boolean;
}

/** The text of a function. Equal functions give equal text; names do not depend on unused values. */
export function printFunction(fn: FunctionIr, options: PrintOptions = {}): string {
  const names = valueNames(fn);
  const lines: string[] = [];
  const params = fn.params.map((id) => `${names[id]}: ${printType(typeOf(fn.values[id]))}`);
  lines.push(`fn ${printName(fn.name)}(${params.join(", ")}) -> ${printType(fn.returnType)} {`);
  lines.push(`  file ${JSON.stringify(fn.file)}`);
  fn.values.forEach((value, id) => {
    if (value.kind === "local") lines.push(`  local ${names[id]}: ${printType(value.type)}`);
    else if (value.kind === "temp" && value.type !== "" && names[id] !== "") {
      lines.push(`  temp ${names[id]}: ${printType(value.type)}`);
    }
  });
  if (options.spans) {
    for (const s of fn.statements) lines.push(`  stmt ${s.kind} ${s.parent} ; ${printSpan(s)}`);
    for (const m of fn.macroUses) {
      lines.push(
        `  macro ${printName(m.name)} ${JSON.stringify(m.defFile)} ${m.defStart} ${m.parent} ; ${printSpan(m)}`,
      );
    }
  }
  fn.blocks.forEach((block, b) => {
    lines.push(`bb${b}:`);
    printBlock(block, names, options, lines);
  });
  lines.push("}", "");
  return lines.join("\n");
}

/** One instruction without its span, as in `printFunction`. */
export function printInstr(fn: FunctionIr, instr: Instr): string {
  return instrText(instr, valueNames(fn));
}

/** Display name of every value, indexed by `ValueId`; `""` for temporaries that nothing mentions. */
export function valueNames(fn: FunctionIr): string[] {
  const names = fn.values.map((value) => (value.kind === "temp" ? "" : constantName(value)));
  const seen = new Map<string, number>();
  fn.values.forEach((value, id) => {
    if (value.kind !== "param" && value.kind !== "local") return;
    const plain = isPlainIdentifier(value.name) ? value.name : "";
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    const clashes = count > 1 || plain === "" || isTempName(plain);
    names[id] = clashes ? `%${plain}#${count}` : `%${plain}`;
  });
  let temps = 0;
  const mention = (id: ValueId | undefined) => {
    if (id === undefined || id === NO_VALUE || id >= names.length) return;
    if (names[id] === "" && fn.values[id].kind === "temp") names[id] = `%t${temps++}`;
  };
  for (const block of fn.blocks) {
    for (const instr of block.instrs) for (const id of mentioned(instr)) mention(id);
    if (block.term.op === "branch") mention(block.term.cond);
    else if (block.term.op === "switch" || block.term.op === "return") mention(block.term.value);
  }
  return names;
}

function mentioned(instr: Instr): (ValueId | undefined)[] {
  switch (instr.op) {
    case "copy":
      return [instr.dst, instr.src];
    case "load":
    case "addr":
      return [instr.dst, instr.base, instr.index];
    case "store":
      return [instr.base, instr.index, instr.src];
    case "unary":
      return [instr.dst, instr.operand];
    case "binary":
      return [instr.dst, instr.left, instr.right];
    case "call":
      return [instr.dst, instr.target, instr.receiver, ...instr.args];
    case "unknown":
      return instr.args;
    default:
      return [instr.dst, ...instr.args];
  }
}

function constantName(value: Value): string {
  if (value.kind === "global") {
    return value.owner === undefined
      ? `@${printName(value.name)}`
      : `@${printName(value.name)}{${printName(value.owner)}}`;
  }
  if (value.kind !== "const") return "";
  if (value.type === "null" && (value.text === "NULL" || value.text === "nullptr")) return value.text;
  if (value.type === "int" && /^-?[0-9][0-9A-Za-z]*$/.test(value.text)) return value.text;
  return `${value.type === "string" ? "str" : value.type}${JSON.stringify(value.text)}`;
}

function printBlock(block: Block, names: string[], options: PrintOptions, lines: string[]): void {
  for (const instr of block.instrs) {
    const via = instr.via === undefined ? "" : ` m${instr.via}`;
    lines.push(`  ${instrText(instr, names)}${options.spans ? ` ; ${printSpan(instr)} s${instr.stmt}${via}` : ""}`);
  }
  const { term } = block;
  const stmt = "stmt" in term ? ` s${term.stmt}` : "";
  const via = "via" in term && term.via !== undefined ? ` m${term.via}` : "";
  lines.push(`  ${termText(term, names)}${options.spans ? ` ; ${printSpan(term)}${stmt}${via}` : ""}`);
}

function instrText(instr: Instr, names: string[]): string {
  const name = (id: ValueId | undefined) => (id === undefined || id === NO_VALUE ? "_" : (names[id] ?? `?${id}`));
  const list = (ids: ValueId[]) => ids.map(name).join(", ");
  const into = (dst: ValueId | undefined) => (dst === undefined || dst === NO_VALUE ? "" : `${name(dst)} = `);
  switch (instr.op) {
    case "copy":
      return `${name(instr.dst)} = ${name(instr.src)}${instr.cast === undefined ? "" : ` as ${printType(instr.cast)}`}`;
    case "load":
      return `${name(instr.dst)} = load ${placeText(instr, name)}`;
    case "store":
      return `store ${placeText(instr, name)}, ${name(instr.src)}`;
    case "addr":
      return `${name(instr.dst)} = addr ${placeText(instr, name)}`;
    case "unary":
      return `${name(instr.dst)} = ${instr.operator} ${name(instr.operand)}`;
    case "binary":
      return `${name(instr.dst)} = ${name(instr.left)} ${instr.operator} ${name(instr.right)}`;
    case "call": {
      const callee = instr.target === NO_VALUE ? printName(instr.callee) : `*${name(instr.target)}`;
      const on = instr.receiver === undefined ? "" : ` on ${name(instr.receiver)}`;
      return `${into(instr.dst)}call ${callee}(${list(instr.args)})${on}`;
    }
    case "lock":
    case "unlock":
      return `${into(instr.dst)}${instr.op} ${instr.lock} ${printName(instr.form)}(${list(instr.args)})`;
    case "detach":
    case "attach":
      return `${into(instr.dst)}${instr.op} ${printName(instr.form)}(${list(instr.args)})`;
    case "unknown":
      return `unknown ${JSON.stringify(instr.reason)}(${list(instr.args)})`;
  }
}

function placeText(
  place: { base: ValueId; path: string; deref: boolean; index?: ValueId },
  name: (id: ValueId | undefined) => string,
): string {
  const at = place.index === undefined ? "" : ` at ${name(place.index)}`;
  const path = place.path === "" || /^[A-Za-z0-9_.[\]]+$/.test(place.path) ? place.path : JSON.stringify(place.path);
  if (place.path === "") return `${place.deref ? "*" : ""}${name(place.base)}${at}`;
  return `${name(place.base)}${place.deref ? "->" : "."}${path}${at}`;
}

function termText(term: Terminator, names: string[]): string {
  const name = (id: ValueId) => (id === NO_VALUE ? "_" : (names[id] ?? `?${id}`));
  switch (term.op) {
    case "goto":
      return `goto bb${term.target}${term.label === undefined ? "" : ` label ${printName(term.label)}`}`;
    case "branch":
      return `branch ${name(term.cond)} ? bb${term.then} : bb${term.else}`;
    case "switch": {
      const cases = term.cases.map(
        (c) => `${c.text === null ? "default" : `case ${JSON.stringify(c.text)}`}: bb${c.target}`,
      );
      return `switch ${name(term.value)} [${cases.join(", ")}]`;
    }
    case "return":
      return term.value === NO_VALUE ? "return" : `return ${name(term.value)}`;
    case "unreachable":
      return "unreachable";
  }
}

function typeOf(value: Value): string {
  return value.kind === "param" || value.kind === "local" || value.kind === "temp" ? value.type : "";
}

/** A type as written if it is made of words, stars and ampersands, else quoted. */
function printType(type: string): string {
  return /^[A-Za-z_][A-Za-z0-9_ *&:]*$/.test(type) && type === type.trim() ? type : JSON.stringify(type);
}

/** A name as written if it is an identifier (C++: qualified), else quoted. */
function printName(name: string): string {
  return /^[A-Za-z_~$][A-Za-z0-9_:~#$]*$/.test(name) ? name : JSON.stringify(name);
}

function isPlainIdentifier(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

function isTempName(name: string): boolean {
  return /^t[0-9]+$/.test(name);
}

function printSpan(span: Span): string {
  return `${span.start}..${span.end}`;
}
