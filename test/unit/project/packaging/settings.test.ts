import { describe, expect, it } from "vitest";
import { iniSettings, Malformed, tomlSettings, yamlSettings } from "../../../../src/project/packaging/settings.ts";

const brief = (settings: ReturnType<typeof yamlSettings>) =>
  settings.map((s) => `${s.line} ${s.path.join("/")} = ${s.value}${s.comment ? ` # ${s.comment}` : ""}`);

describe("YAML", () => {
  it("gives values as written, with lines, comments and merged mappings", () => {
    const text = [
      "base: &base",
      "  python: 3.10",
      "job:",
      "  <<: *base",
      "  uses: a/b@0123 # v3.1",
      "  run: |",
      "    one",
      "    two",
      "  list: [3.14t, off]",
    ].join("\n");
    expect(brief(yamlSettings("x.yml", text))).toEqual([
      "2 base/python = 3.10",
      "2 job/python = 3.10",
      "5 job/uses = a/b@0123 # v3.1",
      "7 job/run = one\ntwo\n",
      "9 job/list/0 = 3.14t",
      "9 job/list/1 = off",
    ]);
  });

  it("stops at aliases that multiply, and at aliases of themselves", () => {
    let bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (let i = 1; i < 12; i++)
      bomb += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(", ")}]\n`;
    expect(() => yamlSettings("x.yml", bomb)).toThrow(Malformed);
    expect(() => yamlSettings("x.yml", "a: &a\n  b: *a\n")).toThrow(Malformed);
  });

  it("says where it is broken", () => {
    try {
      yamlSettings("x.yml", "a: 1\nb: [1, 2\nc: 3\n");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Malformed);
      expect((error as Malformed).line).toBeGreaterThanOrEqual(2);
    }
    expect(yamlSettings("x.yml", "")).toEqual([]);
    expect(yamlSettings("x.yml", "a: !reference [b, c]\n")).toHaveLength(2);
  });
});

describe("TOML and INI", () => {
  it("give values with lines", () => {
    const toml = '[tool.x]\nlist = [\n  "a",\n  "b",\n]\nday = 2026-01-02\n[[tool.x.overrides]]\nselect = "c"\n';
    expect(brief(tomlSettings("x.toml", toml))).toEqual([
      "3 tool/x/list/0 = a",
      "4 tool/x/list/1 = b",
      expect.stringMatching(/^6 tool\/x\/day = /),
      "8 tool/x/overrides/0/select = c",
    ]);
    expect(() => tomlSettings("x.toml", "[a\n")).toThrow(Malformed);
    const ini = "[tox]\nenvlist = py313t, # first\n    py314t\n; no\n[testenv]\ncommands: pytest\n";
    expect(brief(iniSettings("tox.ini", ini))).toEqual([
      "2 tox/envlist = py313t,",
      "3 tox/envlist = py314t",
      "6 testenv/commands = pytest",
    ]);
  });
});
