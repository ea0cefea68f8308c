/** Macros of the project by name, and their bodies with arguments put in. */
import type { Init, MacroFacts } from "../../ir/facts.ts";
import { type FileGraph, isHeader, nearness } from "./files.ts";
import { tokensOf } from "./init-text.ts";
import { FileMemo } from "./memo.ts";

export interface FoundMacro {
  file: string;
  macro: MacroFacts;
}

export class MacroTable {
  private readonly graph: FileGraph;
  private readonly byName = new Map<string, FoundMacro[]>();
  private readonly resolved = new FileMemo<FoundMacro | undefined>();

  constructor(graph: FileGraph) {
    this.graph = graph;
    for (const { file, macros } of graph.files) {
      for (const macro of macros) {
        const list = this.byName.get(macro.name);
        if (list) list.push({ file, macro });
        else this.byName.set(macro.name, [{ file, macro }]);
      }
    }
  }

  /**
   * The definition that `name` has in `file`: its own, else the nearest that it sees, else the nearest header's (include
   * paths of the build are not known).
   */
  resolve(file: string, name: string): FoundMacro | undefined {
    const candidates = this.byName.get(name);
    if (!candidates) return undefined;
    return this.resolved.get(file, name, () => this.choose(file, candidates));
  }

  /** Of several definitions in one file (`#ifndef FOO_METHODDEF` fallbacks) the one with the longest body says most. */
  private choose(file: string, candidates: readonly FoundMacro[]): FoundMacro | undefined {
    const longest = (list: readonly FoundMacro[]) =>
      list.reduce((best, next) => (next.macro.body.length > best.macro.body.length ? next : best));
    const own = candidates.filter((candidate) => candidate.file === file);
    if (own.length > 0) return longest(own);
    for (const seen of this.graph.visibleFrom(file)) {
      const there = candidates.filter((candidate) => candidate.file === seen);
      if (there.length > 0) return longest(there);
    }
    const headers = candidates.filter((candidate) => isHeader(candidate.file));
    if (headers.length === 0) return undefined;
    const best = Math.max(...headers.map((candidate) => nearness(file, candidate.file)));
    return longest(headers.filter((candidate) => nearness(file, candidate.file) === best));
  }
}

/** Text of an initialiser as it would be written. */
export function textOf(init: Init): string {
  switch (init.kind) {
    case "name":
      return init.name;
    case "string":
      return `"${init.text}"`;
    case "other":
      return init.text;
    case "call":
      return `${init.callee}(${init.args.map(textOf).join(", ")})`;
    case "list":
      return `{${init.items.map((item) => (item.designator ? `.${item.designator} = ` : "") + textOf(item.value)).join(", ")}}`;
  }
}

/**
 * Body of a macro with the arguments in the place of its parameters; `##` pastes, `#x` makes a string. Missing arguments
 * are empty, surplus ones go to `__VA_ARGS__`.
 */
export function expandBody(macro: MacroFacts, args: readonly string[]): string {
  if (macro.params === null) return macro.body;
  const { params } = macro;
  const values = new Map(params.map((param, i) => [param, args[i] ?? ""]));
  values.set("__VA_ARGS__", args.slice(params.filter((param) => param !== "...").length).join(", "));
  const tokens = tokensOf(macro.body);
  let result = "";
  for (let i = 0; i < tokens.length; i++) {
    const { text } = tokens[i];
    const next = tokens[i + 1]?.text ?? "";
    if (text === "##") {
      result = result.trimEnd();
      continue;
    }
    if (text === "#" && values.has(next)) {
      result += `"${values.get(next)}" `;
      i++;
      continue;
    }
    result += (values.get(text) ?? text) + (next === "##" ? "" : " ");
  }
  return result;
}
