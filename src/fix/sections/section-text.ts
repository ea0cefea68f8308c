/** The text of critical sections. */

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
