/** Scratch memory that every thread can have for itself: `thread_local`, in C by a macro that every compiler understands. */
import type { StaticAccess } from "../../flow/shared/shared-state.ts";
import type { FunctionId } from "../../project/index-types.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";
import { blockEdit } from "./include.ts";
import { declarationOf, isReason, nameOf, otherDeclarations, type Reason, type StaticToFix } from "./variable.ts";

/** The variable becomes thread-local, or why its value must be the same for all threads. */
export function threadLocalFix(context: FixContext, target: StaticToFix): Proposal | Reason {
  const { variable } = target;
  const { facts } = variable;
  const reason = unfit(context, target);
  if (reason !== undefined) return reason;
  const declaration = declarationOf(context, target);
  if (isReason(declaration)) return declaration;
  const { source, node, shared } = declaration;
  if (shared) return "several variables are declared together";
  const storage = node.children.find((c) => c.type === "storage_class_specifier" && source.textOf(c) === "static");
  if (storage === undefined) return `\`${nameOf(facts)}\` is not \`static\``;
  const { word, edits } = keyword(context, source, node.start);
  const review = [`each thread gets its own \`${nameOf(facts)}\`: nothing may be handed to another thread through it`];
  return {
    level: "review",
    title: `make \`${nameOf(facts)}\` thread-local`,
    edits: [...edits, { file: source.file, start: storage.end, end: storage.end, text: ` ${word}` }],
    needs: [],
    review,
  };
}

function unfit(context: FixContext, { variable, shape, accesses, companions }: StaticToFix): Reason | undefined {
  const { facts, writers } = variable;
  const { index, shared } = context.project;
  if (shape === "object") return `\`${nameOf(facts)}\` holds a Python object, which would leak when a thread ends`;
  if (otherDeclarations(variable).length > 0) return `\`${nameOf(facts)}\` is declared in several places`;
  const isWrite = (a: StaticAccess) => a.access.kind !== "read";
  if (!accesses.some((a) => a.access.kind === "write"))
    return `\`${nameOf(facts)}\` is only handed on, not written here`;
  if (facts.type.includes("volatile")) return `\`${nameOf(facts)}\` is \`volatile\`: somebody else looks at it`;
  if (writers.some((w) => index.isInitOnly(w)) || shared.staticInInit(variable.id).some(isWrite)) {
    return `\`${nameOf(facts)}\` gets a value in module initialisation, which other threads must see`;
  }
  const functions = [...new Set(accesses.map((a) => a.function))];
  const isInit = (f: FunctionId) => index.entriesOf(f).some((e) => e.kind.startsWith("module-i"));
  if (functions.some(isInit)) return `\`${nameOf(facts)}\` gets a value in module initialisation`;
  if (isDepth(accesses)) return undefined;
  if (shape === "pointer") return `what \`${nameOf(facts)}\` points to would not be released when a thread ends`;
  if (companions.length > 0) {
    return `\`${nameOf(facts)}\` and \`${nameOf(companions[0].variable.facts)}\` are changed together`;
  }
  // Scratch memory is filled before it is looked at.
  const fillsFirst = (f: FunctionId) => {
    const own = accesses.filter((a) => a.function === f).sort((a, b) => startOf(a) - startOf(b));
    return own[0] !== undefined && isWrite(own[0]) && own[0].access.stored !== "update";
  };
  return functions.every(fillsFirst) ? undefined : `\`${nameOf(facts)}\` keeps a value from one call to the next`;
}

function startOf({ access }: StaticAccess): number {
  return (access.chain[0] ?? access).start;
}

/** A depth of calls: one function alone counts up and down. */
export function isDepth(accesses: readonly StaticAccess[]): boolean {
  const updates = accesses.filter((a) => a.access.stored === "update");
  return (
    updates.length > 1 &&
    new Set(updates.map((u) => u.function)).size === 1 &&
    accesses.every((a) => a.function === updates[0].function)
  );
}

const MACRO = "THREAD_LOCAL";
const DEFINITION = `#if defined(_MSC_VER)
#  define ${MACRO} __declspec(thread)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#  define ${MACRO} _Thread_local
#else
#  define ${MACRO} __thread
#endif`;

const WORDS = ["_Thread_local", "__thread", "thread_local", "__declspec(thread)"];

/** The word that makes a variable thread-local in this file, and what has to be defined for it. */
function keyword({ project }: FixContext, source: FixSource, use: number): { word: string; edits: FileEdit[] } {
  if (source.language === "cpp") return { word: "thread_local", edits: [] };
  const own = project.index.file(source.file)?.macros.find((m) => m.params === null && WORDS.includes(m.body.trim()));
  if (own !== undefined) return { word: own.name, edits: [] };
  return { word: MACRO, edits: [blockEdit(source, DEFINITION, use)] };
}
