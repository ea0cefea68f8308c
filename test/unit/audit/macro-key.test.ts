import { describe, expect, it } from "vitest";
import { MacroKeys } from "../../../src/audit/macro-key.ts";
import type { MacroFacts } from "../../../src/ir/facts.ts";
import { buildMacroTable } from "../../../src/syntax/analyse-file.ts";

const macro = (name: string, body: string, start = 0): MacroFacts => ({
  name,
  body,
  params: null,
  variadic: false,
  start,
  end: start + 10,
  bodyStart: start + 5,
  bodyEnd: start + 10,
});

function key(text: string, macros: MacroFacts[], includes: string[] = []): string {
  return new MacroKeys(buildMacroTable([{ file: "m.h", macros, includes }])).keyFor(text);
}

describe("macro keys", () => {
  const macros = [macro("LOCK", "INNER(x)"), macro("INNER", "PyMutex_Lock"), macro("OTHER", "1")];

  it("depend on the macros that a text names, also through bodies", () => {
    const before = key("f(LOCK);", macros);
    expect(key("f(LOCK);", [macros[0], macro("INNER", "changed"), macros[2]])).not.toBe(before);
    expect(key("f(LOCK);", [macros[0], macros[1], macro("OTHER", "2")])).toBe(before);
    expect(key("f(LOCKED);", macros)).toBe(key("", macros));
  });

  it("depend on where a macro is defined and on who includes whom", () => {
    expect(key("LOCK", [macro("LOCK", "INNER(x)", 7)])).not.toBe(key("LOCK", [macros[0]]));
    expect(key("LOCK", macros, ["a.h"])).not.toBe(key("LOCK", macros));
  });

  it("survive macros that name each other", () => {
    const circle = [macro("A", "B"), macro("B", "A")];
    expect(key("A", circle)).toBe(key("B", circle));
  });
});
