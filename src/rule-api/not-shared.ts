/** Types of which the project says that two threads never use one instance at once. */
import type { StructId } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";

const memo = new WeakMap<ProjectContext, ReadonlySet<StructId>>();

/** True if the struct was named so itself, by its tag or a typedef, or through the variable of its type object or spec. */
export function isNotShared(project: ProjectContext, struct: StructId): boolean {
  if (project.declared.notSharedTypes.length === 0) return false;
  let structs = memo.get(project);
  if (structs === undefined) {
    structs = collect(project);
    memo.set(project, structs);
  }
  return structs.has(struct);
}

function collect({ index, declared }: ProjectContext): ReadonlySet<StructId> {
  const names = new Set(declared.notSharedTypes);
  const found = new Set<StructId>();
  for (const { id, name, facts } of index.structs) {
    if ([name, facts.tag, ...facts.typedefs].some((n) => names.has(n))) found.add(id);
  }
  for (const { struct, variable, typeObject } of index.types) {
    const own = typeObject === undefined ? variable : index.static(typeObject).facts.name;
    if (struct !== undefined && (names.has(variable) || names.has(own))) found.add(struct);
  }
  return found;
}
