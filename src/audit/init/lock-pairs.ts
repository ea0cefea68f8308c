/** Functions that look like the two halves of a lock, by name and use, and whose meaning the audit does not know. */
import { lockCall } from "../../capi/locks.ts";
import type { ProjectContext } from "../../rule-api/context.ts";

export interface LockPair {
  lock: string;
  unlock: string;
  /** 0 if the call names what is locked; undefined if it has no argument. */
  argument?: number;
  /** Functions that call both. */
  functions: number;
}

const WORDS: [string, string][] = [
  ["lock", "unlock"],
  ["acquire", "release"],
  ["enter", "leave"],
  ["enter", "exit"],
];
const STYLES: ((word: string) => string)[] = [
  (word) => word,
  (word) => word[0].toUpperCase() + word.slice(1),
  (word) => word.toUpperCase(),
];
const PAIRS = WORDS.flatMap(([a, b]) => STYLES.map((style): [string, string] => [style(a), style(b)]));

/** CPython's own names are known, or not about locks of the project. */
const CPYTHON = /^_?Py/;
/** Memory that must not move, pixels that are to be read: no other thread waits for these. */
const NO_LOCKS = /^(Global|Local)Lock$|^SDL_Lock(Surface|Texture)/;
/** Calls of which one is a lock are common, pairs are not: one function is no habit. */
const ENOUGH = 2;
const MOST = 5;
const DEPTH = 3;

/** Most used first. */
export function unknownLockPairs(project: ProjectContext): LockPair[] {
  const { functions } = project.index;
  const users = new Map<string, { lock: string; unlock: string; ids: number[] }>();
  for (const { id, facts } of functions) {
    const calls = new Set(facts.calls);
    for (const lock of calls) {
      for (const unlock of twinsOf(lock)) {
        if (!calls.has(unlock)) continue;
        const pair = users.get(lock) ?? { lock, unlock, ids: [] };
        pair.ids.push(id);
        users.set(lock, pair);
        break;
      }
    }
  }
  return [...users.values()]
    .filter(({ lock, unlock, ids }) => ids.length >= ENOUGH && isUnknown(project, lock) && isUnknown(project, unlock))
    .sort((a, b) => b.ids.length - a.ids.length || (a.lock < b.lock ? -1 : 1))
    .slice(0, MOST)
    .map(({ lock, unlock, ids }) => ({
      lock,
      unlock,
      ...(hasArgument(project, ids[0], lock) ? { argument: 0 } : {}),
      functions: ids.length,
    }));
}

/** `conn_unlock` for `conn_lock`; nothing for names that say nothing of locks, or too little (`lock` of any C++ class). */
export function twinsOf(name: string): string[] {
  if (!mayBeLock(name) || !/^\w+$/.test(name)) return [];
  return PAIRS.flatMap(([from, to]) => {
    const at = name.indexOf(from);
    if (at < 0 || name === from) return [];
    const before = name[at - 1] ?? "_";
    const after = name[at + from.length] ?? "_";
    const begins = from[0] === from[0].toUpperCase() ? !/[A-Z]/.test(before) : !/[a-zA-Z]/.test(before);
    const ends = /[A-Z]{2}/.test(from) ? !/[A-Z]/.test(after) : !/[a-z]/.test(after);
    return begins && ends ? [name.slice(0, at) + to + name.slice(at + from.length)] : [];
  });
}

/** True for a function from elsewhere, and for one of the project that leads to such a lock: others are seen through. */
function isUnknown(project: ProjectContext, name: string, depth = DEPTH): boolean {
  const ids = project.index.functionsNamed(name);
  return ids.every((id) => {
    if (depth === 0) return false;
    const { calls } = project.index.functions[id].facts;
    return calls.some(
      (callee) =>
        callee !== name &&
        mayBeLock(callee) &&
        /lock|mutex|acquire|release/i.test(callee) &&
        isUnknown(project, callee, depth - 1),
    );
  });
}

function mayBeLock(name: string): boolean {
  return !CPYTHON.test(name) && !NO_LOCKS.test(name) && lockCall(name) === undefined;
}

function hasArgument(project: ProjectContext, id: number, name: string): boolean {
  const { ir } = project.functionContext(id);
  return ir.blocks.some((b) => b.instrs.some((i) => i.op === "call" && i.callee === name && i.args.length > 0));
}
