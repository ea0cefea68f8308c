/** What a checkout or sdist says of the package that it is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";

export interface PackageInfo {
  name: string;
  /** Null where it is not written down but computed by the build. */
  version: string | null;
  /** True if the package has the trove classifier for free threading, whatever its value. */
  classifier: boolean;
}

const CLASSIFIER = "Programming Language :: Python :: Free Threading";
/** No real name or version is longer. */
const MAX_LENGTH = 100;

/**
 * Reads the metadata of the package in `folder`: PKG-INFO of an sdist, METADATA of a wheel, else pyproject.toml, setup.cfg and setup.py.
 * Nothing is executed. Null if nothing names the package.
 */
export function packageInfo(folder: string): PackageInfo | null {
  const built = textOf(join(folder, "PKG-INFO")) ?? textOf(join(folder, wheelFolder(folder), "METADATA"));
  const sources = ["pyproject.toml", "setup.cfg", "setup.py"].map((name) => textOf(join(folder, name)) ?? "");
  const stated = [
    built === undefined ? {} : fromHeaders(built),
    fromPyproject(sources[0]),
    fromSetupCfg(sources[1]),
    fromSetupPy(sources[2]),
  ];
  const name = stated.find((s) => s.name !== undefined)?.name;
  if (name === undefined) return null;
  const version = stated.find((s) => s.version !== undefined)?.version ?? null;
  return { name, version, classifier: [built ?? "", ...sources].some((text) => text.includes(CLASSIFIER)) };
}

interface Stated {
  name?: string;
  version?: string;
}

function wheelFolder(folder: string): string {
  try {
    return (
      readdirSync(folder)
        .sort()
        .find((name) => name.endsWith(".dist-info")) ?? "."
    );
  } catch {
    return ".";
  }
}

/** Headers as in mail; the description behind the first empty line may hold anything. */
function fromHeaders(text: string): Stated {
  const [head] = text.split(/\r?\n\r?\n/);
  const header = (key: string) => plain(new RegExp(`^${key}:[ \\t]*(.+)$`, "im").exec(head)?.[1]);
  return { name: header("Name"), version: header("Version") };
}

function fromPyproject(text: string): Stated {
  let document: Record<string, unknown>;
  try {
    document = parse(text);
  } catch {
    return {};
  }
  const table = (value: unknown) =>
    typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const project = table(document.project);
  const poetry = table(table(document.tool).poetry);
  return { name: plain(project.name ?? poetry.name), version: plain(project.version ?? poetry.version) };
}

/** Values such as `attr: package.__version__` stand for something that is computed. */
function fromSetupCfg(text: string): Stated {
  const section = /^\[metadata\][^\n]*\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? "";
  const value = (key: string) => plain(new RegExp(`^${key}\\s*[=:][ \\t]*([^\\s:]+)[ \\t]*$`, "m").exec(section)?.[1]);
  return { name: value("name"), version: value("version") };
}

/** Literal arguments of `setup(...)`; extensions have names, too, but after the call began. */
function fromSetupPy(text: string): Stated {
  const call = text.slice(Math.max(text.search(/\bsetup\s*\(/), 0));
  const value = (key: string) => plain(new RegExp(`\\b${key}\\s*=\\s*["']([^"'{}%]+)["']`).exec(call)?.[1]);
  return { name: value("name"), version: value("version") };
}

function plain(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" || text.length > MAX_LENGTH || /[^\x20-\x7e]/.test(text) ? undefined : text;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
