/** Types whose methods check that the thread that made the instance is the one that uses it, as sqlite3 does. */
import type { ProjectIndex } from "../../project/index-types.ts";

export interface ThreadBoundType {
  /** The variable of the type object or spec. */
  type: string;
  field: string;
}

const FIELD = /^(owner_?|creator_?)?thread_?(id|ident)$/i;

/** Sorted by name. */
export function threadBoundTypes({ types, structs, functions }: ProjectIndex): ThreadBoundType[] {
  if (!functions.some((f) => f.facts.calls.includes("PyThread_get_thread_ident"))) return [];
  return types
    .flatMap(({ variable, struct }) => {
      const field = struct === undefined ? undefined : structs[struct].facts.fields.find((f) => FIELD.test(f.name));
      return field === undefined || variable === "" ? [] : [{ type: variable, field: field.name }];
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}
