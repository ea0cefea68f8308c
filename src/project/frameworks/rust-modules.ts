/** Modules written in Rust: with PyO3's attribute, or with its raw bindings by hand. */
import { GIL_CALL, GIL_NOT_USED, GIL_USED, INIT_PREFIXES } from "../../capi/modules.ts";
import type { ModuleInfo } from "../index-types.ts";
import { crateVersions } from "./cargo.ts";
import {
  type Answer,
  baseName,
  CANNOT_TELL,
  folderOf,
  frameworkModule,
  holds,
  type Metadata,
  NOTHING,
} from "./metadata.ts";
import {
  type Attribute,
  type AttributedItem,
  attributedItems,
  identifierAt,
  maskRust,
  type Piece,
} from "./rust-text.ts";

/** A bare `#[pymodule]` means not used from this version of PyO3 on (0.28, see its migration guide). */
const NOT_USED_BY_DEFAULT = 28;

interface RustFile {
  file: string;
  text: string;
  masked: string;
}

/** Modules that are imported on their own; submodules, which the outer one makes, are none. */
export function rustModules(metadata: readonly Metadata[]): ModuleInfo[] {
  const files = metadata
    .filter(({ file, text }) => file.endsWith(".rs") && mayMakeModules(text))
    .map(({ file, text }) => ({ file, text, masked: maskRust(text) }));
  const wrapped = new Set(files.flatMap((file) => wrappedModules(file.masked)));
  return files.flatMap((file) => [...attributeModules(file, wrapped, metadata), ...handMade(file, files, metadata)]);
}

/** Words without which a file can be left unparsed; the files of a hand-made module may declare anywhere in the crate. */
function mayMakeModules(text: string): boolean {
  return [...INIT_PREFIXES.map(({ prefix }) => prefix), "pymodule", GIL_NOT_USED, GIL_USED, GIL_CALL].some((word) =>
    text.includes(word),
  );
}

/** Names in `wrap_pymodule!(name)`: modules that the code puts into another one by itself. */
function wrappedModules(masked: string): string[] {
  const names: string[] = [];
  const macro = "wrap_pymodule!";
  for (let at = masked.indexOf(macro); at >= 0; at = masked.indexOf(macro, at + 1)) {
    const inner = masked.slice(at + macro.length + 1, masked.indexOf(")", at));
    names.push(inner.slice(inner.lastIndexOf(":") + 1).trim());
  }
  return names;
}

function attributeModules(file: RustFile, wrapped: ReadonlySet<string>, metadata: readonly Metadata[]): ModuleInfo[] {
  const items = attributedItems(file.masked).filter((item) => item.kind !== "" && moduleAttribute(item));
  const outer = items.filter((item) => item.kind === "mod");
  return items
    .filter((item) => {
      const { start } = moduleAttribute(item) as Attribute;
      const isNested = outer.some(({ body }) => body.start < start && start < body.end);
      return !isNested && !wrapped.has(item.name) && !optionsOf(file, item).has("submodule");
    })
    .map((item) => {
      const { start, end } = moduleAttribute(item) as Attribute;
      const options = optionsOf(file, item);
      const quoted = options.get("name")?.text.replaceAll('"', "");
      const answer = attributeAnswer(file, item, options.get("gil_used"), metadata);
      return frameworkModule(quoted ?? item.name, "pyo3", { file: file.file, start, end }, answer);
    });
}

function moduleAttribute(item: AttributedItem): Attribute | undefined {
  return item.attributes.find(({ path }) => path === "pymodule" || path.endsWith("::pymodule"));
}

interface Option extends Piece {
  text: string;
}

/** Options of the attribute, and of the `#[pyo3(...)]` beside it: the text after `=`, "" without one. */
function optionsOf({ text }: RustFile, item: AttributedItem): Map<string, Option> {
  const options = new Map<string, Option>();
  for (const attribute of item.attributes) {
    if (attribute !== moduleAttribute(item) && attribute.path !== "pyo3") continue;
    for (const { start, end } of attribute.args) {
      const [name, ...value] = text.slice(start, end).split("=");
      options.set(name.trim(), { start, end, text: value.join("=").trim() });
    }
  }
  return options;
}

function attributeAnswer(
  file: RustFile,
  item: AttributedItem,
  option: Option | undefined,
  metadata: readonly Metadata[],
): Answer {
  const said = option ?? calledInBody(file, item.body);
  if (said) {
    const declared = said.text === "false" ? "yes" : said.text === "true" ? "used" : "unknown";
    const { start, end } = said;
    return { declared, evidence: [{ file: file.file, start, end, text: file.text.slice(start, end) }] };
  }
  const versions = crateVersions("pyo3", file.file, metadata);
  if (!versions) return CANNOT_TELL;
  if (versions.below <= NOT_USED_BY_DEFAULT) return NOTHING;
  return versions.from >= NOT_USED_BY_DEFAULT ? { declared: "yes", evidence: [] } : CANNOT_TELL;
}

/** `module.gil_used(false)` in the body of the module's function. */
function calledInBody({ masked }: RustFile, body: Piece): Option | undefined {
  const call = ".gil_used(";
  const at = masked.slice(body.start, body.end).indexOf(call);
  if (at < 0) return undefined;
  const start = body.start + at + 1;
  const end = masked.indexOf(")", start) + 1;
  return { start, end, text: masked.slice(start + call.length - 1, end - 1).trim() };
}

/** `extern "C" fn PyInit_x` without an attribute: the slots or the call are the crate's own, like in C. */
function handMade(file: RustFile, files: readonly RustFile[], metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  const { masked } = file;
  for (const { prefix } of INIT_PREFIXES) {
    for (let at = masked.indexOf(prefix); at >= 0; at = masked.indexOf(prefix, at + 1)) {
      const name = identifierAt(masked, at);
      const isDefined = masked.slice(0, at).trimEnd().endsWith(" fn");
      if (!isDefined || name === prefix) continue;
      const place = { file: file.file, start: at, end: at + name.length };
      modules.push(
        frameworkModule(name.slice(prefix.length), "pyo3-ffi", place, tokenAnswer(crateOf(file, files, metadata))),
      );
    }
  }
  return modules;
}

/** The file itself first, then the others below the same manifest. */
function crateOf(file: RustFile, files: readonly RustFile[], metadata: readonly Metadata[]): RustFile[] {
  const [crate = ""] = metadata
    .filter((m) => baseName(m.file) === "Cargo.toml" && holds(folderOf(m.file), file.file))
    .map((m) => folderOf(m.file))
    .sort((a, b) => b.length - a.length);
  return [file, ...files.filter((other) => other !== file && holds(crate, other.file))];
}

function tokenAnswer(files: readonly RustFile[]): Answer {
  for (const [word, declared] of [
    [GIL_NOT_USED, "yes"],
    [GIL_USED, "used"],
  ] as const) {
    for (const { file, masked } of files) {
      const start = declaringUse(masked, word);
      if (start === undefined) continue;
      return { declared, evidence: [{ file, start, end: start + word.length, text: word }] };
    }
  }
  return NOTHING;
}

/** The word as a value, not where it is imported or defined. */
function declaringUse(masked: string, word: string): number | undefined {
  for (let at = masked.indexOf(word); at >= 0; at = masked.indexOf(word, at + 1)) {
    const statement = Math.max(...[";", "}"].map((c) => masked.lastIndexOf(c, at)));
    const words = masked.slice(statement + 1, at).split(/[^A-Za-z0-9_]+/);
    const isNamed = words.includes("use") || (words.includes("const") && !masked.slice(statement, at).includes("="));
    if (!isNamed && identifierAt(masked, at) === word) return at;
  }
  return undefined;
}
