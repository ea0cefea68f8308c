/** The first pass over a project: what can be read, which language it is, and the macros it defines. */
import type { Problem } from "../ir/facts.ts";
import type { DiscoveredFile } from "../project/discover/discover.ts";
import { buildMacroTable, type FileMacros, type MacroTable } from "../syntax/analyse-file.ts";
import type { Content } from "./content-hash.ts";
import type { FileTask, ReadAnswer } from "./file-stage.ts";
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

/** Problems that may be gone the next time although the file is the same. */
const PASSING: ReadonlySet<string> = new Set(["crash", "unreadable"]);

/** What the first pass said of each file of a project the last time, by path. */
export type Remembered = Map<string, { content: string; explicit: boolean; answer: ReadAnswer }>;

/**
 * Runs the first pass over the files that are not in `remembered` as they are now, and brings `remembered` up to date. `contents` goes
 * with `files`.
 */
export async function macroTableOf(
  stage: Stage,
  files: readonly DiscoveredFile[],
  contents: readonly Content[],
  remembered: Remembered,
  onProgress: (done: number, total: number, file: string) => void,
): Promise<MacroStage> {
  const answers = files.map(({ file, explicit }, i) => {
    const known = remembered.get(file);
    return known?.content === contents[i].hash && known.explicit === explicit ? known.answer : undefined;
  });
  const fresh = answers.flatMap((answer, i) => (answer ? [] : [i]));
  let done = files.length - fresh.length;
  const read = await stage.read(
    fresh.map((i) => files[i]),
    fresh.map((i) => contents[i].size),
    (_, { file }) => onProgress(++done, files.length, file),
  );
  remembered.clear();
  fresh.forEach((i, n) => {
    answers[i] = read[n];
  });
  const result: Omit<MacroStage, "table"> = { tasks: [], sizes: [], encodings: new Map(), problems: [] };
  const macros: FileMacros[] = [];
  answers.forEach((maybe, i) => {
    const answer = maybe!;
    const { file, path, template, explicit } = files[i];
    if (!PASSING.has(answer.problem?.kind ?? "")) remembered.set(file, { content: contents[i].hash, explicit, answer });
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
