/** Structs of types whose size does not name one: what the methods cast their instance to. */
import type { Entry, InstanceType, StructId } from "../index-types.ts";
import type { Tracker } from "./modules.ts";
import type { Symbols } from "./symbols.ts";

/** Enough functions to tell; the rest of a large type would say the same. */
const MAX_FUNCTIONS = 12;

/** Fills in `struct` where most methods agree on it. */
export function refineStructs(
  symbols: Symbols,
  types: readonly InstanceType[],
  entries: readonly Entry[],
  tracker: Tracker,
): void {
  const byType = new Map<number, Entry[]>();
  for (const entry of entries) {
    if (entry.type === undefined || entry.selfParam < 0 || types[entry.type].struct !== undefined) continue;
    const list = byType.get(entry.type);
    if (list) list.push(entry);
    else byType.set(entry.type, [entry]);
  }
  for (const [id, list] of byType) {
    const votes = new Map<StructId, number>();
    for (const entry of list.slice(0, MAX_FUNCTIONS)) {
      const fn = symbols.functions.functions[entry.function];
      const declared = fn.facts.params[entry.selfParam]?.type ?? "";
      for (const type of [declared, ...tracker(entry.function).castsOf(entry.selfParam)]) {
        const struct = symbols.structs.structOfType(fn.file, type);
        if (struct === undefined || !symbols.structs.structs[struct].isObject) continue;
        votes.set(struct, (votes.get(struct) ?? 0) + 1);
        break;
      }
    }
    types[id].struct = [...votes].sort(([a, n], [b, m]) => m - n || a - b)[0]?.[0];
  }
}
