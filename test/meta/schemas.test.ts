import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linesSchema } from "../../cli/dev/lines-schema.ts";

const schema = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../src/report/schema", name), "utf8"));

describe("the schema of JSON lines", () => {
  it("is made from that of the report: `npm run build && npm run generate` does it", () => {
    expect(schema("ungil-lines-1.schema.json")).toEqual(linesSchema(schema("ungil-report-1.schema.json")));
  });
});
