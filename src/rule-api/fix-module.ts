/** Finds again the modules that the rules of the family `module` reported, for their fixes. */
import type { ModuleInfo } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { FixRequest } from "./fixing.ts";
import { modulePlace } from "./modules.ts";

/** The module that a finding is about. */
export function moduleAt(project: ProjectContext, request: FixRequest): ModuleInfo | undefined {
  return project.index.modules.find((module) => {
    const { file, start, end } = modulePlace(project, module);
    const isThere = file === request.file && start === request.start && end === request.end;
    return isThere && request.message.includes(`\`${module.name}\``) && module.declared === "no";
  });
}
