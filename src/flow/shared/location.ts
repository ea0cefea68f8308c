/**
 * Places in memory as short strings, so that they can be compared, hashed and rebased from a callee's parameters onto a
 * caller's arguments by replacing a prefix.
 *
 *     p0            what parameter 0 points to (p-1: `*this`)
 *     @4            the static variable with id 4 of the project index
 *     @lock:name    a lock of the process that is no variable of the project
 *     l7            the automatic variable that is value 7 of the function
 *     f12           an object made in this function (call number 12)
 *     r:name        what a call of `name` returned a pointer to
 *     ?             unknown
 *     X.field       member of X
 *     X*            what the pointer stored at X points to, or the elements of the array X
 */
export type Location = string;

/** Deepest chain of members and pointers that is kept apart; what lies deeper is `unknown`. */
const MAX_STEPS = 7;

export const UNKNOWN: Location = "?";

/** `path` as in `Place.path` of the IR: `a.b`, `items[].key`, `` for the place itself. */
export function member(base: Location, path: string): Location {
  if (path === "" || base === UNKNOWN) return base;
  const steps = path.replaceAll("[]", "*");
  const result = steps.startsWith("*") ? base + steps : `${base}.${steps}`;
  return depth(result) > MAX_STEPS ? UNKNOWN : result;
}

/** What the pointer stored at `at` points to. */
export function pointee(at: Location): Location {
  return at === UNKNOWN || depth(at) >= MAX_STEPS ? UNKNOWN : `${at}*`;
}

function depth(location: Location): number {
  let n = 0;
  for (const c of location) if (c === "." || c === "*") n++;
  return n;
}

/** The root: everything before the first member or pointer step. */
export function rootOf(location: Location): string {
  for (let i = 0; i < location.length; i++) {
    if ((location[i] === "." || location[i] === "*") && i > 0) return location.slice(0, i);
  }
  return location;
}

/** The number of the parameter that `location` hangs on, -1 for `this`, or undefined. */
export function parameterOf(location: Location): number | undefined {
  if (location[0] !== "p") return undefined;
  return Number(rootOf(location).slice(1));
}

/** Id of the static variable that `location` hangs on, or undefined. */
export function staticOf(location: Location): number | undefined {
  const id = location[0] === "@" ? Number(rootOf(location).slice(1)) : Number.NaN;
  return Number.isNaN(id) ? undefined : id;
}

/** True for memory that no other thread can know: an automatic variable itself, or an object made here. */
export function isPrivate(location: Location): boolean {
  if (location[0] === "f") return true;
  return location[0] === "l" && !location.includes("*");
}

/** Puts `location` of a callee, rooted at a parameter, onto what the caller passed for that parameter. */
export function rebase(location: Location, argument: Location): Location {
  const root = rootOf(location);
  if (argument === UNKNOWN) return UNKNOWN;
  const result = argument + location.slice(root.length);
  return depth(result) > MAX_STEPS ? UNKNOWN : result;
}

/**
 * Every split of `location` into an object and a path inside it, innermost object first: an object is a root or
 * something behind a pointer.
 */
export function objectPrefixes(location: Location): { object: Location; path: string }[] {
  const found: { object: Location; path: string }[] = [];
  for (let i = location.length - 1; i > 0; i--) {
    if (location[i] === "." && (location[i - 1] === "*" || !/[.*]/.test(location.slice(1, i)))) {
      found.push({ object: location.slice(0, i), path: location.slice(i + 1) });
    }
  }
  return found;
}

/** The first member named in a path inside an object: `buf.len` and `buf*.x` give `buf`. */
export function firstMember(path: string): string {
  const end = path.search(/[.*]/);
  return end < 0 ? path : path.slice(0, end);
}
