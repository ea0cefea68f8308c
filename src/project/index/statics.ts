/** Variables with static storage: their declarations put together, and who reads and writes them. */
import { lastComponent } from "../../capi/type-names.ts";
import type { StaticFacts } from "../../ir/facts.ts";
import type { IndexedFunction, IndexedStatic, StaticId } from "../index-types.ts";
import { type FileGraph, isHeader, nearness } from "./files.ts";
import { FileMemo } from "./memo.ts";
import { append } from "./multimap.ts";
import { roleOf } from "./static-role.ts";

interface Declaration {
  file: string;
  facts: StaticFacts;
}

export class StaticTable {
  readonly statics: IndexedStatic[] = [];
  private readonly graph: FileGraph;
  /** File-scope variables by name. */
  private readonly byName = new Map<string, StaticId[]>();
  /** File-scope variables inside a namespace or class by their last component. */
  private readonly bySimpleName = new Map<string, StaticId[]>();
  /** Function-scope statics by `file, owner, name`. */
  private readonly locals = new Map<string, StaticId>();
  private readonly resolved = new FileMemo<StaticId | undefined>();

  constructor(graph: FileGraph) {
    this.graph = graph;
    const waiting: Declaration[] = [];
    for (const { file, statics } of graph.files) {
      for (const group of byIdentity(statics)) {
        const facts = group.find((f) => f.init) ?? group.find((f) => !f.isExtern) ?? group[0];
        const declarations = group.map((f) => ({ file, facts: f }));
        // A header declares; `static` there and at the definition can be a macro that means `extern` in the usual build.
        const declares = facts.isExtern || isHeader(file);
        if (facts.owner === undefined && declares && !facts.init) waiting.push(...declarations);
        else this.define(file, facts, declarations);
      }
    }
    for (const declaration of waiting) this.attach(declaration);
  }

  /** The variable that `name` means in `file`; `owner` for a function-scope static. */
  resolve(file: string, name: string, owner?: string): StaticId | undefined {
    if (owner !== undefined) {
      const local = this.locals.get(localKey(file, owner, name));
      if (local !== undefined) return local;
    }
    const ids = this.byName.get(name) ?? this.inNamespace(name);
    if (!ids) return undefined;
    return this.resolved.get(file, name, () => this.choose(file, ids));
  }

  /** Notes the accesses of a function; call once per function in order. */
  addAccesses(fn: IndexedFunction): void {
    for (const [names, list] of [
      [fn.facts.reads, "readers"],
      [fn.facts.writes, "writers"],
    ] as const) {
      for (const mention of names) {
        const id = this.mentioned(fn, mention);
        if (id === undefined) continue;
        const static_ = this.statics[id];
        if (static_[list].at(-1) !== fn.id) static_[list].push(fn.id);
      }
    }
  }

  /** A name in `reads` or `writes`: function-scope statics are written `owner::name`. */
  mentioned(fn: IndexedFunction, mention: string): StaticId | undefined {
    const at = mention.lastIndexOf("::");
    if (at > 0) {
      const local = this.locals.get(localKey(fn.file, mention.slice(0, at), mention.slice(at + 2)));
      if (local !== undefined) return local;
    }
    return this.resolve(fn.file, mention) ?? (at > 0 ? this.resolve(fn.file, mention.slice(at + 2)) : undefined);
  }

  /** C++ names as they are written inside a namespace or class: with the last parts only. */
  private inNamespace(name: string): readonly StaticId[] | undefined {
    const ids = this.bySimpleName.get(lastComponent(name));
    if (!ids || !name.includes("::")) return ids;
    const fitting = ids.filter((id) => this.statics[id].facts.name.endsWith(`::${name}`));
    return fitting.length > 0 ? fitting : undefined;
  }

  private define(file: string, facts: StaticFacts, declarations: Declaration[]): StaticId {
    const id = this.statics.length;
    this.statics.push({ id, file, facts, role: roleOf(facts), declarations, readers: [], writers: [] });
    if (facts.owner !== undefined) this.locals.set(localKey(file, facts.owner, facts.name), id);
    else {
      append(this.byName, facts.name, id);
      if (facts.name.includes("::")) append(this.bySimpleName, lastComponent(facts.name), id);
    }
    return id;
  }

  /** `extern T x;` belongs to the nearest definition; without one it stands for the variable itself. */
  private attach({ file, facts }: Declaration): void {
    const same = this.byName.get(facts.name) ?? [];
    const linked = facts.isStatic ? [] : same.filter((id) => !this.statics[id].facts.isStatic);
    const visible = linked.length === 0 && isHeader(file) ? this.graph.visibleFrom(file) : [];
    const defined = linked.length > 0 ? linked : same.filter((id) => visible.includes(this.statics[id].file));
    const id = this.nearestOf(file, defined);
    if (id === undefined) this.define(file, facts, [{ file, facts }]);
    else this.statics[id].declarations.push({ file, facts });
  }

  private choose(file: string, ids: readonly StaticId[]): StaticId | undefined {
    const declared = ids.find((id) => this.statics[id].declarations.some((d) => d.file === file));
    if (declared !== undefined) return declared;
    if (ids.length === 1 && !this.statics[ids[0]].facts.isStatic) return ids[0];
    for (const seen of this.graph.visibleFrom(file)) {
      const id = ids.find(
        (i) => this.statics[i].file === seen || this.statics[i].declarations.some((d) => d.file === seen),
      );
      if (id !== undefined) return id;
    }
    return this.nearestOf(
      file,
      ids.filter((id) => !this.statics[id].facts.isStatic),
    );
  }

  private nearestOf(file: string, ids: readonly StaticId[]): StaticId | undefined {
    return [...ids].sort(
      (a, b) => nearness(file, this.statics[b].file) - nearness(file, this.statics[a].file) || a - b,
    )[0];
  }
}

function localKey(file: string, owner: string, name: string): string {
  return `${file}\n${owner}\n${name}`;
}

/**
 * Declarations of one file that mean the same variable: forward, tentative and defining ones. Several definitions with
 * initialisers are alternatives (`#if`, repeated template blocks) and stay apart.
 */
function byIdentity(statics: readonly StaticFacts[]): StaticFacts[][] {
  const groups = new Map<string, StaticFacts[]>();
  const alternatives: StaticFacts[][] = [];
  for (const facts of statics) {
    const key = `${facts.owner ?? ""}\n${facts.name}`;
    const group = groups.get(key);
    if (!group) groups.set(key, [facts]);
    else if (facts.init && group.some((other) => other.init)) alternatives.push([facts]);
    else group.push(facts);
  }
  return [...groups.values(), ...alternatives];
}
