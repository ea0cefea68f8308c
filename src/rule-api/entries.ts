/** How Python code reaches a function, as a step of the evidence. */
import type { FunctionContext } from "./context.ts";
import type { EvidenceStep } from "./types.ts";

/** The nearest entry point from which `fn` is reached, and the way; undefined if the scan shows none. */
export function entryStep(fn: FunctionContext): EvidenceStep | undefined {
  const { index } = fn.project;
  const entryFunction = index.entryFunctionsReaching(fn.id).find((id) => !index.isInitOnly(id));
  if (entryFunction === undefined) return undefined;
  const [entry] = index.entriesOf(entryFunction);
  if (entry === undefined) return undefined;
  const path = entryFunction === fn.id ? [] : index.callPath(entryFunction, fn.id);
  const through =
    path.length > 2
      ? `, through ${path
          .slice(1, -1)
          .map((id) => `\`${index.functions[id].name}\``)
          .join(", ")}`
      : "";
  const text =
    entryFunction === fn.id
      ? `any thread can get here: \`${entry.name}\` is called from Python`
      : `any thread can get here from \`${entry.name}\` (\`${index.functions[entryFunction].name}\`)${through}`;
  return { file: entry.file, start: entry.start, end: entry.end, text };
}
