/** What defines APIs for Pythons that lack them. */
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext } from "../types.ts";
import { isLacking, sinceOf } from "./available.ts";
import { blockText, definedNames, definitionsText, endOfBlock, placeOfBlock } from "./block.ts";
import { type Builds, type CompatDefinition, definitionOf } from "./definitions.ts";
import { COMPAT_HEADER, Headers, pathTo } from "./headers.ts";

export interface CompatPlan {
  edits: FileEdit[];
  /** Names that cannot be had in a file, as `file\0name`, and why. */
  missing: Map<string, string>;
}

/** The edits that make `needs` (names of APIs and macros, by file) available to the oldest supported Python. */
export function planCompat(context: FixContext, needs: ReadonlyMap<string, ReadonlySet<string>>): CompatPlan {
  const planner = new Planner(context);
  for (const [file, names] of needs) planner.plan(file, names);
  return planner.result();
}

class Planner {
  private readonly context: FixContext;
  private readonly headers: Headers;
  private readonly limited: boolean;
  private readonly edits: FileEdit[] = [];
  private readonly missing = new Map<string, string>();
  /** What the common header has to define. */
  private readonly forHeader = new Set<CompatDefinition>();
  /** Files that need the common header. */
  private readonly users = new Set<FixSource>();

  constructor(context: FixContext) {
    this.context = context;
    this.headers = new Headers(context.project);
    this.limited = usesLimitedApi(context);
  }

  plan(file: string, names: ReadonlySet<string>): void {
    const { project, settings } = this.context;
    const source = this.context.source(file);
    if (source === undefined || project.index.metadataFile(file) !== undefined) return;
    const lacking = this.lacking(file, source, names);
    this.leaveToIncluders(file, lacking);
    if (lacking.size === 0) return;
    if (settings.compat === "none") {
      for (const name of lacking) this.refuse(file, name, "no compatibility definitions are wanted");
      return;
    }
    const wantsHeader = settings.compat === "pythoncapi-compat";
    const mayInclude = !isHeader(file) || this.headers.hasCompat(file);
    // Definitions of its own would meet those of the common header in the files that get both.
    const wouldMeet =
      settings.compat === undefined && this.headers.usesCompat() && this.headers.unitsOf(file).length > 0;
    if (!mayInclude && (wantsHeader || wouldMeet)) {
      for (const name of [...lacking]) {
        if (!wantsHeader && definitionOf(name)?.inHeader !== true) continue;
        this.refuse(file, name, `other projects may include ${file} without ${COMPAT_HEADER}`);
        lacking.delete(name);
      }
    }
    if (wantsHeader || (settings.compat === undefined && mayInclude && this.headers.usesCompat())) {
      this.byHeader(source, lacking);
    }
    this.define(source, lacking);
  }

  result(): CompatPlan {
    const header = this.context.settings.compatHeader;
    if (header !== undefined && this.forHeader.size > 0) this.extendHeader(header);
    return { edits: this.edits, missing: this.missing };
  }

  /** Names that neither the oldest Python has nor the file or one of its headers defines. */
  private lacking(file: string, source: FixSource, names: ReadonlySet<string>): Set<string> {
    const { minPython } = this.context.project.options;
    const lacking = new Set([...names].filter((name) => isLacking(name, minPython, this.limited)));
    if (lacking.size === 0) return lacking;
    const headers = [...this.headers.reachedFrom(file)].filter((h) => !h.endsWith(COMPAT_HEADER));
    for (const from of [source, ...headers.map((h) => this.context.source(h))]) {
      if (from === undefined) continue;
      for (const name of definedNames(from, lacking)) lacking.delete(name);
    }
    return lacking;
  }

  /** Removes from `lacking` what all files that include `file` have defined in front of it; what only some define cannot be had. */
  private leaveToIncluders(file: string, lacking: Set<string>): void {
    const units = lacking.size === 0 ? [] : this.headers.unitsOf(file);
    if (units.length === 0) return;
    for (const name of [...lacking]) {
      // The common header is in front of the file's own code, whoever includes it.
      if (definitionOf(name)?.inHeader && this.headers.hasCompat(file)) continue;
      const defining = units.filter((unit) => this.definesAnywhere(unit, name));
      if (defining.length === 0) continue;
      lacking.delete(name);
      if (units.every((unit) => this.definesInFront(unit, file, name))) continue;
      this.refuse(file, name, `${defining[0]}, which includes ${file}, has a definition of its own`);
    }
  }

  private definesAnywhere(unit: string, name: string): boolean {
    if (definitionOf(name)?.inHeader && this.headers.hasCompat(unit)) return true;
    return [unit, ...this.headers.reachedFrom(unit)].some((f) => this.defines(f, name));
  }

  /** True if the text of `unit` in front of the include that brings `file`, or a header that it includes there, defines the name. */
  private definesInFront(unit: string, file: string, name: string): boolean {
    const source = this.context.source(unit);
    for (const { path, start } of source?.view.includes ?? []) {
      const reached = this.headers.reachedBy(unit, path);
      if (reached.has(file)) return this.defines(unit, name, start);
      if ([...reached].some((f) => this.defines(f, name))) return true;
    }
    return false;
  }

  /** True if the text of a file defines the name, in front of offset `limit`, and not in a compatibility block. */
  private defines(file: string, name: string, limit?: number): boolean {
    const source = this.context.source(file);
    if (source === undefined || !source.text.includes(name) || endOfBlock(source) !== undefined) return false;
    const text = limit === undefined ? source.text : source.text.slice(0, limit);
    return definedNames({ text, language: source.language }, new Set([name])).size > 0;
  }

  /** Takes from pythoncapi_compat.h what it has: the project's copy, which can be old, or else the current one. */
  private byHeader(source: FixSource, lacking: Set<string>): void {
    const copies = this.headers.compatPlaces().map((place) => ({ place, text: this.context.unscanned?.(place) }));
    const own = copies.find((c) => c.text !== undefined);
    const brought =
      own?.text === undefined
        ? [...lacking].filter((name) => definitionOf(name)?.inHeader)
        : [...definedNames({ text: own.text, language: "c" }, lacking)];
    if (brought.length === 0) return;
    if (!this.headers.hasCompat(source.file)) this.include(source, this.headers.compatPath(source.file, own?.place));
    for (const name of brought) lacking.delete(name);
  }

  private define(source: FixSource, names: ReadonlySet<string>): void {
    const definitions = new Set<CompatDefinition>();
    for (const name of names) {
      const definition = definitionOf(name);
      if (definition === undefined) this.refuse(source.file, name, "there is no definition for older ones");
      else definitions.add(definition);
    }
    if (definitions.size === 0) return;
    const header = this.context.settings.compatHeader;
    if (header === undefined || header === source.file) {
      this.extend(source, [...definitions]);
      return;
    }
    for (const definition of definitions) this.forHeader.add(definition);
    this.users.add(source);
    if (!this.headers.reachedFrom(source.file).has(header)) this.include(source, pathTo(source.file, header));
  }

  private refuse(file: string, name: string, why: string): void {
    const since = sinceOf(name);
    const { minPython } = this.context.project.options;
    const exists = since === undefined ? "" : ` exists since ${since},`;
    this.missing.set(`${file}\0${name}`, `\`${name}\`${exists} the project supports 3.${minPython}, and ${why}`);
  }

  private include(source: FixSource, path: string): void {
    const { offset, before, after } = placeOfBlock(source);
    const isAfterInclude = source.view.includes.some((i) => source.nextLine(i.end - 1) === offset);
    const text = `${isAfterInclude ? "" : before}${lineBreakBefore(source, offset)}#include "${path}"\n${after}`;
    this.edits.push({ file: source.file, start: offset, end: offset, text });
  }

  private extend(source: FixSource, definitions: readonly CompatDefinition[]): void {
    const { file } = source;
    const end = endOfBlock(source);
    if (end !== undefined) {
      const text = `\n${styled(source, definitionsText(definitions, this.buildsOf(source)))}`;
      this.edits.push({ file, start: end, end, text });
      return;
    }
    const { offset, before, after } = placeOfBlock(source);
    const block = styled(source, blockText(definitions, this.buildsOf(source)));
    const text = `${lineBreakBefore(source, offset)}${before}${block}${after}`;
    this.edits.push({ file, start: offset, end: offset, text });
  }

  /** A file that asks for the major version is built for Python 2, too; so is what such a file includes. */
  private buildsOf(source: FixSource | undefined): Builds {
    const sources = source === undefined || this.users.size > 0 ? [...this.users] : [source];
    const python2 = sources.some((s) =>
      s.view.conditionals.some((c) => c.branches.some((b) => b.condition.includes("PY_MAJOR_VERSION"))),
    );
    return { limited: this.limited, python2 };
  }

  private extendHeader(header: string): void {
    const source = this.context.source(header);
    const wanted = new Set([...this.forHeader].flatMap((d) => d.names));
    const known = source === undefined ? new Set<string>() : definedNames(source, wanted);
    const definitions = [...this.forHeader].filter((d) => !known.has(d.name));
    if (definitions.length === 0) return;
    if (source !== undefined) {
      this.extend(source, definitions);
      return;
    }
    const guard = guardName(header);
    const block = blockText(definitions, this.buildsOf(undefined));
    const text = `#ifndef ${guard}\n#define ${guard}\n\n#include <Python.h>\n\n${block}\n#endif /* ${guard} */\n`;
    this.edits.push({ file: header, start: 0, end: 0, text });
  }
}

/** A header can be installed, and read where the project's own headers cannot be found. */
function isHeader(file: string): boolean {
  return [".h", ".hh", ".hpp", ".hxx"].some((ending) => file.endsWith(ending));
}

/** A file can end without a line break, after its last include. */
function lineBreakBefore(source: FixSource, offset: number): string {
  const last = source.text[offset - 1];
  return offset === 0 || last === "\n" || last === "\r" ? "" : "\n";
}

/** Indented with tabs if the file is. */
function styled(source: FixSource, text: string): string {
  if (source.indentUnit !== "\t") return text;
  return text
    .split("\n")
    .map((line) => {
      const rest = line.trimStart();
      return "\t".repeat((line.length - rest.length) / 4) + rest;
    })
    .join("\n");
}

function guardName(header: string): string {
  const name = header.slice(header.lastIndexOf("/") + 1);
  return [...name.toUpperCase()].map((c) => (/[A-Z0-9]/.test(c) ? c : "_")).join("");
}

/** True if some build of the project asks for the limited API. */
function usesLimitedApi({ project }: FixContext): boolean {
  const { limitedApi, files } = project.index;
  return limitedApi.length > 0 || files.some((f) => f.macros.some((m) => m.name === "Py_LIMITED_API"));
}
