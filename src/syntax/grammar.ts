/**
 * Loading of tree-sitter and of the two grammars. Nothing else knows how the WASM files are compiled.
 */
import { Language as Grammar, Parser } from "web-tree-sitter";
import type { Language } from "../ir/facts.ts";
import { type HeapMemory, readTree } from "./parse-heap.ts";
import { walkTree } from "./parse-tree.ts";
import { type WasmFile, wasmBytes } from "./wasm-files.ts";

/** A grammar ready to parse, with its node types and fields as plain tables. */
export interface LoadedGrammar {
  parser: Parser;
  grammar: Grammar;
  /** Node type by type id. */
  types: string[];
  /** 1 if the type is named and visible, by type id. */
  named: Uint8Array;
  /** Field name by field id, "" for id 0. */
  fields: string[];
  /** The parser's memory, if its layout is known: see parse-heap.ts. */
  memory: HeapMemory | null;
}

const loaded = new Map<Language, LoadedGrammar>();
const pending = new Map<Language, Promise<void>>();
let runtime: Promise<void> | undefined;
let heap: HeapMemory | null = null;

function compiled(name: WasmFile): WebAssembly.Module {
  return new WebAssembly.Module(wasmBytes(name));
}

/** Starts tree-sitter and loads one grammar; later calls are free. Must be awaited before `parseSource`. Throws if a WASM file is missing. */
export function initGrammar(language: Language): Promise<void> {
  let promise = pending.get(language);
  if (!promise) {
    promise = load(language);
    pending.set(language, promise);
  }
  return promise;
}

async function load(language: Language): Promise<void> {
  runtime ??= Parser.init({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module: unknown) => void) {
      const module = compiled("web-tree-sitter");
      const instance = new WebAssembly.Instance(module, imports);
      heap = memoryOf(imports) ?? memoryOf({ exports: instance.exports });
      done(instance, module);
      return instance.exports;
    },
  });
  await runtime;
  const grammar = Grammar.loadSync(compiled(`tree-sitter-${language}`));
  const parser = new Parser();
  parser.setLanguage(grammar);
  const types: string[] = [];
  const named = new Uint8Array(grammar.nodeTypeCount);
  for (let id = 0; id < grammar.nodeTypeCount; id++) {
    types.push(grammar.nodeTypeForId(id) ?? "");
    named[id] = grammar.nodeTypeIsNamed(id) && grammar.nodeTypeIsVisible(id) ? 1 : 0;
  }
  const fields = grammar.fields.map((name) => name ?? "");
  const entry: LoadedGrammar = { parser, grammar, types, named, fields, memory: null };
  if (heap && knowsLayout(entry, heap, language)) entry.memory = heap;
  loaded.set(language, entry);
}

function memoryOf(modules: Record<string, Record<string, unknown>>): HeapMemory | null {
  for (const module of Object.values(modules)) {
    for (const value of Object.values(module)) if (value instanceof WebAssembly.Memory) return value;
  }
  return null;
}

/** Code with every kind of node that the two ways of reading could tell differently: aliases, fields, extras, errors. */
const SAMPLE: Record<Language, string> = {
  c: "static int f(int a, char *b[]) { /* c */ if (a + 1) return g(a, -b[0]->x); for (;;) {} s.x = (T){.y = 1}; } int x = ; struct s { int a : 3; } y; enum { A, B = 2 }; f(int) { return 1 }",
  cpp: "template <class T> class A : B<T> { public: A(int a) : x(a) {} // c\n int f() const { return x ? this->g<T>(1, [&](int b) { return b; }) : ::h(); } }; namespace n { auto a = ; } int f() { return 1 }",
};

/** Whether the tree read from memory is the one that the cursor shows. */
function knowsLayout(grammar: LoadedGrammar, memory: HeapMemory, language: Language): boolean {
  const text = SAMPLE[language];
  const tree = grammar.parser.parse(text);
  if (!tree) return false;
  try {
    const read = readTree(memory, tree.rootNode.id, grammar, text);
    return JSON.stringify(read) === JSON.stringify(walkTree(tree, grammar, text));
  } catch {
    return false;
  } finally {
    tree.delete();
  }
}

/** The loaded grammar of a language. Throws if `initGrammar(language)` has not finished. */
export function loadedGrammar(language: Language): LoadedGrammar {
  const grammar = loaded.get(language);
  if (!grammar) throw new Error(`initGrammar("${language}") must be awaited before parsing`);
  return grammar;
}
