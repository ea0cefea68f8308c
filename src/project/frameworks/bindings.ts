/** Modules made by the macros of C++ binding libraries: pybind11, nanobind, Boost.Python. */
import { frameworkOfMacro } from "../../capi/modules.ts";
import type { FileFacts, FrameworkUse } from "../../ir/facts.ts";
import type { Symbols } from "../index/symbols.ts";
import type { ModuleInfo, SourcePlace } from "../index-types.ts";
import {
  type Answer,
  buildFilesFor,
  CANNOT_TELL,
  frameworkModule,
  isCMake,
  type Metadata,
  NOTHING,
  wordsIn,
  yesWhere,
} from "./metadata.ts";

/** The module that a macro at file level makes; undefined for a macro of something else. */
export function bindingModule(
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
  const answer = framework.name === "nanobind" ? nanobindAnswer(name, file, metadata) : macroAnswer(use, place);
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

/**
 * `nanobind_add_module(name ... FREE_THREADED ...)` in a CMake file, or the macro that it defines in any build file; without
 * either nothing can be told.
 */
function nanobindAnswer(name: string, file: string, metadata: readonly Metadata[]): Answer {
  const builds = buildFilesFor(file, metadata);
  const calls = builds
    .filter((build) => isCMake(build.file))
    .flatMap((build) => commandCalls(build, "nanobind_add_module"));
  const own = calls.filter((call) => call.words[0] === name);
  const relevant = own.length > 0 ? own : calls;
  const free = relevant.find((call) => call.words.includes("FREE_THREADED"));
  if (free) {
    const { file, start, end } = free;
    return { declared: "yes", evidence: [{ file, start, end, text: "FREE_THREADED" }] };
  }
  const defined = yesWhere(builds, "-DNB_FREE_THREADED") ?? yesWhere(builds, "NB_FREE_THREADED");
  if (defined) return defined;
  // The option may be behind a variable, which is not evaluated.
  const isSetElsewhere = builds.some((build) => isCMake(build.file) && wordsIn(build.text, "FREE_THREADED").length > 0);
  const hasVariable = relevant.some((call) => call.words.slice(1).some((word) => word.startsWith("${")));
  return relevant.length === 0 || (isSetElsewhere && hasVariable) ? CANNOT_TELL : NOTHING;
}

/** Calls of a CMake command with the words of their arguments. */
function commandCalls({ file, text }: Metadata, command: string): (SourcePlace & { words: string[] })[] {
  const calls: (SourcePlace & { words: string[] })[] = [];
  let done = 0;
  for (const at of wordsIn(text, command)) {
    if (at < done) continue;
    let open = at + command.length;
    while (text[open] === " " || text[open] === "\t") open++;
    if (text[open] !== "(") continue;
    const close = text.indexOf(")", open);
    if (close < 0) break;
    done = close + 1;
    calls.push({
      file,
      start: at,
      end: done,
      words: text
        .slice(open + 1, close)
        .split(/\s+/)
        .filter(Boolean),
    });
  }
  return calls;
}
