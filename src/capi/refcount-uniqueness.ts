/** Tests of the reference count that decide whether an object may be changed in place. */
import type { Source } from "./sources.ts";
import type { ApiVersion } from "./versions.ts";

export interface UniquenessTest {
  name: string;
  /** `count`: gives the number; `test`: answers whether it is unique; `setter`: sets the number. */
  kind: "count" | "test" | "setter";
  /** Right in the free-threaded build: never, for objects that the C code owns, for arguments too. */
  validFor: "never" | "own-objects" | "arguments" | "before-publication";
  since?: ApiVersion;
  compatBefore?: ApiVersion;
  source: Source;
}

const ROWS: UniquenessTest[] = [
  { name: "Py_REFCNT", kind: "count", validFor: "never", source: "docs/refcounting" },
  { name: "Py_SET_REFCNT", kind: "setter", validFor: "before-publication", since: "3.9", source: "docs/refcounting" },
  {
    name: "PyUnstable_Object_IsUniquelyReferenced",
    kind: "test",
    validFor: "own-objects",
    since: "3.14",
    compatBefore: "3.14",
    source: "docs/object",
  },
  {
    name: "PyUnstable_Object_IsUniqueReferencedTemporary",
    kind: "test",
    validFor: "arguments",
    since: "3.14",
    source: "docs/object",
  },
  { name: "_PyObject_IsUniquelyReferenced", kind: "test", validFor: "own-objects", source: "headers" },
];

export const UNIQUENESS: ReadonlyMap<string, UniquenessTest> = new Map(ROWS.map((row) => [row.name, row]));

export function uniquenessTest(name: string): UniquenessTest | undefined {
  return UNIQUENESS.get(name);
}
