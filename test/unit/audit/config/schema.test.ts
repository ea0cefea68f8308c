import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { configSchema, type SchemaNode } from "../../../../src/audit/config/check.ts";

const schema = configSchema();

/** Every node that describes a value, with the path to it. */
function nodes(properties: Record<string, SchemaNode>, above = ""): [string, SchemaNode][] {
  return Object.entries(properties).flatMap(([key, node]): [string, SchemaNode][] => [
    [`${above}${key}`, node],
    ...nodes(node.properties ?? {}, `${above}${key}.`),
    ...nodes(node.items?.properties ?? {}, `${above}${key}[].`),
  ]);
}

describe("the schema of the configuration", () => {
  const { definitions } = schema;

  it.each(nodes(schema.properties))("describes %s, with an example that it accepts", (_, node) => {
    expect(node.description).toMatch(/^[A-Z].*\.$/s);
    const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile({ ...node, definitions });
    expect(node.examples?.length).toBeGreaterThan(0);
    for (const example of node.examples ?? []) expect(validate(example), JSON.stringify(example)).toBe(true);
    if (node.default !== undefined) expect(validate(node.default)).toBe(true);
  });

  it("is one that editors take: no identity of its own to resolve, no lookaround in patterns", () => {
    expect(schema).not.toHaveProperty("$id");
    expect(JSON.stringify(schema)).not.toMatch(/\(\?[=!<]/);
  });
});
