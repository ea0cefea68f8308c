/** Calls that lend a reference: the C API's, and those that the project declares. */
import { type BorrowedApi, type BorrowedRule, borrowedApi, borrowedNames } from "../capi/borrowed.ts";
import type { Declared, DeclaredBorrow } from "../project/declared.ts";
import type { ProjectContext } from "./context.ts";

/** An API that lends a reference, documented or declared. */
export type LendingApi = Omit<BorrowedApi, "source">;

const memo = new WeakMap<Declared, ReadonlyMap<string, LendingApi>>();

/** What is known of a call that lends a reference; undefined if it lends none. */
export function lendingApi({ declared }: ProjectContext, name: string): LendingApi | undefined {
  return borrowedApi(name) ?? declaredApis(declared).get(name);
}

/** Names of calls that `rule` has to look at. */
export function lendingNames({ declared }: ProjectContext, rule: BorrowedRule): ReadonlySet<string> {
  const own = [...declaredApis(declared).values()].filter((api) => api.rule === rule).map((api) => api.name);
  return own.length === 0 ? borrowedNames(rule) : new Set([...borrowedNames(rule), ...own]);
}

/** True if the project declares `name` as a call that `rule` has to look at. */
export function isDeclaredLending(declared: Declared, name: string, rule: BorrowedRule): boolean {
  return declaredApis(declared).get(name)?.rule === rule;
}

function declaredApis(declared: Declared): ReadonlyMap<string, LendingApi> {
  let apis = memo.get(declared);
  if (apis === undefined) {
    apis = new Map(declared.borrowed.map((row) => [row.name, apiOf(row)]));
    memo.set(declared, apis);
  }
  return apis;
}

function apiOf({ name, container, kind }: DeclaredBorrow): LendingApi {
  return {
    name,
    owner: kind !== "other" ? kind : container < 0 ? "static" : "argument",
    containerArg: container,
    outArgs: [],
    hazard: "if-shared",
    why: "the project's configuration says so, and another thread can free the object",
    rule: kind === "list" ? "borrowed-list-item" : kind === "dict" ? "borrowed-dict-item" : "borrowed-other",
    replacements: [],
    onNull: "absent-or-exception",
  };
}
