/** Modules made by frameworks: C++ binding macros, Cython and f2py sources, and what build files say of them. */
import { frameworkOfMacro } from "../../capi/modules.ts";
import type { FileFacts, FrameworkUse } from "../../ir/facts.ts";
import type { GilDeclaration, ModuleInfo, SourcePlace } from "../index-types.ts";
import type { Symbols } from "./symbols.ts";

/** A build file or Cython source with its text. */
export interface Metadata {
  file: string;
  text: string;
}

interface Answer {
  declared: GilDeclaration;
  evidence: ModuleInfo["evidence"];
}

const NOTHING: Answer = { declared: "no", evidence: [] };

export function frameworkModules(symbols: Symbols, metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  for (const facts of symbols.graph.files) {
    for (const use of facts.frameworkUses) {
      const module = bindingModule(symbols, facts, use, metadata);
      if (module) modules.push(module);
    }
  }
  for (const source of metadata) {
    if (source.file.endsWith(".pyx")) modules.push(cythonModule(source, metadata));
    else if (source.file.endsWith(".pyf")) modules.push(f2pyModule(source, metadata));
  }
  return modules;
}

function bindingModule(
  symbols: Symbols,
  facts: FileFacts,
  use: FrameworkUse,
  metadata: readonly Metadata[],
): ModuleInfo | undefined {
  const framework = frameworkOfMacro(use.macro);
  if (!framework) return undefined;
  const { file } = facts;
  const name = use.args[0] ?? "";
  const place = { file, start: use.start, end: use.end };
  const answer = framework.name === "nanobind" ? nanobindAnswer(name, metadata) : macroAnswer(use, place);
  const init = symbols.functions.functions.find((fn) => fn.file === file && isBodyOf(fn.facts, use));
  return { ...frameworkModule(name, framework.name, place, answer), init: init?.id };
}

/** The body that follows the macro is a function, or begins in one. */
function isBodyOf(fn: { start: number; bodyStart: number }, use: FrameworkUse): boolean {
  return fn.start <= use.start && use.start < fn.bodyStart ? true : fn.start >= use.start && fn.start <= use.end;
}

/** `py::mod_gil_not_used()` among the macro's arguments. */
function macroAnswer(use: FrameworkUse, place: SourcePlace): Answer {
  for (const arg of use.args.slice(1)) {
    const compact = arg.replaceAll(" ", "");
    if (compact.includes("mod_gil_not_used")) {
      const declared = compact.includes("(false)")
        ? "used"
        : compact.includes("(true)") || compact.includes("()")
          ? "yes"
          : "unknown";
      return { declared, evidence: [{ ...place, text: arg }] };
    }
    if (compact.includes("mod_gil_used")) return { declared: "used", evidence: [{ ...place, text: arg }] };
  }
  return NOTHING;
}

/** `nanobind_add_module(name ... FREE_THREADED ...)` in a CMake file; without a build file nothing can be told. */
function nanobindAnswer(name: string, metadata: readonly Metadata[]): Answer {
  const calls = metadata
    .filter(({ file }) => isCMake(file))
    .flatMap((source) => commandCalls(source, "nanobind_add_module"));
  if (calls.length === 0) return { declared: "unknown", evidence: [] };
  const own = calls.filter((call) => call.words[0] === name);
  const relevant = own.length > 0 ? own : calls;
  const free = relevant.find((call) => call.words.includes("FREE_THREADED"));
  if (!free) return NOTHING;
  const { file, start, end } = free;
  return { declared: "yes", evidence: [{ file, start, end, text: "FREE_THREADED" }] };
}

function isCMake(file: string): boolean {
  return file.endsWith("CMakeLists.txt") || file.endsWith(".cmake");
}

/** Calls of a CMake command with the words of their arguments. */
function commandCalls({ file, text }: Metadata, command: string): (SourcePlace & { words: string[] })[] {
  const calls: (SourcePlace & { words: string[] })[] = [];
  for (let at = text.indexOf(command); at >= 0; at = text.indexOf(command, at + 1)) {
    const open = text.indexOf("(", at);
    const close = text.indexOf(")", open);
    const lineStart = text.lastIndexOf("\n", at) + 1;
    if (open < 0 || close < 0 || text.slice(lineStart, at).includes("#")) continue;
    calls.push({
      file,
      start: at,
      end: close + 1,
      words: text
        .slice(open + 1, close)
        .split(/\s+/)
        .filter(Boolean),
    });
  }
  return calls;
}

const CYTHON_DIRECTIVE = "freethreading_compatible";

/** The directive in the source itself, or for all sources in the build configuration. */
function cythonModule(source: Metadata, metadata: readonly Metadata[]): ModuleInfo {
  const name = source.file.slice(source.file.lastIndexOf("/") + 1, -".pyx".length);
  const own = directive(source, CYTHON_DIRECTIVE);
  const builds = metadata.filter(
    ({ file }) => !file.endsWith(".pyx") && !file.endsWith(".pxd") && !file.endsWith(".pyf"),
  );
  const answer = own ?? builds.map((build) => directive(build, CYTHON_DIRECTIVE)).find((found) => found) ?? NOTHING;
  return frameworkModule(name, "cython", { file: source.file, start: 0, end: 0 }, answer);
}

/** `name = True`, `name=True`, `"name": True` on a line of the file. */
function directive({ file, text }: Metadata, name: string): Answer | undefined {
  const at = text.indexOf(name);
  if (at < 0) return undefined;
  const lineEnd = text.indexOf("\n", at);
  const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
  const words = line
    .slice(name.length)
    .split(/[^A-Za-z]+/)
    .filter(Boolean);
  const declared =
    words[0] === "True" || words[0] === "true"
      ? "yes"
      : words[0] === "False" || words[0] === "false"
        ? "no"
        : "unknown";
  const evidence = declared === "no" ? [] : [{ file, start: at, end: at + name.length, text: line.trim() }];
  return { declared, evidence };
}

function f2pyModule(source: Metadata, metadata: readonly Metadata[]): ModuleInfo {
  const name = source.file.slice(source.file.lastIndexOf("/") + 1, -".pyf".length);
  const option = "--freethreading-compatible";
  const build = metadata.find(({ file, text }) => file !== source.file && text.includes(option));
  const at = build?.text.indexOf(option) ?? -1;
  const answer: Answer = build
    ? { declared: "yes", evidence: [{ file: build.file, start: at, end: at + option.length, text: option }] }
    : NOTHING;
  return frameworkModule(name, "f2py", { file: source.file, start: 0, end: 0 }, answer);
}

function frameworkModule(name: string, framework: string, place: SourcePlace, answer: Answer): ModuleInfo {
  return {
    name,
    ...place,
    phase: "framework",
    slotRows: [],
    methods: [],
    stateSize: "",
    ...answer,
    framework,
    files: [],
  };
}
