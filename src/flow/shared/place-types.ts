/** Types of places, from the layouts of the project's structs. */
import type { ProjectIndex } from "../../project/index-types.ts";
import { type Location, rootOf, staticOf } from "./location.ts";

/** Type of the place `at`, from what is known of the pointers on the way and the layouts of structs; "" if unknown. */
export function typeOfLocation(
  at: Location,
  types: ReadonlyMap<Location, string>,
  file: string,
  index: ProjectIndex,
): string {
  const id = staticOf(at);
  if (id !== undefined) {
    const variable = index.static(id);
    const path = at.slice(rootOf(at).length);
    if (path === "" || path === "*") return path === "" ? variable.facts.type : elementOf(variable.facts.type);
    if (path[0] === ".") return fieldTypeOf(variable.facts.type, path.slice(1), file, index);
  }
  for (let i = at.length - 1; i > 0; i--) {
    if (at[i] !== ".") continue;
    const base = types.get(at.slice(0, i));
    if (base !== undefined) return fieldTypeOf(base, at.slice(i + 1), file, index);
  }
  return "";
}

/** What an array of this type has as elements, or a pointer points to. */
function elementOf(type: string): string {
  const bracket = type.indexOf("[");
  if (bracket >= 0) return type.slice(0, bracket).trim();
  return type.endsWith("*") ? type.slice(0, -1).trim() : "";
}

function fieldTypeOf(type: string, path: string, file: string, index: ProjectIndex): string {
  const struct = index.structOfType(file, type);
  if (struct === undefined) return "";
  const star = path.indexOf("*");
  if (star < 0) return index.fieldType(struct, path);
  const inner = index.fieldType(struct, path.slice(0, star));
  const rest = path.slice(star + 1);
  if (rest === "") return inner.replace(/\*\s*$/, "").trim();
  return rest[0] === "." ? fieldTypeOf(inner, rest.slice(1), file, index) : "";
}
