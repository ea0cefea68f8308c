/** Calls that change the number of references: those of the C API, and those of C++ libraries around it. */
import type { Source } from "./sources.ts";

export interface RefcountCall {
  name: string;
  /** `increment`, `decrement`; `new`: increments and returns; `clear`: sets the variable to NULL and releases; `replace`: assigns and releases the old value. */
  effect: "increment" | "decrement" | "new" | "clear" | "replace";
  /** Argument that is counted (for `clear` and `replace` the variable). */
  arg: number;
  /** NULL is allowed. */
  nullable: boolean;
  source: Source;
}

const ROWS: RefcountCall[] = [
  { name: "Py_INCREF", effect: "increment", arg: 0, nullable: false, source: "docs/refcounting" },
  { name: "Py_XINCREF", effect: "increment", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "Py_IncRef", effect: "increment", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "_Py_IncRef", effect: "increment", arg: 0, nullable: false, source: "headers" },
  { name: "Py_DECREF", effect: "decrement", arg: 0, nullable: false, source: "docs/refcounting" },
  { name: "Py_XDECREF", effect: "decrement", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "Py_DecRef", effect: "decrement", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "_Py_DecRef", effect: "decrement", arg: 0, nullable: false, source: "headers" },
  { name: "Py_NewRef", effect: "new", arg: 0, nullable: false, source: "docs/refcounting" },
  { name: "Py_XNewRef", effect: "new", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "_Py_NewRef", effect: "new", arg: 0, nullable: false, source: "headers" },
  { name: "_Py_XNewRef", effect: "new", arg: 0, nullable: true, source: "headers" },
  { name: "Py_CLEAR", effect: "clear", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "Py_SETREF", effect: "replace", arg: 0, nullable: false, source: "docs/refcounting" },
  { name: "Py_XSETREF", effect: "replace", arg: 0, nullable: true, source: "docs/refcounting" },
  { name: "cppy::incref", effect: "new", arg: 0, nullable: false, source: "cppy" },
  { name: "cppy::xincref", effect: "new", arg: 0, nullable: true, source: "cppy" },
  { name: "PyUnstable_TryIncRef", effect: "increment", arg: 0, nullable: false, source: "docs/object" },
];

export const REFCOUNTING: ReadonlyMap<string, RefcountCall> = new Map(ROWS.map((row) => [row.name, row]));

export function refcountCall(name: string): RefcountCall | undefined {
  return REFCOUNTING.get(name);
}

/** True for `Py_NewRef` and its like, wrappers of that name too: they give their argument back with a reference of its own. */
export function isNewRef(name: string): boolean {
  return name.endsWith("NewRef") || REFCOUNTING.get(name)?.effect === "new";
}
