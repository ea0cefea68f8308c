/** Which files the code of a module lies in: everything its init function and its tables lead to. */
import type { FunctionId, ModuleInfo, StaticId } from "../index-types.ts";
import type { CallGraph } from "./call-graph.ts";
import { collectNames, wordsOf } from "./init-text.ts";
import { append } from "./multimap.ts";
import type { Symbols } from "./symbols.ts";

/** Files reached from a module, sorted. Follows calls, mentions of functions and statics, and initialisers. */
export class ModuleFiles {
  private readonly symbols: Symbols;
  private readonly graph: CallGraph;
  /** Statics that each function reads or writes. */
  private readonly staticsOf: readonly StaticId[][];
  private readonly staticTargets = new Map<StaticId, { functions: FunctionId[]; statics: StaticId[] }>();

  constructor(symbols: Symbols, graph: CallGraph) {
    this.symbols = symbols;
    this.graph = graph;
    const staticsOf: StaticId[][] = symbols.functions.functions.map(() => []);
    for (const { id, readers, writers } of symbols.statics.statics) {
      for (const fn of new Set([...readers, ...writers])) staticsOf[fn].push(id);
    }
    this.staticsOf = staticsOf;
  }

  of(module: ModuleInfo): string[] {
    const functions = new Worklist<FunctionId>();
    const statics = new Worklist<StaticId>();
    if (module.init !== undefined) functions.add(module.init);
    else for (const fn of this.symbols.functions.functions) if (fn.file === module.file) functions.add(fn.id);
    for (const id of [module.def, module.slots, ...module.methods]) if (id !== undefined) statics.add(id);
    for (;;) {
      const fn = functions.next();
      if (fn !== undefined) {
        for (const edge of this.graph.callees[fn]) functions.add(edge.function);
        for (const id of this.staticsOf[fn]) statics.add(id);
        continue;
      }
      const id = statics.next();
      if (id === undefined) break;
      const targets = this.ofStatic(id);
      for (const to of targets.functions) functions.add(to);
      for (const to of targets.statics) statics.add(to);
    }
    const files = new Set([module.file]);
    for (const id of functions.all) files.add(this.symbols.functions.functions[id].file);
    for (const id of statics.all) files.add(this.symbols.statics.statics[id].file);
    return [...files].sort();
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

/** Ids to visit, each once. */
/**
 * The files of modules as they are built. Modules reach each other's code through capsules and tables of functions, which look like
 * calls here: the file that makes another module is not linked, and neither is what that module alone provides.
 */
export function withoutForeign(modules: readonly Pick<ModuleInfo, "file" | "files">[]): string[][] {
  const reached = modules.map((m) => new Set(m.files));
  const madeIn = new Map<string, number[]>();
  for (const [i, { file }] of modules.entries()) append(madeIn, file, i);
  return modules.map((module) => {
    const foreign = new Set<string>();
    for (const file of module.files) {
      if (file === module.file) continue;
      for (const n of madeIn.get(file) ?? []) {
        foreign.add(file);
        // Both ways: neither is the provider.
        if (!reached[n].has(module.file)) for (const provided of modules[n].files) foreign.add(provided);
      }
    }
    return module.files.filter((file) => !foreign.has(file));
  });
}

class Worklist<T> {
  readonly all: T[] = [];
  private readonly seen = new Set<T>();
  private at = 0;

  add(id: T): void {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    this.all.push(id);
  }

  next(): T | undefined {
    return this.all[this.at++] ?? this.done();
  }

  private done(): undefined {
    this.at = this.all.length;
    return undefined;
  }
}
