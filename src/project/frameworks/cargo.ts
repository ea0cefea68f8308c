/** Which version of a crate a Rust source is built with, from `Cargo.toml` and `Cargo.lock`. */
import { parse } from "smol-toml";
import { baseName, folderOf, holds, type Metadata } from "./metadata.ts";

/** Versions from `from` up to, but not including, `below`, as numbers that compare: major * 1000 + minor. */
export interface VersionRange {
  from: number;
  /** Infinity if nothing bounds it. */
  below: number;
}

type Table = Readonly<Record<string, unknown>>;

/**
 * Versions of the crate that the nearest manifest above `source` may be built with; the lock file decides where it can.
 * Undefined if no manifest asks for the crate, or for no version of it (a path or a repository).
 */
export function crateVersions(crate: string, source: string, metadata: readonly Metadata[]): VersionRange | undefined {
  const above = (name: string) =>
    metadata
      .filter(({ file }) => baseName(file) === name && holds(folderOf(file), source))
      .sort((a, b) => b.file.length - a.file.length)
      .map(({ text }) => tableOf(text));
  const manifests = above("Cargo.toml");
  const requirement = required(crate, manifests);
  if (requirement === undefined) return undefined;
  const wanted = rangeOf(requirement);
  for (const lock of above("Cargo.lock")) {
    const locked = lockedVersions(crate, lock).filter((v) => v >= wanted.from && v < wanted.below);
    if (locked.length === 1) return { from: locked[0], below: locked[0] + 1 };
  }
  return wanted;
}

/** A broken manifest says nothing: Cargo itself will not build from it. */
function tableOf(text: string): Table {
  try {
    return parse(text);
  } catch {
    return {};
  }
}

function asTable(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

/** The version requirement of the nearest manifest that depends on the crate. */
function required(crate: string, manifests: readonly Table[]): string | undefined {
  for (const manifest of manifests) {
    const platforms = Object.values(asTable(manifest.target)).map((platform) =>
      asTable(asTable(platform).dependencies),
    );
    for (const dependencies of [asTable(manifest.dependencies), ...platforms]) {
      const entry = entryOf(crate, dependencies);
      if (entry === undefined) continue;
      if (asTable(entry).workspace !== true) return versionIn(entry);
      const shared = manifests.map((m) => entryOf(crate, asTable(asTable(m.workspace).dependencies)));
      return versionIn(shared.find((found) => found !== undefined));
    }
  }
  return undefined;
}

/** By its own name, or renamed with `package`. */
function entryOf(crate: string, dependencies: Table): unknown {
  return dependencies[crate] ?? Object.values(dependencies).find((entry) => asTable(entry).package === crate);
}

function versionIn(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  const { version } = asTable(entry);
  return typeof version === "string" ? version : undefined;
}

function lockedVersions(crate: string, lock: Table): number[] {
  const packages = Array.isArray(lock.package) ? lock.package : [];
  return packages
    .map(asTable)
    .filter(({ name }) => name === crate)
    .map(({ version }) => ordinal(String(version)))
    .filter((version) => version !== undefined);
}

/** `0.25.1` as 25, `1.2` as 1002; undefined if it is no version. */
function ordinal(version: string): number | undefined {
  const [major, minor = "0"] = version.trim().split(".");
  const numbers = [Number(major), minor === "*" ? 0 : Number.parseInt(minor, 10)];
  return major !== "" && numbers.every(Number.isInteger) ? numbers[0] * 1000 + numbers[1] : undefined;
}

/** Range of a requirement such as `0.25`, `^0.25.1`, `>=0.23, <0.28`, `~1.2`, `*`; patch versions are ignored. */
function rangeOf(requirement: string): VersionRange {
  const range = { from: 0, below: Number.POSITIVE_INFINITY };
  for (const part of requirement.split(",")) {
    const text = part.trim();
    const operator = [">=", "<=", ">", "<", "=", "~", "^"].find((o) => text.startsWith(o)) ?? "^";
    const version = text.startsWith(operator) ? text.slice(operator.length).trim() : text;
    const at = ordinal(version);
    if (at === undefined) continue;
    // `<0.28` ends before it; `<0.28.3` reaches into it.
    const isMinorStart = version
      .split(".")
      .slice(2)
      .every((patch) => patch === "0");
    if (operator === ">=" || operator === ">") range.from = Math.max(range.from, at);
    else if (operator === "<") range.below = Math.min(range.below, isMinorStart ? at : at + 1);
    else if (operator === "<=") range.below = Math.min(range.below, at + 1);
    else {
      range.from = Math.max(range.from, at);
      range.below = Math.min(range.below, operator === "^" && at >= 1000 ? (Math.floor(at / 1000) + 1) * 1000 : at + 1);
    }
  }
  return range;
}
