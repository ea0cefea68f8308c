/** What counts for each key of the configuration, and why. */
import { configSchema, type SchemaNode } from "./check.ts";
import type { Configured, Given } from "./configure.ts";
import { shownPath } from "./load.ts";

export type Origin =
  | { from: "default" }
  /** A key of the configuration; `file:line:column`. */
  | { from: "file"; place: string }
  /** Packaging metadata; `file:line`, and what is written there. */
  | { from: "metadata"; place: string; written: string }
  | { from: "command-line"; option: string };

export type Effective = Origin & {
  /** As in the file: `fix.level` for a key of a table. */
  key: string;
  /** Undefined if there is none. */
  value: unknown;
};

/** What happens without a value, for the keys whose default depends on something else. */
export const WITHOUT: Record<string, string> = {
  risk: "depends on the format",
  baseline: ".ungil/baseline.json, if there is one",
  "fix.compat": "the project's pythoncapi_compat.h, else inline",
  "fix.compat-header": "none: a block in each file",
  "fix.check": "none",
};

/** What the user gave, the options that count after the audit among it. */
export type Asked = Given & { baseline?: string };

/** Every key of the schema, in its order, with what an audit of `asked` takes. */
export function effectiveValues(asked: Asked, configured: Configured): Effective[] {
  return keysOf(configSchema().properties).map(({ path, node }) => ({
    key: path.join("."),
    ...effective(path, node, asked, configured),
  }));
}

interface Key {
  path: string[];
  node: SchemaNode;
}

function keysOf(properties: Record<string, SchemaNode>, above: readonly string[] = []): Key[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const path = [...above, name];
    return node.properties ? keysOf(node.properties, path) : [{ path, node }];
  });
}

function effective(
  path: readonly string[],
  node: SchemaNode,
  given: Asked,
  { options, config, stated }: Configured,
): Origin & { value: unknown } {
  const [name] = path;
  const asked = path.length === 1 ? (given as Record<string, unknown>)[camelCase(name)] : undefined;
  if (asked !== undefined) return { value: inFile(name, asked), from: "command-line", option: `--${name}` };
  const written = path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    config?.values,
  );
  if (config && written !== undefined) return { value: written, from: "file", place: config.placeOf(path) };
  if (name === "min-python" && stated) {
    const place = `${shownPath(stated.file, options.cwd)}:${stated.line}`;
    return { value: inFile(name, stated.minor), from: "metadata", place, written: stated.specifier };
  }
  const fallback = name === "target" ? options.target : name === "min-python" ? options.minPython : node.default;
  return { value: inFile(name, fallback), from: "default" };
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Versions are minor versions inside. */
function inFile(name: string, value: unknown): unknown {
  return (name === "target" || name === "min-python") && typeof value === "number" ? `3.${value}` : value;
}
