/** Version specifiers, as far as a plan asks: from where, up to where. */

/** Major and minor as one number that compares. */
export type Ordinal = number;

export interface Bounds {
  /** Undefined if any old version will do. */
  lower?: Ordinal;
  /** The first version that is too new; undefined if any new one will do. */
  below?: Ordinal;
}

export function ordinal(major: number, minor: number): Ordinal {
  return major * 1000 + minor;
}

/** Bounds of a PEP 440 specifier, or of Poetry's and Cargo's `^1.2`; patch versions are ignored. */
export function boundsOf(specifier: string): Bounds {
  const bounds: Bounds = {};
  for (const clause of specifier.split(",")) {
    const match = /^\s*(>=|<=|~=|===?|!=|>|<|\^|~)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(clause);
    if (!match) continue;
    const [, operator = "==", major, minor = "0", patch] = match;
    const at = ordinal(Number(major), Number(minor));
    const isStart = patch === undefined || patch === "0";
    if (operator === "!=") continue;
    if (operator === "<") bounds.below = Math.min(bounds.below ?? Number.POSITIVE_INFINITY, isStart ? at : at + 1);
    else if (operator === "<=") bounds.below = Math.min(bounds.below ?? Number.POSITIVE_INFINITY, at + 1);
    else bounds.lower = Math.max(bounds.lower ?? 0, at);
    const end = endOf(operator, Number(major), Number(minor), patch !== undefined);
    if (end !== undefined) bounds.below = Math.min(bounds.below ?? Number.POSITIVE_INFINITY, end);
  }
  return bounds;
}

function endOf(operator: string, major: number, minor: number, hasPatch: boolean): Ordinal | undefined {
  if (operator.startsWith("==") || operator === "~") return ordinal(major, minor + 1);
  if (operator === "~=") return hasPatch ? ordinal(major, minor + 1) : ordinal(major + 1, 0);
  if (operator === "^") return major > 0 ? ordinal(major + 1, 0) : ordinal(0, minor + 1);
  return undefined;
}
