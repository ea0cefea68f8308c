/** Facts of a text given in a test. */
import type { FileFacts, Language } from "../../../src/ir/facts.ts";
import { analyseFile, buildMacroTable, collectFileMacros } from "../../../src/syntax/analyse-file.ts";
import { decodeSource } from "../../../src/text/source.ts";

/** Analyses `text` as the file `name`; `others` are further files of the project, for their macros. */
export function analyseText(text: string, name: string, others: Record<string, string> = {}): FileFacts {
  const language: Language = name.endsWith(".cpp") ? "cpp" : "c";
  const source = (content: string, file: string) => {
    const decoded = decodeSource(Buffer.from(content), file);
    if ("problem" in decoded) throw new Error(decoded.problem.message);
    return decoded;
  };
  const options = { language, target: "3.14" as const };
  const files = [source(text, name), ...Object.entries(others).map(([file, content]) => source(content, file))];
  const macros = buildMacroTable(files.map((f) => collectFileMacros(f, options)));
  return analyseFile(files[0], { ...options, macros });
}
