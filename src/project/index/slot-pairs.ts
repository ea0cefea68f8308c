/** Arrays of slots: number and value of each row, in all three row structs. */
import { SLOT_MACROS } from "../../capi/modules.ts";
import { classNameOf } from "../../capi/type-names.ts";
import type { Init } from "../../ir/facts.ts";
import type { IndexedStatic, SourcePlace } from "../index-types.ts";
import type { Symbols } from "./symbols.ts";

export interface SlotPair extends SourcePlace {
  /** `Py_tp_dealloc`, `Py_mod_exec`, ... */
  slot: string;
  value: Init;
}

/** Rows of a `PyType_Slot`, `PyModuleDef_Slot` or `PySlot` array in order. */
export function slotPairs(symbols: Symbols, entry: IndexedStatic): SlotPair[] {
  const { file, facts } = entry;
  const pairs: SlotPair[] = [];
  for (const { fields, start, end } of symbols.rows.rows(file, facts.init, classNameOf(facts.type))) {
    const place = { file, start, end };
    const call = fields.get("");
    if (call?.kind === "call") {
      const macro = SLOT_MACROS.get(call.callee);
      const id = macro && call.args[macro.id];
      const value = macro && call.args[macro.value];
      if (id && value) pairs.push({ ...place, slot: symbols.rows.namesIn(file, id)[0] ?? "", value });
      continue;
    }
    const id = fields.get("slot") ?? fields.get("sl_id");
    const slot = id ? symbols.rows.namesIn(file, id)[0] : undefined;
    const value = fields.get("pfunc") ?? fields.get("value") ?? valueOfPySlot(fields);
    if (slot !== undefined && value) pairs.push({ ...place, slot, value });
  }
  return pairs;
}

/** The value of a designated `PySlot` is one of a union: `.sl_func`, `.sl_ptr`, `.sl_size`, ... */
function valueOfPySlot(fields: ReadonlyMap<string, Init>): Init | undefined {
  for (const [name, value] of fields) {
    if (name.startsWith("sl_") && name !== "sl_id" && name !== "sl_flags" && name !== "sl_reserved") return value;
  }
  return undefined;
}
