/** What defines APIs for Pythons that lack them. */
import type { FileEdit, FixContext } from "../types.ts";

export interface CompatPlan {
  edits: FileEdit[];
  /** Names that cannot be had in a file, as `file\0name`, and why. */
  missing: Map<string, string>;
}

/** The edits that make `needs` (names of APIs and macros, by file) available to the oldest supported Python. */
export function planCompat(_context: FixContext, _needs: ReadonlyMap<string, ReadonlySet<string>>): CompatPlan {
  return { edits: [], missing: new Map() };
}
