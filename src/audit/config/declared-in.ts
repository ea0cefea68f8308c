/** What a configuration declares about the project, in the engine's words. */
import type { Declared } from "../../project/declared.ts";
import type { ConfigValues } from "./values.ts";

export function declaredIn(values: ConfigValues): Declared {
  return {
    notSharedTypes: values["not-shared-types"] ?? [],
    locks: values["lock-functions"] ?? [],
    borrowed: (values["borrowed-functions"] ?? []).map(({ name, container = 0, kind = "other" }) => ({
      name,
      container,
      kind,
    })),
    notThreadSafe: values["not-thread-safe"] ?? [],
    entryPoints: (values["entry-points"] ?? []).map(({ function: name, self = 0 }) => ({ function: name, self })),
  };
}
