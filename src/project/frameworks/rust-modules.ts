/** Modules written in Rust: with PyO3's attribute, or with its raw bindings by hand. */
import { GIL_CALL, GIL_NOT_USED, GIL_USED, INIT_PREFIXES } from "../../capi/modules.ts";
import type { ModuleInfo } from "../index-types.ts";
import { crateVersions, type VersionRange } from "./cargo.ts";
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
  type Masked,
  maskedRust,
  type Piece,
} from "./rust-text.ts";

/** A bare `#[pymodule]` means not used from this version of PyO3 on (0.28, see its migration guide). */
const NOT_USED_BY_DEFAULT = 28;

interface RustFile {
  file: string;
  text: string;
  masked: Masked;
  /** What the file says as hand-made modules do. */
  says: Answer | undefined;
}

/** Modules that are imported on their own; submodules, which the outer one makes, are none. */
export function rustModules(metadata: readonly Metadata[]): ModuleInfo[] {
  const files = metadata
    .filter(({ file, text }) => file.endsWith(".rs") && mayMakeModules(text))
    .map(({ file, text }) => {
      const masked = maskedRust(text);
      return { file, text, masked, says: tokenAnswer(file, masked.text) };
    });
  const wrapped = new Set(files.flatMap(({ masked }) => wrappedModules(masked.text)));
  return files.flatMap((file) => [...attributeModules(file, wrapped, metadata), ...handMade(file, files, metadata)]);
}

/** Words without which a file can be left unparsed; the files of a hand-made module may declare anywhere in the crate. */
function mayMakeModules(text: string): boolean {
  return [...INIT_PREFIXES.map(({ prefix }) => prefix), "pymodule", GIL_NOT_USED, GIL_USED, GIL_CALL].some((word) =>
    text.includes(word),
  );
}

/** Names in `wrap_pymodule!(path::name)`: modules that the code puts into another one by itself. */
function wrappedModules(masked: string): string[] {
  const names: string[] = [];
  const macro = "wrap_pymodule!(";
  for (let at = masked.indexOf(macro); at >= 0; at = masked.indexOf(macro, at + 1)) {
    let from = at + macro.length;
    let name = identifierAt(masked, from);
    while (masked.startsWith("::", from + name.length)) {
      from += name.length + 2;
      name = identifierAt(masked, from);
    }
    names.push(name);
  }
  return names;
}

function attributeModules(file: RustFile, wrapped: ReadonlySet<string>, metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  let versions: { range: VersionRange | undefined } | undefined;
  let outerEnd = 0;
  for (const item of attributedItems(file.masked)) {
    const attribute = moduleAttribute(item);
    if (item.kind === "" || !attribute) continue;
    const { start, end } = attribute;
    const isNested = start < outerEnd;
    if (item.kind === "mod") outerEnd = Math.max(outerEnd, item.body.end);
    const options = optionsOf(file, item);
    if (isNested || wrapped.has(item.name) || options.has("submodule")) continue;
    const quoted = options.get("name")?.text.replaceAll('"', "");
    const said = options.get("gil_used") ?? calledInBody(file, item.body);
    versions ??= { range: crateVersions("pyo3", file.file, metadata) };
    const answer = said ? saidAnswer(file, said) : defaultAnswer(versions.range);
    modules.push(frameworkModule(quoted ?? item.name, "pyo3", { file: file.file, start, end }, answer));
  }
  return modules;
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

function saidAnswer({ file, text }: RustFile, { start, end, text: value }: Option): Answer {
  const declared = value === "false" ? "yes" : value === "true" ? "used" : "unknown";
  return { declared, evidence: [{ file, start, end, text: text.slice(start, end) }] };
}

function defaultAnswer(versions: VersionRange | undefined): Answer {
  if (!versions) return CANNOT_TELL;
  if (versions.below <= NOT_USED_BY_DEFAULT) return NOTHING;
  return versions.from >= NOT_USED_BY_DEFAULT ? { declared: "yes", evidence: [] } : CANNOT_TELL;
}

/** `module.gil_used(false)` in the body of the module's function. */
function calledInBody({ masked: { text, ends } }: RustFile, body: Piece): Option | undefined {
  const call = ".gil_used(";
  const at = text.slice(body.start, body.end).indexOf(call);
  if (at < 0) return undefined;
  const start = body.start + at + 1;
  const open = start + call.length - 2;
  const end = ends.get(open) ?? text.length;
  return { start, end, text: text.slice(open + 1, end - 1).trim() };
}

/** `extern "C" fn PyInit_x` without an attribute: the slots or the call are the crate's own, like in C. */
function handMade(file: RustFile, files: readonly RustFile[], metadata: readonly Metadata[]): ModuleInfo[] {
  const modules: ModuleInfo[] = [];
  const { text } = file.masked;
  let answer: Answer | undefined;
  for (const { prefix } of INIT_PREFIXES) {
    for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
      const name = identifierAt(text, at);
      if (name === prefix || !isAfterFn(text, at)) continue;
      answer ??= crateAnswer(file, files, metadata);
      const place = { file: file.file, start: at, end: at + name.length };
      modules.push(frameworkModule(name.slice(prefix.length), "pyo3-ffi", place, answer));
    }
  }
  return modules;
}

function isAfterFn(text: string, at: number): boolean {
  const words = text.slice(Math.max(0, at - 40), at).split(/\s+/);
  return words.length > 1 && words.at(-1) === "" && words.at(-2) === "fn";
}

/** What a file of the crate says that the GIL is not needed, or else that it is. */
function crateAnswer(file: RustFile, files: readonly RustFile[], metadata: readonly Metadata[]): Answer {
  const [crate = ""] = metadata
    .filter((m) => baseName(m.file) === "Cargo.toml" && holds(folderOf(m.file), file.file))
    .map((m) => folderOf(m.file))
    .sort((a, b) => b.length - a.length);
  const all = [file, ...files.filter((other) => other !== file && holds(crate, other.file))];
  const answers = all.flatMap(({ says }) => says ?? []);
  return answers.find(({ declared }) => declared === "yes") ?? answers[0] ?? NOTHING;
}

function tokenAnswer(file: string, masked: string): Answer | undefined {
  for (const [word, declared] of [
    [GIL_NOT_USED, "yes"],
    [GIL_USED, "used"],
  ] as const) {
    const start = declaringUse(masked, word);
    if (start !== undefined) return { declared, evidence: [{ file, start, end: start + word.length, text: word }] };
  }
  return undefined;
}

/** A statement that imports or defines the word begins at most this far before it. */
const STATEMENT = 4000;

/** The word as a value, not where it is imported or defined. */
function declaringUse(masked: string, word: string): number | undefined {
  for (let at = masked.indexOf(word); at >= 0; at = masked.indexOf(word, at + 1)) {
    if (identifierAt(masked, at) !== word) continue;
    const before = masked.slice(Math.max(0, at - STATEMENT), at);
    const statement = before.slice(Math.max(before.lastIndexOf(";"), before.lastIndexOf("}")) + 1);
    const words = statement.split(/[^A-Za-z0-9_]+/);
    if (!words.includes("use") && (!words.includes("const") || statement.includes("="))) return at;
  }
  return undefined;
}
