/** Makes the preprocessor view of a source text. */
import type { View, ViewOptions } from "./types.ts";

/** The view of `text` under `options`; never throws. */
export function makeView(text: string, _options: ViewOptions): View {
  return {
    text,
    macros: [],
    includes: [],
    conditionals: [],
    dead: [],
    deadBytes: 0,
    comments: [],
    objectHeads: [],
    problems: [],
  };
}
