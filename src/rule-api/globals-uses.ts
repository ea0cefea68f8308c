/**
 * How single functions use static variables, as far as it takes the code to tell: tests that lead to a first assignment,
 * operations on static containers, references that are released.
 */

import { refcountCall } from "../capi/refcounting.ts";
import { classNameOf, lastComponent } from "../capi/type-names.ts";
import { buildCfg, type Cfg } from "../ir/cfg.ts";
import type { BlockId, FunctionIr, Instr, Span, ValueId } from "../ir/types.ts";
import type { FunctionId, ProjectIndex, StaticId } from "../project/index-types.ts";

/** `if (v == NULL) v = ...`: the assignment happens only if the test found the variable unset. */
export interface FirstUse {
  /** The test. */
  test: Span;
  /** The assignment; undefined if a function that is called in these blocks makes it. */
  assignment?: Span;
  /** Blocks that run only if the variable was found unset. */
  guarded: ReadonlySet<BlockId>;
  /** Functions called in these blocks, by name. */
  calls: readonly string[];
}

/** An operation on the container that a static refers to. */
export interface ContainerUse extends Span {
  api: string;
  block: BlockId;
  index: number;
}

export interface StaticUse {
  function: FunctionId;
  firstUses: FirstUse[];
  containers: ContainerUse[];
  /** Places where a reference that the variable held is released. */
  released: Span[];
  /** References to what the variable (or an element of the array) points to are counted: it is a Python object. */
  counted: boolean;
  /** Spans of assignments, and of calls that get the variable's address. */
  assigned: (Span & { block: BlockId; address: boolean })[];
}

/** What `ir` does with the statics in `wanted`. */
export function staticUses(
  id: FunctionId,
  ir: FunctionIr,
  index: ProjectIndex,
  wanted: (id: StaticId) => boolean,
): Map<StaticId, StaticUse> {
  return new UseFinder(id, ir, index, wanted).run();
}

class UseFinder {
  private readonly uses = new Map<StaticId, StaticUse>();
  /** Values that hold what a static holds. */
  private readonly holds = new Map<ValueId, StaticId>();
  /** Those of them that hold the whole variable or an element, not a member. */
  private readonly whole = new Set<ValueId>();
  /** Values that are the address of a static or of something inside it. */
  private readonly addresses = new Map<ValueId, StaticId>();
  private readonly definitions = new Map<ValueId, Instr>();
  private readonly id: FunctionId;
  private readonly ir: FunctionIr;
  private readonly index: ProjectIndex;
  private readonly wanted: (id: StaticId) => boolean;
  private cfgMemo: Cfg | undefined;

  constructor(id: FunctionId, ir: FunctionIr, index: ProjectIndex, wanted: (id: StaticId) => boolean) {
    this.id = id;
    this.ir = ir;
    this.index = index;
    this.wanted = wanted;
  }

  run(): Map<StaticId, StaticUse> {
    this.ir.values.forEach((value, id) => {
      if (value.kind !== "global") return;
      const found = this.index.resolveGlobal(this.ir.file, value.name, value.owner);
      if (found.kind !== "static" || !this.wanted(found.id)) return;
      this.holds.set(id, found.id);
      this.whole.add(id);
    });
    if (this.holds.size === 0) return this.uses;
    this.ir.blocks.forEach((block, b) => {
      block.instrs.forEach((instr, i) => {
        this.follow(instr);
        this.visit(instr, b, i);
      });
    });
    this.findFirstUses();
    return this.uses;
  }

  private use(id: StaticId): StaticUse {
    let use = this.uses.get(id);
    if (!use) {
      use = { function: this.id, firstUses: [], containers: [], released: [], counted: false, assigned: [] };
      this.uses.set(id, use);
    }
    return use;
  }

  private isStatic(value: ValueId): boolean {
    return value >= 0 && this.ir.values[value].kind === "global" && this.holds.has(value);
  }

  /** Copies, members and elements of a static stand for it. */
  private follow(instr: Instr): void {
    switch (instr.op) {
      case "copy": {
        this.keepDefinition(instr.dst, instr);
        const from = this.holds.get(instr.src);
        if (from !== undefined && this.ir.values[instr.dst]?.kind !== "global") this.hold(instr.dst, from, instr.src);
        const address = this.addresses.get(instr.src);
        if (address !== undefined) this.addresses.set(instr.dst, address);
        return;
      }
      case "load": {
        this.keepDefinition(instr.dst, instr);
        const from = this.isStatic(instr.base) ? this.holds.get(instr.base) : this.addresses.get(instr.base);
        if (from === undefined || this.ir.values[instr.dst]?.kind === "global") return;
        this.hold(instr.dst, from, instr.path === "" || instr.path === "[]" ? instr.base : undefined);
        return;
      }
      case "addr":
        if (this.isStatic(instr.base)) this.addresses.set(instr.dst, this.holds.get(instr.base)!);
        return;
      case "unary":
      case "binary":
        this.keepDefinition(instr.dst, instr);
        return;
      case "call":
        this.keepDefinition(instr.dst, instr);
        if (refcountCall(instr.callee)?.effect === "new" && this.holds.has(instr.args[0])) {
          this.hold(instr.dst, this.holds.get(instr.args[0])!, instr.args[0]);
        }
    }
  }

  private hold(value: ValueId, id: StaticId, from: ValueId | undefined): void {
    this.holds.set(value, id);
    if (from !== undefined && this.whole.has(from)) this.whole.add(value);
  }

  private keepDefinition(dst: ValueId, instr: Instr): void {
    if (this.ir.values[dst]?.kind === "temp") this.definitions.set(dst, instr);
  }

  private visit(instr: Instr, block: BlockId, index: number): void {
    const span = { start: instr.start, end: instr.end };
    if ("dst" in instr && instr.dst !== undefined && this.isStatic(instr.dst)) {
      this.use(this.holds.get(instr.dst)!).assigned.push({ ...span, block, address: false });
    }
    if (instr.op === "store") {
      const target = this.isStatic(instr.base) ? this.holds.get(instr.base) : this.addresses.get(instr.base);
      if (target !== undefined) this.use(target).assigned.push({ ...span, block, address: false });
      return;
    }
    if (instr.op !== "call") return;
    const effect = refcountCall(instr.callee)?.effect;
    instr.args.forEach((arg, n) => {
      const held = this.holds.get(arg);
      if (held !== undefined) {
        if (n === 0 && effect !== undefined && this.whole.has(arg)) this.use(held).counted = true;
        if (n === 0 && (effect === "decrement" || effect === "clear" || effect === "replace")) {
          this.use(held).released.push(span);
        }
        if (containerAction(instr.callee) !== undefined && n === 0) {
          this.use(held).containers.push({ ...span, api: instr.callee, block, index });
        }
      }
      const address = this.addresses.get(arg);
      if (address !== undefined) this.use(address).assigned.push({ ...span, block, address: true });
    });
  }

  private get cfg(): Cfg {
    this.cfgMemo ??= buildCfg(this.ir);
    return this.cfgMemo;
  }

  private findFirstUses(): void {
    this.ir.blocks.forEach((block, b) => {
      if (block.term.op !== "branch") return;
      const test = this.testOf(block.term.cond);
      if (!test) return;
      const use = this.use(test.id);
      const [unset, set] = test.unsetIf ? [block.term.then, block.term.else] : [block.term.else, block.term.then];
      if (unset === set) return;
      const always = reachable(this.cfg, set, b);
      const guarded = new Set([...reachable(this.cfg, unset, b)].filter((x) => !always.has(x)));
      const assignment = use.assigned.find((a) => guarded.has(a.block));
      const { start, end } = block.term;
      const calls = [...guarded].flatMap((g) =>
        this.ir.blocks[g].instrs.flatMap((i) => (i.op === "call" && i.callee !== "" ? [i.callee] : [])),
      );
      if (!assignment && calls.length === 0) return;
      use.firstUses.push({ test: { start, end }, assignment, guarded, calls });
    });
  }

  /** The static that a condition compares with a constant, and whether it counts as unset if the condition holds. */
  private testOf(cond: ValueId): { id: StaticId; unsetIf: boolean } | undefined {
    const direct = this.holds.get(cond);
    if (direct !== undefined) return { id: direct, unsetIf: false };
    const def = this.definitions.get(cond);
    if (def?.op === "unary" && def.operator === "!") {
      const inner = this.testOf(def.operand);
      return inner && { id: inner.id, unsetIf: !inner.unsetIf };
    }
    if (def?.op !== "binary") return undefined;
    const left = this.holds.get(def.left);
    const right = this.holds.get(def.right);
    if (left !== undefined && this.isConstant(def.right)) return this.comparison(left, def.operator, def.right);
    if (right !== undefined && this.isConstant(def.left)) {
      return this.comparison(right, MIRROR[def.operator] ?? def.operator, def.left);
    }
    return undefined;
  }

  private comparison(
    id: StaticId,
    operator: string,
    constant: ValueId,
  ): { id: StaticId; unsetIf: boolean } | undefined {
    const value = this.ir.values[constant];
    // `v == 1` asks whether a flag is set; any other constant is the mark of the unset variable.
    const asksForSet = value.kind === "const" && value.type === "int" && value.text === "1";
    switch (operator) {
      case "==":
        return { id, unsetIf: !asksForSet };
      case "!=":
        return { id, unsetIf: asksForSet };
      case "<":
      case "<=":
        return { id, unsetIf: true };
      case ">":
      case ">=":
        return { id, unsetIf: false };
      default:
        return undefined;
    }
  }

  private isConstant(value: ValueId): boolean {
    const v = this.ir.values[value];
    if (v?.kind === "const") return true;
    if (v?.kind !== "global") return false;
    const { kind } = this.index.resolveGlobal(this.ir.file, v.name, v.owner);
    // A macro of a system header (`SQL_NULL_HANDLE`) is known by its capitals.
    return kind === "macro" || kind === "enumerator" || (kind === "external" && v.name === v.name.toUpperCase());
  }
}

const MIRROR: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

/** Blocks reachable from `from` (itself included) without passing through `avoiding`. */
function reachable(cfg: Cfg, from: BlockId, avoiding: BlockId): Set<BlockId> {
  const found = new Set<BlockId>();
  const work = [from];
  while (work.length > 0) {
    const b = work.pop()!;
    if (b === avoiding || found.has(b)) continue;
    found.add(b);
    work.push(...cfg.successors[b]);
  }
  return found;
}

const LOOKS = new Set(
  "PyDict_GetItem PyDict_GetItemWithError PyDict_GetItemString PyDict_GetItemRef PyDict_GetItemStringRef PyDict_Contains PyDict_ContainsString PyDict_Size PyDict_GET_SIZE PyDict_Next PyDict_Keys PyDict_Values PyDict_Items _PyDict_GetItem_KnownHash _PyDict_GetItemStringWithError PyList_GetItem PyList_GET_ITEM PyList_GetItemRef PyList_Size PyList_GET_SIZE PySet_Contains PySet_Size PySet_GET_SIZE PySequence_Contains PySequence_GetItem PySequence_Size PyMapping_HasKey PyMapping_HasKeyString PyObject_GetItem PyObject_Size PyObject_Length".split(
    " ",
  ),
);
const CHANGES = new Set(
  "PyDict_SetItem PyDict_SetItemString PyDict_DelItem PyDict_DelItemString PyDict_Clear PyDict_Update PyDict_Merge PyDict_Pop PyDict_PopString _PyDict_SetItem_KnownHash PyList_SetItem PyList_SET_ITEM PyList_Append PyList_Insert PyList_SetSlice PyList_Sort PyList_Reverse PyList_Clear PyList_Extend PySet_Add PySet_Discard PySet_Pop PySet_Clear PySequence_SetItem PySequence_DelItem PySequence_DelSlice PySequence_SetSlice PyObject_SetItem PyObject_DelItem".split(
    " ",
  ),
);

/** Whether a call looks into the container that is its first argument, or changes it. */
export function containerAction(api: string): "look" | "change" | undefined {
  return LOOKS.has(api) ? "look" : CHANGES.has(api) ? "change" : undefined;
}

/** Containers and strings of the C++ library, whose every change races with every other use. */
const CPP_CONTAINERS = new Set(
  "vector map unordered_map multimap unordered_multimap set unordered_set multiset deque list forward_list string basic_string wstring queue stack priority_queue stringstream ostringstream bitset shared_ptr unique_ptr optional variant function any".split(
    " ",
  ),
);

/** True for a type as written that is a container of the C++ library (`const std::map<K, V>`). */
export function isCppContainer(type: string): boolean {
  const name = classNameOf(type);
  return name.startsWith("std::") && CPP_CONTAINERS.has(lastComponent(name));
}
