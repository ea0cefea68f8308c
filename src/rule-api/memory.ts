/** Allocation and release of memory over the whole project: which call releases what which other call allocated. */
import { ALLOCATORS, mismatch } from "../capi/allocators.ts";
import { NO_VALUE } from "../ir/types.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { type Allocation, type Block, Blocks, type MemorySummary, type Release } from "./memory-model.ts";
import type { Risk } from "./types.ts";

/** Memory that is released by another family of functions than allocated it. */
export interface Mismatch {
  release: Release;
  /** For a release inside a helper: the call that hands it the memory. */
  through?: { name: string; function: FunctionId; start: number; end: number };
  allocations: readonly Allocation[];
  /** Name of the field or static that the pointer lay in, "" if it stayed in the function. */
  place: string;
  risk: Risk;
}

interface Slot {
  allocations: Allocation[];
  releases: { release: Release; through?: Mismatch["through"] }[];
}

const memo = new WeakMap<ProjectContext, readonly Mismatch[]>();

/** All mismatches of the project, computed once. */
export function memoryMismatches(project: ProjectContext): readonly Mismatch[] {
  let found = memo.get(project);
  if (!found) {
    found = new Matcher(project).run();
    memo.set(project, found);
  }
  return found;
}

class Matcher {
  private readonly project: ProjectContext;
  private readonly summaries = new Map<FunctionId, MemorySummary>();
  private readonly slots = new Map<string, Slot>();
  private readonly found: Mismatch[] = [];

  constructor(project: ProjectContext) {
    this.project = project;
  }

  run(): Mismatch[] {
    const { index } = this.project;
    // Functions that have to do with memory: by the calls they make, or by the helpers among them.
    for (const component of index.bottomUp) {
      for (const fn of component) if (this.isRelevant(fn)) this.visit(fn);
    }
    for (const [slot, lists] of this.slots) this.compareSlot(slot, lists);
    return this.found;
  }

  private isRelevant(fn: FunctionId): boolean {
    const { facts, file } = this.project.index.functions[fn];
    return facts.calls.some(
      (name) => isMemoryName(name) || this.project.index.resolveCall(file, name).some((c) => this.summaries.has(c)),
    );
  }

  private slot(name: string): Slot {
    let slot = this.slots.get(name);
    if (!slot) {
      slot = { allocations: [], releases: [] };
      this.slots.set(name, slot);
    }
    return slot;
  }

  private visit(id: FunctionId): void {
    const { index } = this.project;
    const { fn, defUse } = this.project.analysesOf(id);
    const blocks = new Blocks(id, defUse, index, (f) => this.summaries.get(f));
    const returns: Allocation[] = [];
    let returnsOther = false;
    const frees = new Map<number, Release>();
    fn.blocks.forEach((block, b) => {
      block.instrs.forEach((instr, i) => {
        const point = { block: b, index: i };
        if (instr.op === "store" || (instr.op === "copy" && fn.values[instr.dst]?.kind === "global")) {
          const target = instr.op === "store" ? instr : { base: instr.dst, path: "", deref: false };
          const stored = allocationsIn(blocks.of(instr.src, point));
          const slot = stored.length > 0 ? blocks.slotOf(target, point) : undefined;
          if (slot !== undefined) this.slot(slot).allocations.push(...stored);
          return;
        }
        if (instr.op !== "call") return;
        if (instr.dst !== NO_VALUE && fn.values[instr.dst]?.kind === "global") {
          const slot = blocks.slotOf({ base: instr.dst, path: "", deref: false }, point);
          const allocation = blocks.allocationOf(instr);
          if (slot !== undefined && allocation) this.slot(slot).allocations.push(allocation);
        }
        for (const { release, argument, through } of this.releasesBy(id, instr, blocks)) {
          const released = blocks.of(argument, point);
          this.compareLocal(release, through, released);
          for (const from of released) {
            if (from.kind === "slot") this.slot(from.slot).releases.push({ release, through });
            if (from.kind === "parameter" && !frees.has(from.index)) frees.set(from.index, release);
          }
        }
      });
      if (block.term.op !== "return" || block.term.value === NO_VALUE) return;
      for (const value of blocks.of(block.term.value, { block: b, index: block.instrs.length })) {
        if (value.kind === "allocation") returns.push(value.allocation);
        else if (value.kind !== "null") returnsOther = true;
      }
    });
    if (returns.length > 0 || frees.size > 0) this.summaries.set(id, { returns, returnsOther, frees });
  }

  /** What a call releases, itself or in the function of the project that it calls. */
  private releasesBy(
    id: FunctionId,
    call: Parameters<Blocks["allocator"]>[0],
    blocks: Blocks,
  ): { release: Release; argument: number; through?: Mismatch["through"] }[] {
    const row = blocks.allocator(call);
    const { start, end } = call;
    if (row !== undefined) {
      const argument = call.args[row.pointerArg];
      if (row.action === "allocate" || row.domain === "handle" || argument === undefined) return [];
      return [{ release: { domain: row.domain, api: call.callee, function: id, start, end }, argument }];
    }
    const { index } = this.project;
    const callees = call.callee === "" ? [] : index.resolveCall(index.functions[id].file, call.callee);
    const summary = callees.length === 1 ? this.summaries.get(callees[0]) : undefined;
    const through = { name: call.callee, function: id, start, end };
    return [...(summary?.frees ?? [])].flatMap(([n, release]) => {
      const argument = call.args[n];
      return argument === undefined ? [] : [{ release, argument, through }];
    });
  }

  private compareLocal(release: Release, through: Mismatch["through"], released: readonly Block[]): void {
    const allocations = allocationsIn(released);
    if (allocations.length === 0 || allocations.some((a) => mismatch(a.domain, release.domain) === undefined)) return;
    this.found.push({ release, through, allocations, place: "", risk: this.riskOf(allocations, release) });
  }

  /** A release is wrong if no allocation fits it, or if nothing else releases the one that does not fit. */
  private compareSlot(slot: string, { allocations, releases }: Slot): void {
    const done = new Set<string>();
    for (const { release, through } of releases) {
      const wrong = allocations.filter((a) => mismatch(a.domain, release.domain) !== undefined);
      if (wrong.length === 0) continue;
      const fits = wrong.length < allocations.length;
      const orphans = wrong.filter((a) => releases.every((r) => mismatch(a.domain, r.release.domain) !== undefined));
      // Another release fits: which one runs is a matter of a flag, most certainly if both are in one function.
      const at = through ?? release;
      const beside = releases.some(
        (r) =>
          (r.through ?? r.release).function === at.function &&
          wrong.some((a) => mismatch(a.domain, r.release.domain) === undefined),
      );
      if (orphans.length === 0 && (fits || beside)) continue;
      const key = `${at.function} ${at.start}`;
      if (done.has(key)) continue;
      done.add(key);
      const shown = fits ? orphans : wrong;
      const risk = this.riskOf(shown, release);
      const place = this.placeName(slot);
      this.found.push({ release, through, allocations: shown, place, risk: fits && risk === "high" ? "medium" : risk });
    }
  }

  private placeName(slot: string): string {
    const { index } = this.project;
    if (slot[0] === "@") return index.static(Number.parseInt(slot.slice(1), 10)).facts.name;
    const dot = slot.indexOf(".");
    return `${index.structs[Number(slot.slice(1, dot))].name}.${slot.slice(dot + 1)}`;
  }

  private riskOf(allocations: readonly Allocation[], release: Release): Risk {
    const kinds = allocations.map((a) => mismatch(a.domain, release.domain)?.corrupts);
    if (kinds.includes("always") || kinds.includes("free-threaded")) return "high";
    if (kinds.includes("wrong-heap")) return "medium";
    return this.project.options.target >= 15 ? "medium" : "low";
  }
}

function allocationsIn(blocks: readonly Block[]): Allocation[] {
  return blocks.flatMap((b) => (b.kind === "allocation" ? [b.allocation] : []));
}

function isMemoryName(name: string): boolean {
  return ALLOCATORS.has(name.startsWith("std::") ? name.slice(5) : name);
}
