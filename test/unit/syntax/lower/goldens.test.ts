/** The IR of small functions against text goldens. `UNGIL_ACCEPT=1` writes them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeFunction } from "../../../../src/ir/codec.ts";
import { printFunction } from "../../../../src/ir/print.ts";
import { validateFunction } from "../../../../src/ir/validate.ts";
import { initGrammar } from "../../../../src/syntax/grammar.ts";
import { analyseText } from "../analyse-text.ts";

const folder = new URL("../../../goldens/ir/", import.meta.url);
const inputs = readdirSync(folder).filter((name) => name.endsWith(".c") || name.endsWith(".cpp"));

beforeAll(async () => {
  await initGrammar("c");
  await initGrammar("cpp");
});

describe("lowering", () => {
  for (const name of inputs.sort()) {
    it(name, () => {
      const facts = analyseText(readFileSync(new URL(name, folder), "utf8"), name);
      const functions = facts.functions.map((f) => decodeFunction(f.code));
      for (const ir of functions) expect(validateFunction(ir), ir.name).toEqual([]);
      expect(facts.problems).toEqual([]);
      const text = functions.map((ir) => printFunction(ir)).join("\n");
      const golden = new URL(`${name}.ir`, folder);
      if (process.env.UNGIL_ACCEPT === "1") writeFileSync(golden, text);
      expect(existsSync(golden), "no golden yet: run with UNGIL_ACCEPT=1").toBe(true);
      expect(text).toBe(readFileSync(golden, "utf8"));
    });
  }
});
