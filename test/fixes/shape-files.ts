/** The sources under `shapes/`: small extensions that show a fix in one shape each, with a Python file that exercises them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";

export const SHAPES = join(import.meta.dirname, "shapes");

/** `also`: gone with the fix of another finding. */
export type Outcome = "safe" | "review" | "withheld" | "also";

export interface Shape {
  /** `family/shape` */
  name: string;
  /** Absolute path of the Python file. */
  exercise: string;
  /** C and C++ texts by file name. */
  files: Record<string, string>;
  options: ShapeOptions;
}

export interface ShapeOptions {
  /** What `fix` is asked for. */
  level: "safe" | "review";
  /** Minor version. */
  minPython: number;
  /** Declarations stand in front of statements, before and after. */
  c89: boolean;
  /** Rules that take part; all of them if empty. */
  select: string[];
  /** Names of calls of the exercise whose results may differ after a fix at level review. */
  differs: string[];
}

const HEADER = /^(?:\/\*|\/\/)\s*ungil-shape:\s*(.*?)\s*(?:\*\/)?$/;
const MARK = /(?:\/\*|\/\/)\s*fix:\s*([a-z, ]+?)\s*(?:\*\/|$)/g;

/** All shapes in order. A shape is a C or C++ file, or a folder of them, with a Python file of the same name beside it. */
export function findShapes(): Shape[] {
  return readdirSync(SHAPES)
    .sort()
    .flatMap((family) => shapesOf(family));
}

function shapesOf(family: string): Shape[] {
  const folder = join(SHAPES, family);
  const entries = readdirSync(folder).sort();
  return entries
    .filter((entry) => extname(entry) === ".py")
    .map((entry) => {
      const name = entry.slice(0, -".py".length);
      const files = sourcesOf(folder, name, entries);
      const texts = Object.values(files);
      if (texts.length === 0) throw new Error(`${family}/${entry} has no source beside it`);
      return { name: `${family}/${name}`, exercise: join(folder, entry), files, options: optionsOf(texts) };
    });
}

function sourcesOf(folder: string, name: string, entries: readonly string[]): Record<string, string> {
  const path = join(folder, name);
  const isFolder = entries.includes(name) && statSync(path).isDirectory();
  const names = isFolder ? readdirSync(path).sort() : entries.filter((e) => e === `${name}.c` || e === `${name}.cpp`);
  return Object.fromEntries(names.map((n) => [n, readFileSync(join(isFolder ? path : folder, n), "utf8")]));
}

/** Reads the first line that has options; throws on one that does not exist. */
function optionsOf(texts: readonly string[]): ShapeOptions {
  const options: ShapeOptions = { level: "safe", minPython: 6, c89: false, select: [], differs: [] };
  const line = texts.map((t) => HEADER.exec(t.split("\n", 1)[0])?.[1]).find((l) => l !== undefined) ?? "";
  for (const word of line.split(/\s+/).filter((w) => w !== "")) {
    const [name, value] = word.split("=");
    if (name === "level" && (value === "safe" || value === "review")) options.level = value;
    else if (name === "min-python") options.minPython = Number(value.split(".")[1]);
    else if (name === "select") options.select = value.split(",");
    else if (name === "differs") options.differs = value.split(",");
    else if (word === "c89") options.c89 = true;
    else throw new Error(`unknown shape option: ${word}`);
  }
  return options;
}

/** What the marks on a line (`fix: safe`, several separated by commas) promise, by one-based line. */
export function marksOf(text: string): Map<number, Outcome[]> {
  const marks = new Map<number, Outcome[]>();
  for (const [index, content] of text.split("\n").entries()) {
    const words = [...content.matchAll(MARK)].flatMap((m) => m[1].split(",").map((w) => w.trim()));
    for (const word of words) {
      if (!isOutcome(word)) throw new Error(`unknown mark: ${word}`);
      marks.set(index + 1, [...(marks.get(index + 1) ?? []), word]);
    }
  }
  return marks;
}

function isOutcome(word: string): word is Outcome {
  return ["safe", "review", "withheld", "also"].includes(word);
}
