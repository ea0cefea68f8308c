/** The first pass over a project: what can be read, which language it is, and the macros it defines. */
import type { MacroFacts, Problem } from "../ir/facts.ts";
import type { DiscoveredFile } from "../project/discover/discover.ts";
import { buildMacroTable, type MacroTable } from "../syntax/analyse-file.ts";
import { sha } from "./content-hash.ts";
import type { FileTask } from "./file-stage.ts";
import type { Stage } from "./pool.ts";

export interface MacroStage {
  /** The files that go into the second pass, and their sizes. */
  tasks: FileTask[];
  sizes: number[];
  table: { hash: string; macros: MacroTable };
  /** Encoding by file. */
  encodings: Map<string, string>;
  problems: Problem[];
}

export async function macroTableOf(
  stage: Stage,
  files: readonly DiscoveredFile[],
  sizes: readonly number[],
  onProgress: (done: number, total: number, file: string) => void,
): Promise<MacroStage> {
  let done = 0;
  const answers = await stage.read(files, sizes, (_, { file }) => onProgress(++done, files.length, file));
  const result: Omit<MacroStage, "table"> = { tasks: [], sizes: [], encodings: new Map(), problems: [] };
  const defined: { file: string; macros: MacroFacts[] }[] = [];
  answers.forEach((answer, i) => {
    const { file, path, template } = files[i];
    if (answer.problem) result.problems.push(answer.problem);
    if (answer.hash === "") return;
    result.encodings.set(file, answer.encoding);
    result.tasks.push({ file, path, template, language: answer.language });
    result.sizes.push(answer.bytes);
    if (answer.macros.length > 0) defined.push({ file, macros: answer.macros });
  });
  const hash = sha(JSON.stringify(defined));
  return { ...result, table: { hash, macros: buildMacroTable(defined) } };
}
