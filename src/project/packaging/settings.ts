/** YAML, TOML and INI files as flat lists of values with their lines. */
import { parse as parseToml } from "smol-toml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from "yaml";
import { LineMap } from "../../text/lines.ts";
import { type KeyPath, TomlPlaces } from "../../text/toml-places.ts";
import type { Setting } from "./types.ts";

/** Values of one file; aliases that name each other by the million end here. */
const MOST_VALUES = 50_000;
const MOST_DEPTH = 64;
/** Longer lines are data: what follows is not looked at. */
const LONGEST_LINE = 2000;

/** A file that is not what its name says. */
export class Malformed extends Error {
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.name = "Malformed";
    this.line = line;
  }
}

/** @throws Malformed for text that is no YAML, and for one whose aliases make it huge. */
export function yamlSettings(file: string, text: string): Setting[] {
  const lineCounter = new LineCounter();
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { lineCounter, uniqueKeys: false, logLevel: "silent" });
  } catch (error) {
    // Lists in lists in lists, deeper than any stack.
    throw new Malformed(error instanceof Error ? error.message : String(error));
  }
  const settings: Setting[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error) throw new Malformed(error.message.split("\n")[0], lineCounter.linePos(error.pos[0]).line);
    const visit = (node: unknown, path: readonly string[]): void => {
      if (settings.length >= MOST_VALUES || path.length > MOST_DEPTH) throw new Malformed("more values than expected");
      if (isAlias(node)) visit(node.resolve(document), path);
      else if (isMap(node)) {
        for (const pair of node.items) {
          const key = keyOf(pair);
          // What is merged belongs to the mapping itself.
          visit(pair.value, key === "<<" ? path : [...path, key]);
        }
      } else if (isSeq(node)) node.items.forEach((item, i) => void visit(item, [...path, String(i)]));
      else if (isScalar(node)) {
        const line = lineCounter.linePos(node.range?.[0] ?? 0).line;
        const comment = (node as Node).comment?.trim();
        const value = node.source ?? String(node.value ?? "");
        const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
        // The text of a block begins in the line after `|`.
        settings.push({
          file,
          line: isBlock ? line + 1 : line,
          path,
          value: String(value),
          ...(comment ? { comment } : {}),
        });
      }
    };
    visit(document.contents, []);
  }
  return settings;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value ?? "") : "";
}

/** @throws Malformed for text that is no TOML. */
export function tomlSettings(file: string, text: string): Setting[] {
  let document: unknown;
  try {
    document = parseToml(text);
  } catch (error) {
    const { line, message } = error as Error & { line?: number };
    throw new Malformed(message.split("\n")[0], line);
  }
  const places = new TomlPlaces(text);
  const lines = LineMap.of(text);
  const settings: Setting[] = [];
  const visit = (value: unknown, path: KeyPath): void => {
    if (Array.isArray(value)) value.forEach((item, i) => void visit(item, [...path, i]));
    else if (typeof value === "object" && value !== null && !(value instanceof Date)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    } else {
      const line = lines.lineOf(places.offsetOf(path));
      settings.push({ file, line, path: path.map(String), value: String(value) });
    }
  };
  visit(document, []);
  return settings;
}

/** Sections, keys and values as `configparser` reads them; each line of a longer value is a setting of its own. */
export function iniSettings(file: string, text: string): Setting[] {
  const settings: Setting[] = [];
  let section = "";
  let key = "";
  text.split(/\r\n|\r|\n/).forEach((raw, i) => {
    const line = i + 1;
    const code = raw
      .slice(0, LONGEST_LINE)
      .replace(/(^|\s)[#;].*$/, "")
      .trimEnd();
    if (code.trim() === "") return;
    const header = /^\[([^\]]+)\]/.exec(code);
    if (header) {
      section = header[1].trim();
      key = "";
      return;
    }
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(code);
    if (pair) {
      key = pair[1];
      if (pair[2] !== "") settings.push({ file, line, path: [section, key], value: pair[2] });
    } else if (/^\s/.test(code) && key !== "") {
      settings.push({ file, line, path: [section, key], value: code.trim() });
    }
  });
  return settings;
}

/** Code of a Python or shell file line by line, without comments. */
export function codeLines(text: string): { line: number; code: string }[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, i) => {
    const code = withoutComment(raw.slice(0, LONGEST_LINE)).trim();
    return code === "" ? [] : [{ line: i + 1, code }];
  });
}

function withoutComment(line: string): string {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote !== "") {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "#" && (i === 0 || /[\s(,;]/.test(line[i - 1]))) return line.slice(0, i);
  }
  return line;
}

/** The commands of a setting line by line, each at its own line. */
export function commandLines(setting: Setting): { line: number; code: string }[] {
  return codeLines(setting.value).map(({ line, code }) => ({ line: setting.line + line - 1, code }));
}
