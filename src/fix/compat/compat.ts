/** What defines APIs for Pythons that lack them. */
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext } from "../types.ts";
import { isLacking, sinceOf } from "./available.ts";
import { blockText, definedNames, definitionsText, endOfBlock, placeOfBlock } from "./block.ts";
import { type CompatDefinition, definitionOf } from "./definitions.ts";
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
    if (lacking.size === 0) return;
    if (settings.compat === "none") {
      for (const name of lacking) this.refuse(file, name, "no compatibility definitions are wanted");
      return;
    }
    const wantsHeader = settings.compat === "pythoncapi-compat";
    if (wantsHeader || (settings.compat === undefined && this.headers.usesCompat())) this.byHeader(source, lacking);
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
      const text = `\n${styled(source, definitionsText(definitions, this.limited))}`;
      this.edits.push({ file, start: end, end, text });
      return;
    }
    const { offset, before, after } = placeOfBlock(source);
    const block = styled(source, blockText(definitions, this.limited));
    const text = `${lineBreakBefore(source, offset)}${before}${block}${after}`;
    this.edits.push({ file, start: offset, end: offset, text });
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
    const block = blockText(definitions, this.limited);
    const text = `#ifndef ${guard}\n#define ${guard}\n\n#include <Python.h>\n\n${block}\n#endif /* ${guard} */\n`;
    this.edits.push({ file: header, start: 0, end: 0, text });
  }
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
