/**
 * Loading of tree-sitter and of the two grammars. Nothing else knows where the WASM files are or how they are compiled.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Language as Grammar, Parser } from "web-tree-sitter";
import type { Language } from "../ir/facts.ts";

/**
 * Compiled WASM modules by name. They can be posted to worker threads, which then need not compile them again.
 */
export interface GrammarModules {
  runtime: WebAssembly.Module;
  c?: WebAssembly.Module;
  cpp?: WebAssembly.Module;
}

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
}

const require = createRequire(import.meta.url);
const loaded = new Map<Language, LoadedGrammar>();
const pending = new Map<Language, Promise<void>>();
let runtime: Promise<void> | undefined;
let shared: Partial<GrammarModules> = {};

/** Path of a grammar's WASM file: beside the built code in the package, else in node_modules when run from source. */
function grammarFile(language: Language): string {
  const name = language === "c" ? "tree-sitter-c.wasm" : "tree-sitter-cpp.wasm";
  const packaged = fileURLToPath(new URL(`./grammars/${name}`, import.meta.url));
  if (existsSync(packaged)) return packaged;
  return require.resolve(`tree-sitter-${language}/${name}`);
}

function compileFile(path: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(path));
}

/**
 * Compiles what `initGrammar` needs for `languages`; the result may be sent to worker threads and given to
 * `useGrammarModules` there. Throws if a WASM file is missing from the package.
 */
export function compileGrammars(languages: Language[]): GrammarModules {
  shared.runtime ??= compileFile(require.resolve("web-tree-sitter/web-tree-sitter.wasm"));
  for (const language of languages) shared[language] ??= compileFile(grammarFile(language));
  return shared as GrammarModules;
}

/** Makes later `initGrammar` calls of this thread use modules that another thread compiled. */
export function useGrammarModules(modules: GrammarModules): void {
  shared = { ...modules };
}

/** Starts tree-sitter and loads one grammar; later calls are free. Must be awaited before `parseSource`. */
export function initGrammar(language: Language): Promise<void> {
  let promise = pending.get(language);
  if (!promise) {
    promise = load(language);
    pending.set(language, promise);
  }
  return promise;
}

async function load(language: Language): Promise<void> {
  const modules = compileGrammars([language]);
  runtime ??= Parser.init({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, module: unknown) => void) {
      const instance = new WebAssembly.Instance(modules.runtime, imports);
      done(instance, modules.runtime);
      return instance.exports;
    },
  });
  await runtime;
  const grammar = Grammar.loadSync(modules[language] as WebAssembly.Module);
  const parser = new Parser();
  parser.setLanguage(grammar);
  const types: string[] = [];
  const named = new Uint8Array(grammar.nodeTypeCount);
  for (let id = 0; id < grammar.nodeTypeCount; id++) {
    types.push(grammar.nodeTypeForId(id) ?? "");
    named[id] = grammar.nodeTypeIsNamed(id) && grammar.nodeTypeIsVisible(id) ? 1 : 0;
  }
  const fields = grammar.fields.map((name) => name ?? "");
  loaded.set(language, { parser, grammar, types, named, fields });
}

/** The loaded grammar of a language. Throws if `initGrammar(language)` has not finished. */
export function loadedGrammar(language: Language): LoadedGrammar {
  const grammar = loaded.get(language);
  if (!grammar) throw new Error(`initGrammar("${language}") must be awaited before parsing`);
  return grammar;
}
