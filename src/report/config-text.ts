/** What counts of the configuration, for people. */
import { createColors } from "picocolors";
import { type Effective, WITHOUT } from "../audit/config/effective.ts";
import { inlineToml } from "../audit/config/toml.ts";
import { visible, width } from "./visible.ts";

/** Values wider than this do not push the origins of all others to the right. */
const MAX_VALUE = 48;

export interface ConfigPage {
  /** The configuration file as shown; undefined if there is none. */
  file: string | undefined;
  /** Why there is none. */
  why: string;
  values: readonly Effective[];
}

interface Row {
  key: string;
  value: string;
  isUnset: boolean;
  origin: string;
  isDefault: boolean;
}

/** A line a value, aligned; what is not the default stands out. */
export function renderConfig({ file, why, values }: ConfigPage, color: boolean): string {
  const c = createColors(color);
  const rows = values.flatMap(rowsOf);
  const keys = Math.max(...rows.map((r) => r.key.length));
  const column = Math.min(Math.max(...rows.map((r) => width(r.value))), MAX_VALUE);
  const lines = rows.map(({ key, value, isUnset, origin, isDefault }) => {
    const space = " ".repeat(Math.max(column - width(value), 0));
    const plain = isUnset || isDefault ? c.dim(value) : c.bold(value);
    return `  ${key.padEnd(keys)}  ${plain}${space}  ${isDefault ? c.dim(origin) : c.cyan(origin)}`.trimEnd();
  });
  const head = file === undefined ? `No configuration (${why})` : `Configuration: ${c.bold(visible(file))}`;
  return `${[head, "", ...lines].join("\n")}\n`;
}

function rowsOf(effective: Effective): Row[] {
  const { key, value } = effective;
  const common = { origin: originOf(effective), isDefault: effective.from === "default", isUnset: value === undefined };
  if (value === undefined) return [{ ...common, key, value: WITHOUT[key] ?? "none" }];
  const parts = Array.isArray(value) && value.some((v) => typeof v === "object") ? value : [value];
  return parts.map((part, i) =>
    i === 0
      ? { ...common, key, value: visible(inlineToml(part)) }
      : { ...common, key: "", value: visible(inlineToml(part)), origin: "" },
  );
}

function originOf(effective: Effective): string {
  switch (effective.from) {
    case "default":
      return "default";
    case "file":
      return visible(effective.place);
    case "metadata":
      return visible(`${effective.place} (${effective.written})`);
    case "command-line":
      return effective.option;
  }
}
