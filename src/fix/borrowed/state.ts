/**
 * The ways in which execution can have got to a place, as far as one reference goes: what the lending call gave, whether the new
 * reference is still to be released, and how many references the present code has taken beyond the borrowed one. A set of
 * such ways is a bit mask.
 */

/**
 * `before`: the call has not run. `null`: it gave nothing. `held`: still to be released. `given`: released by an increment that
 * went away. `apart`: still to be released, but the variable of the present code has got another value. `other`: nothing is to be
 * released, and the variable has another value.
 */
export type Status = "before" | "null" | "held" | "given" | "apart" | "other";

/** A set of ways. */
export type Ways = number;

export const NO_WAY: Ways = 0;

const STATUSES: readonly Status[] = ["before", "null", "held", "given", "apart", "other"];
/** Balances from -2 to 2; what lies beyond is kept at the edge. */
const LOWEST = -2;
const STEPS = 5;

export function way(status: Status, balance = 0): Ways {
  const clamped = Math.max(LOWEST, Math.min(LOWEST + STEPS - 1, balance));
  return 1 << (STATUSES.indexOf(status) * STEPS + clamped - LOWEST);
}

export function eachWay(ways: Ways, visit: (status: Status, balance: number) => void): void {
  STATUSES.forEach((status, s) => {
    for (let b = 0; b < STEPS; b++) if (ways & (1 << (s * STEPS + b))) visit(status, b + LOWEST);
  });
}

export function mapWays(ways: Ways, map: (status: Status, balance: number) => Ways): Ways {
  let result = NO_WAY;
  eachWay(ways, (status, balance) => {
    result |= map(status, balance);
  });
  return result;
}

/** Those of the ways that have one of the statuses. */
export function only(ways: Ways, ...statuses: Status[]): Ways {
  return mapWays(ways, (status, balance) => (statuses.includes(status) ? way(status, balance) : NO_WAY));
}

export function has(ways: Ways, status: Status): boolean {
  return only(ways, status) !== NO_WAY;
}

/** True if in one of the ways the new reference is still to be released. */
export function isHeld(ways: Ways): boolean {
  return has(ways, "held") || has(ways, "apart");
}

/** True if in one of the ways the present code has given away a reference that it did not have. */
export function isHandedOn(ways: Ways): boolean {
  let found = false;
  eachWay(ways, (status, balance) => {
    found ||= balance < 0 && (status === "held" || status === "given" || status === "apart");
  });
  return found;
}
