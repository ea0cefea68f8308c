/** Which files the code of a module lies in: everything its init function and its tables lead to. */
import type { FunctionId, IndexedFunction, ModuleInfo, StaticId } from "../index-types.ts";
import { collectNames, wordsOf } from "./init-text.ts";
import type { Symbols } from "./symbols.ts";

/** Files reached from a module, sorted. Follows calls, mentions of functions and statics, and initialisers. */
export class ModuleFiles {
  private readonly symbols: Symbols;
  private readonly functionTargets = new Map<FunctionId, { functions: FunctionId[]; statics: StaticId[] }>();
  private readonly staticTargets = new Map<StaticId, { functions: FunctionId[]; statics: StaticId[] }>();

  constructor(symbols: Symbols) {
    this.symbols = symbols;
  }

  of(module: ModuleInfo): string[] {
    const functions = new Set<FunctionId>();
    const statics = new Set<StaticId>();
    const fromFunctions: FunctionId[] = [];
    const fromStatics: StaticId[] = [];
    const addFunction = (id: FunctionId) => {
      if (functions.has(id)) return;
      functions.add(id);
      fromFunctions.push(id);
    };
    const addStatic = (id: StaticId) => {
      if (statics.has(id)) return;
      statics.add(id);
      fromStatics.push(id);
    };
    if (module.init !== undefined) addFunction(module.init);
    else for (const fn of this.symbols.functions.functions) if (fn.file === module.file) addFunction(fn.id);
    for (const id of [module.def, module.slots, ...module.methods]) if (id !== undefined) addStatic(id);
    while (fromFunctions.length > 0 || fromStatics.length > 0) {
      const fn = fromFunctions.pop();
      const targets =
        fn !== undefined ? this.ofFunction(this.symbols.functions.functions[fn]) : this.ofStatic(fromStatics.pop()!);
      for (const id of targets.functions) addFunction(id);
      for (const id of targets.statics) addStatic(id);
    }
    const files = new Set([module.file]);
    for (const id of functions) files.add(this.symbols.functions.functions[id].file);
    for (const id of statics) files.add(this.symbols.statics.statics[id].file);
    return [...files].sort();
  }

  private ofFunction(fn: IndexedFunction): { functions: FunctionId[]; statics: StaticId[] } {
    let targets = this.functionTargets.get(fn.id);
    if (targets) return targets;
    const functions = new Set<FunctionId>();
    const statics = new Set<StaticId>();
    for (const name of fn.facts.calls)
      for (const id of this.symbols.functions.candidates(fn.file, name)) functions.add(id);
    for (const name of [...fn.facts.reads, ...fn.facts.writes]) {
      const id = this.symbols.statics.mentioned(fn, name);
      if (id !== undefined) statics.add(id);
      else for (const to of this.symbols.functions.candidates(fn.file, name)) functions.add(to);
    }
    targets = { functions: [...functions], statics: [...statics] };
    this.functionTargets.set(fn.id, targets);
    return targets;
  }

  private ofStatic(id: StaticId): { functions: FunctionId[]; statics: StaticId[] } {
    let targets = this.staticTargets.get(id);
    if (targets) return targets;
    const { file, facts } = this.symbols.statics.statics[id];
    const functions = new Set<FunctionId>();
    const statics = new Set<StaticId>();
    const words = new Set<string>();
    if (facts.init) collectNames(facts.init, words);
    for (const word of [...words]) {
      const macro = this.symbols.macros.resolve(file, word);
      if (macro) for (const inner of wordsOf(macro.macro.body)) words.add(inner);
    }
    for (const assigns of this.symbols.assignsTo(id).values()) for (const { value } of assigns) words.add(value);
    for (const word of words) {
      const target = this.symbols.statics.resolve(file, word, facts.owner);
      if (target !== undefined) statics.add(target);
      else for (const to of this.symbols.functions.candidates(file, word)) functions.add(to);
    }
    targets = { functions: [...functions], statics: [...statics] };
    this.staticTargets.set(id, targets);
    return targets;
  }
}
