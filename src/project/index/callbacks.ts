/** Functions of the project that are handed over as values: to APIs that call back, into tables, into variables. */
import { type CallbackTaker, callbackTaker, takesConverters } from "../../capi/callbacks.ts";
import { ONCE_CALLS } from "../../capi/locks.ts";
import type { Entry, FunctionId, IndexedStatic, StaticId } from "../index-types.ts";
import { collectNames } from "./init-text.ts";
import type { Tracker } from "./modules.ts";
import type { Symbols } from "./symbols.ts";

export interface FunctionValue {
  /** Who mentions it; undefined in the initialiser of a static. */
  from?: FunctionId;
  static?: StaticId;
  to: FunctionId;
  /** The API it is given to, where it is known. */
  taker?: CallbackTaker["kind"];
  api?: string;
  file: string;
  start: number;
  end: number;
}

/** Roles of statics whose functions the tables of entries already explain. */
const EXPLAINED: ReadonlySet<IndexedStatic["role"]> = new Set([
  "type-object",
  "type-spec",
  "type-slots",
  "method-table",
  "getset-table",
  "member-table",
  "protocol-table",
  "module-def",
  "module-slots",
]);

/** Every mention of a function as a value, tables of Python left out. */
export function functionValues(symbols: Symbols, tracker: Tracker): FunctionValue[] {
  const values: FunctionValue[] = [];
  const { functions } = symbols.functions;
  for (const fn of functions) {
    const mentioned = new Map<FunctionId, string>();
    for (const name of fn.facts.reads) {
      if (symbols.statics.mentioned(fn, name) !== undefined) continue;
      for (const id of symbols.functions.candidates(fn.file, name)) mentioned.set(id, name);
    }
    if (mentioned.size === 0) continue;
    const file = fn.facts.instantiated?.file ?? fn.file;
    const given = new Set<FunctionId>();
    const names = tracker(fn.id);
    for (const call of names.calls()) {
      call.args.forEach((arg, i) => {
        for (const name of names.namesOf(arg)) {
          for (const to of mentioned.has(symbols.functions.resolve(fn.file, name) ?? -1)
            ? symbols.functions.candidates(fn.file, name)
            : []) {
            given.add(to);
            const { start, end, callee } = call;
            values.push({ from: fn.id, to, taker: takerKind(callee, i), api: callee, file, start, end });
          }
        }
      });
    }
    for (const to of mentioned.keys()) {
      if (!given.has(to)) values.push({ from: fn.id, to, file, start: fn.facts.nameStart, end: fn.facts.nameEnd });
    }
  }
  for (const entry of symbols.statics.statics) {
    if (EXPLAINED.has(entry.role) || !entry.facts.init) continue;
    for (const to of functionsInStatic(symbols, entry)) {
      values.push({ static: entry.id, to, file: entry.file, start: entry.facts.nameStart, end: entry.facts.nameEnd });
    }
  }
  return values;
}

function functionsInStatic(symbols: Symbols, entry: IndexedStatic): Set<FunctionId> {
  const found = new Set<FunctionId>();
  const { init } = entry.facts;
  if (!init || init.kind === "string") return found;
  const names = new Set<string>();
  collectNames(init, names);
  for (const word of names) {
    for (const id of symbols.functions.candidates(entry.file, word)) found.add(id);
  }
  return found;
}

function takerKind(callee: string, arg: number): CallbackTaker["kind"] | undefined {
  const taker = callbackTaker(callee);
  if (taker?.arg === arg) return taker.kind;
  if (ONCE_CALLS.get(callee) === arg) return "once";
  return takesConverters(callee) ? "converter" : undefined;
}

/** Callbacks as entries: the ones that somebody calls at a time of their own. */
export function callbackEntries(symbols: Symbols, values: readonly FunctionValue[]): Entry[] {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  for (const { to, taker, api, file, start, end } of values) {
    const isFramework = api !== undefined && isBinding(api);
    if ((taker === undefined && !isFramework) || taker === "sort" || taker === "once") continue;
    const key = `${to} ${api}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const kind = isFramework ? "framework" : taker === "capsule-destructor" ? "capsule-destructor" : "callback";
    entries.push({
      ...(isFramework ? instanceOf(symbols, to) : {}),
      function: to,
      kind,
      name: api ?? "",
      convention: "other",
      selfParam: -1,
      argsParam: -1,
      kwargsParam: -1,
      objectParams: [],
      exclusivity: kind === "capsule-destructor" ? "dying" : "shared",
      file,
      start,
      end,
    });
  }
  return entries;
}

/** `&Tank::fill` bound to Python: the object is the C++ instance. */
function instanceOf(symbols: Symbols, fn: FunctionId): Pick<Entry, "thisIsSelf" | "struct"> {
  const { name, file, facts } = symbols.functions.functions[fn];
  const at = name.lastIndexOf("::");
  if (at < 0 || name.includes("#") || facts.isStatic) return {};
  const struct = symbols.structs.structNamed(file, name.slice(0, at));
  return struct === undefined ? {} : { thisIsSelf: true, struct };
}

/** `m.def(...)`, `cls.def_property(...)`, `.def_readwrite(...)` of the C++ frameworks. */
function isBinding(api: string): boolean {
  const name = api.slice(Math.max(api.lastIndexOf("."), api.lastIndexOf(":"), api.lastIndexOf(">")) + 1);
  return name === "def" || name.startsWith("def_");
}
