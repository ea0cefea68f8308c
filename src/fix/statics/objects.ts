/** Statics that hold Python objects and are replaced: readers take a strong reference under a lock, writers release after it. */
import type { FixContext, Proposal, Withheld } from "../types.ts";
import { freeListFix } from "./free-list.ts";
import { regionFix } from "./region.ts";
import { isReason, nameOf, type StaticToFix } from "./variable.ts";

/** Answers for a static that holds objects; best first. */
export function objectFixes(context: FixContext, target: StaticToFix): (Proposal | Withheld)[] {
  if (target.accesses.every((a) => a.access.kind === "read")) {
    return [
      { level: "manual", reason: "it is assigned only while the module is initialised", recipe: moduleState(target) },
    ];
  }
  const isOne = target.shape === "object" && !target.variable.facts.array;
  const answer = regionFix(context, isOne ? [target] : [target, ...target.companions]);
  const without = freeListFix(context, [target, ...target.companions]);
  const proposals = [answer, without].filter((a): a is Proposal => !isReason(a));
  if (proposals.length > 0 || !isReason(answer)) return proposals;
  return [{ level: "manual", reason: answer, recipe: recipe(target) }];
}

function moduleState({ variable: { facts } }: StaticToFix): string[] {
  const name = nameOf(facts);
  return [
    `Nothing has to change for threads. For subinterpreters: add a member \`${name}\` to the struct of the module state, and its size to \`m_size\`.`,
    `Assign \`state->${name}\` in the exec function (\`Py_mod_exec\`), visit it in \`m_traverse\` and clear it in \`m_clear\`.`,
    "Get the state by `PyModule_GetState(module)` in module functions, and by `PyType_GetModuleState(defining_class)` or `PyType_GetModuleByDef` in methods and slots of heap types.",
  ];
}

function recipe({ variable: { facts } }: StaticToFix): string[] {
  const name = nameOf(facts);
  return [
    `\`static PyMutex ${name}_mutex;\``,
    `Reading: lock, \`value = Py_XNewRef(${name});\`, unlock; release \`value\` after its last use.`,
    `Replacing: lock, \`old = ${name}; ${name} = Py_NewRef(new);\`, unlock, \`Py_XDECREF(old);\`. The old object is released after unlocking: its destructor can run any code.`,
  ];
}
