/** Which calls are fine while a module is imported. */
import type { FunctionId } from "../../project/index-types.ts";
import { child } from "../../syntax/ast.ts";
import type { FixSource, SyntaxNode } from "../source.ts";
import type { FixContext } from "../types.ts";
import type { Reason } from "./variable.ts";

/** Modules of the standard library that import no extension of others: importing them early can close no circle. */
const STANDARD: ReadonlySet<string> = new Set(
  "abc array ast asyncio atexit base64 binascii bisect builtins calendar codecs collections concurrent contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal enum errno fractions functools gc hashlib heapq importlib inspect io ipaddress itertools json keyword linecache locale logging marshal math numbers operator os pathlib pickle platform pprint queue random re select selectors shutil signal socket stat string struct subprocess sys tempfile textwrap threading time token tokenize traceback types typing unicodedata urllib uuid warnings weakref zlib zoneinfo".split(
    " ",
  ),
);

const IMPORTS: ReadonlySet<string> = new Set([
  "PyImport_ImportModule",
  "PyImport_ImportModuleNoBlock",
  "PyImport_ImportModuleAttrString",
]);

/** These deal with a failure, so that a failure is no error. */
const HANDLERS: ReadonlySet<string> = new Set([
  "PyErr_Clear",
  "PyErr_ExceptionMatches",
  "PyErr_GivenExceptionMatches",
  "PyErr_WriteUnraisable",
  "PyErr_Print",
  "PyErr_Fetch",
  "PyErr_GetRaisedException",
]);

export interface EarlyCalls {
  /** What a person should know of them. */
  review: string[];
  /** Functions of the project that are called. */
  functions: FunctionId[];
}

/** What is called below the nodes, or why that must wait. `module` is the name of the module that is initialised. */
export function earlyCalls(
  { project }: FixContext,
  source: FixSource,
  nodes: readonly SyntaxNode[],
  module: string,
): EarlyCalls | Reason {
  const { index } = project;
  const found: EarlyCalls = { review: [], functions: [] };
  for (const call of nodes.flatMap(calls)) {
    const callee = child(call, "function");
    if (callee?.type !== "identifier") return "it is made by a call through a pointer";
    const name = source.textOf(callee);
    if (HANDLERS.has(name)) return "the function deals with a failure itself";
    if (name.startsWith("PyImport_")) {
      const [first] = child(call, "arguments")?.children.filter((c) => c.type !== "comment") ?? [];
      const imported = first?.type === "string_literal" ? source.textOf(first).slice(1, -1) : undefined;
      if (!IMPORTS.has(name) || imported === undefined) return `\`${name}\` imports a module that is not known`;
      const [top] = imported.split(".");
      if (!STANDARD.has(top)) return `importing \`${imported}\` early can go round in a circle`;
      if (bare(top) === bare(module)) return `\`${imported}\` imports this module itself`;
      found.review.push(`\`${imported}\` is imported with the module`);
      continue;
    }
    if (name.startsWith("Py") || name.startsWith("_Py")) continue;
    const id = index.resolveFunction(source.file, name);
    if (id !== undefined) found.functions.push(id);
    else if (index.resolveGlobal(source.file, name).kind !== "macro") {
      found.review.push(`\`${name}\` runs with the import of the module`);
    }
  }
  const names = found.functions.map((f) => `\`${index.functions[f].name}\``);
  if (names.length > 0) found.review.push(`${names.join(", ")} must not need what is only there after the import`);
  return found;
}

function bare(name: string): string {
  let at = 0;
  while (name[at] === "_") at++;
  return name.slice(at);
}

function calls(node: SyntaxNode): SyntaxNode[] {
  const inner = node.children.flatMap(calls);
  return node.type === "call_expression" ? [node, ...inner] : inner;
}

/** True if `from` calls, itself or through others, one of `targets`; handing a function on to be called later does not count. */
export function callsOneOf(
  { project: { index } }: FixContext,
  from: readonly FunctionId[],
  targets: ReadonlySet<FunctionId>,
): FunctionId | undefined {
  const seen = new Set(from);
  for (const id of seen) {
    if (targets.has(id)) return id;
    for (const edge of index.callees(id)) if (edge.via === "direct") seen.add(edge.function);
  }
  return undefined;
}
