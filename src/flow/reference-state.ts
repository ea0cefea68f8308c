/** What is followed of one reference: the ways in which execution can have got to a point, and what is told of them. */
import type { ValueId } from "../ir/types.ts";
import type { Point } from "../ir/visit.ts";
import type { Sign } from "./branch-test.ts";

export interface ReferenceEvent {
  point: Point;
  start: number;
  end: number;
  text: string;
}

export interface ReferenceReport {
  /** `unknown` if something is not understood or the solver gave up. */
  verdict: "balanced" | "unbalanced" | "unknown";
  /** Where the reference is lost: returns (or a new round of a loop) with it still owned. */
  leaks: ReferenceEvent[];
  /** Releases, moves and returns of a reference that the function does not own at that point. */
  overReleases: ReferenceEvent[];
  /** Uses after the function gave up its last reference. */
  usesAfterRelease: ReferenceEvent[];
  releases: ReferenceEvent[];
  /** Stored, stolen or returned: the reference has another owner. */
  moves: ReferenceEvent[];
  /** What was not understood. */
  doubts: ReferenceEvent[];
}

/** One way in which execution can have got here. */
export interface State {
  /** `null`: the call gave nothing. */
  phase: "null" | "alive";
  /** Values that hold it, ascending. */
  holders: readonly ValueId[];
  owned: number;
  /** The function gave up its last reference. */
  released: boolean;
  /** Known signs of results that came with the object. */
  signs: readonly (readonly [ValueId, Sign])[];
}

export type Fact = ReadonlyMap<string, State>;

/** More ways than this at one point are not told apart. */
export const MAX_STATES = 64;
/** Counts beyond this are loops that acquire without bound. */
export const MAX_OWNED = 4;

export const ALIVE: State = { phase: "alive", holders: [], owned: 0, released: false, signs: [] };

/** What is known of one object at a point, over all ways there. */
export interface ReferenceState {
  /** The object is there, and the function owns a reference to it. */
  owned: boolean;
  /** It is there, and the function owns none. */
  unowned: boolean;
  /** The call gave nothing. */
  nothing: boolean;
  /** Variables that hold it in all ways in which it is owned. */
  holders: readonly ValueId[];
}

export function withSign(signs: State["signs"], value: ValueId, sign: Sign): State["signs"] {
  const others = signs.filter(([v]) => v !== value);
  return [...others, [value, sign] as const].sort(([a], [b]) => a - b);
}

export function factOf(states: readonly State[]): Fact {
  const fact = new Map<string, State>();
  for (const state of states) {
    const signs = state.signs.map(([value, sign]) => `${value}${sign[0]}`).join();
    fact.set(`${state.phase}|${state.holders.join()}|${state.owned}|${state.released}|${signs}`, state);
  }
  return fact;
}

/** The object is not there, or nothing is left to be done with it. */
export const NOTHING: Fact = new Map();
