/** Extension modules: how each is made, with which tables, and whether it declares that it runs without the GIL. */
import { GIL_CALL, GIL_SLOT, gilValue, MODULE_CALLS, type ModuleCall, moduleOfInit } from "../../capi/modules.ts";
import { isObjectPointer } from "../../capi/type-names.ts";
import type { Init } from "../../ir/facts.ts";
import type { FunctionId, GilDeclaration, IndexedFunction, ModuleInfo, StaticId } from "../index-types.ts";
import { parseInit } from "./init-text.ts";
import type { CallInstr, NameTracker } from "./ir-names.ts";
import { expandBody, textOf } from "./macros.ts";
import { type SlotPair, slotPairs } from "./slot-pairs.ts";
import type { Symbols } from "./symbols.ts";

/** How far from the init function the call that makes the module is searched. */
const MAX_DEPTH = 5;

export type Tracker = (fn: FunctionId) => NameTracker;

interface CallSite {
  fn: IndexedFunction;
  call: CallInstr;
}

/** Modules with an init function, in the order of the functions. */
export function nativeModules(symbols: Symbols, tracker: Tracker): ModuleInfo[] {
  const finder = new ModuleFinder(symbols, tracker);
  const modules = new Map<string, ModuleInfo>();
  for (const fn of symbols.functions.functions) {
    const init = initOf(symbols, fn);
    if (!init) continue;
    const module = init.phase === "export" ? finder.exported(fn, init.module) : finder.initialised(fn, init.module);
    // Alternatives of one function (`#if`): the one that makes a module.
    const key = `${fn.file}\n${init.phase}\n${init.module}`;
    const known = modules.get(key);
    if (!known || (!known.createCall && module.createCall)) modules.set(key, module);
  }
  return withoutShadowed([...modules.values()]);
}

const MAX_EXPANSION = 5;
/** Longest macro body that is taken for a name, in characters. */
const MAX_NAME_MACRO = 200;

/**
 * Module that a function initialises. Its name can be a macro (`#define INIT PyInit_x`), also with the module as the
 * argument: `MODULE_INIT(x)(void)` is called `MODULE_INIT(x)`, or `MODULE_INIT` with `x` for a parameter.
 */
function initOf(symbols: Symbols, fn: IndexedFunction): ReturnType<typeof moduleOfInit> {
  const direct = moduleOfInit(fn.name);
  if (direct) return direct;
  if (fn.facts.params.length > 1) return undefined;
  const head = fn.name.includes("(") ? parseInit(fn.name) : undefined;
  const found = symbols.macros.resolve(fn.file, head?.kind === "call" ? head.callee : fn.name);
  if (!found || found.macro.body.length > MAX_NAME_MACRO) return undefined;
  const params = fn.facts.params.map((param) => (param.name === "" ? param.type : param.name));
  let value = parseInit(expandBody(found.macro, head?.kind === "call" ? head.args.map(textOf) : params));
  for (let depth = 0; depth < MAX_EXPANSION; depth++) {
    if (value.kind === "name") {
      const init = moduleOfInit(value.name);
      if (init) return init;
    }
    if (value.kind !== "name" && value.kind !== "call") return undefined;
    const next = symbols.macros.resolve(found.file, value.kind === "name" ? value.name : value.callee);
    if (!next) return undefined;
    // Arguments that are not pasted are expanded first, as the preprocessor does.
    const pastes = next.macro.body.includes("##");
    const given = value.kind === "call" ? value.args : [];
    value = parseInit(
      expandBody(
        next.macro,
        given.map((arg) => textOf(pastes ? arg : symbols.rows.resolved(fn.file, arg))),
      ),
    );
  }
  return undefined;
}

/** If a file has both hooks for a module, the export hook wins where it exists, and both must declare: the init function stays. */
function withoutShadowed(modules: ModuleInfo[]): ModuleInfo[] {
  const inits = new Set(modules.filter((m) => m.phase !== "export").map((m) => `${m.file}\n${m.name}`));
  return modules.filter((m) => m.phase !== "export" || !inits.has(`${m.file}\n${m.name}`));
}

class ModuleFinder {
  private readonly symbols: Symbols;
  private readonly tracker: Tracker;

  constructor(symbols: Symbols, tracker: Tracker) {
    this.symbols = symbols;
    this.tracker = tracker;
  }

  initialised(fn: IndexedFunction, name: string): ModuleInfo {
    const module = this.empty(fn, name);
    const site = this.findCall(fn.id, (callee) => MODULE_CALLS.has(callee));
    const api: ModuleCall | undefined = site && MODULE_CALLS.get(site.call.callee);
    if (site && api) {
      module.phase = api.phase;
      module.createCall = { ...placeOf(site), api: api.name, function: site.fn.id };
      const [def] = this.staticsOf(site, site.call.args[api.defArg]);
      if (api.phase === "export") module.slots = def;
      else module.def = def;
    }
    module.def ??= this.onlyDefinition(fn.file);
    if (module.def !== undefined) this.readDefinition(module, module.def);
    if (!site && module.slots !== undefined) module.phase = "multi";
    if (module.slots !== undefined) this.readSlots(module, module.slots);
    if (site && site.fn.id !== fn.id) this.readArguments(module, fn, site.fn.id);
    for (const add of this.callSites(fn.id, (callee) => callee === "PyModule_AddFunctions")) {
      this.addMethods(module, this.staticsOf(add, add.call.args[1]));
    }
    if (module.phase === "single") this.declaredByCall(module, fn.id);
    else this.declaredBySlot(module);
    if (module.declared === "no") this.declaredSomewhere(module);
    return module;
  }

  exported(fn: IndexedFunction, name: string): ModuleInfo {
    const module = this.empty(fn, name);
    module.phase = "export";
    const names = this.tracker(fn.id);
    const returned = names.returned().flatMap((value) => names.namesOf(value));
    module.slots = returned.map((n) => this.symbols.statics.mentioned(fn, n)).find((id) => id !== undefined);
    if (module.slots !== undefined) this.readSlots(module, module.slots);
    this.declaredBySlot(module);
    if (module.declared === "no") this.declaredSomewhere(module);
    return module;
  }

  private empty(fn: IndexedFunction, name: string): ModuleInfo {
    const { instantiated, nameStart, nameEnd } = fn.facts;
    const place = instantiated ?? { file: fn.file, start: nameStart, end: nameEnd };
    return {
      name,
      file: fn.file,
      start: place.start,
      end: place.end,
      phase: "single",
      init: fn.id,
      slotRows: [],
      methods: [],
      stateSize: "",
      declared: "no",
      evidence: [],
      framework: "",
      files: [],
    };
  }

  /** The first call that `wanted` accepts in `fn` or in what it calls, nearest first. */
  private findCall(start: FunctionId, wanted: (callee: string) => boolean): CallSite | undefined {
    for (const site of this.callSites(start, wanted)) return site;
    return undefined;
  }

  private *callSites(start: FunctionId, wanted: (callee: string) => boolean): Generator<CallSite> {
    const seen = new Set([start]);
    let level = [start];
    for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
      const next: FunctionId[] = [];
      for (const id of level) {
        const fn = this.symbols.functions.functions[id];
        if (fn.facts.calls.some(wanted)) {
          for (const call of this.tracker(id).calls()) if (wanted(call.callee)) yield { fn, call };
        }
        for (const callee of fn.facts.calls) {
          for (const target of this.symbols.functions.candidates(fn.file, callee)) {
            if (seen.has(target)) continue;
            seen.add(target);
            next.push(target);
          }
        }
      }
      level = next;
    }
  }

  private staticsOf(site: CallSite, value: number | undefined): StaticId[] {
    if (value === undefined) return [];
    const names = this.tracker(site.fn.id).namesOf(value);
    return names
      .map((name) => this.symbols.statics.mentioned(site.fn, name))
      .filter((id) => id !== undefined) as StaticId[];
  }

  /** A single definition in the file, or in what it includes, is meant, however it gets into the call. */
  private onlyDefinition(file: string): StaticId | undefined {
    const defs = this.symbols.statics.statics.filter((s) => s.role === "module-def" && s.facts.init);
    const own = defs.filter((s) => s.file === file);
    if (own.length > 0) return own.length === 1 ? own[0].id : undefined;
    const visible = new Set(this.symbols.graph.visibleFrom(file));
    const included = defs.filter((s) => visible.has(s.file));
    return included.length === 1 ? included[0].id : undefined;
  }

  /**
   * A shared helper makes the module out of what the init function hands it: `make_module("x", methods, exec)`. Tables of
   * methods and functions of one object are taken for what they look like.
   */
  private readArguments(module: ModuleInfo, init: IndexedFunction, helper: FunctionId): void {
    const names = this.tracker(init.id);
    for (const call of names.calls()) {
      if (!this.symbols.functions.candidates(init.file, call.callee).includes(helper)) continue;
      for (const arg of call.args) {
        this.addMethods(module, this.staticsOf({ fn: init, call }, arg));
        for (const name of this.tracker(init.id).namesOf(arg)) {
          const id = this.symbols.functions.resolve(init.file, name);
          const params = id === undefined ? [] : this.symbols.functions.functions[id].facts.params;
          if (id === undefined || params.length !== 1 || !isObjectPointer(params[0].type)) continue;
          const { start, end } = call;
          module.slotRows.push({ slot: "Py_mod_exec", value: name, function: id, file: init.file, start, end });
        }
      }
    }
  }

  private addMethods(module: ModuleInfo, statics: readonly StaticId[]): void {
    for (const id of statics) {
      const isTable = this.symbols.statics.statics[id].role === "method-table";
      if (isTable && !module.methods.includes(id)) module.methods.push(id);
    }
  }

  private readDefinition(module: ModuleInfo, def: StaticId): void {
    const { file, facts } = this.symbols.statics.statics[def];
    const fields = new Map<string, Init>(this.symbols.rows.fields(file, facts.init, "PyModuleDef"));
    for (const [field, assigns] of this.symbols.assignsTo(def)) {
      for (const { value, start, end } of assigns) fields.set(field, { kind: "name", name: value, start, end });
    }
    const size = fields.get("m_size");
    module.stateSize = size ? textOf(this.symbols.rows.resolved(file, size)) : "";
    const methods = this.symbols.staticIn(file, fields.get("m_methods"), facts.owner);
    if (methods !== undefined) module.methods.push(methods);
    const slots = fields.get("m_slots");
    if (!slots) return;
    module.slots = this.symbols.staticIn(file, slots, facts.owner);
    const isNamed = slots.kind === "name" && slots.name !== "NULL" && slots.name !== "nullptr";
    if (module.slots === undefined && isNamed) module.declared = "unknown";
  }

  private readSlots(module: ModuleInfo, slots: StaticId, depth = 0): void {
    const entry = this.symbols.statics.statics[slots];
    for (const pair of slotPairs(this.symbols, entry)) {
      const inner = this.symbols.staticIn(entry.file, pair.value, entry.facts.owner);
      if (pair.slot === "Py_mod_slots" && inner !== undefined && depth < MAX_DEPTH) {
        this.readSlots(module, inner, depth + 1);
        continue;
      }
      if (pair.slot === "Py_mod_methods" && inner !== undefined) module.methods.push(inner);
      module.slotRows.push(this.slotRow(pair));
    }
  }

  private slotRow({ slot, value, file, start, end }: SlotPair): ModuleInfo["slotRows"][number] {
    const row: ModuleInfo["slotRows"][number] = {
      slot,
      value: textOf(this.symbols.rows.resolved(file, value)),
      file,
      start,
      end,
    };
    const fn = this.symbols.functionIn(file, value);
    if (fn !== undefined) row.function = fn;
    // The value may be a project macro for the constant of CPython: keep the words it comes to.
    if (slot === GIL_SLOT) row.value = this.symbols.rows.words(file, value).join(" ") || row.value;
    return row;
  }

  private declaredBySlot(module: ModuleInfo): void {
    for (const { slot, value, file, start, end } of module.slotRows) {
      if (slot !== GIL_SLOT) continue;
      module.declared = worse(module.declared, gilValue(value) ?? "unknown");
      module.evidence.push({ file, start, end, text: `${GIL_SLOT}: ${value}` });
    }
  }

  private declaredByCall(module: ModuleInfo, init: FunctionId): void {
    for (const site of this.callSites(init, (callee) => callee === GIL_CALL)) {
      const value = site.call.args[1];
      const names = value === undefined ? [] : this.tracker(site.fn.id).namesOf(value);
      const answers = names.map((name) => gilValue(name)).filter((answer) => answer !== undefined);
      module.declared = worse(module.declared, answers[0] ?? "unknown");
      module.evidence.push({ ...placeOf(site), text: `${GIL_CALL}: ${names.join(" or ")}` });
    }
  }

  /**
   * A declaration that is live in the module's file but that nothing above understood leaves the question open. Inside a
   * `#define` it declares nothing.
   */
  private declaredSomewhere(module: ModuleInfo): void {
    const facts = this.symbols.graph.get(module.file);
    if (!facts) return;
    const wanted = module.phase === "single" ? GIL_CALL : GIL_SLOT;
    const others = this.symbols.functions.functions.filter((fn) => fn.file === module.file && moduleOfInit(fn.name));
    for (const token of facts.declarationTokens) {
      if (!token.live || token.name !== wanted || others.length > 1) continue;
      if (facts.macros.some((macro) => macro.start <= token.start && token.start < macro.end)) continue;
      module.declared = "unknown";
      module.evidence.push({ file: facts.file, start: token.start, end: token.end, text: token.name });
    }
  }
}

/** Two declarations that disagree leave it open. */
function worse(known: GilDeclaration, next: GilDeclaration): GilDeclaration {
  if (known === "no" || known === next) return next;
  return "unknown";
}

function placeOf({ fn, call }: CallSite): { file: string; start: number; end: number } {
  return { file: fn.facts.instantiated?.file ?? fn.file, start: call.start, end: call.end };
}
