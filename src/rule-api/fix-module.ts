/** Fixes of the rules of the family `module`: each finds its module or declaration again and hands it to the builder. */
import { addGilCall } from "../fix/module/call.ts";
import { declareFramework } from "../fix/module/framework.ts";
import { guardDeclaration } from "../fix/module/guard-declaration.ts";
import { addGilSlot, makeSlots } from "../fix/module/slot.ts";
import type { ModuleInfo } from "../project/index-types.ts";
import type { ProjectContext } from "./context.ts";
import type { FixAnswers, FixingContext, FixRequest } from "./fixing.ts";
import { modulePlace } from "./modules.ts";

/** The module that a finding is about. */
function moduleAt(project: ProjectContext, request: FixRequest): ModuleInfo | undefined {
  return project.index.modules.find((module) => {
    const { file, start, end } = modulePlace(project, module);
    const isThere = file === request.file && start === request.start && end === request.end;
    return isThere && request.message.includes(`\`${module.name}\``) && module.declared === "no";
  });
}

/** A row in the module's slots; the array too, if it has none. */
export function fixSlot(request: FixRequest, context: FixingContext): FixAnswers {
  const module = moduleAt(context.project, request);
  if (module === undefined) return [];
  const { slots } = module;
  return [slots === undefined ? makeSlots(context, module) : addGilSlot(context, context.project.index.static(slots))];
}

/** The call on the module that is made. */
export function fixCall(request: FixRequest, context: FixingContext): FixAnswers {
  const module = moduleAt(context.project, request);
  return module === undefined ? [] : [addGilCall(context, module)];
}

/** What the framework has for it. */
export function fixFramework(request: FixRequest, context: FixingContext): FixAnswers {
  const module = moduleAt(context.project, request);
  return module === undefined ? [] : [declareFramework(context, module)];
}

/** The guard around a declaration. */
export function fixGuard({ file, start, end }: FixRequest, context: FixingContext): FixAnswers {
  const tokens = context.project.index.file(file)?.declarationTokens ?? [];
  const token = tokens.find((t) => t.start === start && t.end === end);
  return token === undefined ? [] : [guardDeclaration(context, file, token)];
}
