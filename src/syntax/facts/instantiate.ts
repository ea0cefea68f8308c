/** Macros that define functions: every use at file level makes the functions of the macro's body. */
import type { FunctionFacts, Problem } from "../../ir/facts.ts";
import { isApiName } from "../lower/api-names.ts";
import type { LowerContext } from "../lower/context.ts";
import type { Env, MacroArg } from "../lower/env.ts";
import { macroArguments } from "../lower/macros.ts";
import { Collector, type FileLevelUse, type FoundFunction } from "./collect.ts";
import { NO_HEADS } from "./structs.ts";

export interface MadeFunction {
  found: FoundFunction;
  instantiated: NonNullable<FunctionFacts["instantiated"]>;
  /** File of the `#define`, which the spans point into. */
  file: string;
}

export interface Instantiated {
  functions: MadeFunction[];
  problems: Problem[];
}

const MAX_DEPTH = 8;
/** Functions that macros may make in one file. */
const MAX_FUNCTIONS = 5000;

/**
 * Expands the macro uses at file level that `collector` found. Functions are returned; variables, types and prototypes
 * of the bodies are added to `collector`.
 */
export function instantiate(collector: Collector, ctx: LowerContext): Instantiated {
  const out: Instantiated = { functions: [], problems: [] };
  for (const use of collector.uses) {
    expand(use, collector, ctx, out, { macro: use.name, file: ctx.file, start: use.node.start, end: use.node.end }, 0);
  }
  return out;
}

function expand(
  use: FileLevelUse,
  collector: Collector,
  ctx: LowerContext,
  out: Instantiated,
  where: NonNullable<FunctionFacts["instantiated"]>,
  depth: number,
): void {
  if (depth > MAX_DEPTH || isApiName(use.name)) return;
  const macro = ctx.macros?.resolve(use.name, where.start);
  if (!macro || macro.facts.params === null) return;
  const body = ctx.macros?.body(macro);
  if (!body || body.form === "tokens") return;
  const { facts } = macro;
  const args = macroArguments(use.env, use.list);
  const bindings = new Map<string, MacroArg>();
  const span = { start: facts.start, end: facts.end };
  // Code of an argument lies in another file than the rest of the function: it gets the place of the `#define`.
  facts.params!.forEach((name, i) => {
    const arg = args[i] ?? { text: "", node: null, env: use.env };
    bindings.set(name, { ...arg, env: { ...arg.env, use: span } });
  });
  if (facts.variadic) {
    const list = args.slice(facts.params!.length);
    bindings.set("__VA_ARGS__", { text: list.map((a) => a.text).join(", "), node: null, env: use.env, list });
  }
  const env: Env = {
    file: macro.file,
    text: facts.body,
    original: facts.body,
    base: facts.bodyStart,
    bindings,
    via: -1,
    use: null,
    depth: depth + 1,
    macro: facts,
    parent: use.env,
  };
  const inner = new Collector(NO_HEADS);
  inner.collect(body.root, env, use.scope);
  for (const found of inner.functions) {
    if (out.functions.length >= MAX_FUNCTIONS) {
      out.problems.push({
        file: ctx.file,
        kind: "unknown-code",
        message: `more than ${MAX_FUNCTIONS} functions made by macros; the rest is not analysed`,
        start: where.start,
        end: where.end,
        skipped: true,
      });
      return;
    }
    out.functions.push({ found, instantiated: where, file: macro.file });
  }
  const own = (span: { start: number; end: number }) => {
    span.start = where.start;
    span.end = where.end;
  };
  for (const s of inner.statics) {
    own(s);
    s.nameStart = where.start;
    s.nameEnd = where.end;
    collector.statics.push(s);
    collector.types.addVariable(s);
  }
  for (const p of inner.prototypes) {
    own(p);
    collector.prototypes.push(p);
    collector.types.addFunction(p.name);
  }
  for (const s of inner.types.structs) {
    own(s);
    collector.types.addStruct(s);
  }
  for (const t of inner.typedefs) {
    collector.typedefs.push(t);
    collector.types.addTypedef(t.name, t.type);
  }
  collector.enumerators.push(...inner.enumerators);
  for (const next of inner.uses) expand(next, collector, ctx, out, where, depth + 1);
}
