/** Builds the project index: everything that the files of a scan say together. */
import { decodeFunction } from "../ir/codec.ts";
import type { FileFacts, FunctionFacts, Problem } from "../ir/facts.ts";
import { lineStarts } from "../text/lines.ts";
import { decodeSource, readSource, type SourceText } from "../text/source.ts";
import type { DeclaredEntry } from "./declared.ts";
import { frameworkModules } from "./frameworks/modules.ts";
import { CallGraph, concurrencyOf } from "./index/call-graph.ts";
import { callbackEntries, functionValues } from "./index/callbacks.ts";
import { declaredEntries, tableEntries } from "./index/entries.ts";
import { NameTracker } from "./index/ir-names.ts";
import { ModuleFiles, withoutForeign } from "./index/module-files.ts";
import { nativeModules } from "./index/modules.ts";
import { append } from "./index/multimap.ts";
import { refineStructs } from "./index/self-structs.ts";
import { Symbols } from "./index/symbols.ts";
import { buildTypes } from "./index/types.ts";
import type {
  CallEdge,
  Entry,
  FunctionId,
  GlobalResolution,
  IndexedFunction,
  IndexedStatic,
  IndexedStruct,
  InstanceType,
  MetadataFile,
  ModuleInfo,
  ProjectIndex,
  ResolvedField,
  SourcePlace,
  StaticId,
  StructId,
  TypeId,
} from "./index-types.ts";
import { limitedApiOptions } from "./limited-api.ts";

export interface BuildOptions {
  /** Build files and Cython sources, as discovery found them; `text` saves reading them. One that cannot be read is a problem. */
  metadata?: readonly { file: string; path?: string; text?: string }[];
  /** Functions that the interpreter calls although nothing in the files says so. */
  entryPoints?: readonly DeclaredEntry[];
}

/**
 * Builds the index of a scan. Serial; reads nothing but the metadata files. The result does not depend on the order of
 * `files`.
 */
export function buildIndex(files: readonly FileFacts[], options: BuildOptions = {}): ProjectIndex {
  const problems: Problem[] = [];
  const metadata = readMetadata(options, problems);
  return new Index(
    [...files].sort((a, b) => (a.file < b.file ? -1 : 1)),
    metadata,
    problems,
    options.entryPoints ?? [],
  );
}

function readMetadata({ metadata = [] }: BuildOptions, problems: Problem[]): SourceText[] {
  const read: SourceText[] = [];
  for (const { file, path, text } of metadata) {
    const source =
      text !== undefined ? decodeSource(Buffer.from(text), file) : path === undefined ? null : readSource(path, file);
    if (source && "problem" in source) problems.push(source.problem);
    else if (source) read.push(source);
  }
  return read.sort((a, b) => (a.file < b.file ? -1 : 1));
}

class Index implements ProjectIndex {
  readonly files: readonly FileFacts[];
  readonly functions: readonly IndexedFunction[];
  readonly statics: readonly IndexedStatic[];
  readonly structs: readonly IndexedStruct[];
  readonly types: readonly InstanceType[];
  readonly modules: readonly ModuleInfo[];
  readonly entries: readonly Entry[];
  readonly bottomUp: readonly (readonly FunctionId[])[];
  readonly problems: readonly Problem[];
  private readonly symbols: Symbols;
  private readonly graph: CallGraph;
  private readonly entriesByFunction = new Map<FunctionId, Entry[]>();
  private readonly typesByStruct = new Map<StructId, TypeId[]>();
  private readonly modulesByFile = new Map<string, ModuleInfo[]>();
  private readonly reaching = new Map<FunctionId, readonly FunctionId[]>();
  private readonly metadata = new Map<string, MetadataFile>();
  readonly limitedApi: readonly SourcePlace[];

  constructor(
    files: readonly FileFacts[],
    metadata: readonly SourceText[],
    problems: readonly Problem[],
    declared: readonly DeclaredEntry[],
  ) {
    const symbols = new Symbols(files);
    this.symbols = symbols;
    this.problems = problems;
    this.files = files;
    this.functions = symbols.functions.functions;
    this.statics = symbols.statics.statics;
    this.structs = symbols.structs.structs;
    const tracker = trackers(this.functions);
    const types = buildTypes(symbols, tracker);
    const modules = [...nativeModules(symbols, tracker), ...frameworkModules(symbols, metadata)];
    this.limitedApi = limitedApiOptions(metadata);
    this.keepMetadata(metadata, modules);
    const values = functionValues(symbols, tracker);
    this.graph = new CallGraph(symbols, values);
    const moduleFiles = new ModuleFiles(symbols, this.graph);
    for (const module of modules) module.files = moduleFiles.of(module);
    const own = withoutForeign(modules);
    for (const [i, module] of modules.entries()) {
      module.files = own[i];
      for (const file of module.files) append(this.modulesByFile, file, module);
    }
    const entries = [
      ...tableEntries(symbols, types, modules),
      ...callbackEntries(symbols, values),
      ...declaredEntries(symbols, declared),
    ];
    refineStructs(symbols, types, entries, tracker);
    this.types = types;
    this.modules = modules;
    this.entries = entries;
    this.bottomUp = this.graph.bottomUp();
    const { concurrency, addressTaken } = concurrencyOf(symbols, this.graph, entries, values);
    for (const fn of this.functions) {
      fn.concurrency = concurrency[fn.id];
      fn.addressTaken = addressTaken[fn.id];
    }
    for (const entry of entries) append(this.entriesByFunction, entry.function, entry);
    for (const type of types) if (type.struct !== undefined) append(this.typesByStruct, type.struct, type.id);
  }

  /** Only of the files that something can be said about: the texts of all of them need not stay in memory. */
  private keepMetadata(metadata: readonly SourceText[], modules: readonly ModuleInfo[]): void {
    const places = modules.flatMap((module) => [module, ...module.evidence]);
    const named = new Set([...places, ...this.limitedApi].map(({ file }) => file));
    for (const { file, text, hash, encoding } of metadata) {
      if (named.has(file)) this.metadata.set(file, { lineStarts: lineStarts(text), hash, encoding });
    }
  }

  file(path: string): FileFacts | undefined {
    return this.symbols.graph.get(path);
  }

  metadataFile(path: string): MetadataFile | undefined {
    return this.metadata.get(path);
  }

  functionOf(facts: FunctionFacts): IndexedFunction {
    const fn = this.symbols.functions.of(facts);
    if (!fn) throw new Error(`function ${facts.name} of ${facts.file} is not part of this index`);
    return fn;
  }

  functionsNamed(name: string): readonly FunctionId[] {
    return this.symbols.functions.named(name);
  }

  resolveFunction(file: string, name: string): FunctionId | undefined {
    return this.symbols.functions.resolve(file, name);
  }

  resolveCall(file: string, callee: string): readonly FunctionId[] {
    return this.symbols.functions.candidates(file, callee);
  }

  resolveGlobal(file: string, name: string, owner?: string): GlobalResolution {
    return this.symbols.resolveGlobal(file, name, owner);
  }

  static(id: StaticId): IndexedStatic {
    return this.statics[id];
  }

  structNamed(file: string, name: string): StructId | undefined {
    return this.symbols.structs.structNamed(file, name);
  }

  underlyingType(file: string, type: string): string {
    return this.symbols.structs.underlyingType(file, type);
  }

  structOfType(file: string, type: string): StructId | undefined {
    return this.symbols.structs.structOfType(file, type);
  }

  field(struct: StructId, path: string): ResolvedField | undefined {
    return this.symbols.structs.field(struct, path);
  }

  fieldType(struct: StructId, path: string): string {
    return this.field(struct, path)?.facts.type ?? "";
  }

  typesOfStruct(struct: StructId): readonly TypeId[] {
    return this.typesByStruct.get(struct) ?? [];
  }

  entriesOf(fn: FunctionId): readonly Entry[] {
    return this.entriesByFunction.get(fn) ?? [];
  }

  callers(fn: FunctionId): readonly CallEdge[] {
    return this.graph.callers[fn];
  }

  callees(fn: FunctionId): readonly CallEdge[] {
    return this.graph.callees[fn];
  }

  entryFunctionsReaching(fn: FunctionId): readonly FunctionId[] {
    let found = this.reaching.get(fn);
    if (!found) {
      found = [...this.graph.reaching(fn)].filter((id) => this.entriesByFunction.has(id));
      this.reaching.set(fn, found);
    }
    return found;
  }

  callPath(from: FunctionId, to: FunctionId): readonly FunctionId[] {
    return this.graph.path(from, to);
  }

  isInitOnly(fn: FunctionId): boolean {
    return this.functions[fn].concurrency === "init-only";
  }

  modulesOfFile(file: string): readonly ModuleInfo[] {
    return this.modulesByFile.get(file) ?? [];
  }
}

/** Decoded anew at each call, save for the last function: nothing keeps the code of a whole project in memory. */
function trackers(functions: readonly IndexedFunction[]): (fn: FunctionId) => NameTracker {
  let last: { id: FunctionId; tracker: NameTracker } | undefined;
  return (id) => {
    if (last?.id !== id) last = { id, tracker: new NameTracker(decodeFunction(functions[id].facts.code)) };
    return last.tracker;
  };
}
