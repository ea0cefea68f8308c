/** The first pass over a project: what can be read, which language it is, and the macros it defines. */
import type { Problem } from "../ir/facts.ts";
import type { DiscoveredFile } from "../project/discover/discover.ts";
import { buildMacroTable, type FileMacros, type MacroTable } from "../syntax/analyse-file.ts";
import type { FileTask } from "./file-stage.ts";
import { headerLanguages } from "./language.ts";
import type { Stage } from "./pool.ts";

export interface MacroStage {
  /** The files that go into the second pass, and their sizes. */
  tasks: FileTask[];
  sizes: number[];
  table: MacroTable;
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
  const macros: FileMacros[] = [];
  answers.forEach((answer, i) => {
    const { file, path, template } = files[i];
    if (answer.problem) result.problems.push(answer.problem);
    if (answer.hash === "") return;
    result.encodings.set(file, answer.encoding);
    result.tasks.push({ file, path, template, language: answer.language });
    result.sizes.push(answer.bytes);
    macros.push(answer.macros);
  });
  const languages = headerLanguages(
    result.tasks.map(({ file, language }, i) => ({
      file,
      language,
      header: isHeader(file),
      includes: macros[i].includes ?? [],
    })),
  );
  result.tasks.forEach((task, i) => {
    task.language = languages[i];
  });
  return { ...result, table: buildMacroTable(macros) };
}

function isHeader(file: string): boolean {
  return file.endsWith(".h") || file.endsWith(".h.src");
}
