/** The reporters by the name that `--format` takes. */
import type { Reporter } from "./reporter.ts";

/** Each is loaded when it is asked for: a text report should not wait for the others. */
const LOADERS = {
  text: () => import("./text.ts"),
  concise: () => import("./concise.ts"),
  json: () => import("./json.ts"),
  jsonl: () => import("./jsonl.ts"),
  sarif: () => import("./sarif.ts"),
  github: () => import("./github.ts"),
  gitlab: () => import("./gitlab.ts"),
  junit: () => import("./junit.ts"),
  markdown: () => import("./markdown.ts"),
  html: () => import("./html/html.ts"),
} satisfies Record<string, () => Promise<{ reporter: Reporter }>>;

export type Format = keyof typeof LOADERS;

/** In the order of the help; the first is the default. */
export const FORMATS = Object.keys(LOADERS) as Format[];

export async function loadReporter(format: Format): Promise<Reporter> {
  return (await LOADERS[format]()).reporter;
}
