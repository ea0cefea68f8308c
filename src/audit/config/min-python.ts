/** The oldest Python that a project says it supports, from its packaging metadata. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { foldersUpwards } from "./find.ts";

/** Older ones say nothing more: no extension that supports them can be built for a free-threaded Python as well. */
const OLDEST = 7;
const NEWEST = 15;

/**
 * Minor version of the oldest supported Python 3, from the nearest folder from `folder` upwards, to the top of the
 * repository, whose `pyproject.toml`, `setup.cfg` or `setup.py` states one. Nothing is executed: a version that `setup.py`
 * computes is not seen. Undefined if nothing states one.
 */
export function statedMinPython(folder: string): number | undefined {
  for (const at of foldersUpwards(folder)) {
    const specifier =
      fromPyproject(textOf(join(at, "pyproject.toml"))) ??
      fromAssignment(textOf(join(at, "setup.cfg")), false) ??
      fromAssignment(textOf(join(at, "setup.py")), true);
    const minor = specifier === undefined ? undefined : lowestMinor(specifier);
    if (minor !== undefined) return minor;
  }
  return undefined;
}

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

function fromPyproject(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes("python")) return undefined;
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return undefined;
  }
  const at = (...path: string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
  const stated = [at("project", "requires-python"), at("tool", "poetry", "dependencies", "python")];
  return stated.find((value) => typeof value === "string");
}

/** `python_requires = >=3.9` of setup.cfg, or with a string literal, as in setup.py. */
function fromAssignment(text: string | undefined, quoted: boolean): string | undefined {
  for (const line of text?.split(/\r?\n/) ?? []) {
    const code = line.trimStart();
    if (code.startsWith("#") || code.startsWith(";")) continue;
    const match = quoted
      ? /\bpython_requires["']?\s*[=:]\s*["']([^"']+)["']/.exec(code)
      : /^python[_-]requires\s*[=:]\s*(.+)$/.exec(code);
    if (match) return match[1];
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
