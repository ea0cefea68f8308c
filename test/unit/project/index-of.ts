/** The index of a small project given as texts. */
import type { Language } from "../../../src/ir/facts.ts";
import { buildIndex } from "../../../src/project/index.ts";
import type { ProjectIndex } from "../../../src/project/index-types.ts";
import { analyseFile, buildMacroTable, collectFileMacros } from "../../../src/syntax/analyse-file.ts";
import { initGrammar } from "../../../src/syntax/parse.ts";
import { decodeSource } from "../../../src/text/source.ts";

const CPP = [".cpp", ".hpp", ".cc"];

/** Files by name; names that no C or C++ file has are metadata. */
export async function indexOf(files: Record<string, string>): Promise<ProjectIndex> {
  const metadata: { file: string; text: string }[] = [];
  const sources = [];
  for (const [file, text] of Object.entries(files)) {
    if (!/\.(?:c|h|cpp|hpp|cc)(?:\.src)?$/.test(file)) {
      metadata.push({ file, text });
      continue;
    }
    const source = decodeSource(Buffer.from(text), file);
    if ("problem" in source) throw new Error(source.problem.message);
    const language: Language = CPP.some((extension) => file.endsWith(extension)) ? "cpp" : "c";
    sources.push({ source, options: { language, target: "3.14" as const, template: file.endsWith(".src") } });
  }
  await initGrammar("c");
  await initGrammar("cpp");
  const macros = buildMacroTable(sources.map(({ source, options }) => collectFileMacros(source, options)));
  const facts = sources.map(({ source, options }) => analyseFile(source, { ...options, macros }));
  return buildIndex(facts, { metadata });
}

/** Id of the only function of this name. */
export function fn(index: ProjectIndex, name: string): number {
  const ids = index.functionsNamed(name);
  if (ids.length !== 1) throw new Error(`${ids.length} functions are called ${name}`);
  return ids[0];
}

/** `kind name` of every way into a function. */
export function ways(index: ProjectIndex, name: string): string[] {
  return index.entriesOf(fn(index, name)).map((entry) => `${entry.kind} ${entry.name}`);
}
