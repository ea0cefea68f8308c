/** The functions that the per-file stage lowers, held against those of ctags. */
import type { Language } from "../../src/ir/facts.ts";
import { analyseFile, buildMacroTable, collectFileMacros, type MacroTable } from "../../src/syntax/analyse-file.ts";
import { LineMap } from "../../src/text/lines.ts";
import type { SourceText } from "../../src/text/source.ts";
import type { Tag } from "./parse-ctags.ts";

const TARGET = "3.14";

export interface SourceFile {
  path: string;
  source: SourceText;
  language: Language;
  template: boolean;
}

export interface Lowered {
  count: number;
  withUnknown: number;
  /** A lowered function has the tag's name, or its head includes the tag's line (names made by pasting differ). */
  has(tag: Tag): boolean;
}

export class Lowering {
  private readonly macros: MacroTable;

  constructor(files: SourceFile[]) {
    this.macros = buildMacroTable(files.map((f) => collectFileMacros(f.source, { ...f, target: TARGET })));
  }

  functions({ source, language, template }: SourceFile): Lowered {
    const { functions } = analyseFile(source, { language, template, target: TARGET, macros: this.macros });
    const lines = LineMap.of(source.text);
    const names = new Set(functions.map((f) => f.name.slice(f.name.lastIndexOf(":") + 1)));
    const heads = functions
      .filter((f) => !f.instantiated)
      .map((f) => ({ first: lines.lineOf(f.start), last: lines.lineOf(f.bodyStart) }));
    return {
      count: functions.length,
      withUnknown: functions.filter((f) => f.unknowns > 0).length,
      has: (tag) => names.has(tag.name) || heads.some((h) => tag.line >= h.first && tag.line <= h.last),
    };
  }
}
