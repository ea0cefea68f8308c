/** The macros of a whole project, and which definition a use in one file refers to. */
import type { FileFacts, Language, MacroFacts } from "../../ir/facts.ts";
import type { MacroBody, MacroDef, MacroScope } from "../lower/context.ts";
import { fragment, macroBody } from "./macro-body.ts";

/** What the first pass takes out of one file. */
export interface FileMacros {
  file: string;
  macros: MacroFacts[];
  /** Paths as written in `#include`; without them only direct includes of a file are followed. */
  includes?: string[];
}

/** Plain data: can be sent to worker threads. */
export interface MacroTable {
  /** Definitions by name, ordered by file and offset. */
  defs: Map<string, MacroDef[]>;
  /** Include paths of every file. */
  includes: Map<string, string[]>;
  /** Files by the last component of their path. */
  byBasename: Map<string, string[]>;
  /** Files that include a path ending in this last component. */
  includers: Map<string, string[]>;
}

/** Files including a header that are asked for their macros. */
const MAX_INCLUDERS = 64;

/** A body longer than this is a table of data or a program, not a function to be inlined. */
const MAX_BODY = 40_000;

/** Joins the macros of all files; the order of `files` does not matter. */
export function buildMacroTable(files: FileMacros[]): MacroTable {
  const table: MacroTable = { defs: new Map(), includes: new Map(), byBasename: new Map(), includers: new Map() };
  for (const f of [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))) {
    table.includes.set(f.file, f.includes ?? []);
    for (const path of f.includes ?? []) {
      const users = table.includers.get(basename(path));
      if (!users) table.includers.set(basename(path), [f.file]);
      else if (users[users.length - 1] !== f.file) users.push(f.file);
    }
    const base = basename(f.file);
    const same = table.byBasename.get(base);
    if (same) same.push(f.file);
    else table.byBasename.set(base, [f.file]);
    for (const facts of f.macros) {
      if (facts.body.length > MAX_BODY || isIncludeGuard(facts)) continue;
      const list = table.defs.get(facts.name);
      if (list) list.push({ file: f.file, facts });
      else table.defs.set(facts.name, [{ file: f.file, facts }]);
    }
  }
  return table;
}

export const EMPTY_MACRO_TABLE: MacroTable = {
  defs: new Map(),
  includes: new Map(),
  byBasename: new Map(),
  includers: new Map(),
};

function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isIncludeGuard(facts: MacroFacts): boolean {
  return facts.params === null && facts.body.trim() === "" && (facts.name.endsWith("_H") || facts.name.endsWith("_H_"));
}

function isHeader(file: string): boolean {
  const dot = file.lastIndexOf(".");
  return dot >= 0 && file[dot + 1] === "h";
}

/** The file that `path`, written in `from`, most likely means: the longest common tail wins, then the nearest folder. */
function includedFile(table: MacroTable, from: string, path: string): string | undefined {
  const candidates = table.byBasename.get(basename(path));
  if (!candidates) return undefined;
  const clean = path.split("/").filter((p) => p !== "." && p !== "..");
  let best: string | undefined;
  let bestScore = -1;
  for (const file of candidates) {
    const parts = file.split("/");
    let tail = 0;
    while (tail < clean.length && parts[parts.length - 1 - tail] === clean[clean.length - 1 - tail]) tail++;
    const fromParts = from.split("/");
    let head = 0;
    while (head < parts.length - 1 && parts[head] === fromParts[head]) head++;
    const score = tail * 1000 + head;
    if (score > bestScore) {
      best = file;
      bestScore = score;
    }
  }
  return best;
}

/** Files reached from `file` by `#include`, the file itself first. */
function includeClosure(table: MacroTable, file: string, includes: readonly string[]): Map<string, number> {
  const reached = new Map<string, number>([[file, 0]]);
  const work = [file];
  for (let i = 0; i < work.length && work.length < 5000; i++) {
    const paths = i === 0 ? includes : (table.includes.get(work[i]) ?? []);
    for (const path of paths) {
      const target = includedFile(table, work[i], path);
      if (target === undefined || reached.has(target)) continue;
      reached.set(target, reached.size);
      work.push(target);
    }
  }
  return reached;
}

/** Files that include `file`, directly or not: what they define is visible in it. */
function includersOf(table: MacroTable, file: string): string[] {
  const found = new Set<string>([file]);
  for (const at of found) {
    for (const user of table.includers.get(basename(at)) ?? []) {
      if (found.size < MAX_INCLUDERS && table.includes.get(user)?.some((p) => includedFile(table, user, p) === at)) {
        found.add(user);
      }
    }
  }
  found.delete(file);
  return [...found];
}

/**
 * The macros as `file` sees them: its own (the last before the use), then those of files reached by `#include`, then
 * those of files that include it and of what they include (parts of a module written as `.c` files to be included), then, for function-like macros, the only header of the project that has one of that name.
 */
export function macroScope(
  table: MacroTable,
  file: string,
  own: MacroFacts[],
  includes: FileFacts["includes"],
  language: Language,
): MacroScope {
  const ownByName = new Map<string, MacroDef[]>();
  for (const facts of own) {
    const list = ownByName.get(facts.name);
    if (list) list.push({ file, facts });
    else ownByName.set(facts.name, [{ file, facts }]);
  }
  let closure: Map<string, number> | undefined;
  let around: Set<string> | undefined;
  const foreign = new Map<string, MacroDef | null>();

  const findForeign = (name: string): MacroDef | null => {
    const defs = table.defs.get(name);
    if (!defs) return null;
    closure ??= includeClosure(
      table,
      file,
      includes.map((i) => i.path),
    );
    let best: MacroDef | null = null;
    let bestRank = Number.POSITIVE_INFINITY;
    const headers = new Set<string>();
    let header: MacroDef | null = null;
    for (const def of defs) {
      if (def.file === file) continue;
      const rank = closure.get(def.file);
      if (rank !== undefined && (rank < bestRank || (rank === bestRank && best !== null && better(def, best)))) {
        best = def;
        bestRank = rank;
      }
      if (isHeader(def.file) && def.facts.params !== null) {
        headers.add(def.file);
        header ??= def;
      }
    }
    if (best) return best;
    around ??= new Set(
      includersOf(table, file).flatMap((f) => [...includeClosure(table, f, table.includes.get(f) ?? []).keys()]),
    );
    for (const def of defs) if (def.file !== file && around.has(def.file)) return def;
    return headers.size === 1 ? header : null;
  };

  return {
    resolve(name, offset) {
      const mine = ownByName.get(name);
      if (mine) {
        let best: MacroDef | null = null;
        for (const def of mine) {
          if (def.facts.start >= offset) break;
          // The last one, but not the empty stand-in of another configuration.
          if (best === null || !better(best, def)) best = def;
        }
        if (best) return best;
      }
      let found = foreign.get(name);
      if (found === undefined) {
        found = findForeign(name);
        foreign.set(name, found);
      }
      return found;
    },
    body(macro): MacroBody | null {
      return macroBody(macro.facts, language);
    },
    parse(text): MacroBody | null {
      return fragment(text, language);
    },
  };
}

/** The same macros without those named `calls`, which are calls as they are written. */
export function withCalls(scope: MacroScope, calls: readonly string[] = []): MacroScope {
  if (calls.length === 0) return scope;
  const names = new Set(calls);
  return {
    ...scope,
    resolve: (name, offset) => (names.has(name) ? null : scope.resolve(name, offset)),
    isCall: (name) => names.has(name),
  };
}

/** Of two definitions in one file (for different configurations) the one that does something. */
function better(candidate: MacroDef, current: MacroDef): boolean {
  return substance(candidate.facts) > substance(current.facts);
}

/** 0 for an empty body, 1 for a constant or another form of nothing, 2 for a body that does something. */
function substance(facts: MacroFacts): 0 | 1 | 2 {
  let text = facts.body.replaceAll("\\", " ").trim();
  while (text.startsWith("(") && text.endsWith(")") && text.indexOf(")") === text.length - 1) {
    text = text.slice(1, -1).trim();
  }
  if (text === "") return 0;
  const bare = text.split(" ").join("");
  if (bare === "(void)0" || bare === "((void)0)" || bare === "do{}while(0)" || bare === "{}") return 1;
  for (const c of text) if (!((c >= "0" && c <= "9") || c === "-" || c === "x" || c === "L" || c === "U")) return 2;
  return 1;
}
