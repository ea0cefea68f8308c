/** The oldest Python that a project says it supports, from its packaging metadata. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { LineMap } from "../../text/lines.ts";
import { type KeyPath, TomlPlaces } from "../../text/toml-places.ts";
import { foldersUpwards } from "./find.ts";

/** Older ones say nothing more: no extension that supports them can be built for a free-threaded Python as well. */
const OLDEST = 7;
const NEWEST = 15;

export interface StatedPython {
  minor: number;
  /** Absolute path. */
  file: string;
  /** One-based. */
  line: number;
  /** As written: `>=3.9`. */
  specifier: string;
}

interface Found {
  specifier: string;
  line: number;
}

/**
 * The oldest supported Python 3 and where that is said: the nearest folder from `folder` upwards, to the top of the
 * repository, whose `pyproject.toml`, `setup.cfg` or `setup.py` states one. Nothing is executed: a version that `setup.py`
 * computes is not seen. Undefined if nothing states one.
 */
export function statedMinPython(folder: string): StatedPython | undefined {
  for (const at of foldersUpwards(folder)) {
    for (const [name, read] of READERS) {
      const file = join(at, name);
      const found = read(textOf(file) ?? "");
      if (found === undefined) continue;
      const minor = lowestMinor(found.specifier);
      if (minor !== undefined) return { minor, file, ...found };
      break;
    }
  }
  return undefined;
}

const READERS: [string, (text: string) => Found | undefined][] = [
  ["pyproject.toml", fromPyproject],
  ["setup.cfg", (text) => fromAssignment(text, false)],
  ["setup.py", (text) => fromAssignment(text, true)],
];

/**
 * The lowest minor version of Python 3 that a version specifier (PEP 440, or Poetry's `^3.9`) lets in, from 7 to 15; undefined
 * if it has no lower bound that can be read.
 */
export function lowestMinor(specifier: string): number | undefined {
  let lowest: number | undefined;
  for (const clause of specifier.split(",")) {
    const match = /^\s*(>=|>|~=|===?|\^|~)?\s*v?(\d+)(?:\.(\d+))?([.\w*]*)\s*$/.exec(clause);
    if (!match) continue;
    const [, operator = "==", major, minor = "0", rest] = match;
    let bound = major === "2" ? 0 : major === "3" ? Number(minor) : undefined;
    if (bound === undefined) continue;
    // `>3.8` begins with 3.8.1, and so still lets 3.8 in; `>3.8.*` is 3.9, and people write it.
    if (operator === ">" && rest === ".*") bound++;
    lowest = Math.max(lowest ?? 0, bound);
  }
  return lowest === undefined ? undefined : Math.min(Math.max(lowest, OLDEST), NEWEST);
}

const PYPROJECT_KEYS: KeyPath[] = [
  ["project", "requires-python"],
  ["tool", "poetry", "dependencies", "python"],
];

function fromPyproject(text: string): Found | undefined {
  if (!text.includes("python")) return undefined;
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return undefined;
  }
  for (const path of PYPROJECT_KEYS) {
    const specifier = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      document,
    );
    if (typeof specifier !== "string") continue;
    return { specifier, line: LineMap.of(text).lineOf(new TomlPlaces(text).offsetOf(path)) };
  }
  return undefined;
}

/** `python_requires = >=3.9` of setup.cfg, or with a string literal, as in setup.py. */
function fromAssignment(text: string, quoted: boolean): Found | undefined {
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const code = line.trimStart();
    if (code.startsWith("#") || code.startsWith(";")) continue;
    const match = quoted
      ? /\bpython_requires["']?\s*[=:]\s*["']([^"']+)["']/.exec(code)
      : /^python[_-]requires\s*[=:]\s*(.+)$/.exec(code);
    if (match) return { specifier: match[1].trim(), line: i + 1 };
  }
  return undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
