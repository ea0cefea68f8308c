/** The tables of keys in docs/configuration.md, made from the schema. */
import type { ConfigSchema, SchemaNode } from "../../src/audit/config/check.ts";

const BEGIN = "<!-- keys: written by `npm run generate` from the schema -->";
const END = "<!-- end of keys -->";

/**
 * The page with its tables as the schema says.
 * @throws if the page has no place for them.
 */
export function withConfigKeys(page: string, schema: ConfigSchema): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/configuration.md lacks "${BEGIN}" ... "${END}"`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${keyTables(schema)}\n${page.slice(to)}`;
}

function keyTables({ properties }: ConfigSchema): string {
  const lines = table(properties);
  for (const [key, { items, properties: own }] of Object.entries(properties)) {
    if (own) lines.push("", `The table \`${key}\`:`, "", ...table(own));
    if (!items?.properties) continue;
    lines.push("", `Each table of \`${key}\`:`, "", ...table(items.properties, items.required ?? []));
  }
  return `${lines.join("\n")}\n`;
}

function table(properties: Record<string, SchemaNode>, required?: readonly string[]): string[] {
  const rows = Object.entries(properties).map(([key, node]) => {
    const fallback = required?.includes(key) ? "required" : (toml(node.default) ?? "");
    return `| \`${key}\` | ${kindOf(node)} | ${fallback} | ${node.description} |`;
  });
  return ["| Key | Value | Default | Meaning |", "| --- | --- | --- | --- |", ...rows];
}

function kindOf(node: SchemaNode): string {
  if (node.enum) return node.enum.map((value) => `\`"${value}"\``).join(", ");
  if (node.type === "object") return "table";
  if (node.type === "array") return node.items?.properties ? "list of tables" : "list of strings";
  return node.type === "integer" ? "number" : "string";
}

function toml(value: unknown): string | undefined {
  return value === undefined ? undefined : `\`${JSON.stringify(value)}\``;
}
