/** Modules made by frameworks: C++ binding macros, and the sources and build files of generators. */
import type { Symbols } from "../index/symbols.ts";
import type { ModuleInfo } from "../index-types.ts";
import { bindingModule } from "./bindings.ts";
import { cythonModules } from "./cython.ts";
import { f2pyModules, sipModules, swigModules } from "./generators.ts";
import type { Metadata } from "./metadata.ts";
import { rustModules } from "./rust-modules.ts";

/** Modules of all frameworks; those of C++ first, the others by framework and file. `metadata` is sorted by file. */
export function frameworkModules(symbols: Symbols, metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  for (const facts of symbols.graph.files) {
    for (const use of facts.frameworkUses) {
      const module = bindingModule(symbols, facts, use, metadata);
      if (module) modules.push(module);
    }
  }
  return [
    ...modules,
    ...cythonModules(metadata),
    ...f2pyModules(metadata),
    ...swigModules(metadata),
    ...sipModules(metadata),
    ...rustModules(metadata),
  ];
}
