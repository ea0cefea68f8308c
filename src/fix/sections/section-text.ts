/** The text of critical sections. */
import type { FunctionFacts } from "../../ir/facts.ts";
import type { FixSource } from "../source.ts";

/** The lines that begin and end a section on one or two objects. @throws for any other number of objects. */
export function sectionLines(objects: readonly string[]): { begin: string; end: string } {
  const [first, second, ...more] = objects;
  if (first === undefined || more.length > 0) throw new Error("a critical section is on one or two objects");
  return second === undefined
    ? { begin: `Py_BEGIN_CRITICAL_SECTION(${first});`, end: "Py_END_CRITICAL_SECTION();" }
    : { begin: `Py_BEGIN_CRITICAL_SECTION2(${first}, ${second});`, end: "Py_END_CRITICAL_SECTION2();" };
}

/** What the oldest supported Python may lack for a section on these objects. */
export function sectionNeeds(objects: readonly string[]): string[] {
  return [objects.length === 2 ? "Py_BEGIN_CRITICAL_SECTION2" : "Py_BEGIN_CRITICAL_SECTION"];
}

/** Declaration of a variable of the function's result type, its star where the function has stars. */
export function resultDeclaration(source: FixSource, facts: FunctionFacts, name: string): string {
  return facts.returnType.endsWith("*") ? pointerType(source, facts) + name : `${facts.returnType} ${name}`;
}

/** The function's result type, a pointer, with the blank that its name follows: `PyObject *` or `PyObject* `. */
function pointerType(source: FixSource, facts: FunctionFacts): string {
  const type = facts.returnType;
  const first = type.indexOf("*");
  return starsAtType(source, facts) ? `${type.slice(0, first).trimEnd()}${type.slice(first)} ` : type;
}

/** True for `PyObject* name`, false for `PyObject *name`, by what there is more of in the function. */
function starsAtType(source: FixSource, { start, end }: FunctionFacts): boolean {
  const text = source.view.text.slice(start, end);
  const isBlank = (c: string | undefined) => c === " " || c === "\n" || c === "\t" || c === "\r";
  let balance = 0;
  for (let at = text.indexOf("*"); at >= 0; at = text.indexOf("*", at + 1)) {
    const before = isBlank(text[at - 1]);
    const after = isBlank(text[at + 1]);
    if (before !== after && text[at + 1] !== "\n") balance += after ? 1 : -1;
  }
  return balance > 0;
}
