import { describe, expect, it } from "vitest";
import { ruleNamed, selectRules } from "../../../src/audit/select-rules.ts";
import { UsageError } from "../../../src/audit/types.ts";
import { sampleRule } from "../report/sample-result.ts";

const registry = [
  sampleRule,
  { ...sampleRule, name: "borrowed-cell" },
  { ...sampleRule, name: "static-type", family: "globals" as const },
];
const names = (select: string[], ignore: string[]) => selectRules(registry, select, ignore).map((r) => r.name);

describe("rule selection", () => {
  it("takes all, or what rules and families name, less what is ignored", () => {
    expect(names([], [])).toEqual(["borrowed-dict-item", "borrowed-cell", "static-type"]);
    expect(names(["borrowed"], [])).toEqual(["borrowed-dict-item", "borrowed-cell"]);
    expect(names(["globals", "borrowed-cell"], [])).toEqual(["borrowed-cell", "static-type"]);
    expect(names(["borrowed"], ["borrowed-cell"])).toEqual(["borrowed-dict-item"]);
    expect(names([], ["borrowed"])).toEqual(["static-type"]);
  });

  it.each([
    ["borrowed-dict", 'Did you mean "borrowed-dict-item"?'],
    ["Static-Type", 'Did you mean "static-type"?'],
    ["global", 'Did you mean "globals"?'],
  ])("suggests the nearest name for %s", (name, hint) => {
    expect(() => selectRules(registry, [name], [])).toThrow(UsageError);
    try {
      ruleNamed(registry, name);
    } catch (error) {
      expect((error as UsageError).message).toContain(name);
      expect((error as UsageError).hint).toContain(hint);
    }
  });

  it("fails if nothing is left", () => {
    expect(() => names(["borrowed"], ["borrowed"])).toThrow("no rule is left");
  });

  it("suggests nothing for what is like nothing", () => {
    try {
      ruleNamed(registry, "q");
      expect.unreachable();
    } catch (error) {
      expect((error as UsageError).hint).not.toContain("Did you mean");
    }
  });
});
