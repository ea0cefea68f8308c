import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findInterpreters, hasCompiler, run } from "./toolchain.ts";

const DEMO = join(import.meta.dirname, "..", "..", "samples", "demo");
const interpreters = hasCompiler("cc") ? findInterpreters() : [];
const folder = mkdtempSync(join(tmpdir(), "ungil-demo-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("samples/demo", () => {
  if (interpreters.length === 0) it.skip("not built: needs `cc` and the headers of a Python from 3.9 on", () => {});

  for (const python of interpreters) {
    const name = `${python.version.join(".")}${python.freeThreaded ? "t" : ""}`;
    it(`builds without a warning and works with Python ${name}`, () => {
      const site = join(folder, name);
      cpSync(join(DEMO, "eventdeck"), join(site, "eventdeck"), { recursive: true });
      const sources = readdirSync(join(DEMO, "src")).filter((file) => file.endsWith(".c"));
      const flags = ["-Wall", "-Wextra", "-shared", "-fPIC", `-I${python.include}`];
      if (process.platform === "darwin") flags.push("-undefined", "dynamic_lookup");
      const target = join(site, "eventdeck", "_deck.so");
      expect(run("cc", [...flags, ...sources, "-o", target], { cwd: join(DEMO, "src") })).toEqual({
        status: 0,
        output: "",
      });
      const smoke = run(python.executable, [join(DEMO, "tests", "smoke.py")], { env: { PYTHONPATH: site } });
      expect(smoke).toEqual({ status: 0, output: "40\n" });
    });
  }
});
