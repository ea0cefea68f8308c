/** Functions by name, and which of several a name means in a file. */
import type { FunctionFacts } from "../../ir/facts.ts";
import type { FunctionId, IndexedFunction } from "../index-types.ts";
import { type FileGraph, isHeader, nearness } from "./files.ts";
import { FileMemo } from "./memo.ts";
import { append } from "./multimap.ts";

/** Beyond this number of C++ methods of one name, a call by that name says nothing about which is meant. */
const MAX_METHOD_CANDIDATES = 6;

/** Beyond this number of equally near definitions the name says nothing. */
const MAX_PLATFORMS = 16;

/** Fixed characters that a template's name must share with a name to be taken for its origin. */
const MIN_TEMPLATE_PARTS = 4;

/** Parts around the variables of a template's name: `fill_@name@` has `fill_` and nothing. One part: no variable. */
function templateParts(name: string): string[] {
  return name.split("@").filter((_, i) => i % 2 === 0);
}

/** Length of the fixed parts if `name` can come out of them, else -1. */
function fixedLength(parts: readonly string[], name: string): number {
  const first = parts[0];
  const last = parts[parts.length - 1];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length <= first.length + last.length) return -1;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    at = name.indexOf(part, at + 1);
    if (at < 0) return -1;
    at += part.length;
  }
  return parts.reduce((sum, part) => sum + part.length, 0);
}

export function simpleName(name: string): string {
  const at = name.lastIndexOf("::");
  return at < 0 ? name : name.slice(at + 2);
}

export class FunctionTable {
  readonly functions: readonly IndexedFunction[];
  private readonly graph: FileGraph;
  private readonly byName = new Map<string, FunctionId[]>();
  /** Functions inside a namespace or class by their last component. */
  private readonly bySimpleName = new Map<string, FunctionId[]>();
  /** Headers that declare a function, by its name. */
  private readonly declaredIn = new Map<string, string[]>();
  private readonly byFacts = new Map<FunctionFacts, IndexedFunction>();
  private readonly ranks = new Map<string, ReadonlyMap<string, number>>();
  private readonly resolved = new FileMemo<readonly FunctionId[]>();
  private readonly templatesOf = new Map<string, readonly { id: FunctionId; parts: readonly string[] }[]>();

  constructor(graph: FileGraph) {
    this.graph = graph;
    const functions: IndexedFunction[] = [];
    for (const file of graph.files) {
      if (isHeader(file.file)) {
        for (const { name } of file.prototypes) append(this.declaredIn, name, file.file);
      }
      for (const facts of file.functions) {
        const { name } = facts;
        const fn: IndexedFunction = {
          id: functions.length,
          file: file.file,
          name,
          facts,
          concurrency: "unknown",
          addressTaken: false,
        };
        functions.push(fn);
        this.byFacts.set(facts, fn);
        append(this.byName, name, fn.id);
        if (name.includes("::")) append(this.bySimpleName, simpleName(name), fn.id);
      }
    }
    this.functions = functions;
  }

  of(facts: FunctionFacts): IndexedFunction | undefined {
    return this.byFacts.get(facts);
  }

  named(name: string): readonly FunctionId[] {
    return this.byName.get(name) ?? this.bySimpleName.get(name) ?? [];
  }

  /** All definitions of the function in its file, itself included: branches of `#if`, repeated template blocks, overloads. */
  alternatives(id: FunctionId): readonly FunctionId[] {
    const { name, file } = this.functions[id];
    return (this.byName.get(name) ?? [id]).filter((other) => this.functions[other].file === file);
  }

  /** The function that `name` means in `file`; undefined if the project has none. */
  resolve(file: string, name: string): FunctionId | undefined {
    return this.candidates(file, name)[0];
  }

  /**
   * As `resolve`; several for alternatives of one function (`#if`, one file for each platform), and for C++ methods named
   * without their class.
   */
  candidates(file: string, name: string): readonly FunctionId[] {
    return this.resolved.get(file, name, () => this.choose(file, name));
  }

  private choose(file: string, name: string): readonly FunctionId[] {
    const exact = this.visible(file, name, this.byName.get(name) ?? []);
    if (exact.length > 0) return exact;
    const methods = (this.bySimpleName.get(simpleName(name)) ?? []).filter(
      (id) => !name.includes("::") || this.functions[id].name.endsWith(`::${name}`),
    );
    if (methods.length === 0 && file.endsWith(".src")) return this.templated(file, name);
    if (methods.length === 0 || this.graph.get(file)?.language === "c") return [];
    const own = methods.filter((id) => this.functions[id].file === file);
    const chosen = own.length > 0 ? own : methods;
    return chosen.length <= MAX_METHOD_CANDIDATES ? chosen : [];
  }

  /**
   * In a template the function is called `fill_@name@`, while tables outside the repeated block name what comes out of it:
   * `fill_double`. The one whose fixed parts fit best is meant.
   */
  private templated(file: string, name: string): readonly FunctionId[] {
    if (name.startsWith("Py") || name.startsWith("_Py")) return [];
    let best: FunctionId | undefined;
    let bestFixed = MIN_TEMPLATE_PARTS - 1;
    for (const { id, parts } of this.templates(file)) {
      const fixed = fixedLength(parts, name);
      if (fixed > bestFixed) {
        best = id;
        bestFixed = fixed;
      }
    }
    return best === undefined ? [] : this.alternatives(best);
  }

  private templates(file: string): readonly { id: FunctionId; parts: readonly string[] }[] {
    let found = this.templatesOf.get(file);
    if (!found) {
      found = (this.graph.get(file)?.functions ?? []).flatMap((facts) => {
        const parts = templateParts(facts.name);
        return parts.length > 1 ? [{ id: this.byFacts.get(facts)!.id, parts }] : [];
      });
      this.templatesOf.set(file, found);
    }
    return found;
  }

  private visible(file: string, name: string, ids: readonly FunctionId[]): readonly FunctionId[] {
    if (ids.length === 0) return [];
    const own = ids.filter((id) => this.functions[id].file === file);
    if (own.length > 0) return own;
    const only = this.functions[ids[0]];
    if (ids.length === 1 && !only.facts.isStatic) return ids;

    const ranks = this.ranksOf(file);
    let best: FunctionId[] = [];
    let bestRank = Number.POSITIVE_INFINITY;
    for (const id of ids) {
      const rank = ranks.get(this.functions[id].file) ?? Number.POSITIVE_INFINITY;
      if (rank < bestRank) {
        best = [id];
        bestRank = rank;
      } else if (rank === bestRank && Number.isFinite(rank)) best.push(id);
    }
    if (best.length > 0) return best;
    return this.linked(file, name, ids);
  }

  /**
   * Not seen through includes: linkage and the folder decide. What a header that is seen declares is linked, even if it looks
   * static: the word can be a macro that means `extern` in the usual build. Definitions that are equally near (one for each
   * platform, next to the headers that declare them) are all meant, each in its build.
   */
  private linked(file: string, name: string, ids: readonly FunctionId[]): readonly FunctionId[] {
    const ranks = this.ranksOf(file);
    const headers = (this.declaredIn.get(name) ?? []).filter((header) => ranks.has(header));
    const promises = new Set(headers);
    const linked = ids.filter((id) => {
      const fn = this.functions[id];
      if (!fn.facts.isStatic || isHeader(fn.file)) return true;
      return headers.length > 0 && this.graph.visibleFrom(fn.file).some((seen) => promises.has(seen));
    });
    const distance = (id: FunctionId) =>
      Math.max(...[file, ...headers].map((from) => nearness(from, this.functions[id].file)));
    const distances = new Map(linked.map((id) => [id, distance(id)]));
    const best = Math.max(...distances.values());
    return linked.filter((id) => distances.get(id) === best).slice(0, MAX_PLATFORMS);
  }

  private ranksOf(file: string): ReadonlyMap<string, number> {
    let ranks = this.ranks.get(file);
    if (!ranks) {
      ranks = new Map(this.graph.visibleFrom(file).map((path, i) => [path, i]));
      this.ranks.set(file, ranks);
    }
    return ranks;
  }
}
