/** The form of a lending call that gives its reference through an out parameter. */
import { type BorrowedApi, type Replacement, usableReplacement } from "../../../capi/borrowed.ts";

/** What a NULL result of the old call, and of the new variable, says. */
export interface OutForm {
  /** Name of the old call. */
  old: string;
  /** Name of the call that replaces it. */
  api: string;
  /** How many arguments of the old call the new one takes before the address of the variable. */
  keeps: number;
  /** The old call dropped errors; the new one reports them with its status. */
  swallows: boolean;
  /** The old call gave `Py_None` for a dead target, the new one NULL. */
  deadIsNone: boolean;
  /** The key is C text, which always can be hashed. */
  takesText: boolean;
  /** A missing key is inserted. */
  inserts: boolean;
  /** The old call could not fail: an error of the new one means a broken caller. */
  unchecked: boolean;
}

/** Identifiers of the old private kind are no objects: the new call cannot take them. */
const TAKES_IDENTIFIER: ReadonlySet<string> = new Set([
  "_PyDict_GetItemId",
  "_PyDict_GetItemIdWithError",
  "_PySys_GetObjectId",
]);

/** New calls whose key is C text. */
const TAKES_TEXT: ReadonlySet<string> = new Set(["PyDict_GetItemStringRef", "PySys_GetOptionalAttrString"]);

/**
 * The out-parameter form of `api` for code that is built for Python 3.`minPython`; a text says why there is none. `ownDefinitions`: older
 * Pythons get it from definitions of ours, which do not have the race that those of pythoncapi-compat have.
 */
export function outForm(
  api: Pick<BorrowedApi, "name" | "replacements" | "onNull">,
  minPython: number,
  ownDefinitions: boolean,
): OutForm | string {
  const { name } = api;
  if (TAKES_IDENTIFIER.has(name)) return `the key of \`${name}\` is no object: it has to be made one first`;
  const usable = usableReplacement(api, minPython)?.replacement;
  const replacement = usable?.gives !== "status" && ownDefinitions ? racing(api) : usable;
  if (replacement?.gives !== "status" || replacement.outArg === undefined) return `\`${name}\` has no such form`;
  return {
    old: name,
    api: replacement.api,
    keeps: replacement.outArg,
    swallows: replacement.differences.includes("errors-now-raised"),
    deadIsNone: replacement.differences.includes("dead-is-status-not-none"),
    takesText: TAKES_TEXT.has(replacement.api),
    inserts: replacement.differences.includes("status-tells-inserted"),
    unchecked: api.onNull === "never" || api.onNull === "unchecked",
  };
}

/** The form that pythoncapi-compat has with a race. */
function racing({ replacements }: Pick<BorrowedApi, "replacements">): Replacement | undefined {
  return replacements.find((r) => r.gives === "status" && r.differences.includes("shim-still-races"));
}
