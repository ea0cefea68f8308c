/** Every access to a field or static variable that may hold the pointer to a block of memory. */
import { NO_VALUE, type ValueId } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { Blocks } from "./memory-model.ts";

/** `value` is undefined for a call whose result goes straight into a static. */
export interface SlotStore {
  fn: FunctionId;
  point: Point;
  value?: ValueId;
}

export interface SlotTable {
  stores: Map<string, SlotStore[]>;
  loads: Map<string, { fn: FunctionId; point: Point }[]>;
  addressed: Set<string>;
}

const tables = new WeakMap<ProjectContext, SlotTable>();

/** Every access to a field or static that holds a pointer, by slot. Looks at all functions, once for a project. */
export function slotsOf(project: ProjectContext): SlotTable {
  let table = tables.get(project);
  if (table === undefined) {
    table = { stores: new Map(), loads: new Map(), addressed: new Set() };
    tables.set(project, table);
    for (const { id } of project.index.functions) collectSlots(project, id, table);
  }
  return table;
}

function collectSlots(project: ProjectContext, fn: FunctionId, table: SlotTable): void {
  const { defUse } = project.analysesOf(fn);
  const { fn: ir } = defUse;
  const blocks = new Blocks(fn, defUse, project.index, () => undefined);
  const add = <T>(map: Map<string, T[]>, slot: string | undefined, entry: T) => {
    if (slot !== undefined) map.set(slot, [...(map.get(slot) ?? []), entry]);
  };
  const globalSlot = (value: ValueId, point: Point) =>
    ir.values[value]?.kind === "global" ? blocks.slotOf({ base: value, path: "", deref: false }, point) : undefined;
  forEachInstr(ir, (instr, block, index) => {
    const point = { block, index };
    if (instr.op === "store") {
      add(table.stores, blocks.slotOf(instr, point), { fn, point, value: instr.src });
      add(table.loads, globalSlot(instr.src, point), { fn, point });
    } else if (instr.op === "load") add(table.loads, blocks.slotOf(instr, point), { fn, point });
    else if (instr.op === "addr") {
      const slot = blocks.slotOf(instr, point);
      if (slot !== undefined && instr.path !== "") table.addressed.add(slot);
    } else if (instr.op === "copy") {
      add(table.stores, globalSlot(instr.dst, point), { fn, point, value: instr.src });
      add(table.loads, globalSlot(instr.src, point), { fn, point });
    } else if (instr.op === "call") {
      const slot = instr.dst === NO_VALUE ? undefined : globalSlot(instr.dst, point);
      add(table.stores, slot, { fn, point });
      for (const arg of instr.args) add(table.loads, globalSlot(arg, point), { fn, point });
    }
  });
  ir.blocks.forEach(({ instrs, term }, block) => {
    const point = { block, index: instrs.length };
    if (term.op === "return" && term.value !== NO_VALUE) add(table.loads, globalSlot(term.value, point), { fn, point });
  });
}
