/** Checks the values of a configuration against the schema, and says what is wrong in words. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { KeyPath } from "../../text/toml-places.ts";
import { nearest } from "../select-rules.ts";

export interface Mistake {
  /** From the table of the configuration downwards. */
  path: KeyPath;
  message: string;
}

export interface ConfigSchema {
  properties: Record<string, SchemaNode>;
  definitions: Record<string, SchemaNode>;
}

export interface SchemaNode {
  description?: string;
  type?: string;
  enum?: string[];
  default?: unknown;
  examples?: unknown[];
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  $ref?: string;
}

let schema: ConfigSchema | undefined;
let validate: ValidateFunction | undefined;

/** The JSON Schema of the configuration, as the package exports it. */
export function configSchema(): ConfigSchema {
  schema ??= JSON.parse(
    readFileSync(join(import.meta.dirname, "schema/ungil-config-1.schema.json"), "utf8"),
  ) as ConfigSchema;
  return schema;
}

/** Everything that is wrong with `values`, in no particular order; empty if nothing is. */
export function mistakesIn(values: unknown): Mistake[] {
  validate ??= new Ajv({ allErrors: true, verbose: true }).compile(configSchema());
  if (validate(values)) return [];
  return (validate.errors ?? []).map((error) => mistakeOf(error));
}

function mistakeOf(error: ErrorObject): Mistake {
  const path = pathOf(error.instancePath);
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema as SchemaNode).properties ?? {});
      return { path: [...path, key], message: `unknown key \`${written(key)}\`; ${advice(path, key, known)}` };
    }
    case "required":
      return { path, message: `${name(path)} lacks the key \`${error.params.missingProperty}\`` };
    case "enum":
      return { path, message: `${name(path)} ${enumMessage(error.data, error.params.allowedValues as string[])}` };
    case "type":
      return { path, message: `${name(path)} must be ${TYPES[error.params.type]}, not ${describe(error.data)}` };
    case "minimum":
    case "maximum": {
      const word = error.keyword === "minimum" ? "at least" : "at most";
      return { path, message: `${name(path)} must be ${word} ${error.params.limit}, not ${describe(error.data)}` };
    }
    case "not":
    case "pattern": {
      const wanted = error.schemaPath.includes("/glob/")
        ? "a glob below the folder of the file, with `/` between names"
        : "a name as in C";
      return { path, message: `${name(path)} must be ${wanted}, not ${describe(error.data)}` };
    }
    case "minLength":
      return { path, message: `${name(path)} must not be empty` };
    default:
      return { path, message: `${name(path)} ${error.message ?? "is wrong"}` };
  }
}

const TYPES: Record<string, string> = {
  array: "a list",
  object: "a table",
  string: "a string",
  integer: "a whole number",
};

function enumMessage(value: unknown, allowed: readonly string[]): string {
  const all = `must be one of ${allowed.map((a) => `"${a}"`).join(", ")}`;
  if (typeof value === "string") {
    const near = nearest(value, allowed);
    return near === undefined ? `${all}, not ${describe(value)}` : `${all}; did you mean "${near}"?`;
  }
  // `target = 3.13` is what everybody writes first, and 3.10 would be 3.1.
  return typeof value === "number" && allowed.some((a) => a.startsWith("3."))
    ? `${all}, as a string in quotes`
    : `${all}, not ${describe(value)}`;
}

function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function advice(table: KeyPath, key: string, known: readonly string[]): string {
  if (table.length === 0 && key === "tool")
    return "`[tool.ungil]` is for pyproject.toml; here its keys stand at the top";
  const near = nearest(key, known);
  return near === undefined ? `known are ${known.join(", ")}` : `did you mean \`${near}\`?`;
}

/** A key as it stands in a file. */
function written(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** `lock-functions[1].argument`, counted from 0. */
function name(path: KeyPath): string {
  if (path.length === 0) return "the configuration";
  const text = path.map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)).join("");
  return `\`${text}\``;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (typeof value === "object" && value !== null) return "a table";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  return String(value);
}
