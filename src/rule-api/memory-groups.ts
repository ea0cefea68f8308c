/**
 * All calls that allocate, resize and release the same blocks, over the whole project: what has to change together. Blocks are followed through
 * variables, fields, statics, parameters and results; what cannot be followed is told.
 */
import type { AllocatorCall } from "../capi/allocators.ts";
import type { Definition, Use } from "../flow/def-use.ts";
import type { CallInstr } from "../flow/environment.ts";
import { NO_VALUE, type ValueId } from "../ir/types.ts";
import { forEachInstr, type Point } from "../ir/visit.ts";
import type { FunctionId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import { type Block, Blocks } from "./memory-model.ts";
import { type SlotStore, slotsOf } from "./memory-slots.ts";

export interface MemoryCall {
  fn: FunctionId;
  point: Point;
  call: CallInstr;
  row: AllocatorCall;
}

export interface BlockGroup {
  calls: MemoryCall[];
  /** Why the group may not be complete. */
  unknown: string[];
  /** What a person should look at. */
  doubts: string[];
}

/** The group of the call at `point`, which allocates, resizes or releases. */
export function groupOf(project: ProjectContext, fn: FunctionId, point: Point): BlockGroup {
  const finder = new GroupFinder(project);
  finder.start(fn, point);
  return finder.group;
}

/** True if the call itself allocates, resizes or releases memory. */
export function isMemoryCall(project: ProjectContext, fn: FunctionId, call: CallInstr): boolean {
  const row = new Blocks(fn, project.analysesOf(fn).defUse, project.index, () => undefined).allocator(call);
  return row !== undefined && row.domain !== "handle";
}

/** What the blocks of a group can lie in. */
type Node =
  | { kind: "slot"; slot: string }
  | { kind: "parameter"; fn: FunctionId; index: number }
  | { kind: "result"; fn: FunctionId };

class GroupFinder {
  readonly group: BlockGroup = { calls: [], unknown: [], doubts: [] };
  private readonly project: ProjectContext;
  private readonly calls = new Set<string>();
  private readonly nodes = new Set<string>();
  private readonly work: Node[] = [];
  /** Parameters whose callers were asked, because the function does more than look at the memory. */
  private readonly owners = new Set<string>();

  constructor(project: ProjectContext) {
    this.project = project;
  }

  start(fn: FunctionId, point: Point): void {
    this.addCall(fn, point);
    for (let node = this.work.pop(); node !== undefined; node = this.work.pop()) {
      if (node.kind === "slot") this.followSlot(node.slot);
      else if (node.kind === "parameter") this.followParameter(node.fn, node.index);
      else this.followResult(node.fn);
    }
  }

  private blocks(fn: FunctionId): Blocks {
    // Helpers are followed through their parameters and results, not by summaries.
    return new Blocks(fn, this.project.analysesOf(fn).defUse, this.project.index, () => undefined);
  }

  private reach(node: Node): void {
    const key = keyOf(node);
    if (this.nodes.has(key)) return;
    this.nodes.add(key);
    this.work.push(node);
  }

  private give(reason: string): void {
    if (!this.group.unknown.includes(reason)) this.group.unknown.push(reason);
  }

  private nameOf(fn: FunctionId): string {
    return this.project.index.functions[fn].name;
  }

  /** A call that allocates or releases: it belongs to the group, with what it is given and what becomes of its result. */
  private addCall(fn: FunctionId, point: Point): void {
    const key = `${fn} ${point.block} ${point.index}`;
    if (this.calls.has(key)) return;
    this.calls.add(key);
    const { defUse } = this.project.analysesOf(fn);
    const call = defUse.fn.blocks[point.block].instrs[point.index];
    const row = call.op === "call" ? this.blocks(fn).allocator(call) : undefined;
    if (call.op !== "call" || row === undefined)
      return void this.give(`a call in \`${this.nameOf(fn)}\` is not understood`);
    if (row.outArg >= 0 || row.assignsPointer)
      return void this.give(`\`${call.callee}\` gives the block out through a parameter`);
    this.group.calls.push({ fn, point, call, row });
    if (row.pointerArg >= 0) this.addOrigins(fn, call.args[row.pointerArg] ?? NO_VALUE, point, `\`${call.callee}\``);
    if (row.action !== "free") this.followResultOf(fn, call, point);
  }

  /** What becomes of the result of a call. */
  private followResultOf(fn: FunctionId, call: CallInstr, point: Point): void {
    if (call.dst === NO_VALUE) return;
    const slot = this.blocks(fn).slotOf({ base: call.dst, path: "", deref: false }, point);
    if (slot !== undefined) return void this.reach({ kind: "slot", slot });
    const definition = this.project.analysesOf(fn).defUse.definitionAt(point);
    if (definition !== undefined) this.followDefinition(fn, definition);
    else this.give(`the result of a call in \`${this.nameOf(fn)}\` is not followed`);
  }

  /** Where the pointer that is read at `point` comes from. */
  private addOrigins(fn: FunctionId, value: ValueId, point: Point, what: string): void {
    for (const block of this.blocks(fn).of(value, point)) this.addOrigin(fn, block, value, point, what);
  }

  private addOrigin(fn: FunctionId, block: Block, value: ValueId, point: Point, what: string): void {
    switch (block.kind) {
      case "null":
        return;
      case "slot":
        return void this.reach({ kind: "slot", slot: block.slot });
      case "parameter":
        this.reach({ kind: "parameter", fn, index: block.index });
        return void this.askCallers(fn, block.index);
      case "allocation": {
        const at = pointOfCall(this.project, block.allocation.function, block.allocation.start);
        if (at !== undefined) this.addCall(block.allocation.function, at);
        return;
      }
      default: {
        const results = this.resultsOf(fn, value, point);
        if (results === undefined)
          return void this.give(`${what} in \`${this.nameOf(fn)}\` gets a pointer from elsewhere`);
        for (const callee of results) this.reach({ kind: "result", fn: callee });
      }
    }
  }

  /** Functions of the project whose results `value` is, if it is nothing else. */
  private resultsOf(fn: FunctionId, value: ValueId, point: Point): FunctionId[] | undefined {
    const { defUse } = this.project.analysesOf(fn);
    const found: FunctionId[] = [];
    for (const definition of originsOf(this.project, fn, value, point)) {
      const { instr } = definition;
      if (instr?.op !== "call" || definition.kind !== "assign") return undefined;
      if (this.blocks(fn).allocator(instr) !== undefined) continue;
      const callees = instr.callee === "" ? [] : this.project.index.resolveCall(defUse.fn.file, instr.callee);
      if (callees.length !== 1) return undefined;
      found.push(callees[0]);
    }
    return found.length === 0 ? undefined : found;
  }

  /** Everything that is done with what a definition gives. */
  private followDefinition(fn: FunctionId, definition: Definition): void {
    for (const use of this.project.analysesOf(fn).defUse.flowOf(definition).uses) this.followUse(fn, use);
  }

  private followUse(fn: FunctionId, use: Use): void {
    const { instr, role, point } = use;
    if (role === "return") return void this.reach({ kind: "result", fn });
    if (role === "unknown") return void this.give(`\`${this.nameOf(fn)}\` has code that is not understood`);
    if (role === "store" && instr !== undefined) {
      const target =
        instr.op === "store"
          ? instr
          : instr.op === "copy" || instr.op === "call"
            ? { base: instr.dst, path: "", deref: false }
            : undefined;
      const slot = target && this.blocks(fn).slotOf(target, point);
      if (slot === undefined) this.give(`\`${this.nameOf(fn)}\` stores the pointer in a place that is not followed`);
      else this.reach({ kind: "slot", slot });
      return;
    }
    if (role !== "argument" || instr?.op !== "call") return;
    const row = this.blocks(fn).allocator(instr);
    if (row !== undefined && row.domain !== "handle") {
      if (use.argument === row.pointerArg) this.addCall(fn, point);
      return;
    }
    this.followArgument(fn, instr, use.argument);
  }

  private followArgument(fn: FunctionId, call: CallInstr, argument: number): void {
    const { index } = this.project;
    const callees = call.callee === "" ? [] : index.resolveCall(index.functions[fn].file, call.callee);
    if (callees.length === 1) return void this.reach({ kind: "parameter", fn: callees[0], index: argument });
    if (callees.length > 1 || call.callee === "")
      return void this.give(`\`${this.nameOf(fn)}\` hands the pointer to a function that is not known`);
    if (KEEPS.has(call.callee)) return void this.give(`\`${call.callee}\` keeps the pointer`);
    if (ONLY_LOOKS.has(call.callee) || call.callee.startsWith("Py") || call.callee.startsWith("_Py")) return;
    const doubt = `\`${call.callee}\` gets the pointer and must not keep or release it`;
    if (!this.group.doubts.includes(doubt)) this.group.doubts.push(doubt);
  }

  private followSlot(slot: string): void {
    const table = slotsOf(this.project);
    for (const access of table.stores.get(slot) ?? []) this.followStore(access);
    for (const { fn, point } of table.loads.get(slot) ?? []) this.followLoad(fn, point, slot);
    if (table.addressed.has(slot)) this.give("the address of the place where the pointer lies is taken");
  }

  private followStore({ fn, point, value }: SlotStore): void {
    if (value !== undefined) return void this.addOrigins(fn, value, point, "an assignment");
    // The result of a call goes straight into a static.
    const { fn: ir } = this.project.analysesOf(fn).defUse;
    const instr = ir.blocks[point.block].instrs[point.index];
    if (instr.op !== "call") return;
    if (this.blocks(fn).allocator(instr) !== undefined) return void this.addCall(fn, point);
    const callees = instr.callee === "" ? [] : this.project.index.resolveCall(ir.file, instr.callee);
    if (callees.length === 1) this.reach({ kind: "result", fn: callees[0] });
    else this.give(`an assignment in \`${this.nameOf(fn)}\` gets a pointer from elsewhere`);
  }

  /** What an instruction does with the content of a slot; a static is an operand itself, without a load before it. */
  private followLoad(fn: FunctionId, point: Point, slot: string): void {
    const { defUse } = this.project.analysesOf(fn);
    const { instrs } = defUse.fn.blocks[point.block];
    const instr = instrs[point.index];
    if (instr === undefined) return void this.reach({ kind: "result", fn });
    if (instr.op === "call") {
      instr.args.forEach((arg, argument) => {
        if (!this.isSlot(fn, arg, point, slot)) return;
        this.followUse(fn, { value: arg, point, instr, role: "argument", argument });
      });
      return;
    }
    if (instr.op === "store")
      return void this.followUse(fn, { value: instr.src, point, instr, role: "store", argument: -1 });
    const definition = defUse.definitionAt(point);
    if (definition !== undefined) this.followDefinition(fn, definition);
  }

  private isSlot(fn: FunctionId, value: ValueId, point: Point, slot: string): boolean {
    return this.blocks(fn)
      .of(value, point)
      .some((b) => b.kind === "slot" && b.slot === slot);
  }

  private followParameter(fn: FunctionId, index: number): void {
    const { defUse } = this.project.analysesOf(fn);
    const before = this.calls.size + this.nodes.size;
    const { params, values } = defUse.fn;
    const value = params.find((p) => {
      const param = values[p];
      return param.kind === "param" && param.index === index;
    });
    const definition = defUse.definitionsOf(value ?? NO_VALUE).find((d) => d.kind === "entry");
    if (definition === undefined) return void this.give(`a parameter of \`${this.nameOf(fn)}\` is not understood`);
    this.followDefinition(fn, definition);
    // What only looks at the memory may get any other, too.
    if (this.calls.size + this.nodes.size > before) this.askCallers(fn, index);
  }

  private askCallers(fn: FunctionId, index: number): void {
    const key = `${fn} ${index}`;
    if (this.owners.has(key)) return;
    this.owners.add(key);
    const { project } = this;
    const callers = project.index.callers(fn);
    const isOpen = project.index.functions[fn].addressTaken || project.index.entriesOf(fn).length > 0;
    if (isOpen || callers.length === 0 || callers.some((c) => c.via !== "direct")) {
      return void this.give(`the callers of \`${this.nameOf(fn)}\` are not known`);
    }
    for (const { call, point, caller } of callsOf(project, fn)) {
      this.addOrigins(caller, call.args[index] ?? NO_VALUE, point, `a call of \`${this.nameOf(fn)}\``);
    }
  }

  private followResult(fn: FunctionId): void {
    const { project } = this;
    const { fn: ir } = project.analysesOf(fn).defUse;
    ir.blocks.forEach((block, b) => {
      if (block.term.op !== "return" || block.term.value === NO_VALUE) return;
      this.addOrigins(fn, block.term.value, { block: b, index: block.instrs.length }, "the result");
    });
    const isOpen = project.index.functions[fn].addressTaken || project.index.entriesOf(fn).length > 0;
    if (isOpen || project.index.callers(fn).some((c) => c.via !== "direct")) {
      return void this.give(`the callers of \`${this.nameOf(fn)}\` are not known`);
    }
    for (const { caller, call, point } of callsOf(project, fn)) this.followResultOf(caller, call, point);
  }
}

/** API that gives the pointer back later, to code that cannot be followed. */
const KEEPS: ReadonlySet<string> = new Set([
  "PyCapsule_New",
  "PyCapsule_SetPointer",
  "PyCapsule_SetContext",
  "PyThread_start_new_thread",
  "PyThread_tss_set",
  "PyThread_set_key_value",
  "Py_AddPendingCall",
  "PyEval_SetTrace",
  "PyMemoryView_FromBuffer",
  "Py_SetProgramName",
  "Py_SetPythonHome",
]);

/** Functions of the C library that only read or write what a pointer points to. */
const ONLY_LOOKS: ReadonlySet<string> = new Set(
  "memcpy memmove memset memcmp memchr strlen strnlen strcpy strncpy strcat strncat strcmp strncmp strchr strrchr strstr strtol strtoul strtoll strtoull strtod atoi atof sprintf snprintf vsnprintf printf fprintf fputs fwrite fread read write recv send qsort sizeof wcslen wcscpy wcsncpy wcscmp wmemcpy assert".split(
    " ",
  ),
);

function keyOf(node: Node): string {
  return node.kind === "slot" ? node.slot : `${node.kind} ${node.fn} ${node.kind === "parameter" ? node.index : ""}`;
}

/** The definitions that a value comes from, copies passed. */
function originsOf(project: ProjectContext, fn: FunctionId, value: ValueId, point: Point): Definition[] {
  const { defUse } = project.analysesOf(fn);
  const found: Definition[] = [];
  const seen = new Set<Definition>();
  const work = [...defUse.reaching(value, point)];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.instr?.op === "copy") {
      const constant = defUse.fn.values[next.instr.src];
      if (constant.kind !== "const") work.push(...defUse.reaching(next.instr.src, next.point));
    } else found.push(next);
  }
  return found;
}

function pointOfCall(project: ProjectContext, fn: FunctionId, start: number): Point | undefined {
  let found: Point | undefined;
  forEachInstr(project.analysesOf(fn).defUse.fn, (instr, block, index) => {
    if (instr.op === "call" && instr.start === start) found ??= { block, index };
  });
  return found;
}

/** The calls of a function by name, in the whole project. */
function callsOf(project: ProjectContext, callee: FunctionId): { caller: FunctionId; call: CallInstr; point: Point }[] {
  const { index } = project;
  const found: { caller: FunctionId; call: CallInstr; point: Point }[] = [];
  for (const caller of new Set(index.callers(callee).map((c) => c.function))) {
    const { file } = index.functions[caller];
    forEachInstr(project.analysesOf(caller).defUse.fn, (instr, block, i) => {
      if (instr.op !== "call" || !index.resolveCall(file, instr.callee).includes(callee)) return;
      found.push({ caller, call: instr, point: { block, index: i } });
    });
  }
  return found;
}
