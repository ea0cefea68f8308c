import { describe, expect, it } from "vitest";
import { registry } from "../../../../rules/index.generated.ts";
import { configSchema } from "../../../../src/audit/config/check.ts";
import { configure, type Given } from "../../../../src/audit/config/configure.ts";
import { effectiveValues, WITHOUT } from "../../../../src/audit/config/effective.ts";
import { inlineToml } from "../../../../src/audit/config/toml.ts";
import { settleFix } from "../../../../src/audit/fixing/fix-settings.ts";
import { renderConfig } from "../../../../src/report/config-text.ts";
import { tree } from "../config-tree.ts";

async function effective(files: Record<string, string>, given: Given = {}) {
  const asked = { cwd: tree(files), ...given };
  const configured = await configure(asked, registry);
  return { configured, values: effectiveValues(asked, configured) };
}

/** Each key of the schema with its first example. */
function everything(): string {
  return Object.entries(configSchema().properties)
    .filter(([, node]) => !node.properties)
    .map(([key, node]) => `${key} = ${inlineToml(node.examples?.[0])}`)
    .join("\n");
}

describe("effective values", () => {
  it("are shown for every key of the schema, in its order", async () => {
    const { properties } = configSchema();
    const keys = Object.entries(properties).flatMap(([key, node]) =>
      node.properties ? Object.keys(node.properties).map((inner) => `${key}.${inner}`) : [key],
    );
    const { values } = await effective({});
    expect(values.map((v) => v.key)).toEqual(keys);
    const page = renderConfig({ file: undefined, why: "", values }, false);
    for (const key of keys) expect(page).toMatch(new RegExp(`^  ${key.replace(".", "\\.")} .* default$`, "m"));
  });

  it("say what happens where there is none", async () => {
    const { values } = await effective({});
    expect(values.filter((v) => v.value === undefined).map((v) => v.key)).toEqual(Object.keys(WITHOUT));
  });

  it("are those of an audit", async () => {
    const value = async (files: Record<string, string>) => {
      const { configured, values } = await effective(files);
      const { options, failOn, risk } = configured;
      const of = Object.fromEntries(values.map((v) => [v.key, v.value]));
      expect([of.target, of["min-python"]]).toEqual([`3.${options.target}`, `3.${options.minPython}`]);
      expect([of.select, of.ignore]).toEqual([options.select, options.ignore]);
      const globs = [...options.include, ...options.exclude].map((p) => (typeof p === "string" ? p : p.glob));
      expect([...(of.include as []), ...(of.exclude as [])]).toEqual(globs);
      expect([of["fail-on"], of.risk]).toEqual([failOn, risk]);
      expect(of["fix.level"]).toBe(settleFix({}, configured).level);
    };
    await value({});
    await value({ "ungil.toml": everything() });
    await value({ "ungil.toml": 'min-python = "3.15"\nfix.level = "review"' });
  });

  it("have the place of the key, of the metadata, or the option", async () => {
    const project =
      '[project]\nrequires-python = ">=3.11"\n[tool.ungil]\nrisk = "high"\nfail-on = "low"\nfix = { level = "safe" }\n';
    const { values } = await effective({ "pyproject.toml": project }, { failOn: "high", select: ["borrowed"] });
    const origin = (key: string) => values.find((v) => v.key === key);
    expect(origin("risk")).toMatchObject({ value: "high", from: "file", place: "pyproject.toml:4:1" });
    expect(origin("fix.level")).toMatchObject({ value: "safe", from: "file", place: "pyproject.toml:6:9" });
    expect(origin("fail-on")).toMatchObject({ value: "high", from: "command-line", option: "--fail-on" });
    expect(origin("select")).toMatchObject({ value: ["borrowed"], from: "command-line", option: "--select" });
    expect(origin("min-python")).toMatchObject({
      value: "3.11",
      from: "metadata",
      place: "pyproject.toml:2",
      written: ">=3.11",
    });
    expect(origin("target")).toMatchObject({ value: "3.13", from: "default" });
  });

  it("know the options that count after the audit", async () => {
    const { configured } = await effective({});
    const values = effectiveValues({ baseline: "x.json" }, configured);
    expect(values.find((v) => v.key === "baseline")).toMatchObject({ value: "x.json", option: "--baseline" });
  });

  it("never show control characters", async () => {
    const { values } = await effective({ "ungil.toml": 'exclude = ["\\u001b[31m", "\\u202e"]' });
    expect(renderConfig({ file: "a\x1b", why: "", values }, false)).not.toMatch(/[\x1b\u202e]/);
  });
});
