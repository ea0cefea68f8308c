import { describe, expect, it } from "vitest";
import { findInterpreters, hasCompiler } from "../../samples/toolchain.ts";
import { runGenerated } from "./run-generated.ts";

const interpreters = findInterpreters().filter((p) => !p.freeThreaded);
const ends = [interpreters[0], interpreters.at(-1)].filter((p) => p !== undefined);
/** Other seeds than the usual ones, to look for new shapes: `UNGIL_SEED=1000`. */
const FIRST = Number(process.env.UNGIL_SEED ?? 1);
const FUNCTIONS = 40;

describe("generated functions behave the same after their fix", () => {
  if (ends.length === 0 || !hasCompiler("cc")) {
    it.skip("not compiled: needs `cc` and a Python 3.9 or later with headers", () => {});
    return;
  }
  for (const python of new Set(ends)) {
    it(`with Python ${python.version.join(".")}`, async () => {
      const seeds = Array.from({ length: FUNCTIONS }, (_, n) => FIRST + n);
      const { failures, applied } = await runGenerated(seeds, python);
      expect(failures).toEqual([]);
      expect(applied).toBeGreaterThan(0);
    }, 60_000);
  }
});
