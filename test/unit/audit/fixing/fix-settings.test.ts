import { describe, expect, it } from "vitest";
import { registry } from "../../../../rules/index.generated.ts";
import { configure } from "../../../../src/audit/config/configure.ts";
import { type GivenFix, settleFix } from "../../../../src/audit/fixing/fix-settings.ts";
import { tree } from "../config-tree.ts";

async function settled(config: string, given: GivenFix = {}) {
  return settleFix(given, await configure({ cwd: tree({ "a.c": "", "ungil.toml": config }) }, registry));
}

describe("settings of a fix", () => {
  it("run no command of a configuration unless they are asked to", async () => {
    const check = async (config: string, given?: string) => (await settled(config, { check: given })).check;
    expect(await check('fix.check = "cc {file}"')).toBeUndefined();
    expect(await check('fix.check = "cc {file}"', "configured")).toEqual({ command: "cc {file}" });
    expect(await check('fix.check = "compile-commands"', "configured")).toBe("compile-commands");
    expect(await check("", "compile-commands")).toBe("compile-commands");
    expect(await check("", "cc {file}")).toEqual({ command: "cc {file}" });
    await expect(check("", "configured")).rejects.toThrow("the configuration has no command");
  });

  it("say where a header is named that is not below the scanned folder", async () => {
    expect((await settled('[fix]\ncompat-header = "src/compat.h"')).compatHeader).toBe("src/compat.h");
    await expect(settled('[fix]\ncompat-header = "../compat.h"')).rejects.toThrow(
      /^ungil\.toml:2:1: the compatibility header /,
    );
  });
});
