/** The `#if` around a declaration, so that Pythons without it do not see it. */
import type { FixSource } from "../source.ts";
import type { FixContext } from "../types.ts";

const SLOT_SINCE = 13;
const BY_BUILD = "#ifdef Py_GIL_DISABLED";
const BY_VERSION = "#if PY_VERSION_HEX >= 0x030D0000";

/**
 * The line that opens the guard of a `Py_mod_gil` slot; undefined if every supported Python has the slot. Follows the slots of later
 * versions that the file guards by version; under the limited API only the build tells whether the slot is there.
 */
export function slotGuard(context: FixContext, source: FixSource): string | undefined {
  const { project } = context;
  if (project.options.minPython >= SLOT_SINCE && project.options.minPythonKnown !== false) return undefined;
  const isLimited = project.index.limitedApi.length > 0 || source.view.macros.some((m) => m.name === "Py_LIMITED_API");
  return !isLimited && guardsSlotsByVersion(source) ? BY_VERSION : BY_BUILD;
}

/** The guard of `PyUnstable_Module_SetGIL`, which only free-threaded builds have. */
export const CALL_GUARD = BY_BUILD;

/** True if another slot of later versions is written under a condition on the version. */
function guardsSlotsByVersion(source: FixSource): boolean {
  return source.view.conditionals.some(({ branches: [first] }) => {
    if (!first.condition.startsWith("PY_VERSION_HEX >= 0x030")) return false;
    const body = source.text.slice(first.bodyStart, first.end);
    return body.includes("Py_mod_multiple_interpreters") || body.includes("Py_mod_gil");
  });
}
