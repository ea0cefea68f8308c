/** Scratch memory that every thread can have for itself: `thread_local`, in C by a macro that every compiler understands. */
import type { StaticAccess } from "../../flow/shared/shared-state.ts";
import type { FixSource } from "../source.ts";
import type { FileEdit, FixContext, Proposal } from "../types.ts";
import { blockEdit } from "./include.ts";
import { declarationOf, isReason, otherDeclarations, type Reason, type StaticToFix } from "./variable.ts";

/** The variable becomes thread-local, or why its value must be the same for all threads. */
export function threadLocalFix(context: FixContext, target: StaticToFix): Proposal | Reason {
  const { variable, shape } = target;
  const { facts } = variable;
  const reason = unfit(context, target);
  if (reason !== undefined) return reason;
  const declaration = declarationOf(context, target);
  if (isReason(declaration)) return declaration;
  const { source, node, shared } = declaration;
  if (shared) return "several variables are declared together";
  const storage = node.children.find((c) => c.type === "storage_class_specifier" && source.textOf(c) === "static");
  if (storage === undefined) return `\`${facts.name}\` is not \`static\``;
  const { word, edits } = keyword(context, source, node.start);
  const review = [`each thread gets its own \`${facts.name}\`: nothing may be handed to another thread through it`];
  if (shape === "pointer") review.push("memory that it points to is not released when a thread ends");
  return {
    level: "review",
    title: `make \`${facts.name}\` thread-local`,
    edits: [...edits, { file: source.file, start: storage.end, end: storage.end, text: ` ${word}` }],
    needs: [],
    review,
  };
}

function unfit(context: FixContext, { variable, shape, accesses, companions }: StaticToFix): Reason | undefined {
  const { facts, writers } = variable;
  const { index, shared } = context.project;
  if (shape === "object") return `\`${facts.name}\` holds a Python object, which would leak when a thread ends`;
  if (otherDeclarations(variable).length > 0) return `\`${facts.name}\` is declared in several places`;
  const isWrite = (a: StaticAccess) => a.access.kind !== "read";
  if (!accesses.some((a) => a.access.kind === "write")) return `\`${facts.name}\` is only handed on, not written here`;
  if (facts.type.includes("volatile")) return `\`${facts.name}\` is \`volatile\`: somebody else looks at it`;
  if (writers.some((w) => index.isInitOnly(w)) || shared.staticInInit(variable.id).some(isWrite)) {
    return `\`${facts.name}\` gets a value in module initialisation, which other threads must see`;
  }
  if (facts.owner !== undefined) return undefined;
  if (companions.length > 0) return `\`${facts.name}\` and \`${companions[0]}\` are changed together`;
  const functions = [...new Set(accesses.map((a) => a.function))];
  const writing = new Set(accesses.filter(isWrite).map((a) => a.function));
  if (functions.every((f) => writing.has(f))) return undefined;
  return `\`${facts.name}\` carries a value from one function to another`;
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
